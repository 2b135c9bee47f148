/** Steering the simulator: plans, the buyer, the merchant's account, faults by seed, healing. The same from code and over HTTP. */
import { fenFromYuan } from '../contract/money.ts';
import type { Credentials } from './credentials.ts';
import type { TradePlan } from './fault-plan.ts';
import { viewLedger, viewTrade, type LedgerView, type TradeView } from './ledger-view.ts';
import { buyerPays, type World } from './method.ts';
import { type NotificationReport, notify, readNotificationOrder } from './notifier.ts';
import { buyerScans, DEFAULT_TIMEOUT_MS, enterTrade, letBuyerPayLater } from './pay.ts';
import { parseTradePlan } from './plan-reading.ts';
import type { RandomFaults } from './random-faults.ts';
import { closeTrade, finishTrade, payTrade, type Step, type Trade } from './trade-machine.ts';

/** What is asked does not fit how the trade stands; the message says how it stands. */
export class ControlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlError';
  }
}

export class Control {
  readonly #world: World;
  readonly #credentials: Credentials;

  constructor(world: World, credentials: Credentials) {
    this.#world = world;
    this.#credentials = credentials;
  }

  ledger(): LedgerView {
    return viewLedger(this.#world.ledger);
  }

  trade(outTradeNo: string): TradeView {
    return viewTrade(this.#world.ledger, outTradeNo);
  }

  /**
   * Replaces the plan of a trade, from JSON of any shape; with `exists`, enters the trade first.
   * @throws PlanProblems when the plan is not valid
   * @throws ControlError when `exists` is asked of a trade that is in the ledger already
   */
  plan(outTradeNo: string, value: unknown): TradeView {
    const plan = parseTradePlan(value);
    const { ledger, plans } = this.#world;
    const nowMs = ledger.catchUp();
    const existing = ledger.find({ outTradeNo });
    if (plan.exists !== undefined && existing !== undefined) {
      throw new ControlError(`${outTradeNo} is in the ledger already as ${existing.tradeStatus}: DELETE it first`);
    }
    if (plan.tradeNo !== undefined && ledger.find({ tradeNo: plan.tradeNo }) !== undefined) {
      throw new ControlError(`trade_no ${plan.tradeNo} belongs to another trade in the ledger`);
    }
    plans.put(outTradeNo, plan);
    if (plan.exists !== undefined) enterPlanned(this.#world, { outTradeNo, plan, exists: plan.exists, nowMs });
    else if (existing !== undefined) ledger.move(withConditions(existing, plan));
    return this.trade(outTradeNo);
  }

  /** The buyer confirms now, or scans the QR code and confirms. @throws ControlError when there is nothing to pay. */
  buyerPays(outTradeNo: string): TradeView {
    const { ledger } = this.#world;
    const nowMs = ledger.catchUp();
    if (!buyerPays(ledger, outTradeNo, nowMs) && !buyerScans(this.#world, outTradeNo, nowMs)) {
      throw new ControlError(`${outTradeNo} is ${this.trade(outTradeNo).tradeStatus ?? 'not created'}: nothing to pay`);
    }
    return this.trade(outTradeNo);
  }

  /** Posts a notification of how the trade stands now. @throws ControlError when there is no trade, or the order is wrong. */
  async notify(outTradeNo: string, value: unknown): Promise<NotificationReport> {
    const read = readNotificationOrder(value);
    if (read.kind === 'problem') throw new ControlError(read.problem);
    const nowMs = this.#world.ledger.catchUp();
    const trade = this.#world.ledger.find({ outTradeNo });
    if (trade === undefined)
      throw new ControlError(`${outTradeNo} is not in the ledger: there is nothing to notify of`);
    return await notify(this.#credentials, { trade, order: read.order, nowMs });
  }

  /** The merchant's account has enough again for this trade's refund. */
  topUp(outTradeNo: string): TradeView {
    return this.#change(outTradeNo, (trade) => ({ ...trade, sellerBalanceShort: false }));
  }

  unfreeze(outTradeNo: string): TradeView {
    return this.#change(outTradeNo, (trade) => ({ ...trade, frozen: false }));
  }

  /** All faults stop. Requests in a queue still land; frozen stays frozen. */
  heal(): void {
    this.#world.plans.heal();
  }

  /** From now on calls without a planned step meet faults by chance. @throws ControlError on a rate outside 0 to 1. */
  randomFaults(faults: RandomFaults): void {
    const { seed, rate } = faults;
    if (!Number.isSafeInteger(seed) || !(rate >= 0 && rate <= 1)) {
      throw new ControlError('random faults need a whole seed and a rate from 0 to 1, like {"seed":1,"rate":0.2}');
    }
    this.#world.plans.setRandom({ seed, rate });
  }

  /** Forgets one trade, its plan and what was on its way. */
  forget(outTradeNo: string): void {
    this.#world.ledger.forget(outTradeNo);
    this.#world.plans.forget(outTradeNo);
    this.#world.qrCodes.delete(outTradeNo);
    this.#world.blocked.delete(outTradeNo);
  }

  /** Forgets everything. */
  reset(): void {
    this.#world.ledger.reset();
    this.#world.plans.reset();
    this.#world.qrCodes.clear();
    this.#world.blocked.clear();
  }

  #change(outTradeNo: string, change: (trade: Trade) => Trade): TradeView {
    const trade = this.#world.ledger.find({ outTradeNo });
    if (trade === undefined) throw new ControlError(`${outTradeNo} is not in the ledger`);
    this.#world.ledger.move(change(trade));
    return this.trade(outTradeNo);
  }
}

interface PlannedTrade {
  readonly outTradeNo: string;
  readonly plan: TradePlan;
  readonly exists: NonNullable<TradePlan['exists']>;
  readonly nowMs: number;
}

/** Enters a trade as a pay call of long ago would have left it. */
function enterPlanned(world: World, { outTradeNo, plan, exists, nowMs }: PlannedTrade): void {
  const atMs = plan.createdAt === undefined ? nowMs : Date.parse(plan.createdAt);
  const step: Step = { atMs, cause: { kind: 'control' } };
  const totalFen = fenFromYuan(plan.totalAmount ?? '88.88') ?? 0;
  const expiresAtMs = plan.timeExpire === undefined ? atMs + DEFAULT_TIMEOUT_MS : Date.parse(plan.timeExpire);
  const trade = enterTrade(world, { outTradeNo, totalFen, subject: 'PlannedTrade trade', expiresAtMs }, step);
  world.ledger.move(brought(trade, exists, step));
  const { buyerPaysAfterMs = 'never' } = plan;
  if (buyerPaysAfterMs !== 'never') letBuyerPayLater(world.ledger, outTradeNo, nowMs + buyerPaysAfterMs);
}

function brought(trade: Trade, status: PlannedTrade['exists'], step: Step): Trade {
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

function withConditions(trade: Trade, plan: TradePlan): Trade {
  const { frozen = trade.frozen, sellerBalanceShort = trade.sellerBalanceShort } = plan;
  return { ...trade, frozen, sellerBalanceShort };
}
