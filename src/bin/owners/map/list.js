// The list view: the directory as a table, with the data of the map, for keyboard and screen reader.

const ROWS = 300; // as many are made at once

function ownersCell(entry, side, view) {
  if (entry.isDirectory) return make("td", {}, ...sharesOf(entry, { ...view, side }));
  const kinds = kindsOf(entry, side, view.by);
  const owners = DATA.decisions[entry[side]]?.owners.map((owner) => named(DATA.owners[owner])) ?? [];
  const names = kinds.map((kind) => make("span", {}, swatch(kind), " ", named(kind.label)));
  const isSaid = owners.length === 0 || kinds[0].key.startsWith("owners:");
  return make(
    "td",
    {},
    ...between(names, ", "),
    ...(isSaid ? [] : [make("small", {}, " ", ...between(owners, " "))]),
  );
}

function ruleCell(entry) {
  if (entry.isDirectory) return make("td", {});
  return make(
    "td",
    {},
    ...DATA.decisions[entry.decision === ABSENT ? entry.before : entry.decision].rules.map(ruleLine),
  );
}

// A size, and how much of it is kept.
function sizeCell(entry, size, kept) {
  const all = number(entry[size]);
  const part = kept ? number(keptSize(entry, size, kept)) : all;
  return make("td", { className: "number" }, part === all ? all : `${part} of ${all}`);
}

function listRow(entry, view, kept) {
  const change = entry.isDirectory ? { at: entry.path } : { pin: entry.path };
  const label = entry.isDirectory ? `${entry.label}/` : entry.label;
  const button = makeButton(() => go(change), {}, named(label));
  const cells = [make("th", { scope: "row" }, button), sizeCell(entry, "files", kept)];
  if (DATA.has.lines) cells.push(sizeCell(entry, "lines", kept));
  cells.push(...SIDES.map((side) => ownersCell(entry, side, view)));
  if (IS_COMPARISON) cells.push(make("td", {}, changeText(entry)));
  cells.push(ruleCell(entry));
  return make("tr", {}, ...cells);
}

function changeText(entry) {
  if (!entry.isDirectory) return changeOf(entry)?.label ?? "";
  return [...changesOf(entry, "files")].map(([{ label }, files]) => `${number(files)} ${label}`).join(", ");
}

function listHead() {
  const names = [
    "Name",
    "Files",
    ...(DATA.has.lines ? ["Lines"] : []),
    ...(IS_COMPARISON ? ["Before", "After", "Change"] : ["Owned by"]),
    "Rule",
  ];
  return make(
    "thead",
    {},
    make(
      "tr",
      {},
      ...names.map((name) =>
        make("th", { scope: "col", className: ["Files", "Lines"].includes(name) ? "number" : "" }, name),
      ),
    ),
  );
}

function showList(view, kept) {
  const entry = nearestDirectory(view.at);
  const rows = entry.children.filter((child) => !kept || keptSize(child, "files", kept) > 0);
  rows.sort((a, b) => b.isDirectory - a.isDirectory || b[view.size] - a[view.size]);
  const body = make("tbody", {});
  const more = make("button", { type: "button", className: "more" });
  const add = () => {
    body.append(...rows.splice(0, ROWS).map((row) => listRow(row, view, kept)));
    more.hidden = rows.length === 0;
    more.textContent = `Show ${number(Math.min(ROWS, rows.length))} of ${number(rows.length)} more`;
  };
  more.onclick = add;
  const title = entry.parent ? entry.path : DATA.title;
  const caption = make(
    "caption",
    {},
    named(title),
    `, ${sizeText(entry)}${rows.length === 0 ? ": nothing is left by the filter" : ""}`,
  );
  add();
  byId("list").replaceChildren(make("table", {}, caption, listHead(), body), more);
}
