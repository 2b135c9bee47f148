/**
 * Goal: a worker that works for long under faults without end loses nothing and gathers nothing: every outcome is true, and its memory and its open
 * handles come back to where they were.
 * Method: `soak.ts`: 3 minutes; `npm run soak`: 30.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { growthOf, type Growth } from './growth.ts';
import { playSoak, type Soak, type SoakOptions } from './soak.ts';
import { hasToxiproxy, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';

const MINUTE_MS = 60_000;
const isLong = Boolean(process.env['RESOLVER_NIGHTLY']);
const OPTIONS: SoakOptions = {
  tradesPerSecond: 5,
  lastsMs: (isLong ? 30 : 3) * MINUTE_MS,
  badAnswers: 0.1,
  temporalKillEveryMs: (isLong ? 7 : 1.5) * MINUTE_MS,
};

/** A history is tens of KiB, an answer or a socket several: whatever is kept of each trade shows. */
const HEAP_KIB_PER_TRADE_MAX = 10;
/** The connections to Temporal are made anew after it was killed. */
const DESCRIPTORS_MORE_MAX = 5;

describe('A long time of sales under faults without end', function () {
  this.timeout(OPTIONS.lastsMs + 5 * MINUTE_MS);
  let environment: Environment;
  let toxiproxy: Toxiproxy;
  let soak: Soak;
  let growth: Growth;

  before(async function () {
    if (!canStandAlone() || !hasToxiproxy()) this.skip();
    environment = await openEnvironment();
    toxiproxy = await startToxiproxy();
    soak = await playSoak(environment, toxiproxy, OPTIONS);
    growth = growthOf(soak);
    report();
  });
  after(async () => {
    await toxiproxy?.stop();
    await environment?.close();
  });

  function report(): void {
    const { trades, reports, outcomes, happened, before, after, evictions, cachedAtTheEnd, cached } = soak;
    console.log(
      [
        `${trades} trades, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`,
        `faultSchedule: ${JSON.stringify(happened)}, the development server fell ill ${environment.illnesses()} times`,
        `memory of the worker: ${growth.rssPerMinute} MiB a minute, heap ${growth.heapPerMinute} MiB a minute, ${growth.heapPerTrade} KiB a trade`,
        `handles before: ${JSON.stringify(before.resources)}, after: ${JSON.stringify(after.resources)}; descriptors ${before.descriptors} and ${after.descriptors}`,
        `cache: ${cachedAtTheEnd} resolutions at the end of the sales, ${cached} after the last was resolved, ${evictions} evicted for want of room`,
      ]
        .map((line) => `      ${line}`)
        .join('\n'),
    );
  }

  it('ends with a true outcome for every trade', () => {
    assert.deepEqual(soak.objections, []);
    assert.equal(soak.trades, (OPTIONS.tradesPerSecond * OPTIONS.lastsMs) / 1_000);
    assert.ok(Object.values(soak.happened).every((times) => times > 0));
  });

  it('leaves nothing behind in the worker: no memory, no open handle', () => {
    const { before, after: rested } = soak;
    assert.ok(growth.heapPerTrade < HEAP_KIB_PER_TRADE_MAX, `${growth.heapPerTrade} KiB of heap a trade`);
    assert.deepEqual(rested.resources, before.resources);
    const gathered = (rested.descriptors ?? 0) - (before.descriptors ?? 0);
    assert.ok(gathered <= DESCRIPTORS_MORE_MAX, `${gathered} more file descriptors`);
  });

  it('leaves nothing confidential anywhere', () => {
    assert.deepEqual(soak.leaks, []);
  });
});
