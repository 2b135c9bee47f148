/**
 * alipay.trade.pay and alipay.trade.precreate. Sources: `AlipayTradePayModel` and `AlipayTradePrecreateModel` of the official Java
 * SDK; error table of alipay.trade.pay. A repeated submission of an unpaid trade answers 10003 again.
 */
import { randomInt } from 'node:crypto';

import { beijingTime, epochMsFromBeijingTime } from '../alipay/beijing-time.ts';
import { yuanFromFen } from '../contract/money.ts';
import { type Answer, refusal, success } from './answer.ts';
import type { Ledger } from './ledger.ts';
import { buyerPays, BUYER, type Execution, fenOf, idFields, textOf, type World } from './method.ts';
import { createTrade, payTrade, type Step, type Trade } from './trade-machine.ts';

const HOUR_MS = 3_600_000;
/** Face-to-face default, `timeout_express` in `AlipayTradePayModel`. */
export const DEFAULT_TIMEOUT_MS: number = 3 * HOUR_MS;
/** A QR code dies after two hours whatever the timeout (document "当面付", order code). */
const QR_CODE_LIFE_MS = 2 * HOUR_MS;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };
const TIMEOUT_MS_MAX = 15 * 24 * HOUR_MS;

export function pay(execution: Execution): Answer {
  const { world, biz, ids, step } = execution;
  const { outTradeNo } = ids;
  const totalFen = fenOf(biz['total_amount']);
  const subject = textOf(biz['subject']);
  const limit = readLimit(biz);
  if (!isOutTradeNo(outTradeNo) || totalFen === undefined || subject === undefined || limit === undefined)
    return invalid();
  if (textOf(biz['auth_code']) === undefined) return invalid();
  const existing = world.ledger.find({ outTradeNo });
  if (existing !== undefined) return payAgain(existing, totalFen, subject);
  if (world.blocked.has(outTradeNo)) return refusal('ACQ.TRADE_HAS_CLOSE', { out_trade_no: outTradeNo });
  if (step.atMs >= expiry(limit, execution.receivedAtMs)) {
    return refusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR', { out_trade_no: outTradeNo });
  }
  const { buyerPaysAfterMs = 0 } = world.plans.plan(outTradeNo);
  const trade = enterTrade(world, { outTradeNo, totalFen, subject, expiresAtMs: expiry(limit, step.atMs) }, step);
  if (buyerPaysAfterMs === 0) world.ledger.move(payTrade(trade, step));
  else if (buyerPaysAfterMs !== 'never') letBuyerPayLater(world.ledger, outTradeNo, step.atMs + buyerPaysAfterMs);
  return payAnswer(world.ledger.find({ outTradeNo }) ?? trade);
}

export function precreate({ world, biz, ids, step }: Execution): Answer {
  const { outTradeNo } = ids;
  const totalFen = fenOf(biz['total_amount']);
  const subject = textOf(biz['subject']);
  const limit = readLimit(biz);
  if (!isOutTradeNo(outTradeNo) || totalFen === undefined || subject === undefined || limit === undefined)
    return invalid();
  const existing = world.ledger.find({ outTradeNo });
  if (existing !== undefined && existing.tradeStatus !== 'WAIT_BUYER_PAY') {
    return refusal(existing.tradeStatus === 'TRADE_CLOSED' ? 'ACQ.TRADE_HAS_CLOSE' : 'ACQ.TRADE_HAS_SUCCESS');
  }
  if (world.blocked.has(outTradeNo)) return refusal('ACQ.TRADE_HAS_CLOSE');
  const tradeExpiresAtMs = expiry(limit, step.atMs);
  const diesAtMs = Math.min(step.atMs + QR_CODE_LIFE_MS, tradeExpiresAtMs);
  world.qrCodes.set(outTradeNo, { totalFen, subject, diesAtMs, tradeExpiresAtMs });
  const { buyerPaysAfterMs = 'never' } = world.plans.plan(outTradeNo);
  if (buyerPaysAfterMs !== 'never') {
    const happen = (atMs: number): boolean => buyerScans(world, outTradeNo, atMs);
    world.ledger.later({ outTradeNo, what: 'buyer scans and pays', atMs: step.atMs + buyerPaysAfterMs, happen });
  }
  return success({ out_trade_no: outTradeNo, qr_code: `https://qr.alipay.com/sim${randomDigits(16)}` });
}

