// Follows the links of the built site, and tries it in a browser: `node site.mjs DIRECTORY BROWSER`.
// With PICTURES=DIRECTORY, it leaves pictures of some pages there, for people to look at.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { LinkChecker } from 'linkinator';
import { chromium } from 'playwright-core';

const [root, browserPath] = process.argv.slice(2);
const BASE = '/owners/'; // as GitHub Pages serves it: a link to another path is broken

// What a reader types, and the page that answers it.
const SEARCHES = [
  ['exempt', 'adoption.html'],
  ['merge conflict', 'merge-conflicts.html'],
  ['unknown group', 'troubleshooting.html'],
  ['shadowed-rule', 'lints/shadowed-rule.html'],
  ['min-members', 'owners-toml.html'],
  ['reviewers', 'reviewing.html'],
];
const PAGES = ['introduction.html', 'rules.html', 'commands.html', 'keys.html', 'troubleshooting.html', 'performance.html', 'lints/index.html'];
const SCREENS = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };

function fail(message) {
  console.error(`FAILED: ${message}`);
  process.exit(1);
}

const server = createServer(async (request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const file = path.startsWith(BASE) && join(root, normalize(`/${path.slice(BASE.length) || 'index.html'}`));
  const body = file && (await readFile(file).catch(() => null));
  response.writeHead(body ? 200 : 404, { 'content-type': TYPES[extname(file || '')] ?? 'application/octet-stream' });
  response.end(body ?? '');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const site = `http://127.0.0.1:${server.address().port}${BASE}`;

async function links() {
  const options = { path: site, recurse: true, checkFragments: true, linksToSkip: ['^https?://(?!127\\.0\\.0\\.1)'] };
  const result = await new LinkChecker().check(options);
  const broken = result.links.filter((link) => link.state === 'BROKEN');
  if (broken.length > 0) fail(broken.map((link) => `${link.parent} has a broken link: ${link.url}`).join('\n'));
  const followed = result.links.filter((link) => link.state === 'OK').length;
  if (followed < 50) fail(`only ${followed} links are found`);
  console.log(`ok - ${followed} pages and files are linked, with their anchors`);
}

// A page that reports what must not happen: errors, and requests to other machines.
async function open(browser, screen, colorScheme) {
  const context = await browser.newContext({ viewport: screen, colorScheme });
  const page = await context.newPage();
  page.on('pageerror', (error) => fail(`${page.url()}: ${error}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(site)) fail(`${page.url()} loads ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) fail(`${page.url()} lacks ${response.url()}`);
  });
  return page;
}

async function searches(browser) {
  const page = await open(browser, SCREENS.wide, 'light');
  for (const [query, answer] of SEARCHES) {
    await page.goto(`${site}index.html`);
    await page.click('#mdbook-search-toggle');
    await page.locator('#mdbook-searchbar').pressSequentially(query);
    const results = page.locator('#mdbook-searchresults a');
    await results.first().waitFor({ timeout: 10_000 });
    const found = await results.evaluateAll((links) => links.slice(0, 10).map((link) => link.href));
    const index = found.findIndex((href) => new URL(href).pathname === BASE + answer);
    if (index < 0) fail(`"${query}" does not find ${answer}:\n${found.join('\n')}`);
    await results.nth(index).click();
    await page.waitForURL((url) => url.pathname === BASE + answer);
    const text = (await page.locator('main').innerText()).toLowerCase();
    if (!query.split(' ').every((word) => text.includes(word))) fail(`${answer} does not say "${query}"`);
    console.log(`ok - "${query}" finds ${answer}, as result ${index + 1}, and it opens`);
  }
}

// In the page: the text of an element that is cut off. Code and tables scroll by themselves.
function outside() {
  const scrolls = 'pre, .table-wrapper';
  const isCut = (each) => each.getBoundingClientRect().right > innerWidth && !each.closest(scrolls);
  return [...document.querySelectorAll('main, main *')].find(isCut)?.textContent.trim().slice(0, 60);
}

async function screens(browser) {
  for (const [name, size] of Object.entries(SCREENS)) {
    for (const colors of ['light', 'dark']) {
      const page = await open(browser, size, colors);
      for (const each of PAGES) {
        await page.goto(site + each);
        const wide = await page.evaluate(outside);
        if (wide) fail(`${each} does not fit on a screen of ${size.width} pixels: ${wide}`);
        const light = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).every((part) => part > 127));
        if (light !== (colors === 'light')) fail(`${each} is not ${colors}`);
        const picture = `${process.env.PICTURES}/${each.replace('/', '-')}-${name}-${colors}.png`;
        if (process.env.PICTURES) await page.screenshot({ path: picture });
      }
    }
  }
  console.log(`ok - ${PAGES.length} pages fit on wide and narrow screens, light and dark, with nothing from other machines`);
}

await links();
// A new profile is made for each run.
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
await searches(browser);
await screens(browser);
await browser.close();
server.close();
