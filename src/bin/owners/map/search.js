// The search: paths, groups and people, while typing. A path is shown on the map, a group or a person
// filters.

const MOST_FOUND = 6; // of each sort

// Groups, owners and paths, with what choosing one changes in the state.
function* answers(text) {
  const wanted = text.toLowerCase();
  const has = (name) => name.toLowerCase().includes(wanted);
  const filter = (sort, name) => ({ sort, name, change: { only: [`${sort}:${name}`], find: "" } });
  for (const name of new Set(DATA.groups.map((group) => group.name)))
    if (has(name)) yield filter("group", name);
  for (const name of new Set(DATA.owners)) if (has(name)) yield filter("owner", name);
  yield* pathAnswers(wanted);
}

// First the paths whose last name is the text, then those where it starts with it, contains it, and others.
// Of equal ones, the shortest path is first.
function pathAnswers(wanted) {
  const ranked = [[], [], [], []];
  const visit = (entry) => {
    if (entry.name && lowerPath(entry).includes(wanted)) {
      const name = entry.name.toLowerCase();
      ranked[name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 3].push(entry);
    }
    entry.children?.forEach(visit);
  };
  visit(ROOT);
  for (const entries of ranked) entries.sort((a, b) => a.lower.length - b.lower.length);
  return ranked
    .flat()
    .slice(0, 2 * MOST_FOUND)
    .map((entry) => ({
      sort: entry.isDirectory ? "directory" : "file",
      name: entry.path,
      change: entry.isDirectory
        ? { at: entry.path, find: "" }
        : { at: entry.parent.path, pin: entry.path, find: "" },
    }));
}

function found(text) {
  const counts = {};
  return [...answers(text)].filter(({ sort }) => (counts[sort] = (counts[sort] ?? 0) + 1) <= MOST_FOUND);
}

const finder = { items: [], at: -1, timer: 0 };

function showFound(items) {
  finder.items = items;
  finder.at = -1;
  const options = items.map(({ sort, name, change }, i) => {
    const option = make(
      "li",
      { role: "option", id: `found-${i}`, "aria-selected": "false" },
      make("small", {}, sort),
      " ",
      named(name),
    );
    option.onpointerdown = (event) => event.preventDefault();
    option.onclick = () => choose(change);
    return option;
  });
  byId("found").replaceChildren(...options);
  byId("found").hidden = items.length === 0;
  byId("find").setAttribute("aria-expanded", String(items.length > 0));
  byId("find").removeAttribute("aria-activedescendant");
}

function choose(change) {
  showFound([]);
  byId("find").value = "";
  go(change);
}

function moveTo(index) {
  const options = [...byId("found").children];
  finder.at = (index + options.length) % options.length;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === finder.at)));
  options[finder.at].scrollIntoView({ block: "nearest" });
  byId("find").setAttribute("aria-activedescendant", `found-${finder.at}`);
}

byId("find").oninput = () => {
  clearTimeout(finder.timer);
  finder.timer = setTimeout(() => {
    const text = byId("find").value;
    showFound(text.trim() ? found(text.trim()) : []);
    go({ find: text }, { replace: true });
  }, 90);
};

byId("find").onkeydown = (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && finder.items.length > 0) {
    event.preventDefault();
    moveTo(finder.at < 0 && event.key === "ArrowUp" ? -1 : finder.at + steps[event.key]);
  } else if (event.key === "Enter" && finder.items.length > 0) {
    choose(finder.items[Math.max(finder.at, 0)].change);
  } else if (event.key === "Escape") {
    if (finder.items.length === 0) go({ find: "" }, { replace: true });
    showFound([]);
  }
};
byId("find").onblur = () => showFound([]);

observe(({ find }) => {
  if (document.activeElement !== byId("find") || !find) byId("find").value = find;
});
byId("find").value = state.find;
