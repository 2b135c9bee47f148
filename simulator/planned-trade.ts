/** A trade that stands in the ledger because a plan says so, not because somebody paid. */
import { fenFromYuan } from '../contract/money.ts';
import type { TradePlan } from './fault-plan.ts';
import type { World } from './method.ts';
import { DEFAULT_TIMEOUT_MS, enterTrade, letBuyerPayLater } from './pay.ts';
import { closeTrade, finishTrade, payTrade, type Step, type Trade } from './trade-machine.ts';

interface Planned {
  readonly outTradeNo: string;
  readonly plan: TradePlan;
  readonly exists: NonNullable<TradePlan['exists']>;
  readonly nowMs: number;
}

/** Enters a trade as a pay call of long ago would have left it. */
export function enterPlanned(world: World, { outTradeNo, plan, exists, nowMs }: Planned): void {
  const atMs = plan.createdAt === undefined ? nowMs : Date.parse(plan.createdAt);
  const step: Step = { atMs, cause: { kind: 'control' } };
  const totalFen = fenFromYuan(plan.totalAmount ?? '88.88') ?? 0;
  const expiresAtMs = plan.timeExpire === undefined ? atMs + DEFAULT_TIMEOUT_MS : Date.parse(plan.timeExpire);
  const trade = enterTrade(world, { outTradeNo, totalFen, subject: 'Planned trade', expiresAtMs }, step);
  world.ledger.move(brought(trade, exists, step));
  const { buyerPaysAfterMs = 'never' } = plan;
  if (buyerPaysAfterMs !== 'never') letBuyerPayLater(world.ledger, outTradeNo, nowMs + buyerPaysAfterMs);
}

function brought(trade: Trade, status: Planned['exists'], step: Step): Trade {
  switch (status) {
    case 'WAIT_BUYER_PAY':
      return trade;
    case 'TRADE_SUCCESS':
      return payTrade(trade, step);
    case 'TRADE_FINISHED':
      return finishTrade(payTrade(trade, step), step);
    case 'TRADE_CLOSED':
      return closeTrade(trade, step);
  }
}

/** The trade under the conditions of its new plan. */
export function withConditions(trade: Trade, plan: TradePlan): Trade {
  const { frozen = trade.frozen, sellerBalanceShort = trade.sellerBalanceShort } = plan;
  return { ...trade, frozen, sellerBalanceShort };
}
