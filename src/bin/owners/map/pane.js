// A pane: one map on the page, on two canvases. The lower one has the tiles, the upper one the marks of what
// is pointed at, selected, or reached with the keyboard. A comparison has two panes.

const DURATION = 380; // milliseconds of a zoom
const isMoving = () => panes.some((pane) => pane.frame !== 0);

class Pane {
  constructor(side, caption) {
    this.side = side;
    this.frame = 0;
    this.space = [0, 0];
    this.onsettled = () => {};
    this.tiles = make("canvas", { "aria-hidden": "true" });
    this.marks = make("canvas", { tabIndex: 0, role: "application", "aria-describedby": "keys" });
    this.marks.setAttribute("aria-label", caption ? `Map of ${caption}` : "Map");
    const maps = make("div", { className: "maps" }, this.tiles, this.marks);
    this.element = make("figure", {}, caption && make("figcaption", {}, named(caption)), maps);
  }

  // Canvases have the pixels of the screen, and are drawn on in those of the page.
  fit() {
    if (this.isFit) return;
    const { clientWidth, clientHeight } = this.marks.parentElement;
    this.space = [clientWidth, clientHeight];
    if (this.scale !== devicePixelRatio) fills.clear();
    this.scale = devicePixelRatio;
    for (const canvas of [this.tiles, this.marks]) {
      canvas.width = Math.round(clientWidth * devicePixelRatio);
      canvas.height = Math.round(clientHeight * devicePixelRatio);
    }
  }

  get isFit() {
    const { clientWidth, clientHeight } = this.marks.parentElement;
    return this.space[0] === clientWidth && this.space[1] === clientHeight && this.scale === devicePixelRatio;
  }

  get ink() {
    const draw = this.tiles.getContext("2d");
    draw.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    return draw;
  }

  // Shows a scene. From the map of another directory, it zooms.
  show(scene) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const old = this.scene;
    this.scene = { ...scene, side: this.side };
    const zooms = old && old.root.data !== scene.root.data && !prefersStill.matches && this.tiles.width > 0;
    const picture = zooms && copy(this.tiles);
    paint(this.ink, this.scene);
    if (zooms) this.zoom(old, picture);
  }

  zoom(old, picture) {
    const target = copy(this.tiles);
    const [from, to] = [old.root.data, this.scene.root.data];
    const goesIn = to.above.includes(from);
    const goesOut = from.above.includes(to);
    // The rectangle, in the outer map, of the directory that the inner map shows.
    const inner = goesIn ? nodeOf(old.root, to) : nodeOf(this.scene.root, from);
    const start = performance.now();
    const step = (now) => {
      const time = Math.min(Math.max(now - start, 0) / DURATION, 1);
      const eased = 1 - (1 - time) ** 3;
      if (goesIn) this.nest(picture, target, inner, eased);
      else if (goesOut) this.nest(target, picture, inner, 1 - eased);
      else this.fade(picture, target, eased);
      if (time < 1) this.frame = requestAnimationFrame(step);
      else this.settle();
    };
    this.marks.getContext("2d").reset();
    this.frame = requestAnimationFrame(step);
  }

  settle() {
    this.show(this.scene);
    this.onsettled();
  }

  // One frame of a zoom: the outer map, enlarged around the rectangle of the inner one, which is over it.
  nest(outer, inner, node, progress) {
    const draw = this.ink;
    const [w, h] = this.space;
    const between = (a, b) => a + (b - a) * progress;
    const [x, y] = [between(node.x0, 0), between(node.y0, 0)];
    const [iw, ih] = [between(width(node), w), between(height(node), h)];
    const [sx, sy] = [iw / width(node), ih / height(node)];
    draw.clearRect(0, 0, w, h);
    draw.drawImage(outer, x - node.x0 * sx, y - node.y0 * sy, w * sx, h * sy);
    draw.globalAlpha = progress;
    draw.drawImage(inner, x, y, iw, ih);
    draw.globalAlpha = 1;
  }

  // One frame between maps of which none is in the other.
  fade(picture, target, progress) {
    const draw = this.ink;
    draw.clearRect(0, 0, ...this.space);
    draw.drawImage(picture, 0, 0, ...this.space);
    draw.globalAlpha = progress;
    draw.drawImage(target, 0, 0, ...this.space);
    draw.globalAlpha = 1;
  }

  // Rings around entries: thick ones around what is selected, thin ones around what is pointed at.
  mark(pinned, pointed) {
    const draw = this.marks.getContext("2d");
    draw.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    draw.clearRect(0, 0, ...this.space);
    if (!this.scene || this.frame) return;
    const { root } = this.scene;
    if (pinned?.above.includes(root.data)) ring(draw, nodeOf(root, pinned), 3);
    if (pointed?.above.includes(root.data)) ring(draw, nodeOf(root, pointed), 2);
  }

  entryAt(event) {
    const { left, top } = this.marks.getBoundingClientRect();
    return nodeAt(this.scene.root, event.clientX - left, event.clientY - top).data;
  }
}

function copy(canvas) {
  const result = make("canvas", { width: canvas.width, height: canvas.height });
  result.getContext("2d").drawImage(canvas, 0, 0);
  return result;
}

// Two lines, one dark and one light, are seen on every color.
function ring(draw, node, line) {
  if (node.depth === 0) return;
  const [x, y, w, h] = box(node);
  const { mark, page } = theme;
  for (const [color, wide, inset] of [
    [page, line + 2, 1],
    [mark, line, 0],
  ]) {
    draw.strokeStyle = color;
    draw.lineWidth = wide;
    draw.strokeRect(x + inset, y + inset, Math.max(w - 2 * inset, 1), Math.max(h - 2 * inset, 1));
  }
}

const panes = IS_COMPARISON
  ? [new Pane("before", `before: ${DATA.before.name}`), new Pane("decision", `after: ${DATA.after.name}`)]
  : [new Pane("decision", "")];
