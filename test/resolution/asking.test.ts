/** How long one question goes on by itself: the plan of each poll, and what a parked trade is still asked for. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import type { PollPlan } from '../../contract/activities.ts';
import type { OperatorReason } from '../../contract/resolution.ts';
import { answered, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, paid, Play, START_MS } from './play.ts';
import { trade, uncertain, waiting } from './play.ts';

const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NO_INFORMATION = ['notSent', 'unknown', 'unsigned', 'forged', 'notOurs', 'limited'];
const STILL_BROKEN = [...NO_INFORMATION, 'configuration', 'rejected', 'business'];
const STILL_OPEN = [...STILL_BROKEN, 'TRADE_NOT_EXIST', 'WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED'];
const TRADE_NO = '2019032622001494891000009752';
const refusedWith = (subCode: string): ReturnType<typeof failed> & { retryFlag: 'N' } => ({
  ...failed(FailureClass.business, subCode),
  retryFlag: 'N',
});
const misconfigured = failed(FailureClass.configuration, 'isv.invalid-app-id');

function pollOf({ command }: Play): PollPlan {
  assert.ok(command.kind === 'query' && command.poll !== undefined);
  return command.poll;
}

describe('The poll of a trade that Alipay has never seen', () => {
  const watched = (): Play => uncertain().queried(notExist).cancelled(answered('N'));
  const at = (play: Play, ms: number): Play => play.after(ms - play.nowMs);

  it('asks again after TRADE_NOT_EXIST until the instant that proves it', () => {
    assert.deepEqual(pollOf(watched()), {
      keepAskingOn: ['TRADE_NOT_EXIST', ...NO_INFORMATION],
      firstMs: 5_000,
      factor: 2,
      capMs: 300_000,
      untilMs: PROVEN_MS,
    });
  });
  it('reports TRADE_NOT_EXIST from exactly that instant on', () => {
    const { known, untilMs } = pollOf(at(watched(), PROVEN_MS).queried(noAnswer));
    assert.deepEqual(known.word, 'TRADE_NOT_EXIST');
    assert.equal(untilMs, PROVEN_MS + DAY_MS);
    assert.equal(pollOf(at(watched(), PROVEN_MS - 1).queried(noAnswer)).untilMs, PROVEN_MS);
  });
  it('asks for the second proof 10 s after the first was read', () => {
    const play = at(watched(), PROVEN_MS + HOUR_MS).queried(notExist);
    const { known, untilMs } = pollOf(play);
    assert.equal(known.word, 'TRADE_NOT_EXIST');
    assert.equal(untilMs, PROVEN_MS + HOUR_MS + 10_000);
  });
});

describe('A parked trade is asked about slowly, for a day at a time, until the answer is another than', () => {
  const slowly = (keepAskingOn: readonly string[], nowMs: number): object => ({
    keepAskingOn,
    firstMs: 300_000,
    factor: 1,
    capMs: 300_000,
    untilMs: nowMs + DAY_MS,
  });
  const rows: readonly (readonly [string, OperatorReason, () => Play, readonly string[]])[] = [
    ['a failure, of a trade never seen', 'configuration', () => new Play().queried(misconfigured), STILL_BROKEN],
    [
      'a failure or "no such trade", of a trade seen before',
      'configuration',
      () => new Play().queried(waiting).queried(misconfigured),
      [...STILL_BROKEN, 'TRADE_NOT_EXIST'],
    ],
    [
      'a failure or "no such trade", of a trade seen with another amount',
      'configuration',
      () => new Play().queried(trade('WAIT_BUYER_PAY', { totalAmount: '1.00' })).queried(misconfigured),
      [...STILL_BROKEN, 'TRADE_NOT_EXIST'],
    ],
    ['a failure', 'queryRefused', () => new Play().queried(failed(FailureClass.rejected)), STILL_BROKEN],
    [
      'a failure or "no such trade"',
      'tradeNoUnknown',
      () => new Play({ tradeNo: TRADE_NO }).queried(notExist),
      [...STILL_BROKEN, 'TRADE_NOT_EXIST'],
    ],
    [
      'one that leaves it open',
      'cancelRefused',
      () => uncertain().queried(waiting).cancelled(refusedWith('ACQ.TRADE_HAS_FINISHED')).queried(paid),
      STILL_OPEN,
    ],
    [
      'one that leaves it open',
      'cancelWindowOver',
      () => uncertain().queried(waiting).cancelled(refusedWith('ACQ.TRADE_CANCEL_TIME_OUT')).queried(paid),
      STILL_OPEN,
    ],
    [
      'one with the right amount',
      'amountMismatch',
      () => new Play().queried(trade('TRADE_SUCCESS', { totalAmount: '1.00' })),
      [...STILL_OPEN, 'TRADE_CLOSED'],
    ],
    [
      'one with the right number',
      'tradeNoMismatch',
      () => new Play({ outTradeNo: 'T1', tradeNo: '2019032622001494891000000000' }).queried(paid),
      [...STILL_OPEN, 'TRADE_CLOSED'],
    ],
    [
      'one that leaves it open',
      'refundRefused',
      () =>
        uncertain()
          .queried(waiting)
          .cancelled(refusedWith('ACQ.CANCEL_NOT_ALLOWED'))
          .queried(paid)
          .after(60_000)
          .orderedRefund()
          .queried(waiting),
      STILL_OPEN,
    ],
  ];
  for (const [what, reason, parked, keepAskingOn] of rows) {
    it(`${what} (${reason})`, () => {
      const play = parked().isParkedFor(reason);
      assert.deepEqual(pollOf(play), slowly(keepAskingOn, play.nowMs));
    });
  }

  it('where its cancel is repeated instead, it is asked once, and the cancel follows', () => {
    const play = uncertain().queried(waiting).cancelled(refusedWith('ACQ.REASON_TRADE_BEEN_FREEZEN')).queried(paid);
    assert.deepEqual(play.isParkedFor('frozen').waited().command, { kind: 'query' });
  });
});
