/** The ledger as JSON: what `GET {controlUrl}/ledger` answers and what tests compare outcomes with. */
import { yuanFromFen } from '../contract/money.ts';
import { Outcome } from '../contract/resolution.ts';
import type { TradeStatus } from '../contract/trade.ts';
import type { Call, Ledger } from './ledger.ts';
import { type Effect, refundedFen, type Trade } from './trade-machine.ts';

/** What a resolution of the trade would have to say now; `OPEN` while it waits for the buyer. */
export type Truth = Outcome | 'OPEN';

export interface EffectView {
  readonly kind: Effect['kind'];
  readonly at: string;
  /** Yuan moved by this effect. */
  readonly amount: string;
  /** `alipay.trade.cancel, call 7`, or `buyer`, `deadline`, `control`. */
  readonly cause: string;
}

export interface TradeView {
  readonly outTradeNo: string;
  /** Absent while no such trade exists. */
  readonly tradeNo?: string;
  readonly tradeStatus?: TradeStatus;
  readonly truth: Truth;
  readonly totalAmount?: string;
  /** Money with the seller now, in yuan. */
  readonly sellerHas: string;
  readonly refundedAmount: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly paidAt?: string;
  readonly frozen: boolean;
  readonly sellerBalanceShort: boolean;
  readonly effects: readonly EffectView[];
  /** What is still on its way to this trade; `at` absent: after its next cancel. */
  readonly pending: readonly { readonly what: string; readonly at?: string }[];
}

export interface CallView {
  readonly number: number;
  readonly method: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly outRequestNo?: string;
  readonly receivedAt: string;
  readonly executed: boolean;
  readonly executedAt?: string;
  readonly answered: boolean;
  readonly answeredAt?: string;
  readonly code?: string;
  readonly subCode?: string;
  readonly fault?: string;
  readonly appAuthToken: boolean;
}

export interface LedgerView {
  readonly now: string;
  readonly trades: readonly TradeView[];
  readonly calls: readonly CallView[];
}

export function viewLedger(ledger: Ledger): LedgerView {
  const now = instant(ledger.catchUp());
  const trades = ledger.trades().map((trade) => viewTrade(ledger, trade.outTradeNo));
  return { now, trades, calls: ledger.calls().map(viewCall) };
}

export function viewTrade(ledger: Ledger, outTradeNo: string): TradeView {
  const trade = ledger.find({ outTradeNo });
  const pending = ledger.pending(outTradeNo).map(({ what, atMs }) => ({ what, ...optional('at', atMs) }));
  if (trade === undefined) {
    const nothing = {
      sellerHas: '0.00',
      refundedAmount: '0.00',
      frozen: false,
      sellerBalanceShort: false,
      effects: [],
    };
    return { outTradeNo, truth: Outcome.NOT_CREATED, ...nothing, pending };
  }
  const { tradeNo, tradeStatus, frozen, sellerBalanceShort } = trade;
  const paidFen = trade.paidAtMs === undefined ? 0 : trade.totalFen;
  return {
    outTradeNo,
    tradeNo,
    tradeStatus,
    truth: truthOf(trade),
    totalAmount: yuanFromFen(trade.totalFen),
    sellerHas: yuanFromFen(paidFen - refundedFen(trade)),
    refundedAmount: yuanFromFen(refundedFen(trade)),
    createdAt: instant(trade.createdAtMs),
    expiresAt: instant(trade.expiresAtMs),
    ...optional('paidAt', trade.paidAtMs),
    frozen,
    sellerBalanceShort,
    effects: trade.effects.map(viewEffect),
    pending,
  };
}

export function viewCall(call: Call): CallView {
  const { number, method, ids, outRequestNo, code, subCode, fault, appAuthToken } = call;
  return {
    number,
    method,
    ...ids,
    ...(outRequestNo === undefined ? {} : { outRequestNo }),
    receivedAt: instant(call.receivedAtMs),
    executed: call.executedAtMs !== undefined,
    ...optional('executedAt', call.executedAtMs),
    answered: call.answeredAtMs !== undefined,
    ...optional('answeredAt', call.answeredAtMs),
    ...(code === undefined ? {} : { code }),
    ...(subCode === undefined ? {} : { subCode }),
    ...(fault === undefined ? {} : { fault }),
    appAuthToken,
  };
}

function truthOf(trade: Trade): Truth {
  switch (trade.tradeStatus) {
    case 'WAIT_BUYER_PAY':
      return 'OPEN';
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return Outcome.PAID;
    case 'TRADE_CLOSED':
      return trade.paidAtMs === undefined ? Outcome.CLOSED : Outcome.REFUNDED;
  }
}

function viewEffect({ kind, atMs, amountFen, cause }: Effect): EffectView {
  const words = cause.kind === 'call' ? `${cause.method}, call ${cause.callNumber}` : cause.kind;
  return { kind, at: instant(atMs), amount: yuanFromFen(amountFen), cause: words };
}

function optional<Name extends string>(name: Name, atMs: number | undefined): Partial<Record<Name, string>> {
  // A computed key widens to an index signature; the name is exactly the one asked for.
  return (atMs === undefined ? {} : { [name]: instant(atMs) }) as Partial<Record<Name, string>>;
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
