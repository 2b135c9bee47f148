/** The worlds that are explored: one set of deadlines and one open question of Alipay's documents each. */
import type { ParsedInput } from '../../contract/resolution-input.ts';
import type { Policy } from '../../contract/policy.ts';
import { yuanFromFen } from '../../contract/money.ts';

/**
 * How a refund shows once its `action` is lost. The documents leave it open, so each reading has its worlds.
 * - `queryRefund`: a TRADE_CLOSED may lack send_pay_date, but the refund query shows the refund 10 s after it happened.
 * - `sendPayDate`: the refund query never shows what a cancel gave back, but send_pay_date stands in every answer
 *   about a trade that was once paid. Only then is a refund in the merchant portal in the model.
 */
export type RefundEvidence = 'queryRefund' | 'sendPayDate';

export interface Setting {
  readonly name: string;
  readonly input: ParsedInput;
  readonly refundEvidence: RefundEvidence;
  /** The service says after the guard, or without one, that its pay call was answered as paid. */
  readonly serviceSpeaks?: true;
  /** It may say so of a trade that is not paid. */
  readonly serviceErrs?: true;
  /** The service died before its pay call: no pay request is on its way. */
  readonly payNeverLeft?: true;
  /** The run by the `tradeNo` has seen the trade paid, and hands over to this one. */
  readonly takesOver?: true;
  /** Somebody resets the run in Temporal. */
  readonly resets?: true;
  /** Somebody refunds part of a parked trade in the merchant portal. */
  readonly partialRefunds?: true;
  /** The search follows even what can no longer matter (`reductions.ts`). The random runs do, too. */
  readonly unreduced?: true;
  /** Delays are those of the plan, not steps. Of the random runs. */
  readonly realClock?: true;
  /** As Alipay holds it. */
  readonly tradeNo: string;
  readonly totalAmount: string;
}

/**
 * One step of the clock: a fifth of the 24 h window, so that five steps reach its end. Poll budget, margin and slow looks
 * take one step each; the waits between two calls are so short that no deadline ever falls into one.
 */
const STEPS_A_DAY = Number(process.env['MODEL_STEPS_A_DAY'] ?? 5);
export const STEP_MS: number = (24 * 3_600_000) / STEPS_A_DAY;
export const SHORT_MS = 10_000;

export const STEP_POLICY: Policy = {
  pollFirstMs: SHORT_MS,
  pollFactor: 1,
  pollCapMs: SHORT_MS,
  pollBudgetMs: STEP_MS,
  cancelFirstMs: SHORT_MS,
  cancelFactor: 1,
  cancelCapMs: SHORT_MS,
  watchFirstMs: SHORT_MS,
  watchFactor: 1,
  watchCapMs: SHORT_MS,
  marginMs: STEP_MS,
  slowMs: STEP_MS,
};

/** As far as two denials of a trade lie apart, with the margins of all worlds here. */
export const DENIALS_APART_MS = 180_000;

export const OUT_TRADE_NO = '20261124-0001';
export const TRADE_NO = '2026112422001400000000000001';
const OTHER_TRADE_NO = '2026112422001400000000000002';
const TOTAL_FEN = 8_888;

function input(payExpiresInSteps: number): ParsedInput {
  return {
    merchant: 'default',
    outTradeNo: OUT_TRADE_NO,
    totalFen: TOTAL_FEN,
    payRequestedAtMs: 0,
    payExpiresAtMs: payExpiresInSteps * STEP_MS,
    policy: STEP_POLICY,
    callerSaysPaid: false,
    hurried: false,
    refundIfNotCancellable: false,
  };
}

const ours = { tradeNo: TRADE_NO, totalAmount: yuanFromFen(TOTAL_FEN) } as const;

/** 24 h are 5 steps, less the margin 4; the pay deadline of most worlds is 2, plus the margin 3. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'a refund shows in the refund query',
    input: input(2),
    refundEvidence: 'queryRefund',
    ...ours,
  },
  {
    name: 'a refund shows by send_pay_date alone',
    input: input(2),
    refundEvidence: 'sendPayDate',
    serviceSpeaks: true,
    ...ours,
  },
  {
    name: 'payable for longer than cancellable',
    input: input(6),
    refundEvidence: 'queryRefund',
    ...ours,
  },
  {
    name: 'a guarded pay call, and a refund where no cancel is possible',
    input: { ...input(3), guardUntilMs: STEP_MS, refundIfNotCancellable: true },
    refundEvidence: 'queryRefund',
    serviceSpeaks: true,
    resets: true,
    ...ours,
  },
  {
    name: 'a guard that lasts longer than the pay deadline, and partial refunds by others',
    input: { ...input(1), guardUntilMs: 2 * STEP_MS },
    refundEvidence: 'queryRefund',
    partialRefunds: true,
    serviceSpeaks: true,
    ...ours,
  },
  {
    name: 'Alipay holds another amount',
    input: input(2),
    refundEvidence: 'queryRefund',
    tradeNo: TRADE_NO,
    totalAmount: yuanFromFen(TOTAL_FEN + 1),
  },
  {
    name: 'the two numbers belong to different trades',
    input: { ...input(2), tradeNo: OTHER_TRADE_NO },
    refundEvidence: 'queryRefund',
    ...ours,
  },
  { name: 'only the tradeNo is known', input: tradeNoOnly(), refundEvidence: 'queryRefund', ...ours },
  {
    name: 'a pay request that never left, and a service that calls it paid',
    input: input(2),
    refundEvidence: 'queryRefund',
    serviceSpeaks: true,
    serviceErrs: true,
    payNeverLeft: true,
    ...ours,
  },
  {
    name: 'a run that takes over a trade which was seen paid by its tradeNo',
    input: { ...input(2), tradeNo: TRADE_NO },
    refundEvidence: 'queryRefund',
    takesOver: true,
    ...ours,
  },
];

/** The start of the run that hands over, too. */
export function tradeNoOnly(): ParsedInput {
  const { outTradeNo: _, ...rest } = input(2);
  return { ...rest, tradeNo: TRADE_NO };
}

/** The last deadline of all, in steps: that of the 24 h, or of the pay request. */
export function lastStepOf({ input }: Setting): number {
  const payableMs = Math.max(input.payExpiresAtMs ?? 0, input.guardUntilMs ?? 0) + input.policy.marginMs;
  return Math.max(STEPS_A_DAY, payableMs / STEP_MS);
}
