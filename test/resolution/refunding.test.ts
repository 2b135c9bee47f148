/** A refund instead of a cancel: only on order, only of a trade that is paid, under one number, and proven. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import { whyNotDecideManually } from '../../resolution/index.ts';
import { answered, closed, failed, HOUR_MS, noAnswer, paid, Play, trade, uncertain, waiting } from './play.ts';

const notAllowed = { ...failed(FailureClass.business, 'ACQ.CANCEL_NOT_ALLOWED'), retryFlag: 'N' } as const;
const balanceShort = failed(FailureClass.business, 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
const parkedPaid = (): Play =>
  uncertain().queried(waiting).cancelled(notAllowed).queried(paid).isParkedFor('cancelRefused');
const ordered = (): Play => parkedPaid().after(60_000).orderedRefund().queried(paid);
const moved = { kind: 'answered', fundChange: true } as const;
const accepted = { kind: 'answered', fundChange: false } as const;
const refund = { kind: 'refund', found: 'done', refundAmount: '88.88' } as const;
const noRefund = { kind: 'refund', found: 'nothing' } as const;

/** The refund was sent, and nobody ever says what became of it: Alipay answers something else. */
function neverLearned(): Play {
  const play = ordered().queried(paid).refunded(noAnswer);
  for (let round = 2; round < 12; round += 1) play.waited().refundQueried({ kind: 'tradeNotExist' }).isIn('refunding');
  return play.waited().refundQueried({ kind: 'tradeNotExist' }).isParkedFor('refundUnproven');
}

