/** A state carried through continue-as-new may come from an older version, which did not know every field of today. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { resume, type State } from '../../resolution/index.ts';
import { answered, failed, noAnswer, notExist, paid, Play, trade, uncertain, waiting } from './play.ts';

const refused = { ...failed('business', 'ACQ.CANCEL_NOT_ALLOWED'), retryFlag: 'N', action: 'close' } as const;

describe('A carried state', () => {
  const states: readonly (readonly [string, () => Play])[] = [
    ['querying', () => new Play().queried(waiting)],
    ['backing off', () => uncertain().queried(waiting).cancelled(noAnswer)],
    ['guarding', () => new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00' })],
    [
      'guarding, and looking once',
      () => new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00' }).lookNow().queried(waiting),
    ],
    ['asking by tradeNo alone', () => new Play({ tradeNo: '2019032622001494891000009752' })],
    ['querying after a failed call', () => new Play().queried(noAnswer).queried(failed('unknown', 'ACQ.SYSTEM_ERROR'))],
    [
      'querying a trade whose amount is no amount',
      () => new Play({ outTradeNo: 'T1' }).queried(trade('WAIT_BUYER_PAY', { totalAmount: '0.00' })),
    ],
    ['looking after a cancel', () => uncertain().queried(waiting).cancelled(answered('N', 'close'))],
    ['looking after a refusal', () => uncertain().queried(waiting).cancelled(refused)],
    ['needing a person', () => uncertain().queried(waiting).cancelled(refused).queried(paid)],
    ['refunding', () => uncertain().queried(waiting).cancelled(refused).queried(paid).after(60_000).orderedRefund()],
    ['resolved', () => new Play().queried(paid)],
    ['watching', () => uncertain().queried(notExist).cancelled({ kind: 'answered', retryFlag: 'N' })],
  ];
  for (const [phase, play] of states) {
    it(`goes on as it was while ${phase}`, () => {
      const { state } = play();
      const carried = JSON.parse(JSON.stringify(state)) as State;
      assert.deepEqual(carried, state);
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
      refundIfNotCancellable: _g,
      ...older
    } = memory;
    const { slowMs: _f, ...olderPolicy } = memory.policy;
    const carried = { memory: { ...older, policy: olderPolicy }, phase } as unknown as State;
    const { state, command } = resume(carried, Date.now());
    assert.equal(command.kind, 'cancel');
    assert.equal(state.memory.refundBegun, false);
    // Nobody had switched it on: a refund that nobody ordered would move money.
    assert.equal(state.memory.refundIfNotCancellable, false);
    assert.equal(state.memory.policy.slowMs, 300_000);
  });
});
