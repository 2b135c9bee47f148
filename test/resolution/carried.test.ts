/** A state carried through continue-as-new may come from an older version, which did not know every field of today. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { resume, type State } from '../../resolution/index.ts';
import {
  answered,
  closed,
  failed,
  HOUR_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  trade,
  uncertain,
  waiting,
} from './play.ts';

const refused = { ...failed('business', 'ACQ.CANCEL_NOT_ALLOWED'), retryFlag: 'N', action: 'close' } as const;

const { action: _action, ...refusedPlainly } = refused;
const parked = (): Play => uncertain().queried(waiting).cancelled(refusedPlainly).queried(paid);
const watching = (): Play => uncertain().queried(notExist).cancelled({ kind: 'answered', retryFlag: 'N' });

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
    [
      'querying after a failed call',
      () => new Play().queried(noAnswer).askedAgain(failed('unknown', 'ACQ.SYSTEM_ERROR')),
    ],
    [
      'querying a trade whose amount is no amount',
      () => new Play({ outTradeNo: 'T1' }).queried(trade('WAIT_BUYER_PAY', { totalAmount: '0.00' })),
    ],
    ['looking after a cancel', () => uncertain().queried(waiting).cancelled(answered('N', 'close'))],
    ['looking after a refusal', () => uncertain().queried(waiting).cancelled(refused)],
    ['needing a person', parked],
    ['checking a decision', () => parked().after(60_000).decidedManually('PAID')],
    ['refunding', () => parked().after(60_000).orderedRefund().queried(paid)],
    ['parked after a reset', () => new Play().queried(waiting).reset()],
    [
      'parked against the word of the service',
      () => uncertain({ outTradeNo: 'T1', payAnswer: 'paid' }).queried(waiting),
    ],
    ['unable to verify', () => new Play().queried(failed('forged'))],
    ['slowed down', () => new Play().queried(failed('limited'))],
    ['closing', () => new Play().queried(closed)],
    ['resolved', () => new Play().queried(paid)],
    ['watching', watching],
    [
      'cross-checking',
      () =>
        watching()
          .after(4 * HOUR_MS)
          .queried(notExist)
          .after(180_000)
          .waited()
          .queried(notExist),
    ],
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
      silentSinceMs: _h,
      unverified: _i,
      pacedAtMs: _j,
      lookWanted: _k,
      maybePaid: _l,
      closedByFirstCancel: _m,
      cancelDenied: _n,
      cancellingSinceMs: _o,
      hurried: _p,
      wasReset: _q,
      signed: _r,
      ...older
    } = memory;
    const { slowMs: _f, ...olderPolicy } = memory.policy;
    const carried = { memory: { ...older, policy: olderPolicy }, phase } as unknown as State;
    const nowMs = Date.now();
    const { state, command } = resume(carried, nowMs);
    assert.equal(command.kind, 'cancel');
    // Nothing is known of the calls and the silence before: both are reckoned from here on.
    assert.deepEqual([state.memory.pacedAtMs, state.memory.silentSinceMs], [nowMs, nowMs]);
    for (const fact of ['unverified', 'maybePaid', 'closedByFirstCancel', 'cancelDenied', 'wasReset'] as const)
      assert.equal(state.memory[fact], false, fact);
    assert.equal(state.memory.refundBegun, false);
    // Nobody had switched it on: a refund that nobody ordered would move money.
    assert.equal(state.memory.refundIfNotCancellable, false);
    assert.equal(state.memory.policy.slowMs, 300_000);
    const { cancellingSinceMs: _since, signed: _signed, ...facts } = memory;
    const fromHereOn = { startedAtMs: nowMs, pacedAtMs: nowMs, silentSinceMs: nowMs, maybePaid: false };
    assert.deepEqual(state.memory, { ...facts, ...fromHereOn }, 'all else is as it was');
  });
});
