// What is known about an entry: shown beside the pointer, and in the panel of what is selected.

const STATE_TEXTS = {
  unowned: "Unowned: no rule matches",
  nobody: "Nobody: the rule that decides says so",
  exempt: "Unowned, and exempt from the check",
  default: "Only by the rule for everything",
};
const RISK_TEXTS = [
  "",
  "at most one of its owners has changed it",
  "none of its owners is active",
  "at most one of its owners has changed it, and none is active",
];

const sizeText = (entry) =>
  [count(entry.files, "file"), DATA.has.lines && count(entry.lines, "line")].filter(Boolean).join(", ");

const part = (term, ...content) => make("div", {}, make("dt", {}, term), make("dd", {}, ...content));

function between(items, separator) {
  return items.flatMap((item, i) => (i === 0 ? [item] : [separator, item]));
}

// A rule as it is written, and where.
function ruleLine(index) {
  const { pattern, place, section } = DATA.rules[index];
  const written = make("code", { dir: "ltr" }, visible(pattern));
  return make(
    "div",
    { className: "rule" },
    written,
    " ",
    named(section ? `${place}, section ${section}` : place, "small"),
  );
}

const MOST_PEOPLE = 12; // as many are shown of a group

function peopleOf(groups) {
  const people = [...new Set(groups.flatMap((group) => DATA.groups[group].people ?? []))];
  const shown = people.slice(0, MOST_PEOPLE).map((person) => named(DATA.owners[person]));
  const more = people.length - shown.length;
  return [...between(shown, " "), more > 0 ? ` and ${number(more)} more` : ""];
}

// The parts that say what a decision is.
function decisionParts(index, suffix = "") {
  if (index === ABSENT) return [part(`Owners${suffix}`, "not there")];
  const { state, owners, groups, rules, more = 0 } = DATA.decisions[index];
  const names = owners.map((owner) => named(DATA.owners[owner]));
  const groupNames = groups.map((group) => named(DATA.groups[group].name));
  const rest = more > 0 ? ` and ${number(more)} more` : "";
  const parts = [
    part(`Owners${suffix}`, ...(names.length > 0 ? between(names, " ") : [STATE_TEXTS[state]]), rest),
  ];
  if (names.length > 0 && state !== "owned") parts.push(part("State", STATE_TEXTS[state]));
  if (groups.length > 0)
    parts.push(part(groups.length > 1 ? "Groups" : "Group", ...between(groupNames, ", ")));
  if (groups.some((group) => DATA.groups[group].people)) parts.push(part("People", ...peopleOf(groups)));
  if (rules.length > 0) parts.push(part(rules.length > 1 ? "Rules" : "Rule", ...rules.map(ruleLine)));
  return parts;
}

function leafParts(leaf) {
  const change = changeOf(leaf);
  const parts = change ? [part("Change", change.label)] : [];
  if (!change) parts.push(...decisionParts(leaf.decision === ABSENT ? leaf.before : leaf.decision));
  else parts.push(...decisionParts(leaf.before, " before"), ...decisionParts(leaf.decision, " after"));
  if (leaf.risk) parts.push(part("Risk", RISK_TEXTS[leaf.risk & 3]));
  return parts;
}

// The largest kinds of a directory, as text. A reader of the list gets the same.
function sharesOf(entry, { side = "decision", by, size, most = 4 }) {
  const kinds = [...tally(entry, { side, by, size })];
  const shown = kinds
    .slice(0, most)
    .map(([{ label }, value]) =>
      make("span", {}, named(label), kinds.length === 1 ? "" : ` ${percent(value, entry[size])}`),
    );
  if (kinds.length > most) shown.push(`and ${number(kinds.length - most)} more`);
  return shown.length > 0 ? between(shown, ", ") : ["nothing"];
}

function directoryParts(entry, view) {
  const parts = SIDES.map((side) => {
    const name = !IS_COMPARISON ? "Shares" : side === "before" ? "Before" : "After";
    return part(name, ...sharesOf(entry, { ...view, side }));
  });
  for (const [change, files] of changesOf(entry, "files"))
    parts.push(part(change.label, count(files, "file")));
  return parts;
}

// The description of an entry, as a list of terms.
function describe(entry, view) {
  const parts = entry.isDirectory ? directoryParts(entry, view) : leafParts(entry);
  return [
    make("p", { className: "path" }, named(entry.title)),
    make("p", { className: "size" }, sizeText(entry)),
    make("dl", {}, ...parts),
  ];
}

// The same in sentences, for a screen reader.
function spoken(entry, view) {
  const texts = [entry.title, sizeText(entry)];
  for (const each of describe(entry, view).at(-1).children) {
    const [term, ...values] = [...each.children].map(({ textContent }) => textContent);
    texts.push(`${term}: ${values.join(", ")}`);
  }
  return visible(texts.join(". "));
}

// The card follows the pointer, and stays inside the window.
function showCard(entry, view, at) {
  const card = byId("card");
  card.replaceChildren(...describe(entry, view));
  card.hidden = false;
  placeCard(at);
}

function placeCard([x, y]) {
  const card = byId("card");
  const { width, height } = card.getBoundingClientRect();
  card.style.left = `${Math.max(8, x + 16 + width > innerWidth ? x - width - 16 : x + 16)}px`;
  card.style.top = `${Math.max(8, Math.min(y + 16, innerHeight - height - 8))}px`;
}

const hideCard = () => (byId("card").hidden = true);

// The panel of what is selected. It stays until it is closed.
function showPinned(state) {
  const panel = byId("pinned");
  panel.hidden = !state.pin;
  if (!state.pin) return;
  const entry = nearest(state.pin);
  const close = makeButton(() => go({ pin: "" }), { className: "close", "aria-label": "Close" }, "×");
  const directory = entry.isDirectory ? entry : entry.parent;
  const open = makeButton(() => go({ at: directory.path }), {}, "Open ", named(directory.label));
  const isOpen = directory.path === state.at;
  panel.replaceChildren(make("h2", {}, "Selected"), close, ...describe(entry, state), isOpen ? "" : open);
}