describe("A refund on an operator's order", () => {
  it('begins with a query: only a trade that is paid now is refunded', () => {
    const { command } = ordered().isIn('refunding').wants('query').queried(paid);
    assert.deepEqual(command, { kind: 'refund', outRequestNo: 'T1', refundFen: 8888 });
  });
  it('is success when it moved money, and names who ordered it', () => {
    const play = ordered().queried(paid).refunded(moved);
    play.ends('REFUNDED');
    assert.ok(play.resolution.phase === 'done');
    assert.equal(play.resolution.manualDecision?.who, 'Li Na');
  });
  it('that was only accepted is asked about 10 s later', () => {
    const play = ordered().queried(paid).refunded(accepted);
    assert.ok(play.command.kind === 'wait');
    assert.equal(play.command.untilMs - play.nowMs, 10_000);
    play.waited().refundQueried(refund).ends('REFUNDED');
  });
  it('whose answer was lost is asked about, and repeated under the same number when there is none', () => {
    const { command } = ordered()
      .queried(paid)
      .refunded(noAnswer)
      .waited()
      .refundQueried(noRefund)
      .waited()
      .queried(paid);
    assert.deepEqual(command, { kind: 'refund', outRequestNo: 'T1', refundFen: 8888 });
  });
  it('that never left is sent after another look', () => {
    ordered()
      .queried(paid)
      .refunded(failed(FailureClass.notSent))
      .waited()
      .wants('query')
      .queried(paid)
      .wants('refund');
  });
  it('is not sent when the trade turns out closed', () => ordered().queried(closed).ends('REFUNDED'));
  it('is not sent without a query that says paid', () =>
    ordered().queried(noAnswer).wants('wait').waited().wants('query'));
  it('of an unpaid trade waits for a person again', () => ordered().queried(waiting).isParkedFor('refundUnproven'));
  it('that Alipay refuses waits for a person, who may order it again under the same number', () => {
    const play = ordered().queried(paid).refunded(balanceShort).isParkedFor('refundRefused');
    play.askedAgain(paid).isParkedFor('refundRefused').orderedRefund().queried(paid).queried(paid).wants('refund');
    play.refunded(moved).ends('REFUNDED');
  });
  it('whose result nobody ever learns waits for a person', () => neverLearned());
  it('is never followed by a cancel', () => {
    ordered().queried(paid).refunded(noAnswer).cancelNow().isIn('refunding').wants('wait');
    neverLearned()
      .cancelNow()
      .isParkedFor('refundUnproven')
      .askedAgain(paid)
      .isParkedFor('refundUnproven')
      .wants('wait');
  });
  it('goes on after a configuration error in the middle, and never with a cancel', () => {
    const misconfigured = failed(FailureClass.configuration, 'isv.invalid-app-id');
    const play = ordered()
      .queried(paid)
      .refunded(noAnswer)
      .waited()
      .refundQueried(noRefund)
      .waited()
      .queried(misconfigured);
    play.isParkedFor('configuration').askedAgain(paid).isIn('refunding').queried(paid).refunded(moved).ends('REFUNDED');
  });
  it('is remembered through a configuration error in the query before it: the trade is not asked about anew', () => {
    const play = ordered().queried(failed(FailureClass.configuration)).isParkedFor('configuration');
    play.askedAgain(paid).isIn('refunding').wants('query');
  });
  it('is not sent on an answer that nobody was there to read for hours', () => {
    ordered()
      .after(6 * HOUR_MS)
      .queried(paid, { ageMs: 6 * HOUR_MS })
      .isIn('refunding')
      .wants('query')
      .queried(paid)
      .wants('refund');
  });
  it('is not hurried by a wish to look: asked too early, the refund query says "none" of one that was made', () => {
    ordered().queried(paid).refunded(noAnswer).wants('wait').lookNow().wants('wait');
  });
  it('is asked about again where the refund query does not know the trade, and a person hears of it', () => {
    const play = neverLearned();
    assert.match(play.resolution.summary, /the refund query says TRADE_NOT_EXIST/);
  });
  it('waits longer each time it is asked about: 10 s to a minute, ten minutes in all', () => {
    const play = ordered().queried(paid).refunded(accepted);
    const delays = Array.from({ length: 11 }, () => {
      assert.ok(play.command.kind === 'wait');
      const delayMs = play.command.untilMs - play.nowMs;
      play.waited().refundQueried({ kind: 'tradeNotExist' });
      return delayMs;
    });
    assert.deepEqual(delays, [10_000, 20_000, 40_000, ...Array.from({ length: 8 }, () => 60_000)]);
    play.isParkedFor('refundUnproven');
  });
  it('heals by itself when the trade is seen closed afterwards', () =>
    ordered().queried(paid).refunded(balanceShort).askedAgain(closed).ends('REFUNDED'));

  const order = { kind: 'refund', who: 'Li Na', why: 'the sale is off' } as const;
  const rows: readonly (readonly [string, () => Play, RegExp | undefined])[] = [
    ['for a paid trade that Alipay will not cancel', parkedPaid, undefined],
    ['while a cancel may still land: it begins when it no longer can', cancelInFlight, undefined],
    [
      'for a trade that is not paid',
      () => uncertain().queried(waiting).cancelled(notAllowed).queried(waiting),
      /it has signed WAIT_BUYER_PAY/,
    ],
    [
      'for a trade that is finished',
      () => uncertain().queried(waiting).cancelled(notAllowed).queried(trade('TRADE_FINISHED')),
      /that the trade is paid and finished/,
    ],
    [
      'for a trade of another amount',
      () => new Play().queried(trade('TRADE_SUCCESS', { totalAmount: '1.00' })),
      /merchant portal/,
    ],
    [
      'for a trade with another tradeNo',
      () => new Play({ outTradeNo: 'T1', tradeNo: '2019032622001494891000000000' }).queried(paid),
      /merchant portal/,
    ],
    [
      'for a trade that no answer has shown',
      () => uncertain().queried(failed(FailureClass.configuration)),
      /it has signed nothing about this trade yet/,
    ],
    ['for a trade that needs nobody', () => new Play(), /phase querying/],
  ];
  for (const [when, play, expected] of rows) {
    it(`is ${expected === undefined ? 'allowed' : 'refused'} ${when}`, () => {
      const reason = whyNotDecideManually(play().state, order, play().nowMs);
      if (expected === undefined) assert.equal(reason, undefined);
      else assert.match(reason ?? '', expected);
    });
  }
  it('makes it impossible to decide on PAID while its result is not known', () => {
    const { state, nowMs } = neverLearned();
    assert.match(
      whyNotDecideManually(state, { kind: 'outcome', outcome: 'PAID', who: 'Li Na', why: 'x' }, nowMs) ?? '',
      /A refund was sent/,
    );
  });
});

