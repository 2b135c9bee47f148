/**
 * The four activities: one Alipay call per attempt, each safe to repeat. Names and fields stand in histories: they are
 * only ever extended.
 */
import type { CancelAnswer, QueryAnswer, QueryAnswerWord, RefundAnswer, RefundCallAnswer } from './answers.ts';
import type { TradeIds } from './trade.ts';

export interface TradeCall extends TradeIds {
  /** Name of the merchant in the worker's configuration. */
  readonly merchant: string;
}

/**
 * How long and how often one `queryTrade` activity keeps asking. The decision which answers are worth another question
 * is made by `resolution/` and travels as data: the activity only carries it out.
 */
export interface PollPlan {
  /** Answers after which to ask again; any other ends the polling. */
  readonly keepAskingOn: readonly QueryAnswerWord[];
  /** Delay before the second question, in ms; each next one is `factor` times longer, up to `capMs`. */
  readonly firstMs: number;
  readonly factor: number;
  readonly capMs: number;
  /** The last question is asked at this instant (ms since the epoch, Temporal's clock), or never later than needed. */
  readonly untilMs: number;
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

export interface RefundCallReport {
  readonly answer: RefundCallAnswer;
  readonly scheduledAtMs: number;
}

export interface RefundReport {
  readonly answer: RefundAnswer;
  readonly scheduledAtMs: number;
}

export interface TradeActivities {
  queryTrade(call: QueryCall): Promise<QueryReport>;
  cancelTrade(call: TradeCall): Promise<CancelReport>;
  refundTrade(call: RefundCall): Promise<RefundCallReport>;
  /** Asks whether the trade's cancel or refund gave money back (`out_request_no` = `outTradeNo`). */
  queryRefund(call: TradeCall): Promise<RefundReport>;
}

/** `ApplicationFailure.type` of an attempt whose answer is not final: retried, logged at debug level, counted as no failure. */
export const NOT_FINAL_YET = 'NotFinalYet';
