/**
 * What each interface is asked, typed, and how it becomes `biz_content`. Sources: field docs of the official Java SDK, classes
 * `AlipayTrade{Pay,Query,Cancel,Refund,FastpayRefundQuery,Close,Precreate}Model`. What cannot be right is refused here, before
 * any call.
 */
import { fenFromYuan, yuanFromFen } from '../contract/money.ts';
import type { TradeIds } from '../contract/trade.ts';
import { beijingTimeFromRfc3339 } from './beijing-time.ts';

/** A call that could never succeed, refused before anything was sent. The message says what to change. */
export class GatewayMisuse extends Error {
  override readonly name: string = 'GatewayMisuse';
}

export type BizContent = Readonly<Record<string, unknown>>;

/** What pay and precreate have in common. Amounts are yuan as decimal strings, times RFC 3339 with an offset. */
export interface NewTrade {
  /** Up to 64 letters, digits and underscores; unique at the merchant. */
  readonly outTradeNo: string;
  readonly totalAmount: string;
  /** Up to 256 characters, none of `/`, `=`, `&`. */
  readonly subject: string;
  /** Absolute deadline; the one bound on a pay request that lands late. @default 3 h, Alipay's own */
  readonly timeExpire?: string;
}

export interface PayRequest extends NewTrade {
  /** What the scanner read off the buyer's screen. Never logged. */
  readonly authCode: string;
}

export interface RefundRequest extends TradeIds {
  readonly refundAmount: string;
  /** Fixed per refund and repeated unchanged: Alipay refunds a given number once. */
  readonly outRequestNo: string;
}

export interface QueryRefundRequest extends TradeIds {
  /** The refund's; for a refund that was sent without one, the trade's out_trade_no. */
  readonly outRequestNo: string;
}

export function payContent(request: PayRequest, sellerId: string | undefined): BizContent {
  return {
    ...newTradeContent(request, sellerId),
    scene: 'bar_code',
    auth_code: filled('authCode', request.authCode, 64),
  };
}

export function newTradeContent(request: NewTrade, sellerId: string | undefined): BizContent {
  return {
    out_trade_no: filled('outTradeNo', request.outTradeNo, 64),
    total_amount: amount('totalAmount', request.totalAmount),
    subject: filled('subject', request.subject, 256),
    time_expire: request.timeExpire === undefined ? undefined : beijing('timeExpire', request.timeExpire),
    seller_id: sellerId,
  };
}

export function refundContent(request: RefundRequest): BizContent {
  return {
    ...idsContent(request),
    refund_amount: amount('refundAmount', request.refundAmount),
    out_request_no: filled('outRequestNo', request.outRequestNo, 64),
  };
}

export function queryRefundContent(request: QueryRefundRequest): BizContent {
  return { ...idsContent(request), out_request_no: filled('outRequestNo', request.outRequestNo, 64) };
}

/** The two numbers are all that a query, a cancel and a close are asked with. */
export function idsContent({ outTradeNo, tradeNo }: TradeIds): BizContent {
  if (outTradeNo === undefined && tradeNo === undefined) {
    throw new GatewayMisuse(
      'outTradeNo and tradeNo are both missing; give at least one (Alipay looks at tradeNo first)',
    );
  }
  return {
    out_trade_no: outTradeNo === undefined ? undefined : filled('outTradeNo', outTradeNo, 64),
    trade_no: tradeNo === undefined ? undefined : filled('tradeNo', tradeNo, 64),
  };
}

/** Values are never quoted: one of the fields checked here is the buyer's payment code. */
function filled(field: string, value: string, lengthMax: number): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > lengthMax) {
    throw new GatewayMisuse(`${field} must be a text of 1 to ${lengthMax} characters`);
  }
  return value;
}

function amount(field: string, value: string): string {
  const fen = fenFromYuan(value);
  if (fen === undefined) {
    throw new GatewayMisuse(`${field} must be yuan as a decimal string from "0.01" to "100000000.00", like "88.88"`);
  }
  return yuanFromFen(fen);
}

function beijing(field: string, value: string): string {
  const text = beijingTimeFromRfc3339(value);
  if (text === undefined)
    throw new GatewayMisuse(`${field} must be RFC 3339 with an offset, like "2026-01-31T12:00:00+08:00"`);
  return text;
}
