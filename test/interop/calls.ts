/**
 * Calls to make three times over: by our gateway, by the official Java SDK and by the official Node SDK.
 *
 * `readings` change nothing, so the three make them of the same trades and must be told the same, to the second. `effects` change the
 * trade, so each caller has trades of its own; their numbers and instants differ, and nothing else may.
 */
import * as answers from '../../alipay/answer-fields.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';

export interface ComparedCall {
  readonly promise: string;
  readonly method: string;
  /** The Java SDK's name of the request, without `Request`. */
  readonly javaName: string;
  /** By wire name, for the SDKs. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly ours: (gateway: AlipayGateway) => Promise<{ readonly kind: 'answered' | 'failed' }>;
  /** What we read from an answer that is no failure. */
  readonly table: object;
  /** The Node SDK's own check throws a TypeError at an answer without signature, before anybody sees the code in it. */
  readonly isUnsigned?: true;
}

/** The trades that `readings` are about: their plans for the simulator. */
export const READ_TRADES: Readonly<Record<string, Record<string, unknown>>> = {
  waiting: { exists: 'WAIT_BUYER_PAY' },
  paid: { exists: 'TRADE_SUCCESS', totalAmount: '1234.56' },
  refunded: { exists: 'TRADE_SUCCESS', totalAmount: '100.00' },
  closed: { exists: 'TRADE_CLOSED' },
  finished: { exists: 'TRADE_FINISHED' },
  frozen: { exists: 'TRADE_SUCCESS', frozen: true },
  short: { exists: 'TRADE_SUCCESS', sellerBalanceShort: true },
  again: {
    exists: 'WAIT_BUYER_PAY',
    cancel: [{ times: 'always', answer: 'systemError', with: { retry_flag: 'Y' } }],
  },
  unavailable: { query: [{ times: 'always', answer: 'code20000' }] },
  limited: { query: [{ times: 'always', answer: 'limited' }] },
};

/** Made once of the trade `refunded`, before any reading. */
export const EARLIER_REFUND = { outTradeNo: 'refunded', refundAmount: '40.00', outRequestNo: 'r1' } as const;

export function readings(): readonly ComparedCall[] {
  return [
    ...['waiting', 'paid', 'refunded', 'closed', 'finished', 'nowhere', 'limited'].map((outTradeNo) =>
      query(`a query of a trade that is ${outTradeNo}`, outTradeNo),
    ),
    { ...query('a query answered 20000', 'unavailable'), isUnsigned: true },
    ...['nowhere', 'closed', 'finished', 'frozen', 'short', 'refunded', 'again'].map((outTradeNo) =>
      cancel(`a cancel that finds the trade ${outTradeNo}`, outTradeNo),
    ),
    close('a close of a trade that does not exist', 'nowhere'),
    close('a close of a trade that is paid', 'paid'),
    refund('a refund repeated with its number', EARLIER_REFUND),
    refund('a refund repeated with another amount', { ...EARLIER_REFUND, refundAmount: '41.00' }),
    refundQuery('a refund query that finds the refund', EARLIER_REFUND),
    refundQuery('a refund query that finds none', { outTradeNo: 'paid', outRequestNo: 'r1' }),
  ];
}

/** The trades of one caller that must exist before: their plans for the simulator. */
export function effectTrades(caller: string): Readonly<Record<string, Record<string, unknown>>> {
  return {
    [`${caller}_pays_later`]: { buyerPaysAfterMs: 'never' },
    [`${caller}_waiting`]: { exists: 'WAIT_BUYER_PAY' },
    [`${caller}_open`]: { exists: 'WAIT_BUYER_PAY' },
    [`${caller}_paid`]: { exists: 'TRADE_SUCCESS' },
    [`${caller}_returned`]: { exists: 'TRADE_SUCCESS', totalAmount: '100.00' },
  };
}

