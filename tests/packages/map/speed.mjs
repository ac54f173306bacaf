// How fast a page opens, and how large it is.
import { stat } from 'node:fs/promises';
import { fail, ok } from './page.mjs';

// The time from the start of loading to the first frame with the map, in milliseconds.
async function firstMap(pages, name) {
  const page = await pages.open(name);
  const times = await page.evaluate(async () => {
    const isFirst = ({ name }) => name === 'first-contentful-paint';
    const first = await new Promise((done) => {
      const found = (list) => list.getEntries().filter(isFirst).forEach(done);
      new PerformanceObserver(found).observe({ type: 'paint', buffered: true });
    });
    return { paint: first.startTime, map: performance.getEntriesByName('map')[0].startTime };
  });
  await page.context().close();
  return times;
}

export async function opensFast(pages, names) {
  for (const name of names) {
    const runs = [];
    for (let i = 0; i < 5; i++) runs.push(await firstMap(pages, name));
    const median = (key) => runs.map((run) => run[key]).sort((a, b) => a - b)[2];
    const { size } = await stat(`${pages.directory}/${name}.html`);
    const after = (key) => `after ${Math.round(median(key))} ms`;
    const times = `first paint ${after('paint')}, map drawn ${after('map')} (median of 5)`;
    const figures = `${Math.round(size / 1000)} kB, ${times}`;
    if (size > 3_000_000) fail(`${name} is too large: ${figures}`);
    // Something else may have been busy in most runs.
    if (Math.min(...runs.map(({ map }) => map)) > 1000) fail(`${name} opens too slowly: ${figures}`);
    ok(`${name}: ${figures}`);
  }
}