describe('REFUNDED by the refund query', () => {
  const asked = (): Play => ordered().queried(paid).refunded(noAnswer).waited();
  it('needs the whole amount: part of it was refunded under our number by somebody else', () => {
    const play = asked()
      .refundQueried({ kind: 'refund', found: 'done', refundAmount: '30.00' })
      .isParkedFor('refundUnproven');
    assert.match(play.resolution.summary, /30\.00 yuan of 88\.88 yuan were refunded, by somebody else/);
    play.askedAgain(paid).isParkedFor('refundUnproven').askedAgain(closed).ends('REFUNDED');
  });
  it('is not said without an amount: it is asked again, behind a query that may say TRADE_CLOSED', () => {
    const play = asked().refundQueried({ kind: 'refund', found: 'done' }).isIn('refunding').wants('wait').waited();
    play.wants('query').queried(closed).ends('REFUNDED');
  });
  it('is not said of a refund that is shown but not as done', () => {
    const shown = { kind: 'refund', found: 'notSaid', refundAmount: '88.88' } as const;
    asked().refundQueried(shown).isIn('refunding').wants('wait').waited().refundQueried(refund).ends('REFUNDED');
  });
});

describe('A refund that was refused for good', () => {
  it('still keeps PAID from being decided for a minute: a copy of it may be on its way', () => {
    const play = ordered().queried(paid).refunded(balanceShort).isParkedFor('refundRefused');
    const manualDecision = {
      kind: 'outcome',
      outcome: 'PAID',
      who: 'Li Na',
      why: 'the buyer keeps the goods',
    } as const;
    const until = new Date(play.nowMs + 60_000).toISOString();
    assert.match(
      whyNotDecideManually(play.state, manualDecision, play.nowMs) ?? '',
      new RegExp(`may still land until ${until}`),
    );
    assert.equal(whyNotDecideManually(play.state, manualDecision, play.nowMs + 60_000), undefined);
  });
});

describe('A refund by policy', () => {
  const start = { outTradeNo: 'T1', totalAmount: '88.88', payRequestedAt: '2026-11-24T10:00:00+08:00' };
  const willing = (): Play => uncertain({ ...start, refundIfNotCancellable: true });
  it('is off by default', () => parkedPaid().askedAgain(paid).isParkedFor('cancelRefused'));
  it('begins by itself where it was switched on and the trade is paid', () => {
    const play = willing().queried(waiting).cancelled(notAllowed).queried(paid).isIn('refunding').wants('wait');
    play.waited().queried(paid).refunded(moved).ends('REFUNDED');
  });
  it('waits until a cancel without an answer can no longer land', () => {
    const play = willing()
      .queried(waiting)
      .cancelled(noAnswer)
      .waited()
      .queried(paid)
      .cancelled(notAllowed)
      .queried(paid)
      .isIn('refunding');
    assert.ok(play.command.kind === 'wait');
    assert.equal(play.command.untilMs - play.nowMs, 300_000 - 2_000);
  });
  it('begins where the 24 h of the cancel are over', () => {
    const play = willing()
      .queried(waiting)
      .cancelled(noAnswer)
      .after(24 * HOUR_MS)
      .lookNow();
    play.queried(paid).isIn('refunding');
  });
  it('does not touch a trade that is not paid', () =>
    willing().queried(waiting).cancelled(notAllowed).queried(waiting).isParkedFor('cancelRefused'));
  it('does not touch a frozen trade: its cancel is repeated', () => {
    const frozen = { ...failed(FailureClass.business, 'ACQ.REASON_TRADE_BEEN_FREEZEN'), retryFlag: 'N' } as const;
    const play = willing().queried(waiting).cancelled(frozen).queried(paid).isParkedFor('frozen');
    play.waited().queried(paid).wants('cancel').cancelled(answered('N', 'refund')).queried(closed).ends('REFUNDED');
  });
});

function cancelInFlight(): Play {
  return uncertain().queried(waiting).cancelled(noAnswer).waited().queried(paid).cancelled(notAllowed).queried(paid);
}
