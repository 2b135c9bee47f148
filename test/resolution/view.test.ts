/** What callers and operators see of a trade: the answer to the query `resolution`, phase by phase. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import type { Outcome, Phase } from '../../contract/resolution.ts';
import { answered, closed, failed, HOUR_MS, noAnswer, notExist, paid, Play, START_MS } from './play.ts';
import { uncertain, waiting } from './play.ts';

const TRADE_NO = '2019032622001494891000009752';
const at = (seconds: number): string => new Date(START_MS + seconds * 1_000).toISOString();
const notAllowed = { ...failed(FailureClass.business, 'ACQ.CANCEL_NOT_ALLOWED'), retryFlag: 'N' } as const;
const guarding = (): Play =>
  new Play({ outTradeNo: 'T1', merchant: 'shop-7', guardUntil: '2026-11-24T10:00:40+08:00' });
const cancelling = (): Play => uncertain().queried(waiting).cancelled(noAnswer);
const watching = (): Play => uncertain().queried(notExist).cancelled(answered('N'));
const closing = (): Play => cancelling().waited().queried(closed);
const parked = (): Play => uncertain().queried(waiting).cancelled(notAllowed).queried(paid);
const refunding = (): Play => parked().after(60_000).orderedRefund().queried(paid);
const handedOver = (): Play => new Play({ tradeNo: TRADE_NO }).queried(paid);
const done = (): Play => new Play().queried(paid);

describe('What is known of a trade', () => {
  const fresh = {
    merchant: 'default',
    payRequestedAt: at(0),
    payDeadline: at(3 * 3_600),
    polls: 0,
    cancelCount: 0,
    cancels: [],
    actions: [],
  };
  it('before any answer is what the start named, and no more', () => {
    const { summary: _summary, ...known } = new Play({ tradeNo: TRADE_NO }).resolution;
    assert.deepEqual(known, { ...fresh, tradeNo: TRADE_NO, phase: 'querying' });
    const { summary: _said, ...named } = guarding().resolution;
    assert.deepEqual(named, {
      ...fresh,
      merchant: 'shop-7',
      outTradeNo: 'T1',
      phase: 'guarding',
      // The pay request may leave as late as the end of the guard, and Alipay counts from there.
      payDeadline: at(3 * 3_600 + 40),
      nextCheckAt: at(40),
    });
  });
  it('counts every question, and names the last answer and the last signed status apart', () => {
    const play = new Play().queried(waiting).waited().after(3_000);
    play.queried(failed('unknown', 'ACQ.SYSTEM_ERROR'), { askedSince: START_MS + 2_000 });
    const { summary: _summary, ...known } = play.resolution;
    assert.deepEqual(known, {
      ...fresh,
      outTradeNo: 'T1',
      tradeNo: TRADE_NO,
      totalAmount: '88.88',
      polls: 3,
      lastAnswer: { at: at(5), answer: 'unknown', subCode: 'ACQ.SYSTEM_ERROR', detail: 'unknown in a test' },
      tradeStatus: 'WAIT_BUYER_PAY',
      tradeStatusAt: at(0),
      phase: 'querying',
      nextCheckAt: at(9.5),
    });
    const { lastAnswer } = play.waited().queried(noAnswer).resolution;
    assert.deepEqual(lastAnswer, { at: at(9.5), answer: 'unknown', detail: 'unknown in a test' });
    const denied = play.waited().queried(notExist).resolution;
    assert.deepEqual(denied.lastAnswer, { at: at(15.5), answer: 'TRADE_NOT_EXIST' });
  });
  it('says of a poll that a message ended how many questions fit into its time', () => {
    const play = new Play()
      .queried(waiting)
      .waited()
      .after(9_000)
      .interrupted(3, START_MS + 2_000);
    assert.equal(play.resolution.polls, 4);
    assert.equal(play.resolution.tradeNo, TRADE_NO);
    assert.equal(play.resolution.tradeStatus, 'WAIT_BUYER_PAY');
  });
  it('names every cancel with all that was answered to it, and each action once', () => {
    const play = cancelling().waited().queried(waiting).cancelled(answered('Y', 'refund')).waited().queried(waiting);
    play.cancelled({ ...notAllowed, action: 'refund' });
    const { cancelCount, cancels, actions } = play.resolution;
    assert.equal(cancelCount, 3);
    assert.deepEqual(cancels, [
      { attempt: 1, at: at(30), answer: 'unknown' },
      { attempt: 2, at: at(32), answer: 'answered', retryFlag: 'Y', action: 'refund' },
      {
        attempt: 3,
        at: at(36),
        answer: 'business',
        retryFlag: 'N',
        action: 'refund',
        subCode: 'ACQ.CANCEL_NOT_ALLOWED',
      },
    ]);
    assert.deepEqual(actions, ['refund']);
  });
  it('keeps the first five and the latest five cancels, and counts all', () => {
    const play = uncertain().queried(waiting);
    for (let round = 1; round <= 12; round += 1) play.cancelled(noAnswer).waited().queried(waiting);
    const { cancelCount, cancels } = play.resolution;
    assert.equal(cancelCount, 12);
    assert.deepEqual(
      cancels.map(({ attempt }) => attempt),
      [1, 2, 3, 4, 5, 8, 9, 10, 11, 12],
    );
  });
  it('of a resolved trade is the outcome, who decided it, why and when', () => {
    const { resolution } = done();
    assert.ok(resolution.phase === 'done');
    assert.equal(resolution.evidence, 'a signed query says TRADE_SUCCESS, and no cancel was sent');
    assert.equal(resolution.decidedAt, at(0));
    assert.ok(!('manualDecision' in resolution));
    assert.equal(resolution.summary, 'PAID: a signed query says TRADE_SUCCESS, and no cancel was sent.');
  });
  it('of a trade that has its own run is where that is', () => {
    const { resolution } = handedOver();
    assert.ok(resolution.phase === 'handed-over');
    assert.equal(resolution.resolvedBy, 'alipay:default:T1');
  });
});

describe('A screen', () => {
  const rows: readonly (readonly [Phase, () => Play, string | undefined, RegExp])[] = [
    [
      'guarding',
      guarding,
      at(40),
      /^The service is in its pay call; .* by 2026-11-24T02:00:40\.000Z the trade is resolved/,
    ],
    [
      'querying',
      () => new Play(),
      undefined,
      /^Asking Alipay .* final answer by 2026-11-24T02:00:30\.000Z the trade is/,
    ],
    ['cancelling', cancelling, at(32), /^Cancelling until Alipay says TRADE_CLOSED\.$/],
    ['cancelling', () => cancelling().waited(), undefined, /^Cancelling until/],
    ['cancelling', () => cancelling().waited().queried(paid), undefined, /^Paid, but a cancel is under way/],
    [
      'cancelling',
      () => uncertain().queried(waiting).cancelled(failed('notSent')),
      at(32),
      /^To be cancelled while Alipay allows it, unless it says first that the trade is paid or closed\.$/,
    ],
    [
      'cancelling',
      () => uncertain().cancelNow().queried(failed('limited')).payAnswered('paid'),
      undefined,
      /^Asking Alipay once more; unless it says that the trade is paid or closed, a person is asked\.$/,
    ],
    [
      'watching',
      watching,
      undefined,
      /^Alipay has never seen the trade; its pay request may still arrive until 2026-11-24T05:05:00\.000Z\./,
    ],
    ['closing', closing, at(42), /^TRADE_CLOSED is proven/],
    ['closing', () => closing().waited(), undefined, /^TRADE_CLOSED is proven/],
    [
      'refunding',
      refunding,
      undefined,
      /^To be refunded in full instead of cancelled: going on until the refund is proven/,
    ],
    ['refunding', () => refunding().queried(paid).refunded(noAnswer), at(100), /^To be refunded in full instead/],
    ['needs-operator', parked, at(330), /^Needs a person: ACQ\.CANCEL_NOT_ALLOWED: business in a test\.$/],
    ['handed-over', handedOver, undefined, /^Resolved by the run of outTradeNo T1\.$/],
    ['done', done, undefined, /^PAID: /],
  ];
  for (const [phase, play, nextCheckAt, summary] of rows) {
    it(`of a trade that is ${phase} says ${summary.source}${nextCheckAt === undefined ? '' : ', and when it looks next'}`, () => {
      const { resolution } = play().isIn(phase);
      assert.match(resolution.summary, summary);
      assert.equal('nextCheckAt' in resolution ? resolution.nextCheckAt : undefined, nextCheckAt);
      assert.equal('nextCheckAt' in resolution, nextCheckAt !== undefined);
    });
  }
  it('of a trade that somebody wants cancelled says that one more query comes first', () =>
    assert.equal(
      new Play().cancelNow().resolution.summary,
      'Asking Alipay once more whether the buyer has paid; without a final answer the trade is cancelled.',
    ));
  it('of a trade that Alipay has denied once after the deadline says what is still needed', () => {
    const play = watching()
      .after(4 * HOUR_MS)
      .queried(notExist);
    assert.match(
      play.resolution.summary,
      /^Alipay has denied the trade although its pay deadline is over; it is NOT_CREATED when/,
    );
  });
  it('says what follows the buyer’s time: a cancel, or a person where none can be sent', () => {
    const windowMs = 24 * HOUR_MS - 5 * 60_000;
    const startedLate = (ms: number): Play =>
      new Play({ outTradeNo: 'T1', payRequestedAt: new Date(START_MS + 30_000 - windowMs + ms).toISOString() });
    assert.match(startedLate(0).resolution.summary, / it is only watched, or a person is asked\.$/);
    assert.match(startedLate(1).resolution.summary, / the trade is cancelled\.$/);
    assert.match(new Play({ tradeNo: TRADE_NO }).resolution.summary, / a person is asked\.$/);
  });
  it('names the reason and the remedy of a trade that needs a person, and when the machine tries again', () => {
    const frozen = { ...failed(FailureClass.business, 'ACQ.REASON_TRADE_BEEN_FREEZEN'), retryFlag: 'N' } as const;
    const { resolution } = uncertain().queried(waiting).cancelled(frozen).queried(paid);
    assert.ok(resolution.phase === 'needs-operator');
    assert.equal(resolution.reason, 'frozen');
    assert.match(resolution.remedy, /^Ask Alipay to release the frozen trade/);
    assert.equal(resolution.nextCheckAt, at(330));
  });

  const provisional: readonly (readonly [string, () => Play, Outcome | undefined])[] = [
    ['before anything is known', () => new Play(), undefined],
    ['while nothing but a cancel without an answer was sent', cancelling, undefined],
    [
      'once a cancel has closed the trade',
      () => uncertain().queried(waiting).cancelled(answered('N', 'close')),
      'CLOSED',
    ],
    [
      'once a cancel has refunded it',
      () => uncertain().queried(waiting).cancelled(answered('N', 'refund')),
      'REFUNDED',
    ],
    ['once cancels have said both: the money counts', bothActions, 'REFUNDED'],
    ['once a cancel has closed what a refusal had called paid', closedAfterRefusal, undefined],
    ['while it refunds', refunding, 'REFUNDED'],
    ['while it watches', watching, 'NOT_CREATED'],
  ];
  for (const [when, play, expected] of provisional) {
    it(`shows ${expected ?? 'no outcome'} as provisional ${when}`, () => {
      const { resolution } = play();
      assert.equal('provisional' in resolution ? resolution.provisional : undefined, expected);
      assert.equal('provisional' in resolution, expected !== undefined);
    });
  }
});

function bothActions(): Play {
  const play = uncertain().queried(waiting).cancelled(answered('Y', 'close')).waited().queried(waiting);
  return play.cancelled(answered('Y', 'refund')).after(HOUR_MS);
}

function closedAfterRefusal(): Play {
  const balance = { ...failed(FailureClass.business, 'ACQ.SELLER_BALANCE_NOT_ENOUGH'), retryFlag: 'N' } as const;
  const play = uncertain().queried(waiting).cancelled(balance).queried(waiting).waited().queried(waiting);
  return play.cancelled(answered('N', 'close'));
}
