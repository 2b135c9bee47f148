/**
 * What each interface answers, typed; beside each type the table that reads it: what a rule needs, and what shows that the answer
 * is whole and well formed. How a payment was made up is left to whoever keeps the books. Sources: field docs of the official
 * Java SDK, classes `AlipayTrade{Pay,Query,Cancel,Refund,FastpayRefundQuery,Close,Precreate}Response`.
 *
 * Who the buyer is (`buyer_logon_id`, `buyer_user_id`, `buyer_open_id`, …) is in several answers and is never read: what is
 * not read cannot turn up in a history or a log. Amounts are yuan with two decimals, times RFC 3339 with +08:00.
 */
import type { CancelAction, RetryFlag, TradeStatus } from '../contract/trade.ts';
import { cancelAction, identifier, informative, optional, required, retryFlag, text } from './fields.ts';
import { time, tradeStatus, yesOrNo, yuan } from './fields.ts';
import type { FieldTable } from './fields.ts';

/** 10000 of a pay: the buyer has paid, though a later query decides. */
export interface PayFields {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly totalAmount: string;
  readonly gmtPayment?: string;
}

export const PAY_FIELDS: FieldTable<PayFields> = {
  outTradeNo: required('out_trade_no', identifier),
  tradeNo: required('trade_no', identifier),
  totalAmount: required('total_amount', yuan),
  gmtPayment: optional('gmt_payment', time),
};

/** 10003 of a pay: the buyer is asked for a password. Nothing in it is promised to be there. */
export interface AwaitingBuyerFields {
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly totalAmount?: string;
}

export const AWAITING_BUYER_FIELDS: FieldTable<AwaitingBuyerFields> = {
  outTradeNo: optional('out_trade_no', identifier),
  tradeNo: optional('trade_no', identifier),
  totalAmount: optional('total_amount', yuan),
};

export interface QueryTradeFields {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly tradeStatus: TradeStatus;
  /** As sent with the pay call. */
  readonly totalAmount: string;
  /** When the money went to the seller. */
  readonly sendPayDate?: string;
}

export const QUERY_TRADE_FIELDS: FieldTable<QueryTradeFields> = {
  outTradeNo: required('out_trade_no', identifier),
  tradeNo: required('trade_no', identifier),
  tradeStatus: required('trade_status', tradeStatus),
  totalAmount: required('total_amount', yuan),
  sendPayDate: optional('send_pay_date', time),
};

export interface CancelFields {
  readonly outTradeNo: string;
  readonly retryFlag: RetryFlag;
  /** Present when something was closed or refunded. */
  readonly tradeNo?: string;
  /** Absent: there is no such trade, or the call failed. Never to be read as closed. */
  readonly action?: CancelAction;
  /** Only where a bank stands between merchant and Alipay (间联). */
  readonly gmtRefundPay?: string;
}

export const CANCEL_FIELDS: FieldTable<CancelFields> = {
  outTradeNo: required('out_trade_no', identifier),
  retryFlag: required('retry_flag', retryFlag),
  tradeNo: optional('trade_no', identifier),
  action: optional('action', cancelAction),
  gmtRefundPay: optional('gmt_refund_pay', time),
};

/** What a cancel may say although it failed; kept only when signed. */
export interface FailedCancelFields {
  readonly retryFlag?: RetryFlag;
  readonly action?: CancelAction;
  readonly tradeNo?: string;
}

export const FAILED_CANCEL_FIELDS: FieldTable<FailedCancelFields> = {
  tradeNo: informative('trade_no', identifier),
  retryFlag: informative('retry_flag', retryFlag),
  action: informative('action', cancelAction),
};

/** 10000 of a refund says "accepted"; only `fundChange` Y says that this very call moved money. */
export interface RefundFields {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly fundChange?: 'Y' | 'N';
  /** Refunded in all, over every refund of the trade. */
  readonly refundFee: string;
  readonly gmtRefundPay?: string;
}

export const REFUND_FIELDS: FieldTable<RefundFields> = {
  outTradeNo: required('out_trade_no', identifier),
  tradeNo: required('trade_no', identifier),
  fundChange: optional('fund_change', yesOrNo),
  refundFee: required('refund_fee', yuan),
  gmtRefundPay: optional('gmt_refund_pay', time),
};

/** All absent: Alipay knows no such refund, or it failed. */
export interface QueryRefundFields {
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly outRequestNo?: string;
  /** `REFUND_SUCCESS`, verbatim. Absent: not received, or failed. */
  readonly refundStatus?: string;
  readonly refundAmount?: string;
  readonly totalAmount?: string;
  readonly gmtRefundPay?: string;
}

export const QUERY_REFUND_FIELDS: FieldTable<QueryRefundFields> = {
  outTradeNo: optional('out_trade_no', identifier),
  tradeNo: optional('trade_no', identifier),
  outRequestNo: optional('out_request_no', identifier),
  refundStatus: optional('refund_status', identifier),
  refundAmount: optional('refund_amount', yuan),
  totalAmount: optional('total_amount', yuan),
  gmtRefundPay: optional('gmt_refund_pay', time),
};

export interface CloseFields {
  readonly outTradeNo: string;
  readonly tradeNo: string;
}

export const CLOSE_FIELDS: FieldTable<CloseFields> = {
  outTradeNo: required('out_trade_no', identifier),
  tradeNo: required('trade_no', identifier),
};

export interface PrecreateFields {
  readonly outTradeNo: string;
  /** What the buyer scans. Dies after 2 h whatever the trade's own deadline. */
  readonly qrCode: string;
}

export const PRECREATE_FIELDS: FieldTable<PrecreateFields> = {
  outTradeNo: required('out_trade_no', identifier),
  qrCode: required('qr_code', text),
};
