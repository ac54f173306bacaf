// Where everything is: the squarified treemap of d3-hierarchy, of what is large enough to be seen. A node has
// `data`, an entry, and the rectangle x0, y0, x1, y1.

const SMALLEST = 160; // square pixels below which a directory is drawn as one tile
const SMALLEST_FILE = 14; // and those of a file, on average, in a directory of files only

const width = (node) => node.x1 - node.x0;
const height = (node) => node.y1 - node.y0;

// The line for the name of a directory, if there is space. The breadcrumb has the name of the root.
function header(node) {
  if (node.depth === 0) return 0;
  const least = node.depth === 1 ? 34 : 40;
  if (width(node) < 44 || height(node) < least) return 0;
  return node.depth === 1 ? 20 : node.depth === 2 ? 17 : 15;
}

function padding(node) {
  if (node.depth === 0) return 0;
  const least = Math.min(width(node), height(node));
  return least < 14 ? 0 : least < 40 ? 1 : node.depth === 1 ? 3 : 2;
}

function layout(entry, size, [w, h]) {
  const total = entry[size] || 1;
  const isSeen = (child) => child[size] > 0;
  const children = (each) => {
    const area = (each[size] / total) * w * h;
    const isLarge =
      each.children &&
      area > SMALLEST &&
      (area > SMALLEST_FILE * each.children.length || each.children.some(({ isDirectory }) => isDirectory));
    return each === entry || isLarge ? each.children.filter(isSeen) : null;
  };
  const root = d3.hierarchy(entry, children);
  root.each((node) => (node.value = node.data[size]));
  root.sort((a, b) => b.value - a.value);
  return d3
    .treemap()
    .size([w, h])
    .tile(d3.treemapSquarify.ratio(1.4))
    .paddingTop((node) => header(node) || padding(node))
    .paddingRight(padding)
    .paddingBottom(padding)
    .paddingLeft(padding)(root);
}

// The innermost node at a point. The name of a directory belongs to the directory.
function nodeAt(root, x, y) {
  let node = root;
  for (;;) {
    const inside = node.children?.find(
      (child) => x >= child.x0 && x < child.x1 && y >= child.y0 && y < child.y1,
    );
    if (!inside) return node;
    node = inside;
  }
}

// The node of an entry, or of the directory that it was drawn as a part of.
function nodeOf(root, entry) {
  const way = [...entry.above, entry];
  let node = root;
  for (const each of way.slice(way.indexOf(root.data) + 1)) {
    const next = node.children?.find(({ data }) => data === each);
    if (!next) break;
    node = next;
  }
  return node;
}

// The tile to go to with an arrow key: the nearest one in that direction, and rather ahead than aside.
function neighbor(root, from, [dx, dy]) {
  const middle = (node) => [(node.x0 + node.x1) / 2, (node.y0 + node.y1) / 2];
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const node of root.leaves()) {
    if (node === from || Math.min(width(node), height(node)) < 4) continue;
    // From the middle to the nearest point of the other tile.
    const ahead = dx
      ? dx * ((dx > 0 ? node.x0 : node.x1) - (dx > 0 ? from.x1 : from.x0))
      : dy * ((dy > 0 ? node.y0 : node.y1) - (dy > 0 ? from.y1 : from.y0));
    const aside = dx ? gap(y, node.y0, node.y1) : gap(x, node.x0, node.x1);
    if (ahead < -1) continue;
    const distance = ahead + 3 * aside;
    if (distance < least) [best, least] = [node, distance];
  }
  return best;
}

const gap = (value, from, to) => Math.max(from - value, value - to, 0);
