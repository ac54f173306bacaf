// What people do with a map: point, select, zoom, go back, search, filter, use the keyboard.
import {
  becomes,
  click,
  color,
  equal,
  fail,
  fragment,
  kindColor,
  ok,
  place,
  settled,
  text,
  words,
} from './page.mjs';

// Waits until an element says all these texts.
function says(page, selector, ...texts) {
  const check = ([selector, texts]) =>
    texts.every((each) => document.querySelector(selector)?.innerText.includes(each));
  return becomes(page, `${selector} should say ${texts.join(', ')}`, check, [selector, texts]);
}

// Waits until a directory is shown.
async function shows(page, path) {
  await becomes(
    page,
    `the map should show "${path}"`,
    (path) => panes[0].scene.root.data.path === path,
    path,
  );
  await settled(page);
}

export async function draws(pages) {
  const page = await pages.open('acme');
  equal('the color of a group', await color(page, 'net/tcp/file12.rs'), await kindColor(page, 'group:net'));
  equal(
    'the color of an owner without a group',
    await color(page, 'data/store/file1.rs'),
    await kindColor(page, 'owners:@carol'),
  );
  const seen = await page.evaluate(() => {
    const { tiles } = panes[0];
    const pixels = new Uint32Array(
      tiles.getContext('2d').getImageData(0, 0, tiles.width, tiles.height).data.buffer,
    );
    return new Set(pixels).size;
  });
  if (seen < 12) fail(`the map has only ${seen} colors`);
  const counts = await page.locator('#legend li').allInnerTexts();
  const expected = [
    ['unowned', '12 %'],
    ['only the default rule', '13 %'],
    ['nobody', '12 %'],
    ['exempt', '1.0 %'],
    ['data', '24 %'],
    ['net', '23 %'],
    ['@carol', '15 %'],
    ['ui', '12 %'],
  ];
  equal(
    'the legend',
    counts.map((each) => each.split('\n')),
    expected,
  );
  ok('the map has the colors of its legend, which has each state and group with its share');
}

export async function points(pages) {
  const page = await pages.open('acme');
  await page.mouse.move(...(await place(page, 'net/udp/sockets/file3.rs')));
  await says(page, '#card', 'net/udp/sockets/file3.rs', '@bob', 'data', '/net/udp/', 'owners.toml:10:1');
  await page.mouse.move(...(await place(page, 'ui/widgets/file3.rs')));
  await says(page, '#card', 'ui/widgets/file3.rs', '@acme/ui @bob', 'ui, data', '@frank @gina', '/ui/');
  await page.mouse.move(...(await place(page, 'lab/file3.rs')));
  await says(page, '#card', 'Unowned: no rule matches');
  await page.mouse.move(...(await place(page, 'net')));
  await says(page, '#card', '35 files', 'net 66 %', 'data 34 %');
  await page.mouse.move(2, 2);
  if (await page.locator('#card').isVisible()) fail('the card should go when the pointer leaves the map');
  ok('pointing shows the path, its owners, and the rule that decides with its place');

  await click(page, 'net/tcp/file2.rs');
  await says(page, '#pinned', 'net/tcp/file2.rs', '@alice @erin', '/net/', 'owners.toml:9:1');
  equal('the fragment', fragment(page), '#pin=net/tcp/file2.rs');
  await page.reload();
  await says(page, '#pinned', 'net/tcp/file2.rs');
  await page.locator('#pinned .close').click();
  if (await page.locator('#pinned').isVisible()) fail('the panel should close');
  equal('the fragment', fragment(page), '');
  ok('a click selects, also in the page that is opened by the address');
}

// Counts the frames of zooms from now on.
function countFrames(page) {
  return page.evaluate(() => {
    const { nest } = Pane.prototype;
    globalThis.zoomFrames = 0;
    Pane.prototype.nest = function (...values) {
      globalThis.zoomFrames += 1;
      return nest.apply(this, values);
    };
  });
}

