/** The measure that the soak is judged by must itself see a leak. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { growthOf } from './growth.ts';
import type { Sample } from './worker-probe.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;
/** One every two seconds for six minutes, ten trades each. */
const COUNT = 180;
const TRADES = COUNT * 10;

function growthWhere(bytesOf: (index: number) => number): ReturnType<typeof growthOf> {
  const samples = Array.from({ length: COUNT }, (_, index): Sample => ({
    atMs: index * 2_000,
    rss: bytesOf(index),
    heap: bytesOf(index),
    resources: {},
  }));
  return growthOf({ samples, trades: TRADES });
}

describe('The growth of a worker', () => {
  it('is nothing where memory goes up and down', () => {
    const { rssPerMinute, heapPerTrade } = growthWhere((index) => 100 * MIB + (index % 2) * MIB);
    assert.ok(Math.abs(rssPerMinute) < 0.1 && Math.abs(heapPerTrade) < 0.1, `${rssPerMinute}, ${heapPerTrade}`);
  });

  it('is seen where every trade leaves 50 KiB behind, as a rise a minute and a trade', () => {
    const { rssPerMinute, heapPerMinute, heapPerTrade } = growthWhere((index) => 100 * MIB + index * 10 * 50 * KIB);
    assert.equal(rssPerMinute, 14.65);
    assert.equal(heapPerMinute, 14.65);
    assert.ok(Math.abs(heapPerTrade - 50) < 0.5, String(heapPerTrade));
  });

  it('counts from the time when the worker has warmed up', () => {
    const { rssPerMinute } = growthWhere((index) => Math.min(index, COUNT / 3) * MIB);
    assert.equal(rssPerMinute, 0);
  });
});
