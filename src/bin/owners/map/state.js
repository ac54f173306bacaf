// What the page shows, as the fragment of its address, so that a view can be sent and the back button works:
//
//     #at=crates/wasi&pin=crates/wasi/src/lib.rs&only=group:wasi&by=risk
//
// A fragment that somebody damaged never fails: what is not understood has its default.

const CHOICES = {
  by: ["owners", "risk"],
  size: ["files", "lines"],
  view: ["map", "list"],
  theme: ["", "light", "dark"],
};
const AVAILABLE = { risk: DATA.has.risk, lines: DATA.has.lines };
const ONLY_KEY = /^(state|group|owners|owner|risk|change):/;

function readState(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, "").replaceAll("+", "%2B"));
  const text = (name) => given.get(name) ?? "";
  const read = {
    at: nearestDirectory(text("at")).path,
    pin: nearest(text("pin")).path,
    only: [...new Set(given.getAll("only"))].filter((key) => ONLY_KEY.test(key)),
    find: text("find"),
  };
  for (const [name, values] of Object.entries(CHOICES)) {
    const value = text(name);
    read[name] = values.includes(value) && (AVAILABLE[value] ?? true) ? value : values[0];
  }
  return read;
}

// Only what encoding is needed for is encoded, so that paths can be read in the address.
const encode = (text) =>
  encodeURIComponent(text.toWellFormed?.() ?? text).replace(/%(2F|3A|40|2C)/g, decodeURIComponent);

function writeState(state) {
  const parts = [];
  const add = (name, value) => value && parts.push(`${name}=${encode(value)}`);
  for (const name of ["at", "pin", "find"]) add(name, state[name]);
  for (const key of state.only) add("only", key);
  for (const [name, [normal]] of Object.entries(CHOICES)) if (state[name] !== normal) add(name, state[name]);
  return `#${parts.join("&")}`;
}

let state = readState(location.hash);
const observers = [];

// Calls `observer(state, previous)` after each change.
const observe = (observer) => observers.push(observer);

function become(next) {
  const previous = state;
  state = next;
  for (const observer of observers) observer(state, previous);
}

// Changes a part of the state. `replace` makes no step for the back button, for what changes while typing.
function go(change, { replace = false } = {}) {
  const next = { ...state, ...change };
  const fragment = writeState(next);
  if (fragment === writeState(state)) return;
  history[replace ? "replaceState" : "pushState"](null, "", fragment);
  become(next);
}

// The back button, and a fragment that is typed.
addEventListener("popstate", () => become(readState(location.hash)));

function toggleOnly(key) {
  go({ only: state.only.includes(key) ? state.only.filter((each) => each !== key) : [...state.only, key] });
}
