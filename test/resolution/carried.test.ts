/** A state carried through continue-as-new may come from an older version, which did not know every field of today. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { resume, type State } from '../../resolution/index.ts';
import { noAnswer, notExist, paid, Play, uncertain, waiting } from './play.ts';

describe('A carried state', () => {
  const states: readonly (readonly [string, State])[] = [
    ['querying', new Play().queried(waiting).state],
    ['backing off', uncertain().queried(waiting).cancelled(noAnswer).state],
    ['watching', uncertain().queried(notExist).cancelled({ kind: 'answered', retryFlag: 'N' }).state],
  ];
  for (const [phase, state] of states) {
    it(`goes on as it was while ${phase}`, () => {
      const carried = JSON.parse(JSON.stringify(state)) as State;
      assert.deepEqual(resume(carried, Date.now()).state, state);
    });
  }
  it('goes on without the fields and the policy that came later', () => {
    const { memory, phase } = uncertain().queried(waiting).cancelled(noAnswer).waited().queried(paid).state;
    const {
      refundBegun: _a,
      refundMayHaveReached: _b,
      strangerSeen: _c,
      callerSaysPaid: _d,
      startedAtMs: _e,
      ...older
    } = memory;
    const { slowMs: _f, ...olderPolicy } = memory.policy;
    const carried = { memory: { ...older, policy: olderPolicy }, phase } as unknown as State;
    const { state, command } = resume(carried, Date.now());
    assert.equal(command.kind, 'cancel');
    assert.equal(state.memory.refundBegun, false);
    assert.equal(state.memory.policy.slowMs, 300_000);
  });
});
