/** The service starts the resolution before it calls pay: if it dies in between, the trade is resolved all the same. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { answered, closed, failed, noAnswer, notExist, paid, Play, START_MS, trade, waiting } from './play.ts';

const guarded = (): Play =>
  new Play({
    outTradeNo: 'T1',
    totalAmount: '88.88',
    payRequestedAt: '2026-11-24T10:00:00+08:00',
    guardUntil: '2026-11-24T10:00:40+08:00',
  });

describe('A guarded pay call', () => {
  it('is waited for: nothing is asked before the guard ends', () => {
    const { command, state } = guarded().isIn('guarding');
    assert.deepEqual(command, { kind: 'wait', untilMs: START_MS + 40_000 });
    assert.deepEqual(state.phase, { kind: 'guarding', untilMs: START_MS + 40_000, step: 'wait' });
    assert.deepEqual(guarded().lookNow().queried(waiting).state.phase, state.phase);
  });
  it('that is answered as paid ends the resolution at once, on the word of the service', () => {
    guarded().after(1_000).payAnswered('paid').ends('PAID', 'caller');
  });
  it('that is uncertain begins the resolution with a whole budget', () => {
    guarded().after(10_000).payAnswered('uncertain').isIn('querying').after(29_000).queried(waiting).isIn('querying');
  });
  it('that was refused is verified at once, and cancelled', () => {
    guarded().payAnswered('refused').wants('query').queried(notExist).wants('cancel');
  });
  it('that was refused, but turns out paid, is PAID', () =>
    guarded().payAnswered('refused').queried(paid).ends('PAID'));
  it('that is never answered, because the service died, is resolved when the guard ends', () => {
    guarded().waited().isIn('querying').wants('query').queried(paid).ends('PAID');
  });
  it('is looked at once when a notification arrives, and then waited for again', () => {
    guarded()
      .after(5_000)
      .lookNow()
      .wants('query')
      .queried(waiting)
      .isIn('guarding')
      .wants('wait')
      .lookNow()
      .queried(paid)
      .ends('PAID');
  });
  it('can be given up by the cashier', () => guarded().cancelNow().wants('query').queried(waiting).wants('cancel'));
  it('is not believed after the guard: the query decides', () => {
    guarded().waited().payAnswered('paid').isIn('querying').wants('query');
  });
  it('is not believed while a cancel is under way', () => {
    const play = guarded().cancelNow().queried(waiting).cancelled(answered('Y'));
    play.payAnswered('paid').isIn('cancelling').wants('query').queried(closed).isIn('closing');
  });
  it('of another amount is parked when a look shows it', () => {
    guarded()
      .lookNow()
      .queried(trade('TRADE_SUCCESS', { totalAmount: '1.00' }))
      .isParkedFor('amountMismatch');
  });
  it('whose guard is over at the start is resolved at once', () => {
    new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T09:59:59+08:00' }).isIn('querying');
  });
  it('whose guard ends at the very start is resolved at once', () => {
    new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:00+08:00' }).isIn('querying');
  });
  it('that the service calls uncertain after the guard is not held for paid', () => {
    const play = guarded().waited().payAnswered('uncertain');
    play.after(60_000).queried(noAnswer).wants('cancel');
  });
  it('stays called paid, whatever the service says later', () => {
    const play = guarded().waited().payAnswered('paid').payAnswered('uncertain');
    play.after(60_000).queried(noAnswer).isParkedFor('payAnswerMismatch');
  });
  it('that the service calls paid after the cashier gave up is asked about slowly, not in a hot loop, and a person is told', () => {
    const play = guarded().cancelNow().payAnswered('paid').queried(noAnswer).isParkedFor('payAnswerMismatch');
    assert.deepEqual(play.command, { kind: 'wait', untilMs: play.nowMs + 300_000 });
  });
  it('is over where the start says what the service knows by then: nobody is in a pay call any more', () => {
    const guardUntil = '2026-11-24T10:00:40+08:00';
    new Play({ outTradeNo: 'T1', guardUntil, payAnswer: 'paid' }).isIn('querying').wants('query');
  });
  it('that the cashier had given up at the start is asked about once when the guard ends, not earlier, and cancelled', () => {
    const play = new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00', cancelNow: true });
    play.isIn('guarding').wants('wait').waited().isIn('querying').queried(waiting).wants('cancel');
  });
  it('is no shorter where a look meets a misconfigured worker, or a query that is refused', () => {
    for (const failure of ['configuration', 'rejected', 'business'] as const) {
      const play = guarded().lookNow().queried(failed(failure)).isIn('guarding');
      assert.deepEqual(play.command, { kind: 'wait', untilMs: START_MS + 40_000 });
    }
  });
  it('is over at its end, though no worker was there to see it: a word that is heard later is one after the guard', () => {
    const late = (): Play => guarded().after(40_000);
    late().payAnswered('paid').wants('query').queried(noAnswer).waited().isIn('querying');
    late().payAnswered('paid').queried(paid).ends('PAID', 'alipay');
    guarded().after(39_999).payAnswered('paid').ends('PAID', 'caller');
  });
  it('that ended with a word while a look was under way stays as it ended, whatever the look is answered', () => {
    for (const answer of [notExist, waiting, closed, noAnswer]) {
      guarded().lookNow().payAnswered('paid').seesLate(answer).ends('PAID', 'caller');
    }
  });
});
