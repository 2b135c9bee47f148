/**
 * Nothing said before a first cancel is unread by it: neither the word of the service that its pay call was answered as paid, nor an answer that did not
 * verify.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import { whyNotCancelNow } from '../../resolution/index.ts';
import { payAnswerMismatch } from '../../resolution/pay-answer.ts';
import { Driver } from './driver.ts';
import { answered, closed, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, paid, Play, START_MS } from './play.ts';
import { trade, uncertain, waiting } from './play.ts';

const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const SAID: ResolutionInput = { outTradeNo: 'T1', totalAmount: '88.88', payAnswer: 'paid' };

describe('The word "paid" of the service', () => {
  it('that comes while the last question of the budget is in flight is heard before the cancel', () => {
    uncertain()
      .queried(noAnswer)
      .wants('cancel')
      .payAnswered('paid')
      .isIn('querying')
      .wants('query')
      .queried(paid)
      .ends('PAID');
    const play = uncertain().queried(noAnswer).wants('cancel').payAnswered('paid').queried(noAnswer);
    play.isParkedFor('payAnswerMismatch').wants('wait');
  });
  it('that comes before it is heard too, in whichever order it and cancelNow come', () => {
    new Play().payAnswered('paid').cancelNow().queried(waiting).isParkedFor('payAnswerMismatch');
    new Play().cancelNow().payAnswered('paid').queried(waiting).isParkedFor('payAnswerMismatch');
    new Play().queried(waiting).payAnswered('paid').queried(waiting).isIn('querying').wants('wait');
  });
  it('is named beside what Alipay says, as both are now', () => {
    const play = uncertain(SAID).queried(noAnswer).isParkedFor('payAnswerMismatch');
    const both = 'Needs a person: the service says that its pay call was answered as paid; Alipay';
    assert.equal(play.resolution.summary, `${both} gives no readable answer (unknown).`);
    assert.equal(play.askedAgain(waiting).resolution.summary, `${both} says WAIT_BUYER_PAY.`);
    assert.equal(
      play.askedAgain(noAnswer).resolution.summary,
      `${both} gives no readable answer (unknown), and said WAIT_BUYER_PAY before.`,
    );
    assert.equal(play.resolution.payAnswer, 'paid');
  });
  it('against a trade that Alipay knows nothing of parks, and NOT_CREATED is never said', () => {
    const play = uncertain(SAID).queried(notExist).isParkedFor('payAnswerMismatch').at(PROVEN_MS);
    play.askedAgain(notExist).isParkedFor('payAnswerMismatch').after(HOUR_MS);
    play.askedAgain(notExist).isParkedFor('payAnswerMismatch').wants('wait');
    assert.match(play.resolution.summary, /Alipay says TRADE_NOT_EXIST\.$/);
  });
  it('that comes while the trade is watched keeps NOT_CREATED from being said, even between the last two questions', () => {
    const watched = (): Play => uncertain().queried(notExist).cancelled(answered('N')).at(PROVEN_MS);
    const early = watched()
      .payAnswered('paid')
      .queried(notExist)
      .waited()
      .at(PROVEN_MS + 3 * MINUTE_MS);
    early.queried(notExist).isParkedFor('payAnswerMismatch');
    const late = watched()
      .queried(notExist)
      .waited()
      .at(PROVEN_MS + 3 * MINUTE_MS)
      .queried(notExist)
      .wants('queryRefund');
    late.payAnswered('paid').refundQueried({ kind: 'tradeNotExist' }).isParkedFor('payAnswerMismatch');
  });
  it('that is true ends the resolution as its query allows, after such a park too', () => {
    uncertain(SAID).queried(waiting).isParkedFor('payAnswerMismatch').askedAgain(paid).ends('PAID');
    uncertain(SAID).queried(notExist).askedAgain(waiting).askedAgain(paid).ends('PAID');
    const parked = uncertain().queried(failed('forged')).isParkedFor('configuration');
    parked.payAnswered('paid').queried(paid).ends('PAID');
  });
  it('brings a look at once, parked or not', () => {
    uncertain().queried(failed('forged')).isParkedFor('configuration').payAnswered('paid').wants('query');
    new Play().queried(waiting).wants('wait').payAnswered('paid').wants('query');
  });
  it('does not undo a cancel that was sent: "paid" is no outcome then, and TRADE_CLOSED ends it', () => {
    const play = uncertain().queried(waiting).cancelled(noAnswer).payAnswered('paid').queried(paid).wants('cancel');
    play.cancelled(answered('N', 'refund')).queried(closed).ends('REFUNDED');
  });
  it('is not contradicted by a machine that says CLOSED where Alipay does not say what became of the money', () => {
    const play = uncertain(SAID).queried(closed).isIn('closing').waited();
    play.refundQueried({ kind: 'refund', found: 'nothing' }).isIn('needs-operator');
  });
  it('refuses cancelNow, with the reason, in every phase before the first cancel', () => {
    const guarded = new Play({ ...SAID, guardUntil: '2026-11-24T10:00:40+08:00' });
    const byTradeNo = uncertain({ tradeNo: '2019032622001494891000009752' }).queried(noAnswer).payAnswered('paid');
    for (const play of [
      guarded,
      new Play(SAID),
      uncertain(SAID).queried(waiting),
      byTradeNo,
      new Play(SAID).queried(closed),
    ])
      assert.match(
        whyNotCancelNow(play.state) ?? '',
        /^The service says that its pay call was answered as paid|payAnswerMismatch/,
      );
  });
});

describe('An answer that does not verify', () => {
  for (const failure of ['forged', 'notOurs'] as const) {
    it(`(${failure}) is remembered over those that say nothing: the eighth question times out, and no first cancel goes out`, () => {
      const play = new Play();
      for (let question = 1; question <= 7; question += 1) play.queried(failed(failure)).waited();
      play
        .at(START_MS + 30_000)
        .queried(noAnswer)
        .isParkedFor('configuration')
        .askedAgain(noAnswer)
        .wants('wait');
      assert.match(play.resolution.summary, /do not verify|about other trades/);
    });
    it(`(${failure}) keeps the first cancel back for a day of whatever failures follow it`, () => {
      const failures = ['unknown', 'notSent', 'unsigned', 'limited', 'configuration'] as const;
      const query = (calls: number): ReturnType<typeof failed> =>
        failed(calls === 3 ? failure : (failures[calls % 5] ?? failure));
      const answers = { query, cancel: () => noAnswer, refund: () => noAnswer, queryRefund: () => noAnswer };
      const driver = new Driver({ outTradeNo: 'T1' }, answers).runUntil(START_MS + 24 * HOUR_MS);
      assert.equal(driver.calls.filter(({ kind }) => kind === 'cancel').length, 0);
      assert.equal(driver.state.phase.kind, 'needs-operator');
    });
    it(`(${failure}) is forgotten when one verifies: WAIT_BUYER_PAY, "no such trade" or a refusal that Alipay has signed`, () => {
      new Play()
        .queried(failed(failure))
        .waited()
        .at(START_MS + 30_000)
        .queried(waiting)
        .wants('cancel');
      new Play()
        .queried(failed(failure))
        .waited()
        .at(START_MS + 30_000)
        .queried(notExist)
        .wants('cancel');
      const parked = uncertain().queried(failed(failure)).isParkedFor('configuration');
      parked.askedAgain(waiting).isIn('querying').after(30_000).askedAgain(noAnswer).wants('cancel');
    });
  }
  it('keeps nobody from repeating a cancel that was sent before', () =>
    uncertain().queried(waiting).cancelled(noAnswer).waited().queried(failed('forged')).wants('cancel'));
  it('is told as such by the summary of the buyer’s time', () => {
    assert.match(
      new Play().queried(failed('forged')).resolution.summary,
      /without a final answer by .* a person is asked\.$/,
    );
    assert.match(new Play(SAID).resolution.summary, /a person is asked\.$/);
    assert.match(new Play().resolution.summary, /the trade is cancelled\.$/);
  });
  it('about a stranger is none of these: the trade is parked with both amounts', () =>
    uncertain()
      .queried(trade('WAIT_BUYER_PAY', { totalAmount: '1.00' }))
      .isParkedFor('amountMismatch'));
});

describe('The two sides that a person compares', () => {
  it('are told too where Alipay has not answered yet', () => {
    const { memory } = new Play().state;
    const said = 'the service says that its pay call was answered as paid; Alipay has not answered yet';
    assert.equal(payAnswerMismatch(memory).detail, said);
    assert.equal(
      payAnswerMismatch({ ...memory, tradeStatus: 'TRADE_SUCCESS' }).detail,
      `${said}, and said TRADE_SUCCESS before`,
    );
  });
});

describe('The word "paid" that comes', () => {
  it('while the cancel that never left is backed off is followed by a look, still as a part of cancelling', () => {
    const play = uncertain().queried(waiting).cancelled(failed('notSent')).payAnswered('paid').isIn('cancelling');
    play.wants('query').queried(waiting).isParkedFor('payAnswerMismatch');
  });
  it('just before the first cancel brings the last question of the buyer’s time once more', () => {
    const play = uncertain().queried(waiting).payAnswered('paid');
    assert.deepEqual(play.state.phase, { kind: 'querying', untilMs: play.nowMs, step: { kind: 'query' }, asked: 0 });
  });
  it('after the end changes nothing', () => {
    new Play().queried(paid).payAnswered('paid').ends('PAID');
    new Play({ tradeNo: '2019032622001494891000009752' }).queried(paid).payAnswered('paid').isIn('handed-over');
  });
});
