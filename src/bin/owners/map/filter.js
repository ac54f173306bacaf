// Which leaves the legend, the search and the links of the page keep. The others stand back.

const SIDES = IS_COMPARISON ? ["before", "decision"] : ["decision"];

// The decisions of an owner, or of somebody who is in a group that owns by its team.
function decisionsOf(name) {
  const owner = DATA.owners.indexOf(name);
  const groups = new Set([...DATA.groups.keys()].filter((at) => DATA.groups[at].people?.includes(owner)));
  const has = (decision) =>
    decision.owners.includes(owner) || decision.groups.some((group) => groups.has(group));
  return new Set([...DATA.decisions.keys()].filter((at) => has(DATA.decisions[at])));
}

// The test for one key, such as `group:wasi` or `owner:@alice`.
function keyTest(key) {
  if (key.startsWith("owner:")) {
    const decisions = decisionsOf(key.slice("owner:".length));
    return (leaf) => SIDES.some((side) => decisions.has(leaf[side]));
  }
  if (key.startsWith("change:")) return (leaf) => changeOf(leaf)?.key === key;
  const by = key.startsWith("risk:") ? "risk" : "owners";
  return (leaf) => SIDES.some((side) => kindsOf(leaf, side, by).some((each) => each.key === key));
}

const lowerPath = (entry) => (entry.lower ??= entry.path.toLowerCase());

// Names in a path are looked for without regard to case. A directory that matches keeps all in it.
function pathTest(text) {
  const wanted = text.toLowerCase();
  return (leaf) => lowerPath(leaf).includes(wanted);
}

// The leaves that are kept, or null if all are. Any of the keys is enough; a text is needed as well.
function keptLeaves({ only, find }) {
  const tests = only.map(keyTest);
  const text = find.trim() && pathTest(find.trim());
  if (tests.length === 0 && !text) return null;
  const kept = new Set();
  eachLeaf(ROOT, (leaf) => {
    if ((tests.length === 0 || tests.some((test) => test(leaf))) && (!text || text(leaf))) kept.add(leaf);
  });
  return kept;
}

// How large what is kept of an entry is.
function keptSize(entry, size, kept) {
  let sum = 0;
  eachLeaf(entry, (leaf) => (sum += kept.has(leaf) ? leaf[size] : 0));
  return sum;
}

// How large each change is in a directory: a map from the change to a number.
function changesOf(entry, size) {
  const sums = new Map();
  eachLeaf(entry, (leaf) => {
    const change = changeOf(leaf);
    if (change) sums.set(change, (sums.get(change) ?? 0) + leaf[size]);
  });
  return new Map(
    Object.values(CHANGES).flatMap((change) => (sums.has(change) ? [[change, sums.get(change)]] : [])),
  );
}

// How large each kind is in a directory: a map from the kind to a number, the largest first.
function tally(entry, { side = "decision", by, size, kept = null }) {
  const sums = new Map();
  eachLeaf(entry, (leaf) => {
    if (kept && !kept.has(leaf)) return;
    for (const each of kindsOf(leaf, side, by)) sums.set(each, (sums.get(each) ?? 0) + leaf[size]);
  });
  sums.delete(NOTHING);
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}
