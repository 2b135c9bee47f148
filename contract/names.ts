/** Every name that crosses the wire between a payment service, an operator and the workflow. Fixed for good. */

export const WORKFLOW_TYPE = 'resolveUncertainPayment';
export const TASK_QUEUE = 'alipay-uncertain-payments';

export const RESOLUTION_QUERY = 'resolution';
export const Signals = { tradeNotified: 'tradeNotified', retryNow: 'retryNow', payAnswered: 'payAnswered' } as const;
export const Updates = {
  cancelNow: 'cancelNow',
  resolveManually: 'resolveManually',
  orderRefund: 'orderRefund',
} as const;

/** All of type Keyword. They must be registered before the first start: the worker checks that. */
export const SearchAttributes = {
  merchant: 'AlipayMerchant',
  outTradeNo: 'AlipayOutTradeNo',
  tradeNo: 'AlipayTradeNo',
  /** The phase while open, the outcome when closed. */
  resolution: 'AlipayResolution',
} as const;

/** `ApplicationFailure.type` strings with which the workflow or an update refuses; match these, never classes. */
export const FailureTypes = {
  /** The start input is wrong; the message names every wrong field. Nothing was called. */
  invalidInput: 'InvalidInput',
  /** A start by tradeNo found that the trade already has its own resolution; the message names it. */
  alreadyResolving: 'AlreadyResolving',
  /** The present state does not allow this update. */
  notNow: 'NotNow',
} as const;

/** One trade, one workflow id. No slash: the id stands in URLs. */
export function workflowIdOf(trade: {
  readonly merchant?: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
}): string {
  const merchant = trade.merchant ?? DEFAULT_MERCHANT;
  if (trade.outTradeNo !== undefined) return `alipay:${merchant}:${trade.outTradeNo}`;
  if (trade.tradeNo !== undefined) return `alipay:${merchant}:trade:${trade.tradeNo}`;
  throw new TypeError('A trade needs outTradeNo or tradeNo: give at least one.');
}

export const DEFAULT_MERCHANT = 'default';
