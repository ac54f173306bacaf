// Puts the parts together: what is shown follows from the state, and what people do changes the state.

let pointed = null; // the entry below the pointer, or at the cursor of the keyboard
let keptNow = keptLeaves(state);

const pinnedEntry = () => (state.pin ? nearest(state.pin) : null);
const markAll = () => panes.forEach((pane) => pane.mark(pinnedEntry(), pointed));

function showMap() {
  const entry = nearestDirectory(state.at);
  panes.forEach((pane) => pane.fit());
  const root = layout(entry, state.size, panes[0].space);
  const scene = { root, by: state.by, size: state.size, kept: keptNow };
  panes.forEach((pane) => pane.show(scene));
  markAll();
}

function showCrumbs() {
  const entry = nearestDirectory(state.at);
  const items = [...entry.above, entry].map((each) => {
    if (each === entry) return make("li", { "aria-current": "page" }, named(each.label));
    const button = makeButton(() => go({ at: each.path }), {}, named(each.label));
    return make("li", {}, button);
  });
  byId("crumbs").replaceChildren(...items);
}

function showSwitches() {
  byId("by").hidden = !DATA.has.risk;
  byId("size").hidden = !DATA.has.lines;
  for (const input of document.querySelectorAll(".switches input"))
    input.checked = state[input.name] === input.value;
}

function showAll(state, previous = {}) {
  const isNewFilter = previous.find !== state.find || String(previous.only) !== String(state.only);
  if (isNewFilter) keptNow = keptLeaves(state);
  if (previous.theme !== state.theme) showTheme();
  if (previous.at !== state.at) pointed = null;
  showSwitches();
  showCrumbs();
  showPinned(state);
  showLegend(state);
  const isList = state.view === "list";
  byId("list").hidden = !isList;
  byId("panes").hidden = isList;
  if (isList) showList(state, keptNow);
  else showMap();
  if (isNewFilter || previous.theme !== state.theme) showHistory();
}

function point(entry, event) {
  if (entry !== pointed) {
    pointed = entry;
    markAll();
  }
  if (entry && entry !== nearestDirectory(state.at)) showCard(entry, state, [event.clientX, event.clientY]);
  else hideCard();
}

// One directory further down on the way to an entry.
function stepTowards(entry) {
  const here = nearestDirectory(state.at);
  const way = [...entry.above, entry];
  const next = way[way.indexOf(here) + 1];
  return next?.isDirectory ? next : null;
}

// A click on a tile selects it, on a directory opens it.
function activate(entry) {
  if (entry.isDirectory) go({ at: entry.path });
  else go({ pin: entry.path });
}

function listen(pane) {
  const { marks } = pane;
  marks.onpointermove = (event) =>
    event.pointerType !== "touch" && !isMoving() && point(pane.entryAt(event), event);
  marks.onpointerleave = () => point(null);
  marks.onclick = (event) => {
    if (isMoving()) return;
    hideCard();
    const entry = pane.entryAt(event);
    if (entry !== nearestDirectory(state.at)) activate(entry);
  };
  marks.ondblclick = (event) => {
    const next = stepTowards(pane.entryAt(event));
    if (next && !isMoving()) go({ at: next.path });
  };
  marks.onkeydown = (event) => press(event, pane);
  marks.onblur = () => point(null);
  pane.onsettled = markAll;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function press(event, pane) {
  const { root } = pane.scene;
  if (event.key in ARROWS) {
    const from = pointed ? nodeOf(root, pointed) : null;
    const to = from ? neighbor(root, from, ARROWS[event.key]) : root.leaves()[0];
    if (to) reach(to.data);
  } else if (event.key === "Enter" && pointed) {
    const next = stepTowards(pointed);
    if (next) go({ at: next.path });
    else activate(pointed);
  } else if (event.key === " " && pointed) activate(pointed);
  else if (event.key === "Backspace") go({ at: nearestDirectory(state.at).parent?.path ?? "" });
  else if (event.key === "Escape") go({ pin: "" });
  else return;
  event.preventDefault();
}

// The cursor of the keyboard is at an entry: it is marked, and a screen reader says what it is.
function reach(entry) {
  pointed = entry;
  markAll();
  byId("live").textContent = spoken(entry, state);
}

function start() {
  const short = (commit) => commit.slice(0, 10);
  const side = ({ name, commit }) => (commit ? `${name} (${short(commit)})` : name);
  const sides = IS_COMPARISON ? `${side(DATA.before)} and ${side(DATA.after)}` : short(DATA.revision ?? "");
  byId("revision").append("Who owns what", sides ? ", " : "", sides ? named(sides) : "");
  byId("panes").append(...panes.map(({ element }) => element));
  byId("panes").className = IS_COMPARISON ? "two" : "one";
  panes.forEach(listen);
  for (const input of document.querySelectorAll(".switches input"))
    input.onchange = () => go({ [input.name]: input.value });
  observe(showAll);
  showAll(state);
  performance.mark("map");
  systemIsDark.addEventListener("change", () => showAll(state));
  new ResizeObserver(() => resized()).observe(byId("panes"));
  addEventListener("resize", showHistory);
}

function resized() {
  if (state.view === "map" && panes.some((pane) => !pane.isFit)) showMap();
}

start();