export async function zooms(pages) {
  const page = await pages.open('acme');
  await countFrames(page);
  await click(page, 'net');
  await settled(page);
  if ((await page.evaluate(() => zoomFrames)) === 0) fail('a zoom should be animated');
  equal('the directory', fragment(page), '#at=net');
  await says(page, '#crumbs', 'acme', 'net');
  equal('the map shows it', await page.evaluate(() => panes[0].scene.root.data.path), 'net');
  await click(page, 'net/udp/sockets');
  await settled(page);
  equal('the directory', fragment(page), '#at=net/udp/sockets');
  await page.goBack();
  await shows(page, 'net');
  await page.goForward();
  await shows(page, 'net/udp/sockets');
  await page.locator('#crumbs button', { hasText: 'acme' }).click();
  await shows(page, '');
  await page.mouse.dblclick(...(await place(page, 'data/store/file2.rs')));
  await settled(page);
  equal('a double click opens the directory', new URLSearchParams(fragment(page).slice(1)).get('at'), 'data');
  ok('directories open with an animation, and close by the breadcrumb and the back button');

  const still = await pages.open('acme', { reducedMotion: 'reduce' });
  await countFrames(still);
  await click(still, 'net');
  equal('the directory', fragment(still), '#at=net');
  await still.waitForTimeout(100);
  if ((await still.evaluate(() => zoomFrames)) > 0) fail('nothing should move if people prefer that');
  ok('nothing moves for people who prefer reduced motion');
}

export async function searches(pages) {
  const page = await pages.open('acme');
  const find = page.locator('#find');
  await find.pressSequentially('sockets');
  await page.locator('#found li', { hasText: 'directory net/udp/sockets' }).waitFor();
  equal(
    'what does not match stands back',
    await color(page, 'net/tcp/file2.rs'),
    await kindColor(page, 'group:net', 0.16),
  );
  equal(
    'what matches does not',
    await color(page, 'net/udp/sockets/file2.rs'),
    await kindColor(page, 'group:data'),
  );
  await find.press('Enter');
  await settled(page);
  equal('Enter opens the directory', fragment(page), '#at=net/udp/sockets');

  const first = await page.evaluate(() =>
    found('d')
      .slice(0, 6)
      .map(({ sort, name }) => `${sort} ${name}`),
  );
  const expectedFirst = [
    'group everybody',
    'group data',
    'owner @acme/everybody',
    'directory data',
    'directory docs/guide',
  ];
  equal('names that start with the text come first', first.slice(0, 5), expectedFirst);

  await find.pressSequentially('store/file7');
  await page.locator('#found li').first().waitFor();
  await find.press('ArrowDown');
  equal(
    'the arrow keys choose',
    words(await page.locator('#found [aria-selected=true]').innerText()),
    'file data/store/file7.rs',
  );
  await find.press('Enter');
  await settled(page);
  const selected = '#at=data/store&pin=data/store/file7.rs';
  equal('a file is selected', fragment(page), selected);

  await find.pressSequentially('nothing has this name');
  await says(page, '#legend .kept', '0 files');
  await find.press('Escape');
  await find.press('Escape');
  equal('Escape ends the search', [fragment(page), await find.inputValue()], [selected, '']);
  ok('the search finds paths, and shows what it finds');
  await findsOwners(pages);
}

async function findsOwners(pages) {
  const page = await pages.open('acme');
  const find = page.locator('#find');
  for (const [wanted, sort, kept, expected] of [
    ['net', 'group', 23, '#only=group:net'],
    ['ALICE', 'owner', 23, '#only=owner:@alice'],
    ['bob', 'owner', 24, '#only=owner:@bob'],
    ['frank', 'owner', 12, '#only=owner:@frank'],
  ]) {
    await find.pressSequentially(wanted);
    await page.locator('#found li', { hasText: sort }).first().click();
    equal(`a ${sort} filters`, fragment(page), expected);
    await says(page, '#legend .kept', `${kept} files`);
    await page.locator('#legend .clear').click();
    equal('the filter ends', fragment(page), '');
  }
  ok('the search finds groups and people, and shows what they own');
}

