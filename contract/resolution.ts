/**
 * The state of a resolution as callers and operators see it: the answer to the query `resolution` while it runs and the
 * workflow's result when it is done. Money is yuan as a decimal string, times are RFC 3339.
 */
import type { QueryAnswerWord } from './answers.ts';
import type { CancelAction, RetryFlag, TradeStatus } from './trade.ts';

export const Outcome = {
  /** A verified query says paid, and no cancel of ours can still land: complete the sale. */
  PAID: 'PAID',
  /** Closed, and no money had moved: take payment again with a NEW outTradeNo. */
  CLOSED: 'CLOSED',
  /** Closed after the buyer had paid; the money went back: tell the buyer. */
  REFUNDED: 'REFUNDED',
  /** Alipay has no such trade, and its pay deadline plus a margin has passed: as CLOSED. */
  NOT_CREATED: 'NOT_CREATED',
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Who decided: Alipay's own answers, a person through `resolveManually`, or the payment service whose guarded pay call was answered. */
export const DecidedBy = { alipay: 'alipay', operator: 'operator', caller: 'caller' } as const;
export type DecidedBy = (typeof DecidedBy)[keyof typeof DecidedBy];

/** Why a trade waits for a person. Each has its remedy in `resolution/operator-reasons.ts` and in docs/outcomes.md. */
export const OperatorReason = {
  sellerBalanceNotEnough: 'sellerBalanceNotEnough',
  frozen: 'frozen',
  cancelRefused: 'cancelRefused',
  cancelWindowOver: 'cancelWindowOver',
  amountMismatch: 'amountMismatch',
  tradeNoMismatch: 'tradeNoMismatch',
  tradeNoUnknown: 'tradeNoUnknown',
  configuration: 'configuration',
  cancelNotPermitted: 'cancelNotPermitted',
  queryRefused: 'queryRefused',
  closureKindUnknown: 'closureKindUnknown',
  refundRefused: 'refundRefused',
  refundUnproven: 'refundUnproven',
  noReadableAnswer: 'noReadableAnswer',
  cancelWithoutEffect: 'cancelWithoutEffect',
  payAnswerMismatch: 'payAnswerMismatch',
  absenceUnproven: 'absenceUnproven',
  runReset: 'runReset',
} as const;
export type OperatorReason = (typeof OperatorReason)[keyof typeof OperatorReason];

/** One cancel and what was answered. */
export interface CancelRecord {
  /** Counts from 1. */
  readonly attempt: number;
  readonly at: string;
  /** `answered`, or the class of the failure. */
  readonly answer: 'answered' | QueryAnswerWord;
  readonly retryFlag?: RetryFlag;
  readonly action?: CancelAction;
  readonly subCode?: string;
}

export interface LastAnswer {
  readonly at: string;
  readonly answer: QueryAnswerWord;
  readonly subCode?: string;
  readonly detail?: string;
}

interface Known {
  readonly merchant: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  /** As given at the start. */
  readonly totalAmount?: string;
  readonly payRequestedAt: string;
  /** After this instant no pay request can create or pay the trade: never earlier than the start and the end of the guard. */
  readonly payDeadline: string;
  /** `paid`: the service says so, after the guard. No first cancel is sent against that word, and nothing is proven by it. */
  readonly payAnswer?: 'paid';
  /** What of the start was not believed, and what counts instead. */
  readonly notes?: readonly string[];
  /**
   * Queries so far; those of a poll still pending are in its heartbeat details. A poll that a message ended between two questions counts with as
   * many as fit into its time.
   */
  readonly polls: number;
  readonly lastAnswer?: LastAnswer;
  /** The last status a signed query gave, and when that query was scheduled. */
  readonly tradeStatus?: TradeStatus;
  readonly tradeStatusAt?: string;
  /** How many cancels were sent, and the first and latest of them. */
  readonly cancelCount: number;
  readonly cancels: readonly CancelRecord[];
  /** Every distinct `action` ever answered to a cancel. */
  readonly actions: readonly CancelAction[];
  /** One sentence for a person. */
  readonly summary: string;
}

/** What a cashier's screen may already say although the trade is still being watched. */
interface Underway {
  readonly provisional?: Outcome;
}

export interface OpenResolution extends Known, Underway {
  readonly phase: 'guarding' | 'querying' | 'cancelling' | 'watching' | 'closing' | 'refunding';
  /** When something happens next, where that is known. */
  readonly nextCheckAt?: string;
}

export interface ParkedResolution extends Known, Underway {
  readonly phase: 'needs-operator';
  readonly reason: OperatorReason;
  /** What a person can do about it. */
  readonly remedy: string;
  readonly nextCheckAt?: string;
}

export interface DoneResolution extends Known {
  readonly phase: 'done';
  readonly outcome: Outcome;
  readonly decidedBy: DecidedBy;
  /** Why this outcome is proven, in one sentence. */
  readonly evidence: string;
  readonly decidedAt: string;
  readonly manualDecision?: ManualDecision;
}

/** A start by tradeNo alone: once its outTradeNo is known, the run with the proper id resolves the trade. */
export interface HandedOverResolution extends Known {
  readonly phase: 'handed-over';
  readonly resolvedBy: string;
}

export type Resolution = OpenResolution | ParkedResolution | HandedOverResolution | DoneResolution;
export type Phase = Resolution['phase'];

/** The argument of `resolveManually`. `who` and `why` are required: they stand in the history for good. */
export interface ManualResolution {
  readonly outcome: Outcome;
  readonly who: string;
  readonly why: string;
}

/** The argument of `orderRefund`: the trade is refunded in full, and the refund is seen proven. */
export interface RefundOrder {
  readonly who: string;
  readonly why: string;
}

/** What a person has decided of a parked trade. */
export type ManualDecision =
  | ({ readonly kind: 'outcome' } & ManualResolution)
  | ({ readonly kind: 'refund' } & RefundOrder);

/** What the guarded pay call came to. `payVerdict` in `alipay/pay-verdict.ts` says which it is of every answer. */
export const PayAnswer = {
  /** 10000 in a signed answer: the sale is done. */
  paid: 'paid',
  /** Timeout, 10003, 20000, SYSTEM_ERROR, most refusals (an earlier, hidden call may have paid), anything unclear: find out. */
  uncertain: 'uncertain',
  /** Only for an answer which proves that nothing can have been paid. It is verified and cancelled all the same. */
  refused: 'refused',
} as const;
export type PayAnswer = (typeof PayAnswer)[keyof typeof PayAnswer];

export function isPayAnswer(value: unknown): value is PayAnswer {
  return typeof value === 'string' && Object.hasOwn(PayAnswer, value);
}
