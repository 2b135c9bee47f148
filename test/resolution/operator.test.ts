/** Trades that a machine cannot decide: they stay open, heal by themselves, and take an operator's decision within limits. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { CancelAnswer, QueryAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import type { Outcome, ManualDecision } from '../../contract/resolution.ts';
import { whyNotCancelNow, whyNotDecideManually } from '../../resolution/index.ts';
import {
  answered,
  closed,
  failed,
  noAnswer,
  notExist,
  paid,
  Play,
  START_MS,
  trade,
  uncertain,
  waiting,
} from './play.ts';

const misconfigured = failed(FailureClass.configuration, 'isv.invalid-app-id');
const parked = (): Play => uncertain().queried(misconfigured).isParkedFor('configuration');
const frozen = { ...failed(FailureClass.business, 'ACQ.REASON_TRADE_BEEN_FREEZEN'), retryFlag: 'N' } as const;
const decision = (outcome: Outcome, who = 'Li Na', why = 'seen in the portal'): ManualDecision => ({
  kind: 'outcome',
  outcome,
  who,
  why,
});
const refusal = (play: Play, manualDecision: ManualDecision): string =>
  whyNotDecideManually(play.state, manualDecision, play.nowMs) ?? '';

describe('A configuration error', () => {
  it('parks the trade and cancels nothing, however long it lasts', () => {
    const play = parked().after(3_600_000).askedAgain(misconfigured).isParkedFor('configuration');
    play.askedAgain(misconfigured).isParkedFor('configuration').wants('wait');
  });
  it('ends with the first signed answer: the buyer gets a whole budget again', () => {
    const play = parked().after(600_000).askedAgain(waiting).isIn('querying').wants('wait');
    play.after(29_999).waited().queried(waiting).isIn('querying').waited().queried(waiting).wants('cancel');
  });
  it('is not asked about in a hot loop when Alipay denies a trade that it has shown before', () => {
    const play = new Play()
      .queried(waiting)
      .at(START_MS + 30_000)
      .askedAgain(misconfigured)
      .isParkedFor('configuration');
    play.askedAgain(notExist).isParkedFor('configuration').wants('wait');
  });
  it('ends as PAID when the trade was paid meanwhile', () => parked().askedAgain(paid).ends('PAID'));
  it('in the middle of cancelling goes on cancelling', () => {
    uncertain()
      .queried(waiting)
      .cancelled(noAnswer)
      .waited()
      .queried(misconfigured)
      .isParkedFor('configuration')
      .askedAgain(waiting)
      .wants('cancel');
  });
  it('in the middle of cancelling goes on so, even where no cancel has left yet', () => {
    const unsent = uncertain().queried(waiting).cancelled(failed('notSent')).waited().queried(misconfigured);
    unsent.isParkedFor('configuration').askedAgain(waiting).wants('cancel');
  });
  it('after which somebody has given up waiting for the buyer is followed by the cancel, not by a whole budget', () =>
    parked().cancelNow().isParkedFor('configuration').askedAgain(waiting).wants('cancel'));
  it('refuses cancelNow with the remedy', () => {
    assert.match(whyNotCancelNow(parked().state) ?? '', /Mend the key/);
  });
});

describe("A start that knows only Alipay's number", () => {
  const byTradeNo = (): Play => new Play({ tradeNo: '2019032622001494891000009752' });
  it("hands over as soon as the merchant's number is known", () => {
    const { command } = byTradeNo().queried(waiting);
    assert.deepEqual(command, { kind: 'handOver', outTradeNo: 'T1', tradeNo: '2019032622001494891000009752' });
  });
  it('is parked when Alipay does not know the number it must have issued', () => {
    byTradeNo()
      .after(30_000)
      .queried(notExist)
      .isParkedFor('tradeNoUnknown')
      .askedAgain(notExist)
      .isParkedFor('tradeNoUnknown');
  });
  it('is parked at once, with the number, when Alipay does not know it', () => {
    const play = byTradeNo().queried(notExist).isParkedFor('tradeNoUnknown');
    assert.match(play.resolution.summary, /does not know tradeNo 2019032622001494891000009752, which/);
  });
  it('resolves it here where its outTradeNo is one that no service could start with', () => {
    const odd = { ...trade('WAIT_BUYER_PAY'), outTradeNo: 'shop 1/77' } as QueryAnswer;
    const play = byTradeNo().after(30_000).queried(odd).isIn('cancelling').wants('cancel');
    assert.equal(play.resolution.outTradeNo, 'shop 1/77');
  });
  it('hands over from there when the number turns up', () =>
    byTradeNo().queried(notExist).askedAgain(paid).isIn('handed-over'));
});

/** A cancel, the answer to it, and how long a copy of it, or its late effect, keeps PAID from being decided; Alipay then says paid. */
const LANDS: readonly (readonly [string, CancelAnswer, number])[] = [
  ['a cancel answered N', answered('N'), 60_000],
  ['a cancel answered Y', answered('Y'), 300_000],
  ['a cancel answered without retry_flag', answered(), 300_000],
  ['a refused cancel', frozen, 60_000],
  ['a refused cancel without retry_flag', failed(FailureClass.business, 'ACQ.REASON_TRADE_BEEN_FREEZEN'), 60_000],
  ['a refused cancel that is to be repeated', { ...frozen, retryFlag: 'Y' }, 300_000],
];
const echoes = LANDS.flatMap(([what, answer, landsMs]): [string, () => Play, Outcome, RegExp | undefined][] => {
  const lands = (ms: number) => (): Play => {
    const play = uncertain().queried(waiting).cancelled(answer);
    const endMs = play.nowMs + ms;
    if (answer.kind === 'answered') {
      // Alipay says paid, and the next answer parks the trade.
      if (play.command.kind === 'query') play.queried(paid);
      if (play.command.kind === 'wait') play.waited().queried(paid);
      play.cancelled(failed('notSent')).waited().queried(misconfigured);
    } else {
      if (play.command.kind === 'wait') play.waited();
      play.queried(paid);
    }
    return play.isIn('needs-operator').at(endMs);
  };
  return [
    [`PAID, just before ${what} can no longer land`, lands(landsMs - 1), 'PAID', /may still land until/],
    [`PAID, when ${what} can no longer land`, lands(landsMs), 'PAID', undefined],
  ];
});

