/**
 * 21: what a person reads of a state is true in every world that shows it. Each sentence is judged by the record of what reached the rules
 * (`happened.ts`), by the clock and by the start, never by what the rules remember.
 */
import type { Decision } from '../../resolution/index.ts';
import type { Rules } from './shell.ts';
import { violated } from './violation.ts';
import { type PastEvents, payableUntilMs, type World } from './world.ts';

interface Facts {
  readonly happened: PastEvents;
  readonly nowMs: number;
  readonly setting: World['setting'];
}

type Sentence = readonly [RegExp, (facts: Facts) => boolean];

const DAY_MS = 24 * 3_600_000;
const cancelsUntilMs = ({ input }: World['setting']): number =>
  (input.payRequestedAtMs ?? 0) + DAY_MS - input.policy.marginMs;
const isClosed = ({ signed }: PastEvents): boolean => signed === 'closed' || signed === 'acted';

/** A sentence, and what must have happened where it is shown. Whoever was reset reckons with what it does not know. */
export const SENTENCES: readonly Sentence[] = [
  [/no cancel was sent/, ({ happened }) => !happened.cancelSent],
  [/To be cancelled while Alipay allows it/, ({ happened }) => !happened.cancelSent && !happened.paidSaid],
  [/Asking Alipay once more; unless it says/, ({ happened }) => !happened.cancelSent],
  [/Cancelling until Alipay says TRADE_CLOSED/, ({ happened }) => happened.cancelSent || happened.wasReset],
  [/Paid, but a cancel is under way/, ({ happened }) => happened.cancelSent && happened.paidShown],
  [
    /the trade is cancelled\.\*\*$/m,
    ({ happened }) => !happened.paidSaid && !happened.unverified && !happened.paidShown,
  ],
  [/Alipay has never seen the trade/, ({ happened }) => !happened.seen],
  [
    /Alipay has denied the trade although its pay deadline is over/,
    ({ happened, nowMs, setting }) => happened.deniedAtMs !== undefined && nowMs >= payableUntilMs(setting),
  ],
  [/it is NOT_CREATED when/, ({ happened, setting }) => !happened.paidSaid && setting.input.tradeNo === undefined],
  [/^- provisionally: NOT_CREATED/m, ({ happened }) => !happened.seen && !happened.paidSaid],
  [/TRADE_CLOSED is proven/, ({ happened }) => isClosed(happened)],
  [/TRADE_CLOSED after a signed answer had shown the trade paid/, ({ happened }) => happened.paidShown],
  [/a signed query says TRADE_(?:SUCCESS|FINISHED)/, ({ happened }) => happened.signed === 'paid'],
  [/The trade is closed, and it is not certain/, ({ happened }) => isClosed(happened)],
  [/the query says TRADE_NOT_EXIST, the refund query does not/, ({ happened }) => !happened.seen],
  [
    /The query denies this trade, the refund query does not/,
    ({ happened }) => happened.deniedAtMs !== undefined || happened.seen,
  ],
  [/has given no readable answer about this trade yet/, ({ happened }) => happened.signed === 'nothing'],
  [/no signed answer has named its outTradeNo yet/, ({ happened }) => !happened.seen],
  [
    /Alipay has signed before that the trade is paid or closed/,
    ({ happened }) => happened.paidShown || isClosed(happened),
  ],
  [/the 24 h after the pay request/, ({ nowMs, setting }) => nowMs >= cancelsUntilMs(setting)],
  [
    /the service says that its pay call was answered as paid/,
    ({ happened }) => happened.paidSaid || happened.cancelSent,
  ],
  [/This run was reset in Temporal/, ({ happened }) => happened.wasReset],
  [/cancels have been tried for minutes/, ({ happened }) => happened.cancelSent || happened.wasReset],
];

/** Which of them the search has shown; counted by the place in the table. */
export const shown: Set<number> = new Set();

/** @throws Violation */
export function checkSentences({ state }: Decision, happened: PastEvents, world: World, rules: Rules): void {
  // A random run would render every state it meets anew; the search renders each once.
  if (world.setting.realClock === true) return;
  let judged = seen.get(state);
  if (judged === undefined) seen.set(state, (judged = new WeakSet()));
  if (judged.has(happened)) return;
  judged.add(happened);
  const text = textOf(state, world.state, rules);
  for (const [index, [sentence, isTrue]] of SENTENCES.entries()) {
    if (!sentence.test(text)) continue;
    shown.add(index);
    if (!isTrue({ happened, nowMs: world.nowMs, setting: world.setting })) violated(21, `not true: ${sentence.source}`);
  }
}

/** The same state comes back with other records, and with the same one thousands of times. */
const seen = new WeakMap<Decision['state'], WeakSet<PastEvents>>();
const texts = new WeakMap<Decision['state'], string>();

/** Why a trade was parked is said as of then: while it stays parked for that, it is judged no more. */
function textOf(state: Decision['state'], before: World['state'], { explain, toResolution }: Rules): string {
  let text = texts.get(state);
  if (text === undefined) texts.set(state, (text = explain(toResolution(state))));
  const { phase } = state;
  if (phase.kind !== 'needs-operator' || phase.detail === '' || before?.phase.kind !== 'needs-operator') return text;
  return before.phase.detail === phase.detail ? text.replaceAll(phase.detail, '') : text;
}
