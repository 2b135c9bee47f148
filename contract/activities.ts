/**
 * The four activities: one Alipay call per attempt, each safe to repeat. Names and fields stand in histories: they are
 * only ever extended.
 */
import { wordOf } from './answers.ts';
import { FailureClass } from './failure-class.ts';
import type { CancelAnswer, QueryAnswer, QueryAnswerWord, RefundQueryAnswer, RefundAnswer } from './answers.ts';
import type { TradeIds } from './trade.ts';

export interface TradeCall extends TradeIds {
  /** Name of the merchant in the worker's configuration. */
  readonly merchant: string;
}

/**
 * How long and how often one `queryTrade` activity keeps asking. The decision what is worth another question is made by
 * `resolution/` and travels as data: the activity only carries it out.
 */
export interface PollPlan {
  /** The answer that was read last. It is asked for again only while Alipay says the same; anything else ends the polling. */
  readonly known: KnownAnswer;
  /** Questions of this poll that were asked before this activity: the delays go on from there. */
  readonly asked: number;
  /** Delay before the second question, in ms; each next one is `factor` times longer, up to `capMs`. */
  readonly firstMs: number;
  readonly factor: number;
  readonly capMs: number;
  /** So many questions may be asked at that rhythm; after them at least `pacedMs` lie between two. */
  readonly quickMax: number;
  readonly pacedMs: number;
  /** At least so long after Alipay said 40005, too many calls. In ms. */
  readonly limitedMs: number;
  /** The last question is asked at this instant (ms since the epoch, Temporal's clock), or never later than needed. */
  readonly untilMs: number;
}

/** The delay after so many questions of this activity, in ms. */
export function delayAfterMs(
  { asked, firstMs, factor, capMs, quickMax, pacedMs, limitedMs, known }: PollPlan,
  questions: number,
): number {
  const grown = Math.min(capMs, firstMs * factor ** Math.min(asked + questions - 1, 60));
  const paced = questions < quickMax ? grown : Math.max(grown, pacedMs);
  return known.word === FailureClass.limited ? Math.max(paced, limitedMs) : paced;
}

/** Temporal's own retry timers have a grain of about one second (measured). */
export const LEAST_DELAY_MS = 1_000;

/** At most so many questions have been asked since `startedAtMs`: calls take time, too. What a poll that was ended from outside counts as. */
export function questionsBy(poll: PollPlan, startedAtMs: number, nowMs: number): number {
  let atMs = startedAtMs;
  let questions = 0;
  while (atMs <= nowMs && questions < QUESTIONS_MAX) {
    questions += 1;
    atMs += Math.max(LEAST_DELAY_MS, delayAfterMs(poll, questions));
  }
  return questions;
}

/** More than fit into the day that a plan may last, at the least delay of a paced plan. */
const QUESTIONS_MAX = 10_000;

/** What tells one answer to a query from another. The last three are there for an answer that shows a trade. */
export interface KnownAnswer {
  readonly word: QueryAnswerWord;
  readonly subCode?: string;
  readonly tradeNo?: string;
  readonly totalAmount?: string;
  /** It named the day the money went to the seller. */
  readonly hasPayDate?: boolean;
}

export function knownOf(answer: QueryAnswer): KnownAnswer {
  const word = wordOf(answer);
  switch (answer.kind) {
    case 'trade': {
      const { tradeNo, totalAmount, sendPayDate } = answer;
      return { word, tradeNo, totalAmount, hasPayDate: sendPayDate !== undefined };
    }
    case 'tradeNotExist':
      return { word };
    case 'failed':
      return { word, ...(answer.subCode !== undefined && { subCode: answer.subCode }) };
  }
}

export function isKnown(answer: QueryAnswer, known: KnownAnswer): boolean {
  const { word, subCode, tradeNo, totalAmount, hasPayDate } = knownOf(answer);
  return (
    word === known.word &&
    subCode === known.subCode &&
    tradeNo === known.tradeNo &&
    totalAmount === known.totalAmount &&
    hasPayDate === known.hasPayDate
  );
}

export interface QueryCall extends TradeCall {
  /** Absent: ask once. */
  readonly poll?: PollPlan;
}

/** One line of the trail that a poll leaves in the Web UI. */
export interface PollRecord {
  /** RFC 3339. */
  readonly at: string;
  readonly answer: QueryAnswerWord;
  readonly subCode?: string;
}

export interface QueryReport {
  readonly answer: QueryAnswer;
  /** When the call that brought `answer` was scheduled, ms since the epoch by Temporal's clock: the answer is as old as this. */
  readonly scheduledAtMs: number;
  /** When the first question of this report was scheduled. */
  readonly startedAtMs: number;
  /** Questions asked, this one included. */
  readonly polls: number;
  /** The first and the latest questions, this one included. */
  readonly trail: readonly PollRecord[];
}

export interface CancelReport {
  readonly answer: CancelAnswer;
  readonly scheduledAtMs: number;
}

/** A refund in full, under one number for good: Alipay executes a number once, however often it is asked. */
export interface RefundCall extends TradeCall {
  /** `out_request_no`: the trade's own `outTradeNo`. */
  readonly outRequestNo: string;
  /** Yuan as a decimal string. */
  readonly refundAmount: string;
}

export interface RefundReport {
  readonly answer: RefundAnswer;
  readonly scheduledAtMs: number;
}

export interface RefundQueryReport {
  readonly answer: RefundQueryAnswer;
  readonly scheduledAtMs: number;
}

export interface TradeActivities {
  queryTrade(call: QueryCall): Promise<QueryReport>;
  cancelTrade(call: TradeCall): Promise<CancelReport>;
  refundTrade(call: RefundCall): Promise<RefundReport>;
  /** Asks whether the trade's cancel or refund gave money back (`out_request_no` = `outTradeNo`). */
  queryRefund(call: TradeCall): Promise<RefundQueryReport>;
}

/** `ApplicationFailure.type` of an attempt whose answer is not final: retried, logged at debug level, counted as no failure. */
export const NOT_FINAL_YET = 'NotFinalYet';
