// Paints a layout on a canvas: directories as boxes with their name, files as tiles in the color of their
// kind.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Ubuntu, Cantarell, "DejaVu Sans", sans-serif';
const BACK = { kept: 1, unchanged: 0.5, dropped: 0.16 }; // how strong a color is

let scale = devicePixelRatio; // asking the window each time is slow

// Edges on whole pixels of the screen are sharp, and the same for both tiles at an edge.
const snap = (value) => Math.round(value * scale) / scale;

function box(node, inset = 0) {
  const [x0, y0, x1, y1] = [node.x0, node.y0, node.x1, node.y1].map(snap);
  const gap = Math.min(x1 - x0, y1 - y0) > 4 ? inset : 0;
  return [x0 + gap, y0 + gap, x1 - x0 - 2 * gap, y1 - y0 - 2 * gap];
}

// `scene` is what is painted: { root, side, by, size, kept }. What changed owners is outlined on both sides of
// a comparison: a directory of which all did once, one that is too small for tiles with dashes if a part did.
function paint(draw, scene) {
  draw.clearRect(0, 0, width(scene.root), height(scene.root));
  scale = devicePixelRatio;
  draw.direction = "ltr";
  draw.textBaseline = "middle";
  scene.root.eachBefore((node) => {
    if (width(node) <= 0 || height(node) <= 0) return;
    if (node.children) paintDirectory(draw, node, scene);
    else if (node.data.isDirectory) paintParts(draw, node, scene);
    else paintTile(draw, node, scene);
  });
  if (IS_COMPARISON) scene.root.eachBefore((node) => isOutlined(node) && outline(draw, node, scene));
}

const allChanged = (entry) => entry.changed > 0 && entry.same === 0;

function isOutlined(node) {
  const isInside = node.parent?.parent && allChanged(node.parent.data);
  return node.depth > 0 && !isInside && (node.children ? allChanged(node.data) : node.data.changed > 0);
}

function paintDirectory(draw, node, scene) {
  if (node.depth === 0) return;
  const colors = theme;
  draw.fillStyle = colors.levels[Math.min(node.depth, colors.levels.length) - 1];
  const [x, y, w, h] = box(node, node.depth === 1 ? 1 : 0.5);
  draw.beginPath();
  draw.roundRect(x, y, w, h, Math.min(node.depth === 1 ? 5 : 3, w / 4, h / 4));
  draw.fill();
  const line = header(node);
  if (line === 0) return;
  draw.font = node.depth === 1 ? `600 12px ${FONT}` : `${node.depth === 2 ? 500 : 400} 11px ${FONT}`;
  draw.fillStyle = colors.ink;
  const name = fit(draw, node.data.name, w - 10);
  draw.fillText(name, x + 5, y + line / 2);
  const only = onlyLabel(node, scene);
  const used = draw.measureText(name).width + 20;
  if (!only || w - used < 30) return;
  draw.font = `11px ${FONT}`;
  draw.fillStyle = colors.muted;
  draw.textAlign = "end";
  draw.fillText(fit(draw, only, w - used), x + w - 5, y + line / 2);
  draw.textAlign = "start";
}

// The label of the only kind in a directory, unless the directory around it has it already.
function onlyLabel(node, scene) {
  return node.depth === 1 || !labelOfAll(node.parent, scene) ? labelOfAll(node, scene) : "";
}

const labelOfAll = (node, scene) => (node[scene.side] ??= findLabel(node.data, scene));

function findLabel(entry, { side, by }) {
  let label = null;
  const isSame = (each) => {
    if (each.children) return each.children.every(isSame);
    const own = kindsOf(each, side, by)
      .map((kind) => kind.label)
      .join(", ");
    label ??= own;
    return label === own;
  };
  return isSame(entry) ? label : "";
}

// How a leaf looks: its kinds, and how strong.
function lookOf(leaf, { side, by, kept }) {
  const isDropped = kept && !kept.has(leaf);
  const isUnchanged = IS_COMPARISON && !changeOf(leaf);
  return {
    kinds: kindsOf(leaf, side, by),
    strength: isDropped ? BACK.dropped : isUnchanged ? BACK.unchanged : BACK.kept,
  };
}

