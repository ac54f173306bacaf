// Names are text, whatever they say, and the policy of the page would stop what is not.
import { readFile, writeFile } from 'node:fs/promises';
import { becomes, equal, fail, ok } from './page.mjs';

export async function isOnlyText(pages) {
  const page = await pages.open('hostile', { reducedMotion: 'reduce' });
  const check = async (where) => {
    equal(`the title, ${where}`, await page.title(), 'hostile: ownership map');
    equal(
      `elements that were not there, ${where}`,
      await page.locator('img, iframe, object, embed, a[href], body title, base').count(),
      0,
    );
    equal(`the scripts, ${where}`, await page.locator('script').count(), 2);
  };
  await check('map');
  const paths = await page.evaluate(() => {
    const all = [];
    eachLeaf(ROOT, (leaf) => all.push(leaf.path));
    return all;
  });
  if (paths.length < 40) fail(`only ${paths.length} paths are in the page`);
  for (const path of paths) {
    const found = await page.evaluate((path) => {
      go({ at: nearestDirectory(path).path, pin: path });
      reach(nearest(path));
      return [
        writeState(readState(location.hash)) === location.hash || location.hash,
        byId('pinned').querySelector('.path').textContent === visible(path),
        panes[0].scene.root.data.path === nearest(path).parent.path,
      ];
    }, path);
    equal(`the path ${path} is shown and in the address`, found, [true, true, true]);
  }
  await check('selected');
  await page.locator('label', { hasText: 'List' }).click();
  for (const at of ['', 'in']) {
    await page.evaluate((at) => go({ at }), at);
    await check('list');
  }
  for (const name of ['<script>', '&lt;', '__proto__', 'toString', '\u202e', '\u0627', '"', '{{data}}']) {
    await page.locator('#find').fill(name);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 150)));
    await check('search');
  }
  const shown = await page.evaluate(() => visible('a\u202eb\u0000\u200b\ud800'));
  equal('invisible characters', shown, 'a\\u{202e}b\\u{0}\\u{200b}\\u{d800}');
  ok(`${paths.length} hostile paths are shown as text, and come back from the address`);
}

export async function isClosed(pages) {
  const page = await pages.open('hostile');
  page.expectsRefusals = true;
  const tried = await page.evaluate(async () => {
    const results = {};
    document.body.insertAdjacentHTML(
      'beforeend',
      '<img src=x onerror="window.pwned=1"><p id=styled style="color: rgb(1, 2, 3)">x',
    );
    const script = document.createElement('script');
    script.textContent = 'window.pwned = 1';
    document.body.append(script);
    results.fetch = await fetch('data:text/plain,x').then(
      () => 'loaded',
      () => 'refused',
    );
    // Later, because what the test itself evaluates is allowed to.
    results.eval = await new Promise((done) =>
      setTimeout(() => {
        try {
          done((0, eval)('"ran"'));
        } catch {
          done('refused');
        }
      }, 20),
    );
    await new Promise((done) => setTimeout(done, 100));
    results.script = window.pwned ?? 'refused';
    results.style =
      getComputedStyle(document.getElementById('styled')).color === 'rgb(1, 2, 3)' ? 'applied' : 'refused';
    return results;
  });
  equal('what the policy allows', tried, {
    fetch: 'refused',
    eval: 'refused',
    script: 'refused',
    style: 'refused',
  });
  ok('the policy of the page allows no other script, style, or connection');
}

// Data that no repository should give, by what is odd about it. `base` is the data of a real page.
const POINT = { files: 0, owned: 0, default: 0, nobody: 0, unowned: 0, exempt: 0, groups: {}, error: null };
const oddData = (base) => ({
  'an empty repository': { tree: { n: '', c: [] }, decisions: [], rules: [], owners: [], groups: [] },
  'groups without files': {
    groups: [
      ...base.groups,
      { name: 'empty', owners: [] },
      { name: '', owners: [] },
      { name: '<b>', owners: [0] },
    ],
  },
  'files of no size': {
    has: { lines: true, risk: true, history: true },
    history: [],
    tree: {
      n: '',
      c: [
        { n: 'a', d: 0, l: 0 },
        { n: 'b', c: [{ f: 3, d: 0 }] },
      ],
    },
  },
  'one commit': {
    has: { lines: false, risk: false, history: true },
    history: [{ ...POINT, commit: 'c'.repeat(40), date: '2025-01-01' }],
  },
  'a commit that cannot be read': {
    has: { lines: false, risk: false, history: true },
    history: [{ ...POINT, commit: 'c'.repeat(40), date: '2025-01-01', error: '<b>no owners.toml</b>' }],
  },
});

// Writes a page with other data. The script and its policy stay.
async function writeOdd(pages, data) {
  const template = await readFile(`${pages.directory}/acme.html`, 'utf8');
  const escaped = (each) => `\\u00${each.charCodeAt(0).toString(16)}`;
  const json = JSON.stringify(data).replace(/[<>&]/g, escaped);
  const page = template.replace(/(id="data">).*?(<)/s, (_, start, end) => start + json + end);
  await writeFile(`${pages.directory}/odd.html`, page);
}

export async function survivesOddData(pages) {
  const base = await (await pages.open('acme')).evaluate(() => DATA);
  const odd = oddData(base);
  for (const [what, change] of Object.entries(odd)) {
    await writeOdd(pages, { ...base, ...change });
    for (const fragment of ['', '#view=list', '#by=risk&size=lines']) {
      const page = await pages.open('odd', { fragment });
      await becomes(page, what, () => byId('legend').children.length > 0);
      await page.context().close();
    }
  }
  await writeOdd(pages, {
    ...base,
    tree: {
      n: '',
      d: 1,
      c: ['a', { n: 'b', d: 2 }, { n: 'c', c: ['d', { n: 'e', d: 0, c: ['f', { f: 9 }] }] }],
    },
  });
  const decisions = await (
    await pages.open('odd')
  ).evaluate(() => {
    const all = {};
    eachLeaf(ROOT, (leaf) => (all[leaf.path] = leaf.decision));
    return all;
  });
  equal('a file that is only a name has the decision of its directory', decisions, {
    a: 1,
    b: 2,
    'c/d': 1,
    'c/e/f': 0,
    'c/e/?1': 0,
  });
  ok(`${Object.keys(odd).length} kinds of odd data open without an error`);
}
