/** What callers and operators see of a trade: the answer to the query `resolution`, and the Markdown of the Web UI, phase by phase. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import type { Outcome, Phase } from '../../contract/resolution.ts';
import { explain, toResolution, type State } from '../../resolution/index.ts';
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
    assert.ok(!('settlement' in resolution));
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
      /^Cancelling until Alipay says TRADE_CLOSED\.$/,
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

describe('The Web UI', () => {
  it('shows all that is known, what happens next and what an operator can do', () => {
    const play = uncertain().queried(waiting).cancelled(answered('N', 'close')).queried(noAnswer);
    assert.equal(
      explain(play.resolution),
      `**Cancelling until Alipay says TRADE_CLOSED.**

### What is known
- trade: outTradeNo T1, tradeNo ${TRADE_NO}, amount 88.88
- payable until ${at(3 * 3_600)}
- last signed status: WAIT_BUYER_PAY (asked ${at(30)})
- last answer: unknown, asked ${at(30)}; 2 queries in all
- cancels: 1
  - #1 at ${at(30)}: answered; retry_flag N, action close
- provisionally: CLOSED

### What happens next
- A query, and unless that says TRADE_CLOSED the cancel.
- Next look at ${at(32)}.

### What an operator can do
- signal \`retryNow\`: look at once`,
    );
  });
  it('says what is not known yet', () => {
    const text = explain(new Play({ tradeNo: TRADE_NO }).resolution);
    assert.match(text, new RegExp(`^- trade: outTradeNo unknown, tradeNo ${TRADE_NO}, amount not given$`, 'm'));
    for (const line of ['- last signed status: none', '- no query answered yet', '- no cancel sent\n'])
      assert.ok(text.includes(`\n${line}\n`), text);
    assert.match(explain(new Play().resolution), /^- trade: outTradeNo T1, tradeNo unknown, amount 88\.88$/m);
    assert.doesNotMatch(text, /provisionally/);
  });
  it('names the codes of answers and cancels', () => {
    const text = explain(uncertain().queried(failed('unknown', 'ACQ.SYSTEM_ERROR')).cancelled(notAllowed).resolution);
    assert.match(text, /^- last answer: unknown ACQ\.SYSTEM_ERROR, asked /m);
    assert.match(text, /^ {2}- #1 at .*: business; retry_flag N, action absent, ACQ\.CANCEL_NOT_ALLOWED$/m);
    assert.match(explain(cancelling().resolution), /: unknown; retry_flag absent, action absent$/m);
  });

  const LOOK = '- signal `retryNow`: look at once';
  const NOT_NOW =
    '- Nothing now: the wait before the refund query is not cut short, as too early an answer says nothing.';
  const rows: readonly (readonly [Phase, () => Play, readonly string[], readonly string[]])[] = [
    [
      'guarding',
      guarding,
      ['- The signal `payAnswered`, or the end of the guard.', `- Next look at ${at(40)}.`],
      ['- signal `retryNow`: ask at once', '- update `cancelNow`: stop waiting for the buyer and cancel'],
    ],
    [
      'querying',
      () => new Play(),
      ['- Queries at growing intervals. While one is pending, its attempt and trail stand under Pending Activities.'],
      ['- signal `retryNow`: ask at once', '- update `cancelNow`: stop waiting for the buyer and cancel'],
    ],
    [
      'watching',
      watching,
      [
        '- Queries at growing intervals. If the trade appears it is cancelled, or a person is asked where that cannot be.',
      ],
      [LOOK],
    ],
    ['closing', closing, ['- The refund query.', `- Next look at ${at(42)}.`], [NOT_NOW]],
    ['refunding', refunding, ['- A query, the refund under its one number, and the refund query.'], [NOT_NOW]],
    [
      'needs-operator',
      parked,
      [
        '- Alipay is asked slowly; the resolution goes on by itself when the cause is mended.',
        `- Next look at ${at(330)}.`,
      ],
      [
        '- Alipay refuses to cancel this trade. If it is paid and the sale is off, send settle with refund; otherwise decide with settle.',
        LOOK,
        '- update `settle` with `{"outcome", "who", "why"}`: decide; or with `{"refund": true, "who", "why"}`: refund it in full. Both are refused where they contradict what Alipay has signed',
      ],
    ],
    [
      'handed-over',
      handedOver,
      ['- This run waits for alipay:default:T1 and returns its result.'],
      ['- Open alipay:default:T1.'],
    ],
    ['done', done, [`- Nothing. Decided by alipay at ${at(0)}.`], ['- Nothing.']],
  ];
  for (const [phase, play, next, operator] of rows) {
    it(`says of a trade that is ${phase} what happens next and what to do`, () => {
      const text = explain(play().isIn(phase).resolution);
      const [, after = ''] = text.split('### What happens next\n');
      assert.deepEqual(
        after.split('\n\n### What an operator can do\n').map((part) => part.split('\n')),
        [next, operator],
      );
    });
  }
  it('shows no provisional outcome beside a final one', () => {
    const play = uncertain().queried(waiting).cancelled(answered('N', 'close')).queried(closed);
    assert.doesNotMatch(explain(play.resolution), /provisionally/);
  });
  it('does not shorten a state of an older version that lacks the time of the status', () => {
    const { memory, phase } = new Play().queried(waiting).state;
    const { tradeStatusAtMs: _later, ...older } = memory;
    const state: State = { memory: older, phase };
    assert.match(explain(toResolution(state)), /^- last signed status: WAIT_BUYER_PAY \(asked \)$/m);
  });
});

function bothActions(): Play {
  const play = uncertain().queried(waiting).cancelled(answered('Y', 'close')).waited().queried(waiting);
  return play.cancelled(answered('Y', 'refund')).after(HOUR_MS);
}
