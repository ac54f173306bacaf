// The fragment of the address: it says all of the view, and never breaks the page.
import { becomes, equal, ok } from './page.mjs';

const VIEWS = [
  '#at=net',
  '#at=net/udp/sockets&pin=net/udp/sockets/file3.rs&view=list',
  '#only=group:net&only=state:unowned',
  '#find=tcp/file&only=owner:@alice&by=risk',
  '#pin=data/store/file1.rs&size=lines&theme=dark',
  '#find=50% + 50%&theme=light',
];

const DAMAGED = [
  '#at=%',
  '#at=%E0%A4%A',
  '#at=no/such/path',
  '#at=net/tcp/file2.rs',
  '#at=/net//',
  '#only=',
  '#only=group:',
  '#only=group:none&only=x:y&only=owner:',
  '#by=colors&size=-1&view=&theme=pink',
  '#pin=net/nothing&pin=x',
  '#find=' + '('.repeat(500),
  '#&&&===',
  '#at=__proto__&pin=constructor',
  '##at=net',
  '#only=change:owners&only=risk:7',
  '#view=list&at=..%2F..',
  '#\u202e',
];

export async function keepsState(pages) {
  for (const view of VIEWS) {
    const page = await pages.open('full', { fragment: encodeURI(view).replaceAll('+', '%2B') });
    const written = await page.evaluate(() => writeState(readState(location.hash)));
    equal('a fragment is read and written', decodeURIComponent(written), view);
    const shown = await page.evaluate(() => [state, panes[0].scene?.root.data.path]);
    await page.reload();
    equal(
      'the same view is shown again',
      await page.evaluate(() => [state, panes[0].scene?.root.data.path]),
      shown,
    );
    await page.context().close();
  }
  ok(`${VIEWS.length} views come back from their address`);
}

export async function forgivesFragments(pages) {
  const page = await pages.open('full', { reducedMotion: 'reduce' });
  for (const each of DAMAGED) {
    await page.evaluate((hash) => (location.hash = hash), each);
    await becomes(
      page,
      `the page should survive ${each}`,
      () => document.querySelectorAll('#crumbs li').length > 0 && byId('legend').children.length > 0,
    );
    await page.evaluate(() => new Promise((done) => setTimeout(done, 20)));
    await page.reload();
    await becomes(
      page,
      `the page should open with ${each}`,
      () => document.querySelectorAll('#crumbs li').length > 0 && (state.view === 'list' || panes[0].scene),
    );
  }
  await page.evaluate(() => (location.hash = '#at=net/tcp/file2.rs'));
  await becomes(page, 'a file leads to its directory', () => panes[0].scene.root.data.path === 'net/tcp');
  await page.evaluate(() => (location.hash = '#at=net/none/x'));
  await becomes(
    page,
    'a missing path leads to what is left of it',
    () => panes[0].scene.root.data.path === 'net',
  );
  equal('its address', await page.evaluate(() => writeState(state)), '#at=net');
  const read = await page.evaluate(() => readState('#find=a+b%20c').find);
  equal('a plus sign is one', read, 'a+b c');
  ok(`${DAMAGED.length} damaged fragments open the page`);
}
