// Fills of the map and of the legend: a color, and a texture drawn over it.

const CELL = 8; // pixels after which a texture repeats

// What each texture draws into a cell. `draw` is a canvas context, `mark` the color of its lines.
const DRAWINGS = {
  lines: (draw) => diagonal(draw, 1.4, [0]),
  cross: (draw) => {
    diagonal(draw, 1, [0]);
    draw.setTransform(-draw.getTransform().a, 0, 0, draw.getTransform().d, draw.canvas.width, 0);
    diagonal(draw, 1, [0]);
  },
  hatch: (draw) => diagonal(draw, 1, [0, CELL / 2]),
  hazard: (draw) => diagonal(draw, 2.6, [0]),
  halves: (draw) => diagonal(draw, CELL / 1.42 / 2, [0]),
  dots: (draw) => spots(draw, 1.4),
  specks: (draw) => spots(draw, 0.8),
};

// Lines from lower left to upper right, which go on in the cells around.
function diagonal(draw, width, shifts) {
  draw.lineWidth = width;
  draw.beginPath();
  for (const shift of shifts) {
    for (const x of [shift - CELL, shift, shift + CELL]) {
      draw.moveTo(x - 1, CELL + 1);
      draw.lineTo(x + CELL + 1, -1);
    }
  }
  draw.stroke();
}

function spots(draw, radius) {
  for (const [x, y] of [
    [2, 2],
    [6, 6],
  ]) {
    draw.beginPath();
    draw.arc(x, y, radius, 0, 7);
    draw.fill();
  }
}

const fills = new Map(); // of the theme that is shown, and the scale of the screen

function texture(color, mark, name) {
  const scale = devicePixelRatio;
  const canvas = make("canvas", { width: Math.round(CELL * scale), height: Math.round(CELL * scale) });
  const draw = canvas.getContext("2d");
  draw.fillStyle = color;
  draw.fillRect(0, 0, canvas.width, canvas.height);
  draw.scale(canvas.width / CELL, canvas.height / CELL);
  draw.strokeStyle = draw.fillStyle = mark;
  DRAWINGS[name](draw);
  const pattern = draw.createPattern(canvas, "repeat");
  pattern.setTransform(new DOMMatrix().scale(CELL / canvas.width));
  return pattern;
}

// The color below the texture of a kind. `strength` below 1 lets it stand back towards the page.
function colorOf(kind, strength) {
  return mix(theme.page, kind.color ?? theme.back, strength);
}

function markOn(kind, color, strength) {
  if (kind.texture === "hatch" || kind.texture === "specks") return mix(color, theme.ink, 0.45 * strength);
  return mix(
    color,
    luminance(color) > 0.22 ? "#000000" : "#ffffff",
    (kind.texture === "hazard" ? 0.5 : 0.34) * strength,
  );
}

// The fill of a tile with these kinds. Two groups share it in stripes.
function fillOf(kinds, strength) {
  const [first, second] = kinds;
  const key = `${first.key}\n${second?.key}\n${strength}`;
  if (!fills.has(key)) fills.set(key, newFill(first, second, strength));
  return fills.get(key);
}

function newFill(first, second, strength) {
  const color = colorOf(first, strength);
  if (second) return texture(color, colorOf(second, strength), "halves");
  return first.texture in DRAWINGS ? texture(color, markOn(first, color, strength), first.texture) : color;
}
