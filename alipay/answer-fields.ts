/**
 * What each interface answers, typed; beside each type the table that reads it. Sources: field docs of the official Java SDK,
 * classes `AlipayTrade{Pay,Query,Cancel,Refund,FastpayRefundQuery,Close,Precreate}Response`.
 *
 * Who the buyer is (`buyer_logon_id`, `buyer_user_id`, `buyer_open_id`, …) is in several answers and is never read: what is
 * not read cannot turn up in a history or a log. Amounts are yuan with two decimals, times RFC 3339 with +08:00.
 */
import type { CancelAction, RetryFlag, TradeStatus } from '../contract/trade.ts';
import { cancelAction, fundBills, identifier, informative, optional, required, retryFlag, text } from './fields.ts';
import { time, tradeStatus, yesOrNo, yuan } from './fields.ts';
import type { FieldTable, FundBill } from './fields.ts';

/** How a payment was made up. Told on for accounting; nothing here decides by it. */
export interface PaymentBreakdown {
  readonly receiptAmount?: string;
  readonly buyerPayAmount?: string;
  readonly pointAmount?: string;
  readonly invoiceAmount?: string;
  readonly discountAmount?: string;
  readonly mdiscountAmount?: string;
  readonly chargeAmount?: string;
  readonly fundBills?: readonly FundBill[];
  readonly settlementId?: string;
  readonly storeName?: string;
}

const PAYMENT_BREAKDOWN: FieldTable<PaymentBreakdown> = {
  receiptAmount: informative('receipt_amount', yuan),
  buyerPayAmount: informative('buyer_pay_amount', yuan),
  pointAmount: informative('point_amount', yuan),
  invoiceAmount: informative('invoice_amount', yuan),
  discountAmount: informative('discount_amount', yuan),
  mdiscountAmount: informative('mdiscount_amount', yuan),
  chargeAmount: informative('charge_amount', yuan),
  fundBills: informative('fund_bill_list', fundBills),
  settlementId: informative('settlement_id', text),
  storeName: informative('store_name', text),
};

/** 10000 of a pay: the buyer has paid, though a later query decides. */
export interface PayFields extends PaymentBreakdown {
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
  ...PAYMENT_BREAKDOWN,
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

export interface QueryTradeFields extends PaymentBreakdown {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly tradeStatus: TradeStatus;
  /** As sent with the pay call. */
  readonly totalAmount: string;
  /** When the money went to the seller. */
  readonly sendPayDate?: string;
  /** `SELLER_NOT_RECEIVED`: the buyer has paid, the seller has not received. */
  readonly additionalStatus?: string;
  readonly storeId?: string;
  readonly terminalId?: string;
}

export const QUERY_TRADE_FIELDS: FieldTable<QueryTradeFields> = {
  outTradeNo: required('out_trade_no', identifier),
  tradeNo: required('trade_no', identifier),
  tradeStatus: required('trade_status', tradeStatus),
  totalAmount: required('total_amount', yuan),
  sendPayDate: optional('send_pay_date', time),
  additionalStatus: informative('additional_status', text),
  storeId: informative('store_id', text),
  terminalId: informative('terminal_id', text),
  ...PAYMENT_BREAKDOWN,
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
  readonly refundSettlementId?: string;
}

export const CANCEL_FIELDS: FieldTable<CancelFields> = {
  outTradeNo: required('out_trade_no', identifier),
  retryFlag: required('retry_flag', retryFlag),
  tradeNo: optional('trade_no', identifier),
  action: optional('action', cancelAction),
  gmtRefundPay: optional('gmt_refund_pay', time),
  refundSettlementId: informative('refund_settlement_id', text),
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
  readonly sendBackFee?: string;
  readonly gmtRefundPay?: string;
  readonly refundSettlementId?: string;
}

export const REFUND_FIELDS: FieldTable<RefundFields> = {
  outTradeNo: required('out_trade_no', identifier),
  tradeNo: required('trade_no', identifier),
  fundChange: optional('fund_change', yesOrNo),
  refundFee: required('refund_fee', yuan),
  sendBackFee: informative('send_back_fee', yuan),
  gmtRefundPay: optional('gmt_refund_pay', time),
  refundSettlementId: informative('refund_settlement_id', text),
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
  readonly sendBackFee?: string;
  readonly gmtRefundPay?: string;
  readonly errorCode?: string;
}

export const QUERY_REFUND_FIELDS: FieldTable<QueryRefundFields> = {
  outTradeNo: optional('out_trade_no', identifier),
  tradeNo: optional('trade_no', identifier),
  outRequestNo: optional('out_request_no', identifier),
  refundStatus: optional('refund_status', identifier),
  refundAmount: optional('refund_amount', yuan),
  totalAmount: optional('total_amount', yuan),
  sendBackFee: informative('send_back_fee', yuan),
  gmtRefundPay: optional('gmt_refund_pay', time),
  errorCode: informative('error_code', identifier),
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
  readonly shareCode?: string;
  readonly prepayId?: string;
}

export const PRECREATE_FIELDS: FieldTable<PrecreateFields> = {
  outTradeNo: required('out_trade_no', identifier),
  qrCode: required('qr_code', text),
  shareCode: informative('share_code', text),
  prepayId: informative('prepay_id', text),
};
