/**
 * Alipay's own words about a trade, verbatim. Source: field docs of `alipay.trade.query` and `alipay.trade.cancel`
 * in the official Java SDK (`AlipayTradeQueryResponse`, `AlipayTradeCancelResponse`).
 */

export const TradeStatus = {
  /** Created, the buyer has not paid. */
  WAIT_BUYER_PAY: 'WAIT_BUYER_PAY',
  /** Paid; can be refunded. */
  TRADE_SUCCESS: 'TRADE_SUCCESS',
  /** Paid; can no longer be refunded. */
  TRADE_FINISHED: 'TRADE_FINISHED',
  /** Closed unpaid, OR paid and then refunded in full: the status alone does not tell which. */
  TRADE_CLOSED: 'TRADE_CLOSED',
} as const;
export type TradeStatus = (typeof TradeStatus)[keyof typeof TradeStatus];

/** What a cancel did: closed an unpaid trade, or refunded a paid one. Absent in an answer: no such trade, or the call failed. */
export const CancelAction = { close: 'close', refund: 'refund' } as const;
export type CancelAction = (typeof CancelAction)[keyof typeof CancelAction];

/** `Y`: repeat the same cancel. `N`: do not. Neither says what happened to the trade. */
export const RetryFlag = { Y: 'Y', N: 'N' } as const;
export type RetryFlag = (typeof RetryFlag)[keyof typeof RetryFlag];

/** One trade of one merchant. At least one number; where both are sent, Alipay looks at `tradeNo` only. */
export interface TradeIds {
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
}

export function isTradeStatus(value: unknown): value is TradeStatus {
  return typeof value === 'string' && Object.hasOwn(TradeStatus, value);
}
