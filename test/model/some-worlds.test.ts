/**
 * Two small worlds of `exploration.test.ts` to their end, and every other to one fault: what `npm test` has time for.
 * `npm run test:full` explores all to their end instead.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { exploreAll, NO_BOUND } from './explore.ts';
import type { Exploration } from './explore-one.ts';
import { reportOf } from './report.ts';
import { SETTINGS } from './settings.ts';

/** The third small one, of two numbers that belong to different trades, is much like the first of these. */
const TO_THEIR_END: ReadonlySet<string> = new Set(['Alipay holds another amount', 'only the tradeNo is known']);

/** As in `exploration.test.ts`. */
const FAULTS_AT_LEAST = 5;

describe('the rules in every order of events, in two small worlds, and in the others with one fault', function () {
  // Some two minutes on two quiet cores.
  this.timeout(20 * 60_000);
  let explored: readonly Exploration[] = [];

  before(async () => {
    const wanted = SETTINGS.map(({ name }, setting) => ({ setting, faultsMax: TO_THEIR_END.has(name) ? NO_BOUND : 1 }));
    // The long ones first, so that no core waits for one of them at the end.
    explored = await exploreAll(wanted.toSorted((a, b) => b.faultsMax - a.faultsMax));
    console.log(reportOf(explored));
  });

  it('break no invariant, and from every state reach an outcome or a person once faults stop', () => {
    const stories = explored.flatMap(({ story }) => story ?? []);
    if (stories.length > 0) assert.fail(`\n${stories.join('\n\n')}`);
  });

  it('come to an end in the small worlds: one more fault leads nowhere new', () => {
    const ended = explored.filter(({ name }) => TO_THEIR_END.has(name));
    assert.equal(ended.length, TO_THEIR_END.size);
    for (const { name, faultsMax, statesByFaults } of ended) {
      assert.ok(statesByFaults.length <= faultsMax, name);
      assert.ok(statesByFaults.length > FAULTS_AT_LEAST, name);
    }
  });

  it('meet every world', () => {
    assert.deepEqual(
      explored.map(({ name }) => name),
      SETTINGS.map(({ name }) => name),
    );
  });

  it('meet no fault where the table has no place for it', () => {
    assert.deepEqual(
      explored.flatMap(({ unlisted }) => unlisted),
      [],
    );
  });
});
