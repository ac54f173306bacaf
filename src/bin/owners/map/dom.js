// Makes elements. Names from the repository reach the page through here, as text and never as markup.

const byId = (id) => document.getElementById(id);

// make("p", { className: "note" }, "text", element): an element with its properties and children.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// makeButton(action, { title: "Text" }, "text"): a button that does something.
function makeButton(action, properties, ...children) {
  return make("button", { type: "button", onclick: action, ...properties }, ...children);
}

// A name is kept apart from the text around it, also if it is written from right to left.
const named = (text, tag = "bdi", className = "") => make(tag, { className, dir: "auto" }, visible(text));

// Characters that have no shape or change the order of others are written as escapes.
function visible(text) {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu,
    (each) => `\\u{${each.codePointAt(0).toString(16)}}`,
  );
}

const number = (value) => value.toLocaleString("en-US");

const count = (value, singular, plural = `${singular}s`) =>
  `${number(value)} ${value === 1 ? singular : plural}`;

// Something is never shown as nothing, and a part never as the whole.
function percent(part, whole) {
  if (whole === 0 || part === 0) return "0 %";
  const value = (100 * part) / whole;
  if (value < 0.1) return "< 0.1 %";
  if (part < whole && value > 99.9) return "> 99.9 %";
  if (part < whole && value < 10) return `${value.toFixed(1)} %`;
  return `${Math.min(Math.round(value), part < whole ? 99 : 100)} %`;
}
