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
  readonly body?: string;
  /** Absolute deadline; the one bound on a pay request that lands late. Wins over `timeoutExpress`. */
  readonly timeExpire?: string;
  /** Relative deadline, `5m` to `15d`. Alipay's default is 3 h. */
  readonly timeoutExpress?: string;
  /** @default the contract's: FACE_TO_FACE_PAYMENT; OFFLINE_PAYMENT and QR_CODE_OFFLINE are other contracts */
  readonly productCode?: string;
  /** @default the merchant's own */
  readonly sellerId?: string;
  readonly storeId?: string;
  readonly operatorId?: string;
  readonly terminalId?: string;
  readonly merchantOrderNo?: string;
  readonly discountableAmount?: string;
  readonly undiscountableAmount?: string;
  readonly goodsDetail?: readonly GoodsDetail[];
  readonly extendParams?: ExtendParams;
  readonly disablePayChannels?: string;
  readonly passbackParams?: string;
  /** Where Alipay posts its notification; a common parameter, not part of `biz_content`. */
  readonly notifyUrl?: string;
}

export interface PayRequest extends NewTrade {
  /** What the scanner read off the buyer's screen. Never logged. */
  readonly authCode: string;
  /** `bar_code` unless the buyer pays by face: `security_code`. @default 'bar_code' */
  readonly scene?: string;
  readonly queryOptions?: readonly string[];
}

export interface PrecreateRequest extends NewTrade {
  /** How long the code can be scanned; at most 2 h. */
  readonly qrCodeTimeoutExpress?: string;
  readonly enablePayChannels?: string;
}

export interface GoodsDetail {
  readonly goodsId: string;
  readonly goodsName: string;
  readonly quantity: number;
  /** Yuan. */
  readonly price: string;
  readonly goodsCategory?: string;
}

export interface ExtendParams {
  /** The PID that earns a service provider (ISV) its rebate. */
  readonly sysServiceProviderId?: string;
  readonly hbFqNum?: string;
  readonly hbFqSellerPercent?: string;
}

export interface QueryTradeOptions {
  /** `trade_settle_info`, `fund_bill_list`, `voucher_detail_list`, … */
  readonly queryOptions?: readonly string[];
}

export interface RefundRequest extends TradeIds {
  readonly refundAmount: string;
  /** Fixed per refund and repeated unchanged: Alipay refunds a given number once. */
  readonly outRequestNo: string;
  readonly refundReason?: string;
  readonly operatorId?: string;
  readonly storeId?: string;
  readonly terminalId?: string;
}

export interface QueryRefundRequest extends TradeIds {
  /** The refund's; for a refund that was sent without one, the trade's out_trade_no. */
  readonly outRequestNo: string;
  readonly queryOptions?: readonly string[];
}

export interface CloseRequest extends TradeIds {
  readonly operatorId?: string;
}

export function payContent(request: PayRequest, sellerId: string | undefined): BizContent {
  return {
    ...newTradeContent(request, sellerId),
    scene: request.scene ?? 'bar_code',
    auth_code: filled('authCode', request.authCode, 64),
    query_options: request.queryOptions,
  };
}

export function precreateContent(request: PrecreateRequest, sellerId: string | undefined): BizContent {
  return {
    ...newTradeContent(request, sellerId),
    qr_code_timeout_express: request.qrCodeTimeoutExpress,
    enable_pay_channels: request.enablePayChannels,
  };
}

export function queryContent(ids: TradeIds, options: QueryTradeOptions): BizContent {
  return { ...idsContent(ids), query_options: options.queryOptions };
}

/** The two numbers are all that a cancel takes. */
export function cancelContent(ids: TradeIds): BizContent {
  return idsContent(ids);
}

export function refundContent(request: RefundRequest): BizContent {
  return {
    ...idsContent(request),
    refund_amount: amount('refundAmount', request.refundAmount),
    out_request_no: filled('outRequestNo', request.outRequestNo, 64),
    refund_reason: request.refundReason,
    operator_id: request.operatorId,
    store_id: request.storeId,
    terminal_id: request.terminalId,
  };
}

export function queryRefundContent(request: QueryRefundRequest): BizContent {
  return {
    ...idsContent(request),
    out_request_no: filled('outRequestNo', request.outRequestNo, 64),
    query_options: request.queryOptions,
  };
}

export function closeContent(request: CloseRequest): BizContent {
  return { ...idsContent(request), operator_id: request.operatorId };
}

function newTradeContent(request: NewTrade, sellerId: string | undefined): BizContent {
  return {
    out_trade_no: filled('outTradeNo', request.outTradeNo, 64),
    total_amount: amount('totalAmount', request.totalAmount),
    subject: filled('subject', request.subject, 256),
    product_code: request.productCode,
    body: request.body,
    time_expire: request.timeExpire === undefined ? undefined : beijing('timeExpire', request.timeExpire),
    timeout_express: request.timeoutExpress,
    seller_id: request.sellerId ?? sellerId,
    store_id: request.storeId,
    operator_id: request.operatorId,
    terminal_id: request.terminalId,
    merchant_order_no: request.merchantOrderNo,
    discountable_amount: optionalAmount('discountableAmount', request.discountableAmount),
    undiscountable_amount: optionalAmount('undiscountableAmount', request.undiscountableAmount),
    goods_detail: request.goodsDetail?.map(goodsContent),
    extend_params: request.extendParams === undefined ? undefined : extendContent(request.extendParams),
    disable_pay_channels: request.disablePayChannels,
    passback_params: request.passbackParams,
  };
}

function goodsContent(goods: GoodsDetail): BizContent {
  return {
    goods_id: goods.goodsId,
    goods_name: goods.goodsName,
    quantity: goods.quantity,
    price: amount('goodsDetail.price', goods.price),
    goods_category: goods.goodsCategory,
  };
}

function extendContent(extend: ExtendParams): BizContent {
  return {
    sys_service_provider_id: extend.sysServiceProviderId,
    hb_fq_num: extend.hbFqNum,
    hb_fq_seller_percent: extend.hbFqSellerPercent,
  };
}

function idsContent({ outTradeNo, tradeNo }: TradeIds): BizContent {
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

function optionalAmount(field: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : amount(field, value);
}

function beijing(field: string, value: string): string {
  const text = beijingTimeFromRfc3339(value);
  if (text === undefined)
    throw new GatewayMisuse(`${field} must be RFC 3339 with an offset, like "2026-01-31T12:00:00+08:00"`);
  return text;
}
