/** What the Web UI shows of a trade, as Markdown, phase by phase. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import type { Phase } from '../../contract/resolution.ts';
import { explain, toResolution, type State } from '../../resolution/index.ts';
import { answered, closed, failed, noAnswer, notExist, paid, Play, START_MS } from './play.ts';
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
  it('shows the word of the service, and offers no cancelNow against it', () => {
    const said = explain(new Play({ outTradeNo: 'T1', payAnswer: 'paid' }).resolution);
    assert.match(said, /^- the service says: its pay call was answered as paid$/m);
    assert.match(said, /### What an operator can do\n- signal `retryNow`: ask at once$/);
    assert.doesNotMatch(explain(new Play().resolution), /the service says/);
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
        '- Alipay is asked slowly; an answer that ends the trade, or mends what it waits for, is acted on.',
        `- Next look at ${at(330)}.`,
      ],
      [
        '- Alipay refuses to cancel this trade. If it is paid and the sale is off, send orderRefund; otherwise decide with resolveManually.',
        LOOK,
        '- update `resolveManually` with `{"outcome", "who", "why"}`: decide; or `orderRefund` with `{"who", "why"}`: refund it in full. Both are refused where they contradict what Alipay has signed',
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
