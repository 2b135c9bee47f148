/** A wait as long as the caller says, however long that is. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { once } from 'node:events';

import { patienceOf } from '../../client/patience.ts';

const DAY_MS = 86_400_000;

describe('The patience of a wait', () => {
  for (const ms of [2 ** 31 - 1, 2 ** 31, 30 * DAY_MS, 1e15, Infinity]) {
    it(`of ${ms} ms is not over at once`, async () => {
      const { signal, end } = patienceOf(ms);
      // A timer that overflows fires after one millisecond, before this one.
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(signal.aborted, false);
      end();
    });
  }

  it('that takes several timers ends', async () => {
    const { signal } = patienceOf(20, 3);
    const keepAlive = setInterval(() => {}, 1_000);
    if (!signal.aborted) await once(signal, 'abort');
    clearInterval(keepAlive);
  });

  it('of nothing is over', () => assert.ok(patienceOf(0).signal.aborted));

  for (const ms of [NaN, -1]) {
    it(`of ${ms} is refused`, () => {
      assert.throws(() => patienceOf(ms), /must be a number of milliseconds, 0 or more; it is /);
    });
  }
});
