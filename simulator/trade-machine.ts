/**
 * The state machine of one trade, pure: every step takes a trade and gives the next one, with the effect written down.
 *
 *   (none) ─create→ WAIT_BUYER_PAY ─pay→ TRADE_SUCCESS ─finish→ TRADE_FINISHED
 *                        └─close→ TRADE_CLOSED ←─refund in full─┘
 *
 * L1 Money moves to the seller once.
 * L2 No more goes back than came.
 * L3 Nothing leaves TRADE_CLOSED or TRADE_FINISHED.
 * L4 No step without an effect that says when, why and how much.
 * Source of the states: `trade_status` in `AlipayTradeQueryResponse` of the official Java SDK.
 */
import { TradeStatus } from '../contract/trade.ts';

/** Who made it happen: a call by its number in the ledger, the buyer, the deadline, or whoever steers the simulator. */
export type Cause =
  | { readonly kind: 'call'; readonly callNumber: number; readonly method: string }
  | { readonly kind: 'buyer' }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'control' };

export const EffectKind = {
  created: 'created',
  paid: 'paid',
  closed: 'closed',
  refunded: 'refunded',
  finished: 'finished',
} as const;
export type EffectKind = (typeof EffectKind)[keyof typeof EffectKind];

export interface Effect {
  readonly kind: EffectKind;
  readonly atMs: number;
  readonly cause: Cause;
  /** Money moved: to the seller by `paid`, back to the buyer by `refunded`; 0 otherwise. */
  readonly amountFen: number;
}

export interface Refund {
  readonly outRequestNo: string;
  readonly amountFen: number;
  readonly atMs: number;
  /** A cancel's refund has no request number of its own; it is kept under the trade's `outTradeNo`. */
  readonly by: 'cancel' | 'refund';
}

export interface Trade {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly tradeStatus: TradeStatus;
  readonly totalFen: number;
  readonly subject: string;
  readonly createdAtMs: number;
  /** An unpaid trade is closed at this instant. */
  readonly expiresAtMs: number;
  readonly paidAtMs?: number;
  readonly refunds: readonly Refund[];
  readonly effects: readonly Effect[];
  /** Alipay holds the money: neither cancel nor refund is possible. */
  readonly frozen: boolean;
  /** The seller's account cannot pay a refund until it is topped up. */
  readonly sellerBalanceShort: boolean;
}

export interface Step {
  readonly atMs: number;
  readonly cause: Cause;
}

export type NewTrade = Pick<Trade, 'outTradeNo' | 'tradeNo' | 'totalFen' | 'subject' | 'expiresAtMs'>;

export function createTrade(trade: NewTrade, step: Step): Trade {
  return {
    ...trade,
    tradeStatus: TradeStatus.WAIT_BUYER_PAY,
    createdAtMs: step.atMs,
    refunds: [],
    effects: [{ kind: EffectKind.created, amountFen: 0, ...step }],
    frozen: false,
    sellerBalanceShort: false,
  };
}

export function payTrade(trade: Trade, step: Step): Trade {
  mustBe(trade, TradeStatus.WAIT_BUYER_PAY);
  return {
    ...withEffect(trade, EffectKind.paid, trade.totalFen, step),
    tradeStatus: TradeStatus.TRADE_SUCCESS,
    paidAtMs: step.atMs,
  };
}

export function closeTrade(trade: Trade, step: Step): Trade {
  mustBe(trade, TradeStatus.WAIT_BUYER_PAY);
  return { ...withEffect(trade, EffectKind.closed, 0, step), tradeStatus: TradeStatus.TRADE_CLOSED };
}

export function finishTrade(trade: Trade, step: Step): Trade {
  mustBe(trade, TradeStatus.TRADE_SUCCESS);
  return { ...withEffect(trade, EffectKind.finished, 0, step), tradeStatus: TradeStatus.TRADE_FINISHED };
}

/** Money goes back; a trade refunded in full is closed. @throws when more would go back than came. */
export function refundTrade(trade: Trade, refund: Omit<Refund, 'atMs'>, step: Step): Trade {
  mustBe(trade, TradeStatus.TRADE_SUCCESS);
  const left = trade.totalFen - refundedFen(trade);
  if (refund.amountFen < 1 || refund.amountFen > left) {
    throw new Error(`${trade.outTradeNo}: a refund of ${refund.amountFen} fen where ${left} are left`);
  }
  return {
    ...withEffect(trade, EffectKind.refunded, refund.amountFen, step),
    tradeStatus: refund.amountFen === left ? TradeStatus.TRADE_CLOSED : TradeStatus.TRADE_SUCCESS,
    refunds: [...trade.refunds, { ...refund, atMs: step.atMs }],
  };
}

export function refundedFen(trade: Trade): number {
  return trade.refunds.reduce((sum, refund) => sum + refund.amountFen, 0);
}

function withEffect(trade: Trade, kind: EffectKind, amountFen: number, step: Step): Trade {
  return { ...trade, effects: [...trade.effects, { kind, amountFen, ...step }] };
}

function mustBe(trade: Trade, status: TradeStatus): void {
  if (trade.tradeStatus !== status) throw new Error(`${trade.outTradeNo} is ${trade.tradeStatus}, not ${status}`);
}
