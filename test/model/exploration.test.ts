/**
 * Every order of events, with any number of faults, until nothing new is met: `decide` in the world of `world.ts`. The invariants are in
 * `invariants.ts` and `liveness.ts`; a violation fails with the shortest story that leads to it.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { exploreAll } from './explore.ts';
import type { Exploration } from './explore-one.ts';
import { NEVER_SAID } from './messages.ts';
import { cellsOf, messageCellsOf, reportOf } from './report.ts';
import { SENTENCES } from './sentences.ts';
import { SETTINGS } from './settings.ts';

/** Worlds that need so many faults at once are met in each. */
const FAULTS_AT_LEAST = 5;

describe('the rules in every order of events', function () {
  // A quarter of an hour on two quiet cores.
  this.timeout(75 * 60_000);
  let explored: readonly Exploration[] = [];

  before(async () => {
    explored = await exploreAll();
    console.log(reportOf(explored));
  });

  it('breaks no invariant, and from every state reaches an outcome or a person once faults stop', () => {
    const stories = explored.flatMap(({ story }) => story ?? []);
    if (stories.length > 0) assert.fail(`\n${stories.join('\n\n')}`);
  });

  it('comes to an end in every world: one more fault leads nowhere new', () => {
    assert.deepEqual(new Set(explored.map(({ name }) => name)), new Set(SETTINGS.map(({ name }) => name)));
    for (const { name, faultsMax, statesByFaults } of explored) {
      // The search stops by itself where a number of faults brings nothing; it has not run into its bound.
      assert.ok(statesByFaults.length <= faultsMax, name);
      assert.ok(statesByFaults.length > FAULTS_AT_LEAST, name);
    }
  });

  it('has two cancels and the pay request on their way at once, wherever a cancel is sent at all', () => {
    for (const { name, crowds } of explored) {
      const { input, payNeverLeft, takesOver } = SETTINGS.find((setting) => setting.name === name) ?? {};
      // With the tradeNo alone nothing is cancelled: that run hands over, or a person looks. In two worlds no pay request is on its way.
      const both = input?.outTradeNo !== undefined && !(payNeverLeft || takesOver);
      assert.equal(crowds.twoCancelsAndPay > 0, both, name);
    }
  });

  it('hears every signal and every update in every phase', () => {
    const unheard = messageCellsOf(explored).filter(({ taken, refused }) => taken + refused === 0);
    const never = unheard.map(({ message, phase }) =>
      NEVER_SAID[message]?.phases.includes(phase) ? [] : [message, phase],
    );
    assert.deepEqual(never.flat(), []);
    assert.equal(unheard.length, Object.values(NEVER_SAID).flatMap(({ phases }) => phases).length);
  });

  it('shows every sentence that is judged', () => {
    const met = new Set(explored.flatMap(({ sentences }) => sentences));
    const missed = SENTENCES.flatMap(([sentence], index) => (met.has(index) ? [] : [sentence.source]));
    assert.deepEqual(missed, []);
  });

  it('takes a manual decision only where a person is needed', () => {
    const decided = messageCellsOf(explored).filter(
      ({ message, taken }) => /^(?:resolveManually|orderRefund)/.test(message) && taken > 0,
    );
    assert.deepEqual(new Set(decided.map(({ phase }) => phase)), new Set(['needs-operator']));
    assert.equal(decided.length, 5);
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