describe('A manual decision', () => {
  const parkedPaid = (): Play =>
    uncertain().queried(waiting).cancelled(frozen).queried(paid).isParkedFor('frozen').after(60_000);
  it("ends a parked trade, names who and why, and is marked as an operator's", () => {
    const play = parkedPaid().decidedManually('PAID', 'Li Na', 'the buyer keeps the goods').queried(paid);
    play.ends('PAID', 'operator');
    assert.ok(play.resolution.phase === 'done');
    assert.deepEqual(play.resolution.manualDecision, {
      kind: 'outcome',
      outcome: 'PAID',
      who: 'Li Na',
      why: 'the buyer keeps the goods',
    });
  });
  it('is refused for a trade that needs nobody', () =>
    assert.match(refusal(new Play(), decision('PAID')), /phase querying/));
  it('is refused without who', () => assert.match(refusal(parkedPaid(), decision('PAID', ' ')), /^who is required/));
  it('is refused without why', () =>
    assert.match(refusal(parkedPaid(), decision('PAID', 'Li Na', '')), /^why is required/));
  it('is refused, not believed, for whatever is no outcome: it comes from outside', () => {
    for (const outcome of ['FAILED', 'paid', 'constructor', ['PAID'], undefined, null, 7]) {
      assert.equal(
        refusal(parkedPaid(), decision(outcome as never)),
        'outcome must be one of PAID, CLOSED, REFUNDED, NOT_CREATED; a refund is ordered with orderRefund.',
      );
    }
  });
  it('is refused for a who or a why that is no text', () => {
    assert.match(refusal(parkedPaid(), decision('PAID', 7 as never)), /^who is required/);
    assert.match(refusal(parkedPaid(), decision('PAID', 'Li Na', [] as never)), /^why is required/);
  });
  it('takes 500 characters of who and why, no more', () => {
    assert.equal(refusal(parkedPaid(), decision('PAID', 'x'.repeat(500))), '');
    assert.match(refusal(parkedPaid(), decision('PAID', 'x'.repeat(501))), /^who is required/);
  });
  it('is told with who and why as its evidence', () => {
    const { resolution } = parkedPaid().decidedManually('PAID', 'Li Na', 'the buyer keeps the goods').queried(paid);
    assert.ok(resolution.phase === 'done');
    assert.equal(resolution.evidence, 'Li Na decided: the buyer keeps the goods');
  });

  const rows: readonly (readonly [string, () => Play, Outcome, RegExp | undefined])[] = [
    [
      'CLOSED, while Alipay says finished',
      parkedFinished,
      'CLOSED',
      /signed that the trade is paid.*: it cannot be resolved as CLOSED/,
    ],
    ['REFUNDED, while Alipay says finished', parkedFinished, 'REFUNDED', /the trade is paid\. Refund it first/],
    ['PAID, while Alipay says paid', parkedPaid, 'PAID', undefined],
    [
      'CLOSED, while Alipay says paid',
      parkedPaid,
      'CLOSED',
      /signed that the trade is paid.*: it cannot be resolved as CLOSED/,
    ],
    ['REFUNDED, while Alipay says paid', parkedPaid, 'REFUNDED', /the trade is paid\. Refund it first/],
    ['NOT_CREATED, of a trade that was seen', parkedPaid, 'NOT_CREATED', /the trade exists/],
    ['PAID, of a trade that is closed', closedUnknown, 'PAID', /TRADE_CLOSED/],
    ['CLOSED, of a closed trade', closedUnknown, 'CLOSED', undefined],
    ['REFUNDED, of a closed trade', closedUnknown, 'REFUNDED', undefined],
    ['NOT_CREATED, while a pay can still arrive', unreachable, 'NOT_CREATED', /can still be paid until/],
    ['CLOSED, while a pay can still arrive', unreachable, 'CLOSED', /can still be paid until/],
    ['PAID, of a trade that no query could see', unreachable, 'PAID', undefined],
    [
      'NOT_CREATED, at the very end of the deadline and the margin',
      () => unreachable().at(START_MS + 3 * 3_600_000 + 300_000),
      'NOT_CREATED',
      undefined,
    ],
    [
      'NOT_CREATED, a millisecond before',
      () => unreachable().at(START_MS + 3 * 3_600_000 + 299_999),
      'NOT_CREATED',
      /can still be paid until/,
    ],
    ...echoes,
    [
      'NOT_CREATED, after the deadline and the margin',
      () => unreachable().after(4 * 3_600_000),
      'NOT_CREATED',
      undefined,
    ],
    ['PAID, while a cancel may still land', cancelInFlight, 'PAID', /may still land until/],
    ['PAID, when that cancel can no longer land', () => cancelInFlight().after(300_001), 'PAID', undefined],
  ];
  for (const [what, play, outcome, expected] of rows) {
    it(`${what}: ${expected === undefined ? 'allowed' : 'refused'}`, () => {
      const reason = whyNotDecideManually(play().state, decision(outcome), play().nowMs);
      if (expected === undefined) assert.equal(reason, undefined);
      else assert.match(reason ?? '', expected);
    });
  }
  it('after CLOSED is impossible for a trade that was paid once', () => {
    const play = uncertain()
      .queried(waiting)
      .cancelled({ kind: 'answered', retryFlag: 'Y' })
      .waited()
      .queried(paid)
      .cancelled({ kind: 'answered', retryFlag: 'N', action: 'close' })
      .queried(closed)
      .waited()
      .refundQueried(noAnswer);
    for (let round = 1; round < 6; round += 1) play.waited().refundQueried(noAnswer);
    assert.match(refusal(play.isParkedFor('closureKindUnknown'), decision('CLOSED')), /paid once/);
  });
});

