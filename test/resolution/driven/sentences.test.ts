/**
 * Every sentence for a person is true in every state that shows it. Resolutions are driven through whatever answers; each sentence of each state on the
 * way is judged by what was really answered, which the driver keeps apart from what the rules remember.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { TradeStatus } from '../../../contract/trade.ts';
import type { ResolutionInput } from '../../../contract/resolution-input.ts';
import { OperatorReason } from '../../../contract/resolution.ts';
import { whyNotCancelNow, decide, explain, toResolution } from '../../../resolution/index.ts';
import { alternating, atRandom, CANCELS, QUERIES } from './answers.ts';
import { Driver, isReadable, type Call } from '../driver.ts';
import { HOUR_MS, MINUTE_MS, START_MS } from '../play.ts';

const T1: ResolutionInput = { outTradeNo: 'T1', totalAmount: '88.88', payRequestedAt: '2026-11-24T10:00:00+08:00' };
const STARTS: readonly ResolutionInput[] = [
  T1,
  { ...T1, refundIfNotCancellable: true },
  { ...T1, payAnswer: 'paid' },
  { outTradeNo: 'T1', payRequestedAt: '2026-11-23T09:00:00+08:00' },
  { ...T1, payExpiresAt: '2026-11-24T10:02:00+08:00', policy: { marginMs: 10_000 } },
  { tradeNo: '2019032622001494891000009752' },
];
const PROVEN_EARLIEST_MS = START_MS + 10_000;

type Kind = Call['kind'];
const statuses = ({ calls }: Driver): readonly string[] =>
  calls.flatMap(({ kind, answer }) => (kind === 'query' && answer.kind === 'trade' ? [answer.tradeStatus] : []));
const failedAs = ({ calls }: Driver, kinds: readonly Kind[], ...failures: readonly string[]): boolean =>
  calls.some(
    ({ kind, answer }) => kinds.includes(kind) && answer.kind === 'failed' && failures.includes(answer.failure),
  );
const denied = ({ calls }: Driver, sinceMs = 0): boolean =>
  calls.some(({ kind, answer, atMs }) => kind === 'query' && answer.kind === 'tradeNotExist' && atMs >= sinceMs);
const acted = ({ calls }: Driver, action: string): boolean =>
  calls.some(({ answer }) => 'action' in answer && answer.action === action);
const lastReadableMs = ({ calls }: Driver): number => calls.findLast(({ answer }) => isReadable(answer))?.atMs ?? 0;
const sent = ({ calls }: Driver, kind: Kind): boolean =>
  calls.some((call) => call.kind === kind && !(call.answer.kind === 'failed' && call.answer.failure === 'notSent'));
const afterLook = ({ state, nowMs }: Driver): string => decide(state, { kind: 'lookNow' }, nowMs).command.kind;

/** A sentence, and what must have happened where it is shown. */
const SENTENCES: readonly (readonly [RegExp, (driver: Driver) => boolean])[] = [
  [/gave no readable answer for minutes/, (driver) => driver.nowMs - lastReadableMs(driver) >= 7 * MINUTE_MS],
  [/no signed answer has named its outTradeNo yet/, (driver) => statuses(driver).length === 0],
  [/has given no readable answer about this trade yet/, (driver) => statuses(driver).length === 0 && !denied(driver)],
  [
    /cancels have been tried for minutes, and no query says TRADE_CLOSED/,
    (driver) =>
      driver.calls.some(({ kind, atMs }) => kind === 'cancel' && atMs <= driver.nowMs - 10 * MINUTE_MS) &&
      !statuses(driver).includes(TradeStatus.TRADE_CLOSED),
  ],
  [
    /the 24 h after the pay request, in which Alipay cancels, are over/,
    ({ state, nowMs }) => nowMs >= state.memory.payRequestedAtMs + 23 * HOUR_MS,
  ],
  [/^- Alipay refuses to cancel this trade/m, (driver) => failedAs(driver, ['cancel'], 'business')],
  [
    /Alipay refuses the refund with the code named above/,
    (driver) => failedAs(driver, ['refund'], 'business', 'rejected', 'configuration'),
  ],
  [
    /Alipay refuses the query with the code named above/,
    (driver) => failedAs(driver, ['query', 'queryRefund'], 'business', 'rejected'),
  ],
  [/Alipay does not know (?:this )?tradeNo/, (driver) => denied(driver)],
  [
    /Mend the key, app id/,
    (driver) => failedAs(driver, ['query', 'queryRefund'], 'configuration', 'forged', 'notOurs'),
  ],
  [/Sign the product that allows/, (driver) => failedAs(driver, ['cancel'], 'rejected', 'configuration')],
  [
    /Alipay holds another amount/,
    ({ calls }) => calls.some(({ answer }) => answer.kind === 'trade' && answer.totalAmount === '1.00'),
  ],
  [/Alipay has never seen the trade; its pay request may still arrive/, (driver) => statuses(driver).length === 0],
  [/Alipay has denied the trade although its pay deadline is over/, (driver) => denied(driver, PROVEN_EARLIEST_MS)],
  [/TRADE_CLOSED is proven/, (driver) => statuses(driver).includes(TradeStatus.TRADE_CLOSED)],
  [
    /The trade is closed, and it is not certain whether/,
    (driver) => statuses(driver).includes(TradeStatus.TRADE_CLOSED),
  ],
  [
    /Paid, but a cancel is under way/,
    (driver) => statuses(driver).at(-1) === TradeStatus.TRADE_SUCCESS && sent(driver, 'cancel'),
  ],
  [
    /the trade is cancelled\.\*\*$/m,
    ({ state }) => !state.memory.callerSaysPaid && state.memory.outTradeNo !== undefined,
  ],
  [/no cancel was sent/, (driver) => !sent(driver, 'cancel')],
  [/the service says that its pay call was answered as paid/, ({ state }) => state.memory.callerSaysPaid],
  [/nothing is cancelled against the word of the service/, (driver) => !sent(driver, 'cancel')],
  [/The query denies this trade, the refund query does not/, (driver) => denied(driver) && sent(driver, 'queryRefund')],
  [/has not proven the refund/, ({ state }) => state.memory.refundBegun],
  [/^- provisionally: NOT_CREATED/m, (driver) => statuses(driver).length === 0],
  [/^- provisionally: CLOSED/m, (driver) => acted(driver, 'close')],
  [/^- provisionally: REFUNDED/m, (driver) => acted(driver, 'refund') || driver.state.phase.kind === 'refunding'],
  [/signal `retryNow`: (?:look|ask) at once/, (driver) => afterLook(driver) !== 'wait'],
  [/^- Nothing now: the wait before the refund query/m, (driver) => afterLook(driver) === driver.command.kind],
  [/update `cancelNow`/, ({ state }) => whyNotCancelNow(state) === undefined],
  [/update `resolveManually`/, ({ state }) => state.phase.kind === 'needs-operator'],
  [/^- Next look at/m, ({ command }) => command.kind === 'wait'],
];