/** The buyer scans the code and pays: only now there is a trade. */
export function buyerScans(world: World, outTradeNo: string, atMs: number): boolean {
  const code = world.qrCodes.get(outTradeNo);
  if (code === undefined || atMs >= code.diesAtMs || world.ledger.find({ outTradeNo }) !== undefined) return false;
  const { totalFen, subject, tradeExpiresAtMs } = code;
  enterTrade(
    world,
    { outTradeNo, totalFen, subject, expiresAtMs: tradeExpiresAtMs },
    { atMs, cause: { kind: 'buyer' } },
  );
  return buyerPays(world.ledger, outTradeNo, atMs);
}

export function letBuyerPayLater(ledger: Ledger, outTradeNo: string, atMs: number): void {
  ledger.later({ outTradeNo, what: 'buyer pays', atMs, happen: (whenMs) => buyerPays(ledger, outTradeNo, whenMs) });
}

export function enterTrade(
  world: World,
  wanted: Pick<Trade, 'outTradeNo' | 'totalFen' | 'subject' | 'expiresAtMs'>,
  step: Step,
): Trade {
  const {
    tradeNo = newTradeNo(step.atMs),
    frozen = false,
    sellerBalanceShort = false,
  } = world.plans.plan(wanted.outTradeNo);
  const trade = { ...createTrade({ ...wanted, tradeNo }, step), frozen, sellerBalanceShort };
  world.ledger.enter(trade);
  return trade;
}

function payAgain(trade: Trade, totalFen: number, subject: string): Answer {
  if (trade.totalFen !== totalFen || trade.subject !== subject)
    return refusal('ACQ.CONTEXT_INCONSISTENT', idFields(trade));
  switch (trade.tradeStatus) {
    case 'WAIT_BUYER_PAY':
      return payAnswer(trade);
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return refusal('ACQ.TRADE_HAS_SUCCESS', idFields(trade));
    case 'TRADE_CLOSED':
      return refusal('ACQ.TRADE_HAS_CLOSE', idFields(trade));
  }
}

function payAnswer(trade: Trade): Answer {
  const total = yuanFromFen(trade.totalFen);
  const fields = { ...idFields(trade), ...BUYER, total_amount: total };
  if (trade.paidAtMs === undefined) {
    const nothing = { buyer_pay_amount: '0.00', invoice_amount: '0.00', point_amount: '0.00', receipt_amount: '0.00' };
    return { code: '10003', fields: { ...fields, ...nothing } };
  }
  return success({
    ...fields,
    buyer_pay_amount: total,
    fund_bill_list: [{ amount: total, fund_channel: 'ALIPAYACCOUNT' }],
    gmt_payment: beijingTime(trade.paidAtMs),
    invoice_amount: total,
    point_amount: '0.00',
    receipt_amount: total,
  });
}

/** Until when it may be paid: an instant, or a time from the trade's creation. `time_expire` wins. */
type Limit =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'endOfDay' };

function readLimit(biz: Readonly<Record<string, unknown>>): Limit | undefined {
  const timeExpire = textOf(biz['time_expire']);
  if (timeExpire !== undefined) {
    const atMs = epochMsFromBeijingTime(timeExpire);
    return atMs === undefined ? undefined : { kind: 'at', atMs };
  }
  const timeoutExpress = textOf(biz['timeout_express']);
  if (timeoutExpress === undefined) return { kind: 'after', ms: DEFAULT_TIMEOUT_MS };
  if (timeoutExpress === '1c') return { kind: 'endOfDay' };
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(timeoutExpress) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  return ms <= TIMEOUT_MS_MAX ? { kind: 'after', ms } : undefined;
}

function expiry(limit: Limit, fromMs: number): number {
  switch (limit.kind) {
    case 'at':
      return limit.atMs;
    case 'after':
      return fromMs + limit.ms;
    case 'endOfDay':
      return (epochMsFromBeijingTime(`${beijingTime(fromMs).slice(0, 10)} 00:00:00`) ?? fromMs) + 24 * HOUR_MS;
  }
}

/** 28 digits: the Beijing day, then Alipay's business number. */
function newTradeNo(atMs: number): string {
  return `${beijingTime(atMs).slice(0, 10).replaceAll('-', '')}2200${randomDigits(16)}`;
}

function randomDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

function isOutTradeNo(value: string | undefined): value is string {
  return value !== undefined && value.length <= 64;
}

function invalid(): Answer {
  return refusal('ACQ.INVALID_PARAMETER');
}
