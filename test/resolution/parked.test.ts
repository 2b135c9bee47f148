/** A parked trade is never deaf: whatever Alipay says changes the picture within one poll; a decision is judged by a query made after it was sent. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { QueryAnswer } from '../../contract/answers.ts';
import { whyNotDecideManually } from '../../resolution/index.ts';
import { Driver, type Answers, type MessageInTime } from './driver.ts';
import {
  answered,
  closed,
  failed,
  HOUR_MS,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  refused,
  START_MS,
} from './play.ts';
import { trade, uncertain, waiting } from './play.ts';

const SLOW_MS = 5 * MINUTE_MS;
const DAY_LATE = { outTradeNo: 'T1', totalAmount: '88.88', payRequestedAt: '2026-11-23T09:00:00+08:00' } as const;
const TOO_OLD = refused('ACQ.TRADE_CANCEL_TIME_OUT');
const NOT_ALLOWED = refused('ACQ.CANCEL_NOT_ALLOWED');
const BUYER_PAYS_MS = START_MS + 4 * HOUR_MS;

/** Queries say one thing, and from an instant on another. */
function untilThen(before: QueryAnswer, thenMs: number, after: QueryAnswer): Answers {
  return {
    query: (_calls, atMs) => (atMs < thenMs ? before : after),
    cancel: () => NOT_ALLOWED,
    refund: () => noAnswer,
    queryRefund: () => ({ kind: 'tradeNotExist' }),
  };
}

describe('A trade that is started 25 h after pay, and asked about in vain at first,', () => {
  it('is PAID within one poll of TRADE_SUCCESS', () => {
    const driver = new Driver(DAY_LATE, untilThen(noAnswer, BUYER_PAYS_MS, paid)).runUntil(START_MS + 48 * HOUR_MS);
    const { phase } = driver.state;
    assert.ok(phase.kind === 'done' && phase.outcome === 'PAID', phase.kind);
    assert.ok(phase.atMs - BUYER_PAYS_MS <= SLOW_MS, `${phase.atMs - BUYER_PAYS_MS} ms later`);
  });
  it('is so however often somebody looks in between', () => {
    const messages: readonly MessageInTime[] = Array.from({ length: 20 }, (_, index) => ({
      atMs: START_MS + (index + 1) * 11 * MINUTE_MS,
      message: { kind: 'lookNow' },
    }));
    const driver = new Driver(DAY_LATE, untilThen(noAnswer, BUYER_PAYS_MS, paid), { messages });
    const { phase } = driver.runUntil(START_MS + 48 * HOUR_MS).state;
    assert.ok(phase.kind === 'done' && phase.outcome === 'PAID', phase.kind);
    assert.ok(phase.atMs - BUYER_PAYS_MS <= SLOW_MS);
  });
  it('is NOT_CREATED within half an hour where it does not exist', () => {
    const driver = new Driver(DAY_LATE, untilThen(noAnswer, START_MS + MINUTE_MS, notExist)).runUntil(
      START_MS + 48 * HOUR_MS,
    );
    const { phase } = driver.state;
    assert.ok(phase.kind === 'done' && phase.outcome === 'NOT_CREATED', phase.kind);
    assert.ok(phase.atMs - START_MS <= 30 * MINUTE_MS, `${phase.atMs - START_MS} ms`);
  });
  it('is read again and again, and its status is never older than one poll', () => {
    const driver = new Driver(DAY_LATE, untilThen(noAnswer, BUYER_PAYS_MS, waiting)).runUntil(BUYER_PAYS_MS + SLOW_MS);
    assert.equal(driver.state.memory.tradeStatus, 'WAIT_BUYER_PAY');
  });
});

