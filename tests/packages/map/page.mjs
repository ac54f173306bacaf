// Opens pages of `owners map` in Chromium, and asks them what the tests want to know.
import { pathToFileURL } from 'node:url';

export function fail(message) {
  console.error(`FAILED: ${message}`);
  process.exit(1);
}

export const ok = (what) => console.log(`ok - ${what}`);

export function equal(what, found, expected) {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) fail(`${what}: ${a} should be ${b}`);
}

// Waits until a function in the page, with this argument, returns something true.
export async function becomes(page, what, check, argument) {
  await page
    .waitForFunction(check, argument, { timeout: 10_000 })
    .catch(() => fail(`${what}, at ${page.url()}`));
}

export class Pages {
  constructor(browser, directory) {
    this.browser = browser;
    this.directory = directory;
  }

  // A page in a new profile. Errors, dialogs, and requests to anywhere fail the test.
  async open(name, { fragment = '', ...options } = {}) {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      ...options,
    });
    const page = await context.newPage();
    const url = pathToFileURL(`${this.directory}/${name}.html`).href;
    page.expectsRefusals = false;
    page.on('pageerror', (error) => fail(`${page.url()}: ${error.stack}`));
    page.on('dialog', (dialog) => fail(`${page.url()} shows a dialog: ${dialog.message()}`));
    page.on(
      'console',
      (message) =>
        message.type() !== 'error' || page.expectsRefusals || fail(`${page.url()}: ${message.text()}`),
    );
    page.on('request', (request) => {
      if (!page.expectsRefusals && !request.url().startsWith(url) && !request.url().startsWith('data:'))
        fail(`${name} loads ${request.url()}`);
    });
    await page.goto(url + fragment);
    return page;
  }
}

export const fragment = (page) => decodeURIComponent(new URL(page.url()).hash);

// The middle of the tile of a path, or the name of a directory, in the window.
export function place(page, path, side = 0) {
  return page.evaluate(
    ([path, side]) => {
      const pane = panes[side];
      const node = nodeOf(pane.scene.root, nearest(path));
      const { left, top } = pane.marks.getBoundingClientRect();
      const isDirectory = node.data.isDirectory;
      return [
        left + (isDirectory ? node.x0 + 8 : (node.x0 + node.x1) / 2),
        top + (isDirectory ? node.y0 + 8 : (node.y0 + node.y1) / 2),
      ];
    },
    [path, side],
  );
}

export async function click(page, path, side) {
  await page.mouse.click(...(await place(page, path, side)));
}

export const settled = (page) => becomes(page, 'the map should stop moving', () => !isMoving());

// The color near a corner of a tile, where no name is.
export function color(page, path, side = 0) {
  return page.evaluate(
    ([path, side]) => {
      const pane = panes[side];
      const node = nodeOf(pane.scene.root, nearest(path));
      const at = [node.x1 - 6, node.y1 - 6].map((value) => Math.round(value * devicePixelRatio));
      const [r, g, b] = pane.tiles.getContext('2d').getImageData(...at, 1, 1).data;
      return `#${[r, g, b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    },
    [path, side],
  );
}

// The color that a kind has in the page, at a strength.
export function kindColor(page, key, strength = 1) {
  return page.evaluate(
    ([key, strength]) => {
      const kind = [...DECISION_KINDS.flat(), ...RISKS].find((each) => each.key === key);
      return mix(theme.page, kind.color ?? theme.back, strength);
    },
    [key, strength],
  );
}

// Text with one space between words.
export const words = (found) => found.replace(/\s+/g, ' ').trim();

export const text = (page, selector) => page.locator(selector).innerText();
