// Light and dark: what the system asks for, unless the button says otherwise. The style sheet has the colors
// of the page, this file those of the map. An element with [data-theme] tells the style sheet.

const THEMES = {
  light: {
    ink: "#1c2126",
    muted: "#57606a",
    page: "#ffffff",
    levels: ["#eef1f4", "#e2e7ec", "#d6dde4"],
    back: "#b9bfc6",
    mark: "#111417",
  },
  dark: {
    ink: "#e8ebee",
    muted: "#9aa4af",
    page: "#14171b",
    levels: ["#1f242a", "#2a3037", "#353c45"],
    back: "#58626d",
    mark: "#ffffff",
  },
};

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const prefersStill = matchMedia("(prefers-reduced-motion: reduce)");

const themeName = () => state.theme || (systemIsDark.matches ? "dark" : "light");
let theme = THEMES[themeName()];

function showTheme() {
  theme = THEMES[themeName()];
  fills.clear();
  const other = themeName() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = themeName();
  byId("theme").textContent = other === "dark" ? "Dark" : "Light";
  byId("theme").setAttribute("aria-label", `Use ${other} colors`);
}

byId("theme").onclick = () => {
  const other = themeName() === "dark" ? "light" : "dark";
  const isOfSystem = (other === "dark") === systemIsDark.matches;
  go({ theme: isOfSystem ? "" : other }, { replace: true });
};

const mixed = new Map();

// mix("#ffffff", "#000000", 0.25): a quarter of the second color.
function mix(one, other, share) {
  const key = `${one}${other}${share}`;
  if (!mixed.has(key)) mixed.set(key, newMix(one, other, share));
  return mixed.get(key);
}

function newMix(one, other, share) {
  const parts = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const [a, b] = [parts(one), parts(other)];
  const hex = (value) => Math.round(value).toString(16).padStart(2, "0");
  return `#${a.map((value, i) => hex(value + (b[i] - value) * share)).join("")}`;
}

// The relative luminance of WCAG 2, and the ink that is legible on a color.
function luminance(color) {
  const linear = [1, 3, 5]
    .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
const inkOn = (color) => (luminance(color) > 0.179 ? "#0c0e10" : "#ffffff");
