/** When a trade may be called PAID. Each test plays one trade against `decide` and names the rule it shows. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import { decide, type State } from '../../resolution/index.ts';
import { answered, closed, failed, HOUR_MS, noAnswer, notExist, paid, Play, START_MS } from './play.ts';
import { trade, uncertain, waiting } from './play.ts';

describe('PAID', () => {
  it('is what a signed TRADE_SUCCESS says while no cancel was sent', () => new Play().queried(paid).ends('PAID'));

  it('is what a signed TRADE_FINISHED says while no cancel was sent', () =>
    new Play().queried(trade('TRADE_FINISHED')).ends('PAID'));

  it('is found by the query that replaces an interrupted wait', () =>
    new Play().after(4_000).lookNow().queried(paid).ends('PAID'));

  it('is what a trade becomes that is paid in the last query before the cancel', () =>
    uncertain().queried(paid).ends('PAID'));

  it('is what the cashier gets who gives up on a trade that was paid meanwhile', () =>
    new Play().cancelNow().queried(paid).ends('PAID'));

  it('is not concluded once a cancel may have reached Alipay: the cancel goes on', () => {
    uncertain().queried(waiting).cancelled(noAnswer).wants('wait').waited().queried(paid).wants('cancel');
  });

  it('is still concluded when every cancel surely never left', () => {
    uncertain().queried(waiting).cancelled(failed(FailureClass.notSent)).waited().queried(paid).ends('PAID');
  });

  it('is not concluded from a trade of another amount', () => {
    new Play()
      .queried(trade('TRADE_SUCCESS', { totalAmount: '88.80' }))
      .isParkedFor('amountMismatch')
      .wants('wait');
  });

  it('compares amounts as money, not as text', () => {
    new Play({ outTradeNo: 'T1', totalAmount: '88.8' })
      .queried(trade('TRADE_SUCCESS', { totalAmount: '88.80' }))
      .ends('PAID');
  });

  it('is not concluded from a trade with another tradeNo than was given', () => {
    new Play({ outTradeNo: 'T1', tradeNo: '2019032622001494891000000000' })
      .queried(paid)
      .isParkedFor('tradeNoMismatch');
  });

  it('is not concluded from a stranger, and a person is told both sides', () => {
    const amount = new Play().queried(trade('TRADE_SUCCESS', { totalAmount: '88.80' }));
    assert.equal(
      amount.resolution.summary,
      'Needs a person: Alipay holds this trade at 88.80 yuan, the start named 88.88 yuan.',
    );
    const number = new Play({ outTradeNo: 'T1', tradeNo: '2019032622001494891000000000' }).queried(paid);
    assert.match(
      number.resolution.summary,
      /is 2019032622001494891000009752, known before as 2019032622001494891000000000/,
    );
  });

  it('is what an old answer says too: a payment does not grow old', () =>
    new Play()
      .after(6 * HOUR_MS)
      .queried(paid, { ageMs: 6 * HOUR_MS })
      .ends('PAID'));

  it('is not concluded in the middle of a refund, whatever became of the cancel before it', () => {
    const { memory } = new Play().queried(waiting).state;
    const refunding: State = {
      memory: { ...memory, refundBegun: true },
      phase: { kind: 'refunding', step: { kind: 'query' }, round: 1 },
    };
    const report = { answer: paid, scheduledAtMs: START_MS, startedAtMs: START_MS, polls: 1, trail: [] };
    const { command } = decide(refunding, { kind: 'queried', report }, START_MS);
    assert.deepEqual(command, { kind: 'refund', outRequestNo: 'T1', refundFen: 8888 });
  });

  it("lets nothing of a stranger's answer become a fact of this trade", () => {
    const play = new Play().queried(
      trade('TRADE_SUCCESS', { totalAmount: '1.00', tradeNo: '2019032622001494891000000001' }),
    );
    assert.equal(play.resolution.tradeStatus, undefined);
    assert.equal(play.resolution.tradeNo, undefined);
  });

  for (const failure of [
    FailureClass.unsigned,
    FailureClass.forged,
    FailureClass.notOurs,
    FailureClass.unknown,
    FailureClass.notSent,
    FailureClass.limited,
  ]) {
    it(`is never learned from a call that is ${failure}: the query is repeated`, () => {
      new Play().queried(failed(failure)).isIn('querying').waited().queried(paid).ends('PAID');
    });
  }
});

describe('Before the first cancel', () => {
  it('the buyer gets the whole budget: WAIT_BUYER_PAY and TRADE_NOT_EXIST are asked again until its end', () => {
    const play = new Play();
    for (let question = 1; play.nowMs < START_MS + 30_000; question += 1) {
      play
        .queried(question % 2 === 0 ? notExist : waiting)
        .isIn('querying')
        .waited();
    }
    assert.equal(play.nowMs, START_MS + 30_000);
    play.wants('query').queried(waiting).wants('cancel');
  });

  it('an inconclusive query comes, with nothing in between', () => uncertain().queried(waiting).wants('cancel'));
  it('even no answer at all is inconclusive', () => uncertain().queried(noAnswer).wants('cancel'));
  it('TRADE_NOT_EXIST is inconclusive too', () => uncertain().queried(notExist).wants('cancel'));
  it('cancelNow still asks once more', () => new Play().cancelNow().wants('query').queried(waiting).wants('cancel'));
  it('a closed trade is never cancelled', () =>
    uncertain().queried(closed).wants('wait').waited().wants('queryRefund'));
  it('retryNow and notifications only look: they bring no cancel before the budget is used up', () => {
    new Play().lookNow().queried(waiting).lookNow().queried(notExist).isIn('querying').wants('wait');
  });
  it('pressing cancelNow twice changes nothing', () => {
    new Play()
      .cancelNow()
      .cancelNow()
      .queried(waiting)
      .wants('cancel')
      .cancelled(answered('N', 'close'))
      .cancelNow()
      .wants('query');
  });
});
