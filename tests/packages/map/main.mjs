// Tests the pages of `owners map` in a browser: `node main.mjs DIRECTORY BROWSER`.
import { chromium } from 'playwright-core';
import { isClosed, isOnlyText, survivesOddData } from './hostile.mjs';
import { fitsScreens, hasThemes, isAccessible, isForEverybody } from './look.mjs';
import { compares, showsHistory, switches } from './more.mjs';
import { Pages } from './page.mjs';
import { opensFast } from './speed.mjs';
import { forgivesFragments, keepsState } from './state.mjs';
import { draws, filters, points, searches, usesKeyboard, zooms } from './view.mjs';

const [directory, browserPath] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: browserPath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const pages = new Pages(browser, directory);
for (const test of [
  draws,
  points,
  zooms,
  searches,
  filters,
  usesKeyboard,
  keepsState,
  forgivesFragments,
  compares,
  switches,
  showsHistory,
  hasThemes,
  fitsScreens,
  isForEverybody,
  isOnlyText,
  isClosed,
  survivesOddData,
]) {
  await test(pages);
}
await isAccessible(pages, process.env.PICTURES);
await opensFast(pages, ['acme', 'million']);
await browser.close();
