// The repository as a tree of entries, from the JSON in the page. Sizes are added up once, when it is read.

const DATA = JSON.parse(byId("data").textContent);
const ABSENT = -1; // the decision of a path on the side of a comparison where it does not exist
const IS_COMPARISON = Boolean(DATA.before);

// What is added up. In a comparison, `changed` files have other owners than before, and `same` ones the same.
const SUMS = ["files", "lines", "same", "changed"];

// A directory, a file, or, without a name, several files of a directory that have the same decision. What
// most files of a directory have in common is written once, for the directory; such a file is only a name.
class Entry {
  constructor(given, parent, index) {
    const raw = typeof given === "string" ? { n: given } : given;
    this.name = raw.n ?? "";
    this.parent = parent;
    this.index = index;
    this.risk = (raw.r ?? 0) | (parent?.risk ?? 0);
    if (raw.c) {
      this.usual = raw.d ?? parent?.usual;
      this.children = raw.c.map((child, at) => new Entry(child, this, at));
      for (const sum of SUMS) this[sum] = this.children.reduce((all, child) => all + child[sum], 0);
    } else {
      this.children = null;
      this.decision = raw.d ?? parent.usual;
      this.before = raw.b ?? this.decision;
      this.files = raw.f ?? 1;
      this.lines = raw.l ?? 0;
      this.same = this.before === this.decision ? this.files : 0;
      this.changed = this.same || this.isNew || this.isGone ? 0 : this.files;
    }
  }

  // A path that is on one side of a comparison only.
  get isNew() {
    return this.before === ABSENT;
  }

  get isGone() {
    return this.decision === ABSENT;
  }

  get path() {
    const above = this.parent?.path;
    return above ? `${above}/${this.segment}` : this.segment;
  }

  // What stands for the entry in a path. Several files together have no name, so they have a place.
  get segment() {
    return this.name || (this.parent && !this.children ? `?${this.index}` : "");
  }

  get label() {
    return this.name || (this.parent ? count(this.files, "file") : DATA.title);
  }

  // The path as people read it.
  get title() {
    if (this.name || !this.parent) return this.path || DATA.title;
    return `${count(this.files, "file")} in ${this.parent.path || DATA.title}`;
  }

  get isDirectory() {
    return this.children !== null;
  }

  // The directories from the root down to this entry, without the entry itself.
  get above() {
    return this.parent ? [...this.parent.above, this.parent] : [];
  }
}

const ROOT = new Entry(DATA.tree, null, 0);

function eachLeaf(entry, visit) {
  if (!entry.children) visit(entry);
  else for (const child of entry.children) eachLeaf(child, visit);
}

// The deepest entry on the way to the path. A path that does not exist leads to what is left of it.
function nearest(path) {
  let entry = ROOT;
  let rest = path;
  while (rest && entry.children) {
    const next = entry.children.find(({ segment }) => rest === segment || rest.startsWith(`${segment}/`));
    if (!next) break;
    rest = rest.slice(next.segment.length + 1);
    entry = next;
  }
  return entry;
}

function nearestDirectory(path) {
  const entry = nearest(path);
  return entry.isDirectory ? entry : entry.parent;
}
