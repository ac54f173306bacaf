// How the shares changed: lines for the states and for the groups, drawn as SVG, and the same as a table.

const STATE_LINES = ["owned", "default", "nobody", "unowned", "exempt"];
const MOST_GROUPS = 8;
const CHART = { height: 190, left: 44, right: 120, top: 12, bottom: 26 };
const POINTS = DATA.has.history ? DATA.history : [];

function shape(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

// A line: a label, a color, dashes, and a share for each commit, or null.
function stateLines() {
  const looks = {
    owned: [theme.ink, ""],
    default: [theme.muted, "6 3"],
    nobody: [theme.muted, "1 4"],
    unowned: [ALERT, ""],
    exempt: [theme.back, "2 3"],
  };
  const labels = {
    owned: "owned",
    default: "only default",
    nobody: "nobody",
    unowned: "unowned",
    exempt: "exempt",
  };
  return STATE_LINES.map((name) => ({
    label: labels[name],
    color: looks[name][0],
    dash: looks[name][1],
    values: POINTS.map((point) => share(point, point[name])),
  })).filter(({ values }) => values.some(Boolean));
}

// A thin line needs more contrast than a tile.
const lineColor = (color) => (themeName() === "light" ? mix(color, theme.ink, 0.35) : color);

const share = (point, files) => (point.error || !point.files ? null : (files ?? 0) / point.files);

// The largest groups, or those that the filter keeps.
function groupLines() {
  const names = [...new Set(POINTS.flatMap((point) => Object.keys(point.groups ?? {})))];
  const kinds = new Map(DECISION_KINDS.flat().map((kind) => [kind.key, kind]));
  const kindOf = (name) => kinds.get(`group:${name}`);
  const most = (name) => Math.max(...POINTS.map((point) => point.groups?.[name] ?? 0));
  const kept = names.filter((name) => state.only.includes(`group:${name}`));
  const shown = kept.length > 0 ? kept : names.sort((a, b) => most(b) - most(a)).slice(0, MOST_GROUPS);
  const dashes = { lines: "6 3", dots: "1 4", cross: "8 3 2 3" };
  return shown.map((name) => ({
    label: visible(name),
    color: lineColor(kindOf(name)?.color ?? theme.muted),
    dash: dashes[kindOf(name)?.texture] ?? "",
    values: POINTS.map((point) => share(point, point.groups?.[name])),
  }));
}

// Where a date and a share are in a chart of this width.
function scales(lines, chartWidth) {
  const dates = POINTS.map(({ date }) => Date.parse(date));
  const [first, last] = [Math.min(...dates), Math.max(...dates)];
  const largest = Math.max(...lines.flatMap(({ values }) => values), 0.001);
  const top = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((each) => each >= largest) ?? 1;
  const wide = chartWidth - CHART.left - CHART.right;
  const tall = CHART.height - CHART.top - CHART.bottom;
  return {
    x: (i) => CHART.left + (first === last ? wide : (wide * (dates[i] - first)) / (last - first)),
    y: (value) => CHART.top + tall * (1 - value / top),
    top,
  };
}

function axes({ x, y, top }, chartWidth) {
  const parts = [0, 0.5, 1].flatMap((share) => [
    shape("line", {
      x1: CHART.left,
      x2: chartWidth - CHART.right,
      y1: y(share * top),
      y2: y(share * top),
      class: "grid",
    }),
    shape(
      "text",
      { x: CHART.left - 6, y: y(share * top) + 4, "text-anchor": "end" },
      `${+(100 * share * top).toFixed(1)} %`,
    ),
  ]);
  const ends = [...new Set([0, POINTS.length - 1])];
  const dates = ends.map((i) =>
    shape(
      "text",
      { x: x(i), y: CHART.height - 6, "text-anchor": i === 0 && ends.length > 1 ? "start" : "end" },
      POINTS[i].date,
    ),
  );
  return [...parts, ...dates];
}

// Labels stand at the end of their lines, below each other if those are too near.
function labelPlaces(lines, { y }) {
  const ends = lines
    .map(({ values }, i) => ({ i, at: y(values.findLast((value) => value !== null) ?? 0) }))
    .sort((a, b) => a.at - b.at);
  ends.forEach((end, i) => (end.at = Math.max(end.at, i > 0 ? ends[i - 1].at + 13 : CHART.top)));
  const over = Math.max(0, (ends.at(-1)?.at ?? 0) - (CHART.height - CHART.bottom));
  return new Map(ends.map(({ i, at }) => [i, at - over]));
}

// The points of a line. Commits that could not be read leave a gap.
function lineShapes({ color, dash, values }, { x, y }) {
  let path = "";
  values.forEach((value, i) => {
    if (value === null) return;
    path += `${path === "" || values[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  const dots = values.flatMap((value, i) =>
    value === null ? [] : [shape("circle", { cx: x(i), cy: y(value), r: 2.2, fill: color })],
  );
  return [shape("path", { d: path, stroke: color, "stroke-dasharray": dash, class: "series" }), ...dots];
}

function chart(title, lines, chartWidth) {
  const scale = scales(lines, chartWidth);
  const places = labelPlaces(lines, scale);
  const labels = lines.map(({ label }, i) =>
    shape(
      "text",
      { x: chartWidth - CHART.right + 8, y: places.get(i) + 4, class: "end" },
      label.length > 17 ? `${label.slice(0, 16)}…` : label,
    ),
  );
  const ticks = lines.map(({ color }, i) =>
    shape("rect", {
      x: chartWidth - CHART.right + 2,
      y: places.get(i) - 4,
      width: 3,
      height: 8,
      fill: color,
    }),
  );
  const drawing = shape("svg", {
    width: chartWidth,
    height: CHART.height,
    role: "img",
    "aria-label": `${title}. The table below has the numbers.`,
  });
  drawing.append(
    ...axes(scale, chartWidth),
    ...lines.flatMap((line) => lineShapes(line, scale)),
    ...ticks,
    ...labels,
  );
  drawing.onpointermove = (event) => showPoint(event, lines, scale);
  drawing.onpointerleave = hideCard;
  return make("figure", {}, make("figcaption", {}, title), drawing);
}

// The card of the commit that is nearest to the pointer.
function showPoint(event, lines, { x }) {
  const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
  const nearestPoint = POINTS.map((_, i) => i).sort((a, b) => Math.abs(x(a) - at) - Math.abs(x(b) - at))[0];
  const point = POINTS[nearestPoint];
  const values = lines.map(({ label, values }) =>
    part(label, values[nearestPoint] === null ? "–" : percent(values[nearestPoint], 1)),
  );
  const text = point.error
    ? [make("p", {}, named(point.error))]
    : [make("dl", { className: "values" }, ...values)];
  const card = byId("card");
  card.replaceChildren(
    make("p", { className: "path" }, point.date),
    make("p", { className: "size" }, `${point.commit.slice(0, 10)}, ${count(point.files ?? 0, "file")}`),
    ...text,
  );
  card.hidden = false;
  placeCard([event.clientX, event.clientY]);
}

function historyTable(lines) {
  const head = ["Date", "Commit", "Files", ...lines.map(({ label }) => label)].map((name) =>
    make("th", { scope: "col" }, name),
  );
  const rows = POINTS.map((point, i) => {
    const values = point.error
      ? [make("td", { colSpan: lines.length }, named(point.error))]
      : lines.map(({ values }) => make("td", { className: "number" }, percent(values[i] ?? 0, 1)));
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, point.date),
      make("td", {}, make("code", {}, point.commit.slice(0, 10))),
      make("td", { className: "number" }, number(point.files ?? 0)),
      ...values,
    );
  });
  return make(
    "details",
    {},
    make("summary", {}, "As a table"),
    make(
      "div",
      { className: "wide", tabIndex: 0 },
      make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)),
    ),
  );
}

function showHistory() {
  const section = byId("history");
  section.hidden = POINTS.length === 0;
  if (section.hidden) return;
  const isOpen = section.querySelector("details")?.open ?? false;
  const [states, groups] = [stateLines(), groupLines()];
  const space = section.clientWidth - 32;
  const wide = Math.floor(groups.length > 0 && space > 700 ? (space - 24) / 2 : space);
  const charts = [chart("Share of files by state", states, wide)];
  if (groups.length > 0) charts.push(chart("Share of files by group", groups, wide));
  const table = historyTable([...states, ...groups]);
  table.open = isOpen;
  section.replaceChildren(
    make("h2", {}, `History, ${count(POINTS.length, "commit")}`),
    make("div", { className: "charts" }, ...charts),
    table,
  );
}
