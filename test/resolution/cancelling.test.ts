/** What follows an answer to a cancel. The rule stands in `resolution/cancelling.ts`, `afterCancel`. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import {
  answered,
  closed,
  failed,
  HOUR_MS,
  noAnswer,
  notExist,
  paid,
  refused,
  Play,
  trade,
  uncertain,
  waiting,
} from './play.ts';

const toCancel = (): Play => uncertain().queried(waiting);

describe('A cancel answered 10000', () => {
  it('with retry_flag N and action is not success: TRADE_CLOSED must be seen', () => {
    toCancel().cancelled(answered('N', 'close')).isIn('cancelling').wants('query').queried(closed).ends('CLOSED');
  });
  it('with action=refund and TRADE_CLOSED is REFUNDED', () =>
    toCancel().cancelled(answered('N', 'refund')).queried(closed).ends('REFUNDED'));
  it('with action, but not yet seen closed, is backed off, looked at and repeated', () => {
    toCancel()
      .cancelled(answered('N', 'close'))
      .queried(waiting)
      .wants('wait')
      .waited()
      .wants('query')
      .queried(waiting)
      .wants('cancel');
  });
  it('with retry_flag Y is backed off, looked at and repeated', () => {
    toCancel().cancelled(answered('Y')).wants('wait').waited().wants('query').queried(waiting).wants('cancel');
  });
  it('with retry_flag Y and an action is repeated too, and its action is remembered', () => {
    toCancel().cancelled(answered('Y', 'refund')).waited().queried(closed).ends('REFUNDED');
  });
  it('without retry_flag is unknown: backed off, looked at, repeated', () => {
    toCancel().cancelled(answered()).wants('wait').waited().queried(waiting).wants('cancel');
  });
  it('with N and no action, for a trade never seen, is not closed: it is watched', () => {
    uncertain().queried(notExist).cancelled(answered('N')).isIn('watching').wants('query');
  });
  it('with anything but N, for a trade never seen either, is repeated: only N denies the trade', () => {
    for (const answer of [answered('Y'), answered()])
      uncertain().queried(notExist).cancelled(answer).isIn('cancelling').wants('wait');
  });
  it('with N and no action, for a trade seen before, failed inside: it is repeated', () => {
    toCancel().cancelled(answered('N')).isIn('cancelling').wants('wait').waited().queried(waiting).wants('cancel');
  });
  it('keeps its action when a later, repeated cancel does not repeat it', () => {
    toCancel()
      .cancelled(answered('N', 'refund'))
      .queried(noAnswer)
      .waited()
      .queried(noAnswer)
      .cancelled(answered('N'))
      .waited()
      .queried(closed)
      .ends('REFUNDED');
  });
});

describe('Cancels', () => {
  it('back off longer each time, up to the cap', () => {
    const play = toCancel();
    const delays: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      play.cancelled(noAnswer);
      assert.ok(play.command.kind === 'wait');
      delays.push(play.command.untilMs - play.nowMs);
      play.waited().queried(waiting);
    }
    assert.deepEqual(delays, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });
  it('are repeated at once when someone wants a look during the back-off, after a query', () => {
    toCancel().cancelled(noAnswer).wants('wait').lookNow().wants('query').queried(waiting).wants('cancel');
  });
  it('end 24 h after the pay request, less the margin: then a person decides', () => {
    const play = toCancel()
      .cancelled(noAnswer)
      .after(24 * HOUR_MS - 5 * 60_000 - 30_000)
      .waited();
    play.queried(waiting).isParkedFor('cancelWindowOver').wants('wait');
  });
  it('are still sent just inside the window', () => {
    toCancel()
      .cancelled(noAnswer)
      .after(24 * HOUR_MS - 5 * 60_000 - 31_000)
      .lookNow()
      .queried(waiting)
      .wants('cancel');
  });
  it('never start for a trade that is started a day late and still waits', () => {
    new Play({
      outTradeNo: 'T1',
      payRequestedAt: '2026-11-23T09:00:00+08:00',
      payExpiresAt: '2026-11-25T09:00:00+08:00',
    })
      .after(30_000)
      .queried(waiting)
      .isParkedFor('cancelWindowOver');
  });
});

describe('A trade that is started a day late', () => {
  const late = { outTradeNo: 'T1', payRequestedAt: '2026-11-23T09:00:00+08:00' };
  it('and that Alipay does not know is watched: there is nothing to cancel', () => {
    const play = new Play({ ...late, payExpiresAt: '2026-11-25T09:00:00+08:00' }).after(30_000);
    play.queried(notExist).isIn('watching').wants('query');
  });
  it('and that nobody can ask about is told as that, not as too old', () =>
    new Play(late).after(30_000).queried(noAnswer).isParkedFor('noReadableAnswer'));
});

describe('No first cancel is sent', () => {
  it('of a trade whose outTradeNo no answer has named: the run that has it must know of every cancel', () =>
    uncertain({ tradeNo: '2019032622001494891000009752' }).queried(noAnswer).isParkedFor('noReadableAnswer'));
  for (const failure of [FailureClass.forged, FailureClass.notOurs]) {
    it(`while the answers are ${failure}: a wrong public key must not reverse paid sales`, () => {
      uncertain()
        .queried(failed(failure))
        .isParkedFor('configuration')
        .askedAgain(failed(failure))
        .isParkedFor('configuration');
      uncertain().queried(failed(failure)).askedAgain(paid).ends('PAID');
    });
  }
  it('on an answer that nobody was there to read for hours: the buyer may have paid since', () => {
    uncertain()
      .after(6 * HOUR_MS)
      .queried(waiting, { ageMs: 6 * HOUR_MS })
      .isIn('querying')
      .wants('query')
      .queried(paid)
      .ends('PAID');
  });
  it('on an answer older than five minutes; one of exactly five minutes may only have waited in a queue', () => {
    const late = (): Play => uncertain().after(HOUR_MS);
    late().queried(waiting, { ageMs: 300_001 }).isIn('querying').wants('query');
    late().queried(waiting, { ageMs: 300_000 }).wants('cancel');
  });
  it('on such an answer in the middle of cancelling, either', () => {
    toCancel()
      .cancelled(noAnswer)
      .waited()
      .after(HOUR_MS)
      .queried(waiting, { ageMs: HOUR_MS })
      .wants('query')
      .queried(waiting)
      .wants('cancel');
  });
  it('of a trade that the service calls paid, whatever Alipay says of it: a person compares', () => {
    const play = new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00' }).waited().payAnswered('paid');
    play.after(60_000).queried(noAnswer).isParkedFor('payAnswerMismatch').askedAgain(waiting).wants('wait');
    play.isParkedFor('payAnswerMismatch');
  });
});

describe('A refused cancel', () => {
  const rows = [
    ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'sellerBalanceNotEnough', 'says paid'],
    ['ACQ.REASON_TRADE_BEEN_FREEZEN', 'frozen', 'says paid'],
    ['ACQ.TRADE_CANCEL_TIME_OUT', 'cancelWindowOver', 'says no more'],
    ['ACQ.TRADE_HAS_FINISHED', 'cancelRefused', 'says paid'],
    ['ACQ.CANCEL_NOT_ALLOWED', 'cancelRefused', 'says no more'],
    ['ACQ.REASON_TRADE_REFUND_FEE_ERR', 'cancelRefused', 'says paid'],
    ['ACQ.SOMETHING_NEW', 'cancelRefused', 'says no more'],
  ] as const;

  for (const [subCode, reason, meaning] of rows) {
    it(`with ${subCode} is looked at first, then waits for a person as ${reason}`, () => {
      toCancel().cancelled(refused(subCode)).wants('query').queried(paid).isParkedFor(reason);
    });
    const lookShowsClosed = (): Play => toCancel().cancelled(refused(subCode)).queried(closed).waited();
    it(`with ${subCode} is done all the same when the look shows TRADE_CLOSED and the refund query a refund`, () =>
      lookShowsClosed().refundQueried({ kind: 'refund', found: 'done', refundAmount: '88.88' }).ends('REFUNDED'));
    if (meaning === 'says paid') {
      it(`with ${subCode} says that the trade was paid: closed, and no refund known, it waits for a person`, () => {
        lookShowsClosed().refundQueried({ kind: 'refund', found: 'nothing' }).isParkedFor('closureKindUnknown');
      });
    } else {
      it(`with ${subCode} is CLOSED when the look shows TRADE_CLOSED and the refund query knows no refund`, () => {
        lookShowsClosed().refundQueried({ kind: 'refund', found: 'nothing' }).ends('CLOSED');
      });
    }
  }

  it('with retry_flag Y is repeated, whatever the code', () => {
    toCancel()
      .cancelled(refused('ACQ.CANCEL_NOT_ALLOWED', 'Y'))
      .wants('wait')
      .waited()
      .queried(waiting)
      .wants('cancel');
  });
  it('that names an action all the same has its action remembered', () => {
    const odd = { ...refused('ACQ.CANCEL_NOT_ALLOWED'), action: 'refund' } as const;
    toCancel().cancelled(odd).queried(closed).ends('REFUNDED');
    toCancel().cancelled(odd).queried(paid).isParkedFor('cancelRefused');
  });
  it('for want of balance is repeated slowly and goes through after the top-up', () => {
    const play = toCancel()
      .cancelled(refused('ACQ.SELLER_BALANCE_NOT_ENOUGH'))
      .queried(paid)
      .isParkedFor('sellerBalanceNotEnough')
      .wants('wait');
    play
      .waited()
      .queried(paid)
      .wants('cancel')
      .cancelled(refused('ACQ.SELLER_BALANCE_NOT_ENOUGH'))
      .isParkedFor('sellerBalanceNotEnough')
      .wants('wait');
    play.lookNow().queried(paid).cancelled(answered('N', 'refund')).queried(closed).ends('REFUNDED');
  });
  it('for good is only looked at, until someone refunds the trade at Alipay', () => {
    toCancel()
      .cancelled(refused('ACQ.TRADE_HAS_FINISHED'))
      .queried(trade('TRADE_FINISHED'))
      .isParkedFor('cancelRefused')
      .waited()
      .wants('query')
      .queried(closed)
      .ends('REFUNDED');
  });
  it('for lack of permission waits for a person and is repeated', () => {
    toCancel()
      .cancelled(failed(FailureClass.configuration, 'isv.insufficient-isv-permissions'))
      .queried(waiting)
      .isParkedFor('cancelNotPermitted')
      .waited()
      .queried(waiting)
      .wants('cancel');
  });
  it('for too many calls is only backed off', () =>
    toCancel().cancelled(failed(FailureClass.limited)).isIn('cancelling').wants('wait'));
});