export function effects(caller: string): readonly ComparedCall[] {
  return [
    pay('a pay that the buyer completes', `${caller}_new`),
    pay('a pay that waits for the buyer', `${caller}_pays_later`),
    precreate('a precreate', `${caller}_code`),
    cancel('a cancel of a trade that waits', `${caller}_waiting`),
    cancel('a cancel of a trade that is paid', `${caller}_paid`),
    close('a close of a trade that waits', `${caller}_open`),
    refund('a refund in part', { outTradeNo: `${caller}_returned`, refundAmount: '1.50', outRequestNo: 'r1' }),
    refund('a refund of the rest', { outTradeNo: `${caller}_returned`, refundAmount: '98.50', outRequestNo: 'r2' }),
  ];
}

function query(promise: string, outTradeNo: string): ComparedCall {
  return {
    promise,
    method: 'alipay.trade.query',
    javaName: 'AlipayTradeQuery',
    content: { out_trade_no: outTradeNo },
    ours: (gateway) => gateway.query({ outTradeNo }),
    table: answers.QUERY_TRADE_FIELDS,
  };
}

function cancel(promise: string, outTradeNo: string): ComparedCall {
  return {
    promise,
    method: 'alipay.trade.cancel',
    javaName: 'AlipayTradeCancel',
    content: { out_trade_no: outTradeNo },
    ours: (gateway) => gateway.cancel({ outTradeNo }),
    table: answers.CANCEL_FIELDS,
  };
}

function close(promise: string, outTradeNo: string): ComparedCall {
  return {
    promise,
    method: 'alipay.trade.close',
    javaName: 'AlipayTradeClose',
    content: { out_trade_no: outTradeNo },
    ours: (gateway) => gateway.close({ outTradeNo }),
    table: answers.CLOSE_FIELDS,
  };
}

function pay(promise: string, outTradeNo: string): ComparedCall {
  const [totalAmount, subject, authCode] = ['88.88', '咖啡 "large" 100%', '280000000000000001'];
  return {
    promise,
    method: 'alipay.trade.pay',
    javaName: 'AlipayTradePay',
    content: { out_trade_no: outTradeNo, total_amount: totalAmount, subject, auth_code: authCode, scene: 'bar_code' },
    ours: (gateway) => gateway.pay({ outTradeNo, totalAmount, subject, authCode }),
    table: answers.PAY_FIELDS,
  };
}

function precreate(promise: string, outTradeNo: string): ComparedCall {
  const [totalAmount, subject] = ['88.88', '咖啡'];
  return {
    promise,
    method: 'alipay.trade.precreate',
    javaName: 'AlipayTradePrecreate',
    content: { out_trade_no: outTradeNo, total_amount: totalAmount, subject },
    ours: (gateway) => gateway.precreate({ outTradeNo, totalAmount, subject }),
    table: answers.PRECREATE_FIELDS,
  };
}

interface Refund {
  readonly outTradeNo: string;
  readonly refundAmount: string;
  readonly outRequestNo: string;
}

function refund(promise: string, { outTradeNo, refundAmount, outRequestNo }: Refund): ComparedCall {
  return {
    promise,
    method: 'alipay.trade.refund',
    javaName: 'AlipayTradeRefund',
    content: { out_trade_no: outTradeNo, refund_amount: refundAmount, out_request_no: outRequestNo },
    ours: (gateway) => gateway.refund({ outTradeNo, refundAmount, outRequestNo }),
    table: answers.REFUND_FIELDS,
  };
}

function refundQuery(promise: string, { outTradeNo, outRequestNo }: Omit<Refund, 'refundAmount'>): ComparedCall {
  return {
    promise,
    method: 'alipay.trade.fastpay.refund.query',
    javaName: 'AlipayTradeFastpayRefundQuery',
    content: { out_trade_no: outTradeNo, out_request_no: outRequestNo },
    ours: (gateway) => gateway.queryRefund({ outTradeNo, outRequestNo }),
    table: answers.QUERY_REFUND_FIELDS,
  };
}
