// What a page has only if it was asked for: a comparison, lines, risks, the history.
import { color, equal, fail, fragment, kindColor, ok, place, text, words } from './page.mjs';

// Whether the left edge of an entry is dark, on both sides of a comparison.
async function outlined(page, path) {
  const isOutlined = ([path, side]) => {
    const { scene, tiles } = panes[side];
    const node = nodeOf(scene.root, nearest(path));
    const at = [snap(node.x0) + 1, Math.round((node.y0 + node.y1) / 2)];
    const [r, g, b] = tiles.getContext('2d').getImageData(...at, 1, 1).data;
    return r + g + b < 120;
  };
  return [await page.evaluate(isOutlined, [path, 0]), await page.evaluate(isOutlined, [path, 1])];
}

export async function compares(pages) {
  const page = await pages.open('diff', { reducedMotion: 'reduce' });
  equal('two maps', await page.locator('#panes figcaption').allInnerTexts(), [
    'before: HEAD~1',
    'after: HEAD',
  ]);
  const tile = 'net/udp/sockets/file3.rs';
  equal('before', await color(page, tile, 0), await kindColor(page, 'group:net'));
  equal('after', await color(page, tile, 1), await kindColor(page, 'group:data'));
  equal(
    'what did not change is paler',
    await color(page, 'net/http/file3.rs', 1),
    await kindColor(page, 'group:net', 0.5),
  );
  equal('all of a directory changed', await outlined(page, 'net/udp/sockets'), [true, true]);
  equal('nothing of a directory changed', await outlined(page, 'net/http'), [false, false]);
  equal('a removed file is not', await outlined(page, 'net/tcp/file1.rs'), [false, false]);
  equal('it is seen before', await color(page, 'net/tcp/file1.rs', 0), await kindColor(page, 'group:net'));
  equal(
    'its place is empty after',
    await color(page, 'net/tcp/file1.rs', 1),
    await page.evaluate(() => theme.levels[1]),
  );
  await page.mouse.move(...(await place(page, tile, 1)));
  const card = await text(page, '#card');
  for (const each of ['changed owners', 'Owners before\n@alice @erin', 'Owners after\n@bob'])
    if (!card.includes(each)) fail(`the card lacks "${each}":\n${card}`);
  await page.locator('#legend button', { hasText: 'changed owners' }).click();
  equal('the filter', fragment(page), '#only=change:owners');
  // 12 of net/udp, 12 of ui, 12 of data/store; data/cache is new, net/tcp/file1.rs is gone.
  if (!(await text(page, '#legend .kept')).startsWith('36 files'))
    fail(`36 files changed owners, not ${await text(page, '#legend .kept')}`);
  await page.goto(`${page.url().split('#')[0]}#view=list&at=net`);
  const rows = (await page.locator('#list tbody tr').allInnerTexts()).map(words);
  equal('the list', rows, [
    'http/ 12 net net',
    'tcp/ 12 net net 1 removed',
    'udp/sockets/ 12 net data 12 changed owners',
  ]);
  await page.goto(`${page.url().split('#')[0]}#view=list&find=tcp/file1`);
  const kept = words(await page.locator('#list tbody tr').innerText());
  // file1, which is gone, and file10 to file12.
  if (!kept.startsWith('net/ 4 of 36 ')) fail(`the list says what the filter keeps, not ${kept}`);
  const now = await pages.open('now');
  equal(
    'the working tree',
    (await now.locator('#panes figcaption').allInnerTexts())[1],
    'after: the working tree',
  );
  ok('two revisions are side by side, and what changed owners is outlined');
}

export async function switches(pages) {
  const page = await pages.open('full', { reducedMotion: 'reduce' });
  const area = (path) =>
    page.evaluate((path) => {
      const node = nodeOf(panes[0].scene.root, nearest(path));
      return (node.x1 - node.x0) * (node.y1 - node.y0);
    }, path);
  const ratio = async () => (await area('net/http/file12.rs')) / (await area('net/http/file2.rs'));
  if (Math.abs((await ratio()) - 1) > 0.1) fail('files have the same size');
  await page.locator('#size label', { hasText: 'Lines' }).click();
  if (Math.abs((await ratio()) - 6) > 0.6)
    fail(`a file of 12 lines is 6 times one of 2, not ${await ratio()}`);
  equal('the fragment', fragment(page), '#size=lines');
  await page.locator('#by label', { hasText: 'Risk' }).click();
  equal('the fragment', fragment(page), '#by=risk&size=lines');
  const kinds = await page.evaluate(() => [
    ...new Set(
      panes[0].scene.root
        .leaves()
        .flatMap(({ data }) => kindsOf(data, 'decision', 'risk').map(({ key }) => key)),
    ),
  ]);
  equal('the risks, and the states that have none', kinds.sort(), [
    'risk:0',
    'risk:3',
    'state:exempt',
    'state:nobody',
    'state:unowned',
  ]);
  for (const label of await page.locator('#legend .label').allInnerTexts())
    if (label === 'net') fail('the legend of risks has no groups');
  ok('the map is drawn by files or lines, by owners or risk');
}

export async function showsHistory(pages) {
  const page = await pages.open('full');
  await page.locator('#history').scrollIntoViewIfNeeded();
  equal('the charts', await page.locator('#history svg').count(), 2);
  const series = await page.locator('#history .series').count();
  if (series < 4) fail(`there are only ${series} lines`);
  await page.locator('#history summary').click();
  const rows = (await page.locator('#history tbody tr').allInnerTexts()).map((row) =>
    row.split(/\s+/).slice(0, 3),
  );
  equal(
    'the table',
    rows.map(([date, , files]) => [date, files]),
    [
      ['2025-01-05', '49'],
      ['2025-01-10', '98'],
      ['2025-06-10', '100'],
    ],
  );
  await page.locator('#history svg').first().scrollIntoViewIfNeeded();
  const chart = await page.locator('#history svg').first().boundingBox();
  await page.mouse.move(chart.x + 46, chart.y + 60);
  if (!(await text(page, '#card')).includes('2025-01-05'))
    fail('the card should have the date of the commit');
  equal('a page without history', await (await pages.open('acme')).locator('#history').isVisible(), false);
  ok('the history has a line for each state and group, and a table');
}