describe('cancelNow on a parked trade', () => {
  it('asks once more and cancels where that is allowed', () => {
    uncertain()
      .queried(waiting)
      .cancelled({ ...failed(FailureClass.business, 'ACQ.CANCEL_NOT_ALLOWED'), retryFlag: 'N' })
      .queried(waiting)
      .isParkedFor('cancelRefused')
      .cancelNow()
      .wants('query')
      .queried(waiting)
      .wants('cancel');
  });
  it('is refused for a trade of another amount', () => {
    const play = new Play().queried(trade('WAIT_BUYER_PAY', { totalAmount: '1.00' }));
    assert.match(whyNotCancelNow(play.state) ?? '', /must not be cancelled/);
    play.cancelNow().isParkedFor('amountMismatch').wants('wait');
  });
});

function parkedFinished(): Play {
  return uncertain()
    .queried(waiting)
    .cancelled({ ...failed(FailureClass.business, 'ACQ.TRADE_HAS_FINISHED'), retryFlag: 'N' })
    .queried(trade('TRADE_FINISHED'))
    .isParkedFor('cancelRefused');
}
function closedUnknown(): Play {
  return new Play()
    .queried(closed)
    .waited()
    .refundQueried(failed(FailureClass.business, 'ACQ.INVALID_PARAMETER'))
    .isParkedFor('closureKindUnknown');
}
function unreachable(): Play {
  return parked();
}
function cancelInFlight(): Play {
  const play = uncertain().queried(waiting).cancelled(noAnswer).waited().queried(paid).cancelled(failed('notSent'));
  return play.waited().queried(misconfigured).isParkedFor('configuration');
}
