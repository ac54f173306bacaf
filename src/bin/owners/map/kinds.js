// Kinds: what the colors of the map stand for. A kind is a group, a list of owners without a group, a state
// such as "unowned", or a risk. Each has a color and a texture, so that nothing is told by color alone.

// Eight colors that stay apart in both themes, also for people who see no red, green or blue. The browser
// test calculates the distances.
const COLORS = ["#d08d52", "#7ebefb", "#76b093", "#6f73bc", "#dab860", "#139a97", "#b488d0", "#a4e3a6"];
const TEXTURES = ["plain", "lines", "dots", "cross"];
const SLOTS = COLORS.length * TEXTURES.length;

const ALERT = "#e0322f";
const kind = (key, label, color, texture, title = label) => ({ key, label, color, texture, title });

// `null` is the color of the theme for what stands back.
const STATES = {
  unowned: kind("state:unowned", "unowned", ALERT, "hazard"),
  default: kind("state:default", "only the default rule", null, "hatch"),
  nobody: kind("state:nobody", "nobody", null, "specks", "nobody, because a rule says so"),
  exempt: kind("state:exempt", "exempt", null, "plain", "unowned, and exempt from the check"),
};
const RISKS = [
  kind("risk:0", "no risk known", null, "plain"),
  kind("risk:1", "one knower", "#dab860", "dots"),
  kind("risk:2", "inactive owners", "#6f73bc", "lines"),
  kind("risk:3", "one knower, inactive owners", "#a3346f", "cross"),
];
const CHANGES = {
  changed: kind("change:owners", "changed owners", null, "outline"),
  new: kind("change:new", "new", null, "empty"),
  gone: kind("change:gone", "removed", null, "empty"),
};
const NOTHING = kind("absent", "not there", null, "empty");

// FNV-1a, over UTF-16 code units.
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

// A slot for each name. The name alone chooses the color. If another name has it, the next free color is
// taken, and if all colors are, the next texture.
function slots(names, taken = new Set()) {
  const found = new Map();
  for (const name of names) {
    const first = hash(name) % COLORS.length;
    const order = [...Array(SLOTS).keys()].map(
      (i) => Math.floor(i / COLORS.length) * COLORS.length + ((first + i) % COLORS.length),
    );
    const slot = order.find((each) => !taken.has(each)) ?? hash(name) % SLOTS;
    taken.add(slot);
    found.set(name, slot);
  }
  return found;
}

function slotKind(key, name, slot) {
  return kind(
    key,
    shortened(name),
    COLORS[slot % COLORS.length],
    TEXTURES[Math.floor(slot / COLORS.length)],
    name,
  );
}

// Where all teams are of one organization, its name says nothing: map and legend leave it out.
const ORGANIZATIONS = new Set(DATA.owners.map((owner) => owner.match(/^@[^/]+\//)?.[0]).filter(Boolean));
const [ORGANIZATION] = ORGANIZATIONS;
const shortened = (name) => (ORGANIZATIONS.size === 1 ? name.replaceAll(ORGANIZATION, "") : name);

// The owners of a decision without a group, as one name.
const ownersName = (decision) => decision.owners.map((owner) => DATA.owners[owner]).join(" ");
const isColored = ({ state }) => state === "owned";

// The kinds of each decision. One that several groups share has a kind for each.
const DECISION_KINDS = (() => {
  const unique = (names) => [...new Set(names)].sort();
  const taken = new Set();
  const groups = slots(unique(DATA.groups.map(({ name }) => name)), taken);
  const without = DATA.decisions
    .filter((each) => isColored(each) && each.groups.length === 0)
    .map(ownersName);
  const lists = slots(unique(without), taken);
  const kinds = new Map();
  const shared = (prefix, name, slot) => {
    const key = `${prefix}:${name}`;
    if (!kinds.has(key)) kinds.set(key, slotKind(key, name, slot));
    return kinds.get(key);
  };
  return DATA.decisions.map((decision) => {
    if (!isColored(decision)) return [STATES[decision.state]];
    const names = decision.groups.map((group) => DATA.groups[group].name);
    if (names.length > 0) return names.map((name) => shared("group", name, groups.get(name)));
    return [shared("owners", ownersName(decision), lists.get(ownersName(decision)))];
  });
})();

// The kinds of a leaf on one side, `decision` or `before`.
function kindsOf(leaf, side, by) {
  const decision = leaf[side];
  if (decision === ABSENT) return [NOTHING];
  const { state } = DATA.decisions[decision];
  if (by === "risk" && (state === "owned" || state === "default")) return [RISKS[leaf.risk & 3]];
  return DECISION_KINDS[decision];
}

// What happened to a leaf in a comparison, or null.
const changeOf = (leaf) =>
  leaf.changed ? CHANGES.changed : leaf.isNew ? CHANGES.new : leaf.isGone ? CHANGES.gone : null;
