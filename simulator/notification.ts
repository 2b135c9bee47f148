/**
 * An asynchronous notification about a trade as Alipay posts it to a `notify_url`: the field set of a face-to-face payment, signed
 * over every field but `sign` and `sign_type`, form-encoded in its charset. Source: document "异步通知说明";
 * `AlipaySignature.getSignCheckContentV1` of the official Java SDK.
 */
import { randomInt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { beijingTime } from '../alipay/beijing-time.ts';
import { canonicalText } from '../alipay/canonical-text.ts';
import { sign } from '../alipay/signature.ts';
import { yuanFromFen } from '../contract/money.ts';
import { type Charset, charsetOf, encodeText } from './charset.ts';
import { BUYER, refundedYuan } from './method.ts';
import type { Trade } from './trade-machine.ts';

/** Whose shop it is. Made up, and the same for every trade. */
export const SELLER_ID = '2088000000000002';

type Fields = Readonly<Record<string, string>>;

export interface Signing {
  readonly key: KeyObject;
  /** `wrong`: over another text. `missing`: no field `sign`. */
  readonly signature: 'wrong' | 'missing' | undefined;
}

export function notificationFields(trade: Trade, appId: string, nowMs: number): Fields {
  const total = yuanFromFen(trade.totalFen);
  const isPaid = trade.paidAtMs !== undefined;
  return {
    notify_time: beijingTime(nowMs),
    notify_type: 'trade_status_sync',
    notify_id: newNotifyId(nowMs),
    app_id: appId,
    auth_app_id: appId,
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    trade_no: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    trade_status: trade.tradeStatus,
    total_amount: total,
    subject: trade.subject,
    body: '两杯 / two cups, "large" & hot',
    // As pay was given it: percent-encoded by the merchant, so what is decoded once must still hold escapes.
    passback_params: 'till%3D3%26cashier%3D%E6%9D%8E+%25',
    gmt_create: beijingTime(trade.createdAtMs),
    seller_id: SELLER_ID,
    seller_email: 'sel***@example.com',
    buyer_id: BUYER.buyer_user_id,
    buyer_logon_id: BUYER.buyer_logon_id,
    ...(isPaid ? paidFields(trade, total) : {}),
    ...(trade.refunds.length === 0 ? {} : refundFields(trade)),
    ...(trade.tradeStatus === 'TRADE_CLOSED' ? { gmt_close: beijingTime(trade.effects.at(-1)?.atMs ?? nowMs) } : {}),
  };
}

function paidFields({ paidAtMs = 0 }: Trade, total: string): Fields {
  return {
    gmt_payment: beijingTime(paidAtMs),
    receipt_amount: total,
    buyer_pay_amount: total,
    invoice_amount: total,
    point_amount: '0.00',
    fund_bill_list: JSON.stringify([{ amount: total, fundChannel: 'ALIPAYACCOUNT' }]),
  };
}

function refundFields(trade: Trade): Fields {
  const [latest] = trade.refunds.slice(-1);
  return {
    refund_fee: refundedYuan(trade),
    // With milliseconds, as Alipay writes this one time.
    gmt_refund: `${beijingTime(latest?.atMs ?? 0)}.${String((latest?.atMs ?? 0) % 1_000).padStart(3, '0')}`,
    out_biz_no: latest?.outRequestNo ?? '',
  };
}

/** The date, then digits: 34 in all. */
function newNotifyId(nowMs: number): string {
  const digits = Array.from({ length: 26 }, () => randomInt(10)).join('');
  return `${beijingTime(nowMs).slice(0, 10).replaceAll('-', '')}${digits}`;
}

/** The bytes to post. `fields` say their own charset. */
export function notificationBody(fields: Fields, { key, signature }: Signing): string {
  const charset = charsetOf(fields['charset']) ?? 'utf-8';
  const { sign: _sign, sign_type: _signType, ...signed } = fields;
  const text = canonicalText(signed) + (signature === 'wrong' ? ' ' : '');
  const proof = signature === 'missing' ? {} : { sign: sign(encodeText(text, charset), key) };
  return formEncoded({ ...proof, ...fields }, charset);
}

function formEncoded(fields: Fields, charset: Charset): string {
  return Object.entries(fields)
    .map(([name, value]) => `${escaped(name, charset)}=${escaped(value, charset)}`)
    .join('&');
}

/** As `java.net.URLEncoder`: letters, digits and `.-*_` stand for themselves, a space is `+`. */
function escaped(text: string, charset: Charset): string {
  return Array.from(encodeText(text, charset), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9.*_-]/.test(character)) return character;
    return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
