/** How patient a resolution is. All in ms but the factors; every field of a start's `policy` overrides one default. */
export interface Policy {
  /** First wait between two queries. Alipay's advice: 3-6 s between, 30-60 s in all ("轮询机制", 2021-07-07; "当面付接入必读"). */
  readonly pollFirstMs: number;
  readonly pollFactor: number;
  readonly pollCapMs: number;
  /** How long to keep asking before the first cancel. */
  readonly pollBudgetMs: number;
  /** First wait before a cancel is repeated. */
  readonly cancelFirstMs: number;
  readonly cancelFactor: number;
  readonly cancelCapMs: number;
  /** Waits while watching for a pay request that may still be on its way. */
  readonly watchFirstMs: number;
  readonly watchFactor: number;
  readonly watchCapMs: number;
  /** Added to the pay deadline and taken off the cancel window: clock skew between Temporal and Alipay. */
  readonly marginMs: number;
  /** Wait between two looks at a trade that needs a human. */
  readonly slowMs: number;
}

export const DEFAULT_POLICY: Policy = {
  pollFirstMs: 2_000,
  pollFactor: 1.5,
  pollCapMs: 6_000,
  pollBudgetMs: 30_000,
  cancelFirstMs: 2_000,
  cancelFactor: 2,
  cancelCapMs: 60_000,
  watchFirstMs: 5_000,
  watchFactor: 2,
  watchCapMs: 300_000,
  marginMs: 300_000,
  slowMs: 300_000,
};

const HOUR_MS = 3_600_000;

/** Least and greatest value of each field. Below 1 s Temporal's own timers are too coarse to keep a promise. */
export const POLICY_BOUNDS: { readonly [K in keyof Policy]: readonly [number, number] } = {
  pollFirstMs: [1_000, HOUR_MS],
  pollFactor: [1, 10],
  pollCapMs: [1_000, HOUR_MS],
  pollBudgetMs: [0, HOUR_MS],
  cancelFirstMs: [1_000, HOUR_MS],
  cancelFactor: [1, 10],
  cancelCapMs: [1_000, HOUR_MS],
  watchFirstMs: [1_000, HOUR_MS],
  watchFactor: [1, 10],
  watchCapMs: [1_000, HOUR_MS],
  marginMs: [1_000, HOUR_MS],
  slowMs: [1_000, 24 * HOUR_MS],
};

/** Alipay's own deadline for a face-to-face pay that names none (`timeout_express` default, field doc of `alipay.trade.pay`). */
export const DEFAULT_PAY_VALIDITY_MS: number = 3 * HOUR_MS;

/** A cancel is possible within 24 h of the order's creation ("轮询机制", 2021-07-07; `ACQ.TRADE_CANCEL_TIME_OUT`). */
export const CANCEL_WINDOW_MS: number = 24 * HOUR_MS;
