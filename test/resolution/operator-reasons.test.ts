/** What each reason for a person allows meanwhile: to the machine by itself, and to the cashier who presses cancelNow. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import { OperatorReason } from '../../contract/resolution.ts';
import { whyNotCancelNow, decide, OPERATOR_REASONS } from '../../resolution/index.ts';
import { answered, closed, failed, HOUR_MS, noAnswer, paid, refused, Play, trade, uncertain, waiting } from './play.ts';

const reasons = Object.values(OperatorReason);
const frozen = (): Play =>
  uncertain().queried(waiting).cancelled(refused('ACQ.REASON_TRADE_BEEN_FREEZEN')).queried(paid).isParkedFor('frozen');

describe('The reasons for a person', () => {
  it('after which the same cancel may work once the cause is mended, and is repeated', () => {
    const repeated = reasons.filter((reason) => OPERATOR_REASONS[reason].meanwhile === 'cancel');
    assert.deepEqual(repeated, [
      'sellerBalanceNotEnough',
      'frozen',
      'cancelNotPermitted',
      'noReadableAnswer',
      'cancelWithoutEffect',
    ]);
  });
  it('after which the refund query is asked again', () => {
    const asked = reasons.filter((reason) => OPERATOR_REASONS[reason].meanwhile === 'queryRefund');
    assert.deepEqual(asked, ['closureKindUnknown']);
  });
  it('with all others nothing but queries are sent', () => {
    const others = reasons.filter((reason) => OPERATOR_REASONS[reason].meanwhile === 'query');
    assert.deepEqual(others, [
      'cancelRefused',
      'cancelWindowOver',
      'amountMismatch',
      'tradeNoMismatch',
      'tradeNoUnknown',
      'configuration',
      'queryRefused',
      'refundRefused',
      'refundUnproven',
      'payAnswerMismatch',
      'absenceUnproven',
      'runReset',
    ]);
  });
  it('in which cancelNow may cancel are those of a cancel that failed inside its 24 h, or that nobody could read', () => {
    const allowed = reasons.filter((reason) => OPERATOR_REASONS[reason].cancelAllowed);
    assert.deepEqual(allowed, [
      'sellerBalanceNotEnough',
      'frozen',
      'cancelRefused',
      'cancelNotPermitted',
      'noReadableAnswer',
      'cancelWithoutEffect',
    ]);
    for (const reason of reasons) assert.equal(typeof OPERATOR_REASONS[reason].cancelAllowed, 'boolean');
  });
  it('after which the machine goes on with the first readable answer, or with the first that shows the trade', () => {
    const answered = reasons.filter((reason) => OPERATOR_REASONS[reason].endsWithAnAnswer);
    assert.deepEqual(answered, ['configuration', 'queryRefused', 'noReadableAnswer']);
    const sighted = reasons.filter((reason) => OPERATOR_REASONS[reason].endsWithASighting);
    assert.deepEqual(sighted, [
      'tradeNoUnknown',
      'configuration',
      'queryRefused',
      'noReadableAnswer',
      'absenceUnproven',
    ]);
  });
  it('that end with a sighting do not end with one denial more', () => {
    const { memory } = uncertain().queried({ kind: 'tradeNotExist' }).cancelled(answered('N')).state;
    const phase = {
      kind: 'needs-operator',
      reason: 'absenceUnproven',
      detail: 'x',
      step: { kind: 'query' },
      told: false,
    } as const;
    const report = {
      answer: { kind: 'tradeNotExist' },
      scheduledAtMs: 0,
      startedAtMs: 0,
      polls: 1,
      trail: [],
    } as const;
    assert.equal(decide({ memory, phase }, { kind: 'queried', report }, 0).state.phase.kind, 'needs-operator');
  });
  it('each have a remedy: a sentence for the person', () => {
    for (const reason of reasons) assert.match(OPERATOR_REASONS[reason].remedy, /^[A-Z].*\.$/, reason);
  });
});

describe('A refused cancel', () => {
  for (const [subCode, reason] of [
    ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'sellerBalanceNotEnough'],
    ['ACQ.REASON_TRADE_BEEN_FREEZEN', 'frozen'],
  ] as const) {
    it(`with ${subCode} waits for a person although it says retry_flag Y: no repetition mends it`, () => {
      const play = uncertain().queried(waiting).cancelled(refused(subCode, 'Y')).isIn('cancelling').wants('query');
      play.queried(paid).isParkedFor(reason);
    });
  }
  it('without a sub_code is refused for good', () => {
    uncertain()
      .queried(waiting)
      .cancelled({ ...failed(FailureClass.business), retryFlag: 'N' })
      .queried(waiting)
      .isParkedFor('cancelRefused');
  });
  it('is looked at before it goes to a person, and that look is still part of cancelling', () => {
    uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).isIn('cancelling').wants('query');
  });
  it('keeps its reason when somebody wants a look meanwhile', () => {
    const play = uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).lookNow();
    play.queried(paid).isParkedFor('cancelRefused');
  });
  it('for another reason than the one that parked it is looked at first', () => {
    const play = frozen().waited().queried(paid).cancelled(refused('ACQ.SELLER_BALANCE_NOT_ENOUGH'));
    play.isIn('cancelling').wants('query').queried(paid).isParkedFor('sellerBalanceNotEnough');
  });
});

describe('The repeated cancel of a parked trade', () => {
  it('without an answer brings nothing new: it stays parked, and is repeated at the next look', () => {
    const play = frozen().waited().queried(paid).cancelled(noAnswer).isParkedFor('frozen');
    assert.deepEqual(play.command, { kind: 'wait', untilMs: play.nowMs + 300_000 });
    play.waited().queried(paid).wants('cancel');
  });
  it('that is answered without an effect brings nothing new either', () => {
    frozen().waited().queried(paid).cancelled(answered('Y')).isParkedFor('frozen').wants('wait');
    frozen().waited().queried(paid).cancelled(answered('N')).isParkedFor('frozen').wants('wait');
  });
  it('is not cut short by a wish to look: the call may be moving money', () =>
    frozen().waited().queried(paid).wants('cancel').lookNow().wants('cancel'));
  it('ends with the 24 h, to the millisecond', () => {
    const endMs = 24 * HOUR_MS - 300_000 - 30_000;
    const inside = frozen()
      .after(endMs - 1)
      .waited();
    inside.queried(paid).wants('cancel');
    const over = frozen().after(endMs).waited();
    over.queried(paid).isParkedFor('cancelWindowOver').wants('wait');
  });
});

describe('cancelNow', () => {
  const byTradeNo = (): Play => new Play({ tradeNo: '2019032622001494891000009752' });
  const closing = (): Play => new Play().queried(closed).isIn('closing');
  const watching = (): Play => uncertain().queried({ kind: 'tradeNotExist' }).cancelled(answered('N')).isIn('watching');
  const refunding = (): Play =>
    uncertain()
      .queried(waiting)
      .cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'))
      .queried(paid)
      .after(60_000)
      .orderedRefund()
      .queried(paid)
      .isIn('refunding');
  const guarding = (): Play => new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00' });
  const cancelling = (): Play => uncertain().queried(waiting).cancelled(noAnswer).isIn('cancelling');

  const allowed = { guarding, querying: () => new Play(), cancelling, watching, closing };
  for (const [phase, play] of Object.entries(allowed)) {
    it(`is allowed while ${phase}`, () => assert.equal(whyNotCancelNow(play().state), undefined));
  }
  const rows: readonly (readonly [string, () => Play, RegExp])[] = [
    ['while refunding', refunding, /^The trade is being refunded/],
    [
      'for a trade whose outTradeNo no signed answer has named',
      () => byTradeNo().after(30_000).queried(noAnswer).isParkedFor('noReadableAnswer'),
      /^No signed answer has named the outTradeNo/,
    ],
    ['by a run that has handed over', () => byTradeNo().queried(paid), /handed over to outTradeNo T1: send cancelNow/],
    ['by a trade that is resolved', () => new Play().queried(paid), /^The trade is resolved: PAID\.$/],
    [
      'for a trade of another amount, with the reason and the remedy',
      () => new Play().queried(trade('TRADE_SUCCESS', { totalAmount: '1.00' })),
      /^This trade needs a person \(amountMismatch\) and must not be cancelled: Alipay holds another amount/,
    ],
  ];
  for (const [what, play, expected] of rows) {
    it(`is refused ${what}`, () => assert.match(whyNotCancelNow(play().state) ?? '', expected));
  }
  it('changes nothing where a cancel would be too late, too early or beside a refund', () => {
    const plays = [
      cancelling(),
      watching(),
      closing(),
      refunding(),
      byTradeNo().queried(paid),
      new Play().queried(paid),
    ];
    for (const play of plays) {
      const before = play.state;
      assert.deepEqual(play.cancelNow().state, before);
    }
  });
  it('asks once, now, and not in a poll', () => {
    const play = new Play().after(4_000).cancelNow();
    assert.deepEqual(play.command, { kind: 'query' });
    assert.deepEqual(play.state.phase, { kind: 'querying', untilMs: play.nowMs, step: { kind: 'query' }, asked: 0 });
  });
});

describe('A wish to look', () => {
  it('changes nothing of a trade that is being asked about, handed over or resolved', () => {
    const plays = [
      uncertain().queried({ kind: 'tradeNotExist' }).cancelled(answered('N')),
      new Play({ tradeNo: '2019032622001494891000009752' }).queried(paid),
      new Play().queried(paid),
    ];
    for (const play of plays) {
      const { state, command } = play;
      play.lookNow();
      assert.deepEqual(play.state.phase, state.phase);
      assert.deepEqual(play.command, command);
    }
  });
});
