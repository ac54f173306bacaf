// How it looks: themes, screens, colors for everybody, and what axe says.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { becomes, color, equal, fail, fragment, kindColor, ok, place } from './page.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const VIEWS = {
  acme: ['', '#view=list&at=net', '#pin=net/tcp/file2.rs&only=group:net', '#find=net'],
  full: ['#by=risk', '#view=list'],
  diff: ['', '#view=list&at=net'],
  hostile: ['', '#view=list', '#at=long'],
};

const background = (page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)[0] > 127);

export async function hasThemes(pages) {
  for (const [scheme, other] of [
    ['light', 'dark'],
    ['dark', 'light'],
  ]) {
    const page = await pages.open('acme', { colorScheme: scheme });
    equal('the theme of the system', await background(page), scheme === 'light');
    await page.locator('#theme').click();
    equal(
      'the other theme',
      [await background(page), fragment(page)],
      [other === 'light', `#theme=${other}`],
    );
    equal(
      'a theme has the same colors of groups',
      await color(page, 'net/tcp/file2.rs'),
      await kindColor(page, 'group:net'),
    );
    await page.emulateMedia({ colorScheme: other });
    await page.locator('#theme').click();
    await page.locator('#theme').click();
    equal('the theme of the system needs no fragment', fragment(page), '');
    await page.emulateMedia({ colorScheme: scheme });
    await becomes(
      page,
      'the map follows the system',
      (name) => document.documentElement.dataset.theme === name,
      scheme,
    );
  }
  ok('light and dark follow the system and the button');
}

export async function fitsScreens(pages) {
  const page = await pages.open('acme', { deviceScaleFactor: 2 });
  const size = () =>
    page.evaluate(() => [
      panes[0].tiles.width / panes[0].tiles.clientWidth,
      panes[0].scene.root.x1 === panes[0].tiles.clientWidth,
    ]);
  equal('a fine screen has its pixels', await size(), [2, true]);
  await page.setViewportSize({ width: 1000, height: 700 });
  await becomes(
    page,
    'the map fits a smaller window',
    () =>
      panes[0].scene.root.x1 === panes[0].tiles.clientWidth &&
      panes[0].tiles.width === 2 * panes[0].tiles.clientWidth,
  );
  equal('it is drawn there', await color(page, 'net/tcp/file2.rs'), await kindColor(page, 'group:net'));

  const phone = await pages.open('acme', {
    viewport: SCREENS.phone,
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 3,
    reducedMotion: 'reduce',
  });
  await phone.touchscreen.tap(...(await place(phone, 'net/tcp/file2.rs')));
  await becomes(phone, 'a tap should select', () => byId('pinned').innerText.includes('@alice'));
  if (await phone.locator('#card').isVisible()) fail('there is no card below a finger');
  await phone.locator('#pinned .close').tap();
  await phone.touchscreen.tap(...(await place(phone, 'net')));
  await becomes(phone, 'a tap should open a directory', () => location.hash === '#at=net');
  ok('it fits fine screens, resized windows and fingers');
}

// In the page: what is wider than the window, and does not scroll by itself.
function outside() {
  const isCut = (each) =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('#list, .wide, .spoken');
  return [...document.querySelectorAll('body *')]
    .filter(isCut)
    .map((each) => `${each.tagName} ${each.id} ${each.textContent.slice(0, 40)}`)[0];
}

const explain = ({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html} ${nodes[0].failureSummary}`;

export async function isAccessible(pages, pictures) {
  let checked = 0;
  for (const [name, fragments] of Object.entries(VIEWS)) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      for (const colorScheme of ['light', 'dark']) {
        for (const [i, each] of fragments.entries()) {
          const page = await pages.open(name, {
            viewport,
            colorScheme,
            fragment: each,
            reducedMotion: 'reduce',
          });
          const cut = await page.evaluate(outside);
          if (cut) fail(`${name}${each} does not fit a ${screen} screen: ${cut}`);
          if (pictures)
            await page.screenshot({ path: `${pictures}/${name}-${i}-${screen}-${colorScheme}.png` });
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => axe.run());
          if (violations.length > 0)
            fail(`axe, ${name}${each} ${screen} ${colorScheme}:\n${violations.map(explain).join('\n')}`);
          checked += 1;
          await page.context().close();
        }
      }
    }
  }
  ok(`axe finds nothing in ${checked} views, wide and narrow, light and dark, and all of them fit`);
}

// Dichromacy, after Machado, Oliveira and Fernandes, 2009: matrices for linear RGB.
const SIGHTS = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'without red': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'without green': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'without blue': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const linear = (color) =>
  [1, 3, 5]
    .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
const times = (matrix, vector) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));

// OKLab, where equal distances look equally large.
function oklab(rgb) {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((v) => Math.min(1, Math.max(0, v))),
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt),
  );
}

export async function isForEverybody(pages) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await pages.open('acme', { colorScheme });
    const colors = await page.evaluate(() => [...COLORS, ALERT, theme.back, theme.page]);
    for (const [sight, matrix] of Object.entries(SIGHTS)) {
      const seen = colors.map((each) => oklab(times(matrix, linear(each))));
      for (let i = 0; i < seen.length; i++) {
        for (let j = 0; j < i; j++) {
          const distance = Math.hypot(...seen[i].map((value, k) => value - seen[j][k]));
          if (distance < 0.07)
            fail(
              `${colors[i]} and ${colors[j]} are too near (${distance.toFixed(3)}) ${sight}, ${colorScheme}`,
            );
        }
      }
    }
  }
  const page = await pages.open('acme');
  const names = [...Array(20).keys()].map((i) => `group-${i}`);
  const [all, fewer] = await page.evaluate(
    (names) => [[...slots(names)], [...slots(names.slice(0, 3))]],
    names,
  );
  equal('a name has its color', all.slice(0, 3), fewer);
  equal('each name has its own slot', new Set(all.map(([, slot]) => slot)).size, names.length);
  ok('the colors of groups are far enough apart, for color-blind people as well, and stay with their names');
}
