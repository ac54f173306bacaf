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
    // The rectangle, in the outer map, of the directory that the inner map shows.
    const inner = goesIn
      ? nodeOf(old.root, to)
      : from.above.includes(to)
        ? nodeOf(this.scene.root, from)
        : null;
    const start = performance.now();
    const step = (now) => {
      const time = Math.min((now - start) / DURATION, 1);
      const eased = 1 - (1 - Math.max(time, 0)) ** 3;
      this.blend(goesIn ? [picture, target, eased] : [target, picture, 1 - eased], inner, eased, [
        picture,
        target,
      ]);
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

  // One frame: the outer map, enlarged around the inner one, and the inner one over it. Without `inner`, one
  // map fades into the other.
  blend([outer, nested, progress], inner, eased, [picture, target]) {
    const draw = this.ink;
    const [w, h] = this.space;
    draw.clearRect(0, 0, w, h);
    if (!inner) {
      draw.drawImage(picture, 0, 0, w, h);
      draw.globalAlpha = eased;
      draw.drawImage(target, 0, 0, w, h);
    } else {
      const between = (a, b) => a + (b - a) * progress;
      const [x, y] = [between(inner.x0, 0), between(inner.y0, 0)];
      const [iw, ih] = [between(width(inner), w), between(height(inner), h)];
      const [sx, sy] = [iw / width(inner), ih / height(inner)];
      draw.drawImage(outer, x - inner.x0 * sx, y - inner.y0 * sy, w * sx, h * sy);
      draw.globalAlpha = progress;
      draw.drawImage(nested, x, y, iw, ih);
    }
    draw.globalAlpha = 1;
  }

  // Rings around entries: thick ones around what is selected, thin ones around what is pointed at.
  mark(pinned, pointed) {
    const draw = this.marks.getContext("2d");
    draw.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    draw.clearRect(0, 0, ...this.space);
    if (!this.scene || this.frame) return;
    const { root } = this.scene;
    for (const [entry, line] of [
      [pinned, 3],
      [pointed, 2],
    ]) {
      if (entry && entry !== root.data && (entry === pointed || entry.above.includes(root.data)))
        ring(draw, nodeOf(root, entry), line);
    }
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