function paintTile(draw, node, scene) {
  const look = lookOf(node.data, scene);
  const [x, y, w, h] = box(node);
  if (look.kinds[0] === NOTHING) {
    paintEmpty(draw, [x, y, w, h]);
  } else {
    draw.fillStyle = fillOf(look.kinds, look.strength);
    draw.fillRect(x, y, w, h);
    paintEdges(draw, colorOf(look.kinds[0], look.strength), [x, y, w, h]);
    if (w > 38 && h > 14) paintLabel(draw, node, look, scene, [x, y, w, h]);
  }
}

// The place of a path that is on the other side only.
function paintEmpty(draw, [x, y, w, h]) {
  if (Math.min(w, h) < 8) return;
  draw.setLineDash([2, 2]);
  draw.lineWidth = 1;
  draw.strokeStyle = mix(theme.muted, theme.page, 0.35);
  draw.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  draw.setLineDash([]);
}

// Tiles are told apart by fine lines in their own color: fainter ones between small tiles, so that many of
// one kind look like one area.
function paintEdges(draw, color, [x, y, w, h]) {
  const strength = Math.min(Math.floor(Math.min(w, h) - 4) / 30, 0.6);
  if (strength <= 0) return;
  const line = Math.max(1 / scale, 0.75);
  draw.fillStyle = mix(color, theme.page, strength);
  draw.fillRect(x + w - line, y, line, h);
  draw.fillRect(x, y + h - line, w - line, line);
}

function outline(draw, node, { kept }) {
  let isKept = !kept;
  if (kept) eachLeaf(node.data, (leaf) => (isKept ||= kept.has(leaf)));
  draw.setLineDash(allChanged(node.data) ? [] : [2, 2]);
  frame(draw, box(node), isKept ? BACK.kept : BACK.dropped);
  draw.setLineDash([]);
}

function frame(draw, [x, y, w, h], strength) {
  const line = Math.min(w, h) > 9 && draw.getLineDash().length === 0 ? 2 : 1;
  draw.strokeStyle = mix(theme.page, theme.mark, strength);
  draw.lineWidth = line;
  draw.strokeRect(x + line / 2, y + line / 2, Math.max(w - line, 0.5), Math.max(h - line, 0.5));
}

function paintLabel(draw, node, { kinds, strength }, scene, [x, y, w, h]) {
  const color = colorOf(kinds[0], strength);
  const isTextured = kinds.length > 1 || kinds[0].texture !== "plain";
  const lines = [node.data.label];
  const isSaid = node.depth > 1 && labelOfAll(node.parent, scene);
  if (h > 34 && w > 60 && !isSaid) lines.push(kinds.map(({ label }) => label).join(", "));
  draw.font = `11px ${FONT}`;
  draw.lineJoin = "round";
  draw.lineWidth = 4;
  draw.strokeStyle = color;
  lines.forEach((line, i) => {
    const text = fit(draw, line, w - 8);
    const at = [x + 4, y + Math.min(9, h / 2) + 14 * i];
    if (isTextured) draw.strokeText(text, ...at);
    const ink = inkOn(color);
    draw.fillStyle = strength < BACK.unchanged ? theme.muted : i === 0 ? ink : mix(ink, color, 0.2);
    draw.fillText(text, ...at);
  });
}

// As much of a text as fits, from its start.
function fit(draw, text, space) {
  const shown = visible(text.slice(0, 200));
  if (draw.measureText(shown).width <= space) return shown;
  let [low, high] = [0, shown.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (draw.measureText(`${shown.slice(0, middle)}…`).width <= space) low = middle;
    else high = middle - 1;
  }
  return low > 1 ? `${shown.slice(0, low)}…` : "";
}

// A directory that is too small for tiles: the shares of its looks, as slices along its longer side.
function paintParts(draw, node, scene) {
  const parts = new Map();
  eachLeaf(node.data, (leaf) => {
    const look = lookOf(leaf, scene);
    const key = look.kinds.map(({ key }) => key).join("\n") + look.strength;
    const part = parts.get(key) ?? { look, size: 0 };
    part.size += leaf[scene.size];
    parts.set(key, part);
  });
  const [x, y, w, h] = box(node, 0.5);
  let done = 0;
  for (const { look, size } of [...parts.values()].sort((a, b) => b.size - a.size)) {
    const [from, to] = [done / node.value, (done + size) / node.value];
    done += size;
    if (look.kinds[0] === NOTHING) continue;
    draw.fillStyle = fillOf(look.kinds, look.strength);
    if (w > h) draw.fillRect(x + w * from, y, w * (to - from), h);
    else draw.fillRect(x, y + h * from, w, h * (to - from));
  }
}
