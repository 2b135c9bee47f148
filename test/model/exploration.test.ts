/**
 * Every order of events, up to a bound: `decide` in the world of `world.ts`. The invariants are in `invariants.ts` and
 * `liveness.ts`; a violation fails with the shortest story that leads to it.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { cellsOf, coverageText, exploreAll, sizesText } from './explore.ts';
import type { Explored } from './explore-one.ts';

describe('the brain in every order of events', function () {
  this.timeout(10 * 60_000);
  let explored: readonly Explored[] = [];

  before(async () => {
    explored = await exploreAll();
    console.log(`${sizesText(explored)}\n\n${coverageText(cellsOf(explored))}`);
  });

  it('breaks no invariant, and from every state reaches an outcome or a person once faults stop', () => {
    const stories = explored.flatMap(({ story }) => story ?? []);
    if (stories.length > 0) assert.fail(`\n${stories.join('\n\n')}`);
  });

  it('looks at runs with at least four faults', () => {
    assert.ok(explored.some(({ faultsMax, statesByFaults }) => faultsMax >= 4 && statesByFaults.length > 4));
  });

  it('is met by every fault in every command of every phase', () => {
    const missed = cellsOf(explored).filter((cell) => cell.times === 0);
    assert.deepEqual(missed, []);
  });

  it('is met by no fault where the table has no place for it', () => {
    assert.deepEqual(
      explored.flatMap(({ unlisted }) => unlisted),
      [],
    );
  });
});