describe('Of a parked trade that cannot be cancelled', () => {
  const parked = (): Play =>
    uncertain().queried(waiting).cancelled(NOT_ALLOWED).queried(waiting).isParkedFor('cancelRefused');
  const order = { kind: 'refund', who: 'Li Na', why: 'the sale is off' } as const;

  it('TRADE_SUCCESS is heard: a refund in full can then be ordered, and CLOSED can no longer be decided', () => {
    const play = parked()
      .askedAgain(paid)
      .isParkedFor('cancelRefused')
      .at(START_MS + 4 * HOUR_MS);
    assert.equal(play.resolution.tradeStatus, 'TRADE_SUCCESS');
    assert.equal(whyNotDecideManually(play.state, order, play.nowMs), undefined);
    const closedNow = { kind: 'outcome', outcome: 'CLOSED', who: 'Li Na', why: 'portal' } as const;
    assert.match(whyNotDecideManually(play.state, closedNow, play.nowMs) ?? '', /signed that the trade is paid/);
  });
  it('TRADE_SUCCESS begins the refund at once, where the start switched it on', () => {
    const willing = uncertain({ outTradeNo: 'T1', refundIfNotCancellable: true });
    const play = willing.queried(waiting).cancelled(TOO_OLD).queried(waiting).isParkedFor('cancelWindowOver').waited();
    play.queried(paid).isIn('refunding').wants('query').queried(paid).wants('refund');
  });
  it('TRADE_CLOSED is heard', () => {
    const play = parked().askedAgain(closed).isIn('closing').waited();
    play.refundQueried({ kind: 'refund', found: 'nothing' }).ends('CLOSED');
  });
  it('an answer of a worker that is misconfigured changes nothing: it is parked for what it was parked for', () => {
    for (const failure of ['configuration', 'rejected', 'business'] as const)
      parked()
        .askedAgain(failed(failure))
        .isParkedFor('cancelRefused')
        .wants('wait')
        .askedAgain(closed)
        .isIn('closing');
  });
  it('an answer about another amount is told, whatever it was parked for', () =>
    parked()
      .askedAgain(trade('TRADE_SUCCESS', { totalAmount: '1.00' }))
      .isParkedFor('amountMismatch'));
  it('a poll that a message interrupts forgets nothing of what it has read', () => {
    const messages: readonly MessageInTime[] = [3.5, 7.5, 9].map((hours) => ({
      atMs: START_MS + hours * HOUR_MS + 1,
      message: { kind: 'lookNow' },
    }));
    const driver = new Driver({ outTradeNo: 'T1' }, untilThen(waiting, BUYER_PAYS_MS, paid), { messages });
    const { tradeNo, tradeStatus, signed, polls } = driver.runUntil(START_MS + 10 * HOUR_MS).state.memory;
    assert.deepEqual([tradeNo, tradeStatus, signed?.says], ['2019032622001494891000009752', 'TRADE_SUCCESS', 'paid']);
    const asked = driver.calls.filter(({ kind }) => kind === 'query').length;
    // The poll that is under way has not been reported yet.
    assert.ok(asked >= polls && asked - polls <= 12, `${polls} of ${asked} queries`);
  });
});

describe('A cancel that is answered ACQ.TRADE_NOT_EXIST', () => {
  const denied = refused('ACQ.TRADE_NOT_EXIST');
  it('for a trade never seen is the denial of a trade: it is watched, and no person is asked', () =>
    uncertain().queried(notExist).cancelled(denied).isIn('watching').wants('query'));
  it('is followed by the cancel at once where the trade appears', () =>
    uncertain().queried(notExist).cancelled(denied).after(MINUTE_MS).queried(waiting).wants('cancel'));
  it('for a trade that was seen failed inside: the cancel is repeated', () =>
    uncertain()
      .queried(waiting)
      .cancelled(denied)
      .isIn('cancelling')
      .wants('wait')
      .waited()
      .queried(waiting)
      .wants('cancel'));
});

