/**
 * What happens at the counter: one row a sale. The plan tells the simulated gateway how the pay call and all later calls of the
 * trade go wrong; the act is what a person, or an accident, does meanwhile; the outcome is the one true end of the story.
 */
import type { Policy } from '../contract/policy.ts';
import { Outcome, type ManualResolution } from '../contract/resolution.ts';
import type { FaultStep, TradePlan } from '../simulator/fault-plan.ts';

export interface Story {
  readonly outTradeNo: string;
  readonly name: string;
  readonly plan: TradePlan;
  readonly act?: Act;
  readonly policy?: Partial<Policy>;
  /** How long the buyer may pay. @default 2 minutes */
  readonly payableMs?: number;
  readonly outcome: Outcome;
}

export type Act =
  | { readonly kind: 'cashierCancels'; readonly afterMs: number }
  /** Once the trade needs a person. */
  | { readonly kind: 'topUp' }
  | { readonly kind: 'decide'; readonly manualDecision: ManualResolution }
  /** While the trade's cancel is on its way. */
  | { readonly kind: 'killWorker' }
  /** The payment service dies between its pay call and the start of the resolution. */
  | { readonly kind: 'counterDies' };

/** What the scanner reads off every buyer's screen here; the simulated gateway does not look at it. */
export const AUTH_CODE = '283546790012345678';

/** As patient as a play of one minute allows; the defaults in `contract/policy.ts` are for real counters. */
export const PLAY_POLICY: Partial<Policy> = {
  pollFirstMs: 1_000,
  pollCapMs: 3_000,
  pollBudgetMs: 9_000,
  cancelFirstMs: 1_000,
  cancelCapMs: 4_000,
  watchFirstMs: 1_000,
  watchCapMs: 4_000,
  marginMs: 2_000,
  slowMs: 5_000,
};

/** Longer than the counter's own deadline: its pay call times out. */
const SILENT_MS = 60_000;
const executedInSilence: FaultStep = { delayMs: SILENT_MS };
const lostInSilence: FaultStep = { delivery: 'requestLost', delayMs: SILENT_MS };
const landsAfterCancel: FaultStep = { delivery: 'answerLost', delayMs: SILENT_MS, executed: 'afterNextCancel' };
const buyerPaysJustBefore: FaultStep = { buyerPays: 'beforeExecution' };

const { PAID, CLOSED, REFUNDED, NOT_CREATED } = Outcome;

export const STORIES: readonly Story[] = [
  {
    outTradeNo: 'sao201881610515614521',
    name: 'never paid, closed',
    plan: { tradeNo: '2019032622001494891000009752', buyerPaysAfterMs: 'never', pay: [executedInSilence] },
    outcome: CLOSED,
  },
  {
    outTradeNo: 'paid_late',
    name: 'paid late: a slow password',
    plan: { buyerPaysAfterMs: 6_000 },
    outcome: PAID,
  },
  {
    outTradeNo: 'paid_unheard',
    name: 'paid at once, answer never came',
    plan: { pay: [executedInSilence] },
    outcome: PAID,
  },
  {
    outTradeNo: 'system_error',
    name: 'paid, though pay said otherwise',
    plan: { pay: [{ answer: 'systemError', executed: true }] },
    outcome: PAID,
  },
  {
    outTradeNo: 'query_20000',
    name: 'query answers 20000 for a while',
    plan: { pay: [{ answer: 'code20000', executed: true }], query: [{ answer: 'code20000', times: 4 }] },
    // Whatever happens to the worker meanwhile, there is time to hear the truth.
    policy: { pollBudgetMs: 40_000 },
    outcome: PAID,
  },
  {
    outTradeNo: 'forged_paid',
    name: 'forged answers say paid',
    plan: {
      buyerPaysAfterMs: 'never',
      query: [{ signature: 'wrong', with: { trade_status: 'TRADE_SUCCESS' }, times: 3 }],
    },
    outcome: CLOSED,
  },
  {
    outTradeNo: 'paid_cancelled',
    name: 'paid, then cancelled: refunded',
    plan: { buyerPaysAfterMs: 'never', cancel: [buyerPaysJustBefore] },
    outcome: REFUNDED,
  },
  {
    outTradeNo: 'retry_flag_y',
    name: 'retry_flag=Y three times',
    plan: {
      buyerPaysAfterMs: 'never',
      pay: [executedInSilence],
      cancel: [{ answer: 'systemError', with: { retry_flag: 'Y' }, times: 3 }],
    },
    outcome: CLOSED,
  },
  {
    outTradeNo: 'cancel_unheard',
    name: 'answer to the cancel lost',
    plan: { buyerPaysAfterMs: 'never', cancel: [{ delivery: 'answerLost' }] },
    outcome: CLOSED,
  },
  {
    outTradeNo: 'lands_late',
    name: 'pay request lands after the cancel',
    plan: { pay: [landsAfterCancel] },
    outcome: REFUNDED,
  },
  {
    outTradeNo: 'never_created',
    name: 'trade never created',
    plan: { pay: [lostInSilence] },
    // Absence is proven only after the pay deadline. Alipay takes no deadline under a minute; the simulator does.
    payableMs: 25_000,
    outcome: NOT_CREATED,
  },
  {
    outTradeNo: 'worker_killed',
    name: 'worker killed while cancelling',
    plan: { buyerPaysAfterMs: 'never', pay: [{ delivery: 'reset' }], cancel: [{ delayMs: 5_000 }] },
    act: { kind: 'killWorker' },
    policy: { pollBudgetMs: 5_000 },
    outcome: CLOSED,
  },
  {
    outTradeNo: 'balance_short',
    name: 'balance short, then topped up',
    plan: { buyerPaysAfterMs: 'never', sellerBalanceShort: true, cancel: [buyerPaysJustBefore] },
    act: { kind: 'topUp' },
    outcome: REFUNDED,
  },
  {
    outTradeNo: 'frozen',
    name: 'frozen, decided by an operator',
    plan: {
      buyerPaysAfterMs: 'never',
      frozen: true,
      pay: [{ answer: 'code20000', executed: true }],
      cancel: [buyerPaysJustBefore],
    },
    act: {
      kind: 'decide',
      manualDecision: {
        outcome: PAID,
        who: 'Operator Lin',
        why: 'Alipay released the sale to us on the phone; goods handed over',
      },
    },
    outcome: PAID,
  },
  {
    outTradeNo: 'cashier_cancels',
    name: 'cashier presses cancel',
    plan: { buyerPaysAfterMs: 'never' },
    act: { kind: 'cashierCancels', afterMs: 3_000 },
    outcome: CLOSED,
  },
  {
    outTradeNo: 'pays_before_cancel',
    name: 'cashier cancels, buyer was faster',
    plan: { buyerPaysAfterMs: 3_000 },
    act: { kind: 'cashierCancels', afterMs: 4_500 },
    // No poll falls between the payment and the button.
    policy: { pollFirstMs: 8_000, pollCapMs: 8_000 },
    outcome: PAID,
  },
  {
    outTradeNo: 'service_dies',
    name: 'payment service dies after pay',
    plan: { pay: [executedInSilence] },
    act: { kind: 'counterDies' },
    outcome: PAID,
  },
];
