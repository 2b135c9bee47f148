/** What every method works with, and the checks that several of them share. */
import { fenFromYuan, yuanFromFen } from '../contract/money.ts';
import type { TradeIds } from '../contract/trade.ts';
import { type Answer, refusal } from './answer.ts';
import type { Ledger } from './ledger.ts';
import type { PlanBook } from './plan-book.ts';
import { payTrade, refundedFen, type Step, type Trade } from './trade-machine.ts';

/** A QR code that nobody has scanned yet: no trade, but one may still come of it. */
export interface QrCode {
  readonly totalFen: number;
  readonly subject: string;
  readonly diesAtMs: number;
  readonly tradeExpiresAtMs: number;
}

/** Everything that lasts from call to call. */
export interface World {
  readonly ledger: Ledger;
  readonly plans: PlanBook;
  readonly qrCodes: Map<string, QrCode>;
  /** Numbers that a cancel made unusable, where a plan says that cancels do that. */
  readonly blocked: Set<string>;
}

export interface Execution {
  readonly world: World;
  readonly biz: Readonly<Record<string, unknown>>;
  readonly ids: TradeIds;
  readonly receivedAtMs: number;
  /** When and why it takes effect; later than `receivedAtMs` where the request sat in a queue. */
  readonly step: Step;
}

/** Takes effect in the ledger and says what came of it. */
export type Method = (execution: Execution) => Answer;

/** Source: field docs of the `out_trade_no` and `trade_no` of each model in the official Java SDK: at most 64 characters. */
export function readIds(biz: Readonly<Record<string, unknown>>): TradeIds {
  const outTradeNo = textOf(biz['out_trade_no']);
  const tradeNo = textOf(biz['trade_no']);
  return { ...(outTradeNo === undefined ? {} : { outTradeNo }), ...(tradeNo === undefined ? {} : { tradeNo }) };
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Amounts come as a text or, from some callers, as a JSON number. */
export function fenOf(value: unknown): number | undefined {
  return fenFromYuan(typeof value === 'number' ? String(value) : value);
}

export function idFields(trade: Trade): { readonly out_trade_no: string; readonly trade_no: string } {
  return { out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo };
}

/** The numbers as they were sent, for answers about a trade that is not known. */
export function echoedIds(ids: TradeIds): Readonly<Record<string, string>> {
  return {
    ...(ids.outTradeNo === undefined ? {} : { out_trade_no: ids.outTradeNo }),
    ...(ids.tradeNo === undefined ? {} : { trade_no: ids.tradeNo }),
  };
}

/** Whose money it was. Made up, the same for every trade, and easy to look for where it must not be. */
export const BUYER = { buyer_logon_id: 'sim***@example.com', buyer_user_id: '2088000000000001' } as const;

/** Why money cannot leave the seller now, if so. */
export function moneyHeldBack(trade: Trade): string | undefined {
  if (trade.frozen) return 'ACQ.REASON_TRADE_BEEN_FREEZEN';
  return trade.sellerBalanceShort ? 'ACQ.SELLER_BALANCE_NOT_ENOUGH' : undefined;
}

export function withoutIds(): Answer {
  return refusal('ACQ.INVALID_PARAMETER');
}

/** The buyer confirms, unless the trade is no longer to be paid. */
export function buyerPays(ledger: Ledger, outTradeNo: string, atMs: number): boolean {
  const trade = ledger.find({ outTradeNo });
  if (trade?.tradeStatus !== 'WAIT_BUYER_PAY') return false;
  ledger.move(payTrade(trade, { atMs, cause: { kind: 'buyer' } }));
  return true;
}

export function refundedYuan(trade: Trade): string {
  return yuanFromFen(refundedFen(trade));
}