export async function filters(pages) {
  const page = await pages.open('acme');
  const button = (key) => page.locator(`#legend button[data-key="${key}"]`);
  await button('group:ui').click();
  equal('the fragment', fragment(page), '#only=group:ui');
  equal('others stand back', await color(page, 'net/tcp/file2.rs'), await kindColor(page, 'group:net', 0.16));
  equal('the button is pressed', await button('group:ui').getAttribute('aria-pressed'), 'true');
  await button('group:net').press('Enter');
  equal('a second kind is added', await color(page, 'net/tcp/file2.rs'), await kindColor(page, 'group:net'));
  equal('the focus stays', await page.evaluate(() => document.activeElement.dataset.key), 'group:net');
  await says(page, '#legend .kept', '35 files');
  await page.goBack();
  await says(page, '#legend .kept', '12 files');
  await button('group:ui').click();
  equal('again ends it', fragment(page), '');
  ok('the legend filters, by several kinds at once');
}

export async function usesKeyboard(pages) {
  const page = await pages.open('acme', { reducedMotion: 'reduce' });
  const map = page.locator('canvas[tabindex="0"]');
  await map.focus();
  const visited = new Set();
  for (const key of [
    'ArrowRight',
    'ArrowRight',
    'ArrowRight',
    'ArrowDown',
    'ArrowDown',
    'ArrowLeft',
    'ArrowUp',
    'ArrowDown',
    'ArrowDown',
  ]) {
    await map.press(key);
    visited.add(await text(page, '#live'));
  }
  if (visited.size < 7) fail(`the arrow keys visit only ${visited.size} tiles`);
  await map.press(' ');
  const selected = fragment(page).replace('#pin=', '');
  if (!(await text(page, '#live')).startsWith(selected) || !selected)
    fail(`the space key should select ${await text(page, '#live')}`);
  await map.press('Escape');
  await map.press('Enter');
  equal('Enter opens the directory around the tile', fragment(page), `#at=${selected.split('/')[0]}`);
  await map.press('Backspace');
  equal('Backspace closes it', fragment(page), '');
  ok('the map is used with the keyboard, and says where one is');
  await listsByKeyboard(pages);
}

async function tabTo(page, name) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(
      () => document.activeElement.innerText || document.activeElement.value || '',
    );
    if (focused === name) return;
  }
  fail(`the tab key does not come to ${name}`);
}

async function listsByKeyboard(pages) {
  const page = await pages.open('acme');
  await tabTo(page, 'map');
  await page.keyboard.press('ArrowRight');
  equal('the list is chosen', fragment(page), '#view=list');
  await tabTo(page, 'net/');
  await page.keyboard.press('Enter');
  const rows = await page.locator('#list tbody tr').allInnerTexts();
  equal('the rows', rows.map(words), ['http/ 12 net', 'udp/sockets/ 12 data', 'tcp/ 11 net']);
  await tabTo(page, 'tcp/');
  await page.keyboard.press('Enter');
  await tabTo(page, 'file10.rs');
  await page.keyboard.press('Enter');
  equal('the state', fragment(page), '#at=net/tcp&pin=net/tcp/file10.rs&view=list');
  await says(page, '#pinned', 'net/tcp/file10.rs', '@alice @erin');
  const cells = await page
    .locator('#list tbody tr', { hasText: 'file10.rs' })
    .locator('th, td')
    .allInnerTexts();
  equal('the cells', cells.map(words), ['file10.rs', '1', 'net @alice @erin', '/net/ owners.toml:9:1']);
  ok('the list has the same data, and is used with the keyboard alone');
}