describe('A decision', () => {
  const frozen = (): Play =>
    uncertain().queried(waiting).cancelled(refused('ACQ.REASON_TRADE_BEEN_FREEZEN')).queried(paid).after(MINUTE_MS);
  const unpaid = (): Play =>
    uncertain()
      .queried(waiting)
      .cancelled(NOT_ALLOWED)
      .queried(waiting)
      .at(START_MS + 4 * HOUR_MS);

  it('is judged by a query made after it was sent, and not before that is answered', () => {
    const play = frozen().decidedManually('PAID').isParkedFor('frozen').wants('query');
    assert.deepEqual(play.command, { kind: 'query' });
    play.queried(paid).ends('PAID', 'operator');
  });
  it('falls where the answer contradicts it, and the trade goes on as if it had never been sent', () => {
    unpaid()
      .decidedManually('CLOSED')
      .queried(paid)
      .isParkedFor('cancelRefused')
      .wants('wait')
      .askedAgain(paid)
      .wants('wait');
    frozen().decidedManually('PAID').queried(waiting).wants('cancel');
  });
  it('stands where the answer says nothing', () =>
    unpaid().decidedManually('CLOSED').queried(noAnswer).ends('CLOSED', 'operator'));
  it('stands where two workers disagree how to ask', () =>
    unpaid().decidedManually('CLOSED').queried(failed('configuration')).ends('CLOSED', 'operator'));
  it('has nothing left to decide where the answer proves the same: that is Alipay’s word, not an operator’s', () =>
    uncertain()
      .queried(failed('configuration'))
      .after(MINUTE_MS)
      .decidedManually('PAID')
      .queried(paid)
      .ends('PAID', 'alipay'));
  it('has nothing left to decide where the answer names the number of the run that decides', () => {
    const byTradeNo = uncertain({ tradeNo: '2019032622001494891000009752' }).queried(notExist);
    const play = byTradeNo.isParkedFor('tradeNoUnknown').at(START_MS + 4 * HOUR_MS);
    play.decidedManually('CLOSED').queried(waiting).isIn('handed-over');
  });
  it('has nothing left to decide where the answer decides', () =>
    uncertain()
      .queried(failed('configuration'))
      .at(START_MS + 4 * HOUR_MS)
      .decidedManually('CLOSED')
      .queried(paid)
      .ends('PAID'));
  it('is not judged by an answer that nobody was there to read for hours: that moves no money either', () => {
    const play = frozen()
      .decidedManually('PAID')
      .after(6 * HOUR_MS)
      .queried(waiting, { ageMs: 6 * HOUR_MS });
    play.isParkedFor('frozen').wants('query').queried(waiting).wants('cancel');
  });
  it('is judged by a fresh answer after such an old one, also where that parks the trade for another reason', () => {
    const old = { ageMs: 6 * HOUR_MS };
    const stranger = trade('WAIT_BUYER_PAY', { totalAmount: '1.00' });
    const play = frozen()
      .decidedManually('PAID')
      .after(6 * HOUR_MS)
      .queried(stranger, old);
    play.isParkedFor('amountMismatch').wants('query').queried(noAnswer).isParkedFor('amountMismatch').wants('wait');
    const bare = frozen()
      .decidedManually('PAID')
      .after(6 * HOUR_MS)
      .queried(noAnswer, old)
      .wants('query');
    bare.queried(paid).ends('PAID', 'operator');
  });
  it('is judged by a fresh answer too where the old one would have gone on cancelling: it moves no money', () => {
    const cancelling = uncertain().queried(waiting).cancelled(noAnswer).waited().queried(failed('configuration'));
    const play = cancelling
      .isParkedFor('configuration')
      .at(START_MS + 4 * HOUR_MS)
      .decidedManually('CLOSED');
    const { phase } = play.state;
    play
      .after(6 * HOUR_MS)
      .queried(waiting, { ageMs: 6 * HOUR_MS })
      .wants('query');
    assert.deepEqual(play.state.phase, phase);
    play.queried(waiting).ends('CLOSED', 'operator');
  });
  it('has nothing left to decide where an old answer decides: TRADE_CLOSED does not grow old', () => {
    const play = frozen()
      .decidedManually('PAID')
      .after(6 * HOUR_MS)
      .queried(closed, { ageMs: 6 * HOUR_MS });
    play.ends('REFUNDED');
  });
  it('is not crossed by another one: its sender learns that the first is being checked', () => {
    const { state, nowMs } = frozen().decidedManually('PAID');
    const other = { kind: 'outcome', outcome: 'PAID', who: 'Wang', why: 'I know the buyer' } as const;
    assert.match(
      whyNotDecideManually(state, other, nowMs) ?? '',
      /^Another decision is being checked with a fresh query/,
    );
  });
  it('survives a wish to look and the word of the service meanwhile', () => {
    frozen().decidedManually('PAID').lookNow().payAnswered('paid').queried(paid).ends('PAID', 'operator');
  });
  it('to refund begins with the fresh query, and the refund follows one more', () => {
    const play = frozen().orderedRefund().wants('query').queried(paid).isIn('refunding').wants('query');
    play.queried(paid).wants('refund');
  });
  it('to refund falls where the trade is not paid any more', () =>
    frozen().orderedRefund().queried(closed).ends('REFUNDED'));
});

describe('A trade parked with another amount', () => {
  const parked = (): Play =>
    new Play().queried(trade('WAIT_BUYER_PAY', { totalAmount: '1.00' })).isParkedFor('amountMismatch');
  it('is heard too: what that trade is signed as is known to the manualDecision', () => {
    const play = parked()
      .askedAgain(trade('TRADE_SUCCESS', { totalAmount: '1.00' }))
      .isParkedFor('amountMismatch');
    assert.equal(play.state.memory.signed?.says, 'paid');
    assert.equal(play.resolution.tradeStatus, undefined, 'nothing of it is a fact of this trade');
  });
  it('is not cancelled when another answer shows the right one: a person looks first', () =>
    parked().askedAgain(waiting).isParkedFor('amountMismatch').wants('wait'));
});

describe('A trade parked for want of balance', () => {
  it('hears that its cancel gave the money back', () => {
    const balance = refused('ACQ.SELLER_BALANCE_NOT_ENOUGH');
    const play = uncertain().queried(waiting).cancelled(balance).queried(paid).waited().queried(paid);
    play.cancelled(answered('N', 'refund')).queried(closed).ends('REFUNDED');
  });
});