describe('Every sentence for a person', () => {
  const shown = new Set<RegExp>();
  const reasons = new Set<string>();
  function judge(driver: Driver): void {
    const resolution = toResolution(driver.state);
    if (resolution.phase === 'needs-operator') reasons.add(resolution.reason);
    const text = explain(resolution);
    for (const [sentence, isTrue] of SENTENCES) {
      if (!sentence.test(text)) continue;
      shown.add(sentence);
      if (isTrue(driver)) continue;
      const story = driver.calls
        .slice(-6)
        .map(({ kind, atMs, answer }) => `${(atMs - START_MS) / 1_000} s ${kind}: ${JSON.stringify(answer)}`);
      assert.fail(
        `${String(sentence)} is not true at ${(driver.nowMs - START_MS) / 1_000} s:\n${text}\nafter\n${story.join('\n')}`,
      );
    }
    const { command } = driver;
    const nextCheckAt = 'nextCheckAt' in resolution ? resolution.nextCheckAt : undefined;
    if (command.kind === 'wait') assert.equal(nextCheckAt, new Date(command.untilMs).toISOString());
    else if (resolution.phase !== 'guarding') assert.equal(nextCheckAt, undefined);
  }

  for (const [cancelled, cancel] of CANCELS) {
    it(`is true while any two answers alternate, and a cancel is answered with ${cancelled}`, () => {
      for (const [index, [, one]] of QUERIES.entries()) {
        for (const [turn, [, other]] of QUERIES.entries()) {
          for (const payableAtFirst of [true, false]) {
            const start = STARTS[(index + turn) % STARTS.length] ?? T1;
            const answers = alternating(one, other, cancel, { payableAtFirst });
            new Driver(start, answers, { watch: judge }).runUntil(START_MS + HOUR_MS);
          }
        }
      }
    });
  }
  it('is true while a few answers follow each other at random for a day', () => {
    for (let seed = 1; seed <= 200; seed += 1)
      new Driver(STARTS[seed % STARTS.length] ?? T1, atRandom(seed), { watch: judge }).runUntil(
        START_MS + 26 * HOUR_MS,
      );
  });
  it('was shown and judged on the way, in every reason that answers can bring', () => {
    assert.deepEqual(
      SENTENCES.flatMap(([sentence]) => (shown.has(sentence) ? [] : [sentence.source])),
      [],
    );
    const missing = Object.values(OperatorReason).filter((reason) => !reasons.has(reason));
    assert.deepEqual(missing, ['runReset']);
  });
});
