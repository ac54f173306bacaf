// The legend: how much each kind has in the directory that is shown. Its buttons filter.

const FIRST_KINDS = 16; // as many are shown, and the others by a button
let showsAllKinds = false;

// A small canvas with the fill of a kind.
function swatch(kind) {
  const side = 14;
  const canvas = make("canvas", {
    width: side * devicePixelRatio,
    height: side * devicePixelRatio,
    className: "swatch",
    "aria-hidden": "true",
  });
  const draw = canvas.getContext("2d");
  draw.scale(devicePixelRatio, devicePixelRatio);
  const box = [0, 0, side, side];
  if (kind.texture === "outline") frame(draw, box, BACK.kept);
  else if (kind.texture === "empty") paintEmpty(draw, box);
  else {
    draw.fillStyle = fillOf([kind], BACK.kept);
    draw.fillRect(...box);
  }
  return canvas;
}

// The whole directory as one bar.
function shareBar(kinds) {
  const canvas = make("canvas", {
    width: 276 * devicePixelRatio,
    height: 10 * devicePixelRatio,
    className: "bar",
    "aria-hidden": "true",
  });
  const draw = canvas.getContext("2d");
  draw.scale(devicePixelRatio, devicePixelRatio);
  const sum = kinds.reduce((all, [, value]) => all + value, 0) || 1;
  let x = 0;
  for (const [kind, value] of kinds) {
    draw.fillStyle = fillOf([kind], 1);
    draw.fillRect(snap(x), 0, snap(x + (276 * value) / sum) - snap(x), 10);
    x += (276 * value) / sum;
  }
  return canvas;
}

function legendButton(kind, value, total, before) {
  const isOn = state.only.includes(kind.key);
  const share = make("span", { className: "share" }, value === 0 ? "0" : percent(value, total));
  const difference = value - (before ?? value);
  const delta = `${difference > 0 ? "+" : "−"}${number(Math.abs(difference))}`;
  const title = `${kind.title}: ${number(value)} of ${count(total, state.size.slice(0, -1))}`;
  const button = makeButton(() => toggleOnly(kind.key), { title, "aria-pressed": String(isOn) });
  button.append(swatch(kind), named(kind.label, "span", "label"));
  if (difference !== 0) button.append(make("span", { className: "delta" }, delta));
  button.append(share);
  button.dataset.key = kind.key;
  return make("li", {}, button);
}

// Unowned and owned by the default only come first: they are what people look for.
const FIRST = [
  "state:unowned",
  "risk:3",
  "risk:1",
  "risk:2",
  "state:default",
  "state:nobody",
  "state:exempt",
  "risk:0",
];

function inOrder(kinds) {
  const rank = ({ key }) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  return [...kinds].sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x);
}

function changeButtons(entry) {
  const changes = changesOf(entry, state.size);
  return [...changes].map(([change, value]) => legendButton(change, value, entry[state.size]));
}

// Keys that no button has here, so that a filter is never out of sight.
function otherFilters(shown) {
  return state.only
    .filter((key) => !shown.has(key))
    .map((key) => {
      const [, kind, name] = key.match(/^(\w+):(.*)$/s);
      const isState = ["state", "risk", "change"].includes(kind);
      const button = makeButton(() => toggleOnly(key), { "aria-pressed": "true" });
      button.append(
        named(isState ? name : `${kind === "owner" ? "owner" : "group"} ${name}`, "span", "label"),
        make("span", { className: "share" }, "×"),
      );
      button.dataset.key = key;
      return make("li", {}, button);
    });
}

function showLegend(state) {
  const entry = nearestDirectory(state.at);
  const total = entry[state.size];
  const kinds = tally(entry, state);
  const before = IS_COMPARISON ? tally(entry, { ...state, side: "before" }) : null;
  for (const kind of before?.keys() ?? []) if (!kinds.has(kind)) kinds.set(kind, 0);
  const buttons = inOrder(kinds).map(([kind, value]) =>
    legendButton(kind, value, total, before?.has(kind) ? before.get(kind) : before ? 0 : undefined),
  );
  const changes = changeButtons(entry);
  const keys = new Set([...buttons, ...changes].map((item) => item.firstChild.dataset.key));
  const hidden = showsAllKinds ? 0 : Math.max(0, buttons.length - FIRST_KINDS);
  const showMore = () => {
    showsAllKinds = true;
    showLegend(state);
  };
  const more = makeButton(showMore, { className: "more" }, `Show ${hidden} more`);
  const focused = document.activeElement?.dataset?.key;
  byId("legend").replaceChildren(
    make("h2", {}, named(entry.parent ? entry.label : "The repository")),
    make("p", { className: "size" }, sizeText(entry)),
    shareBar(inOrder(kinds)),
    ...filterNote(state),
    ...[otherFilters(keys), changes, buttons.slice(0, buttons.length - hidden)]
      .filter((list) => list.length > 0)
      .map((list) => make("ul", {}, ...list)),
    hidden > 0 ? more : "",
  );
  // The button that was pressed is a new one now.
  if (focused)
    [...byId("legend").querySelectorAll("button")].find(({ dataset }) => dataset.key === focused)?.focus();
}

function filterNote(state) {
  if (state.only.length === 0 && !state.find.trim()) return [];
  const kept = keptSize(nearestDirectory(state.at), state.size, keptNow);
  const clear = makeButton(() => go({ only: [], find: "" }), { className: "clear" }, "Show all");
  const text = `${count(kept, state.size.slice(0, -1))} selected by the filter `;
  return [make("p", { className: "kept" }, text, clear)];
}
