/** What the simulator can be told, each operation once: the methods of a `Simulator` and its control routes follow. */
import { isJsonObject } from '../contract/json-object.ts';
import type { Credentials } from './credentials.ts';
import type { TradePlan } from './fault-plan.ts';
import type { Ledger } from './ledger.ts';
import { type LedgerView, type TradeView, viewLedger, viewTrade } from './ledger-view.ts';
import { buyerPays, type World } from './method.ts';
import { type NotificationOrder, type NotificationReport, notify, readNotificationOrder } from './notifier.ts';
import { buyerScans } from './pay.ts';
import { parseTradePlan } from './plan-reading.ts';
import { enterPlanned, withConditions } from './planned-trade.ts';
import type { RandomFaults } from './random-faults.ts';
import type { Trade } from './trade-machine.ts';

/** What is asked does not fit how the trade stands; the message says how it stands. */
export class ControlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlError';
  }
}

/** What operations work on. */
export interface Simulated {
  readonly world: World;
  readonly credentials: Credentials;
}

export interface Operation {
  /** Below the control URL. */
  readonly route: `${'GET' | 'PUT' | 'POST' | 'DELETE'} /${string}`;
  /** Its last argument is the JSON that the request carries: of any shape, whatever its type promises to callers in code. */
  readonly readsBody?: true;
  /** After what it works on: the number of the trade, where the route has one, and the body, where it reads one. */
  readonly perform: (simulated: Simulated, ...told: never[]) => unknown;
}

export const OPERATIONS = {
  /** The truth and the calls received, now. */
  ledger: {
    route: 'GET /ledger',
    perform({ world }: Simulated): LedgerView {
      return viewLedger(world.ledger);
    },
  },

  /** Forgets everything. */
  reset: {
    route: 'DELETE /ledger',
    perform({ world: { ledger, plans, qrCodes, blocked } }: Simulated): LedgerView {
      ledger.reset();
      plans.reset();
      qrCodes.clear();
      blocked.clear();
      return viewLedger(ledger);
    },
  },

  /** The truth about one trade, now; `truth: 'NOT_CREATED'` when there is none. */
  trade: {
    route: 'GET /trades/{outTradeNo}',
    perform({ world }: Simulated, outTradeNo: string): TradeView {
      return viewTrade(world.ledger, outTradeNo);
    },
  },

  /**
   * Replaces the plan of a trade; with `exists`, enters the trade first.
   * @throws PlanProblems when the plan is not valid
   * @throws ControlError when `exists` is asked of a trade that is in the ledger already
   */
  plan: {
    route: 'PUT /trades/{outTradeNo}',
    readsBody: true,
    perform({ world }: Simulated, outTradeNo: string, value: TradePlan): TradeView {
      putPlan(world, outTradeNo, parseTradePlan(value));
      return viewTrade(world.ledger, outTradeNo);
    },
  },

  /** Forgets one trade, its plan and what was on its way. */
  forget: {
    route: 'DELETE /trades/{outTradeNo}',
    perform({ world: { ledger, plans, qrCodes, blocked } }: Simulated, outTradeNo: string): TradeView {
      ledger.forget(outTradeNo);
      plans.forget(outTradeNo);
      qrCodes.delete(outTradeNo);
      blocked.delete(outTradeNo);
      return viewTrade(ledger, outTradeNo);
    },
  },

  /** The buyer confirms now, or scans the QR code and confirms. @throws ControlError when there is nothing to pay */
  buyerPays: {
    route: 'POST /trades/{outTradeNo}/buyer-pays',
    perform({ world }: Simulated, outTradeNo: string): TradeView {
      const nowMs = world.ledger.catchUp();
      if (!buyerPays(world.ledger, outTradeNo, nowMs) && !buyerScans(world, outTradeNo, nowMs)) {
        const status = viewTrade(world.ledger, outTradeNo).tradeStatus ?? 'not created';
        throw new ControlError(`${outTradeNo} is ${status}: nothing to pay`);
      }
      return viewTrade(world.ledger, outTradeNo);
    },
  },

  /** The merchant's account has enough again for this trade's refund. */
  topUp: {
    route: 'POST /trades/{outTradeNo}/top-up',
    perform({ world }: Simulated, outTradeNo: string): TradeView {
      return changeTrade(world.ledger, outTradeNo, { sellerBalanceShort: false });
    },
  },

  /** Alipay holds the trade's money no longer. */
  unfreeze: {
    route: 'POST /trades/{outTradeNo}/unfreeze',
    perform({ world }: Simulated, outTradeNo: string): TradeView {
      return changeTrade(world.ledger, outTradeNo, { frozen: false });
    },
  },

  /** Posts a notification of how the trade stands. @throws ControlError without a trade, and on a wrong order */
  notify: {
    route: 'POST /trades/{outTradeNo}/notify',
    readsBody: true,
    async perform(simulated: Simulated, outTradeNo: string, value: NotificationOrder): Promise<NotificationReport> {
      const read = readNotificationOrder(value);
      if (read.kind === 'problem') throw new ControlError(read.problem);
      const { ledger } = simulated.world;
      const nowMs = ledger.catchUp();
      const trade = ledger.find({ outTradeNo });
      if (trade === undefined) {
        throw new ControlError(`${outTradeNo} is not in the ledger: there is nothing to notify of`);
      }
      return await notify(simulated.credentials, { trade, order: read.order, nowMs });
    },
  },

  /** From now on calls without a planned step meet faults by chance. @throws ControlError on a rate outside 0 to 1 */
  randomFaults: {
    route: 'PUT /faults',
    readsBody: true,
    perform({ world }: Simulated, value: RandomFaults): RandomFaults {
      const { seed, rate }: Partial<RandomFaults> = isJsonObject(value) ? value : {};
      const areNumbers = typeof seed === 'number' && typeof rate === 'number';
      if (!areNumbers || !Number.isSafeInteger(seed) || !(rate >= 0 && rate <= 1)) {
        throw new ControlError('random faults need a whole seed and a rate from 0 to 1, like {"seed":1,"rate":0.2}');
      }
      world.plans.setRandom({ seed, rate });
      return { seed, rate };
    },
  },

  /** All faults stop. Requests in a queue still land; frozen stays frozen. */
  heal: {
    route: 'POST /heal',
    perform({ world }: Simulated): { readonly healed: true } {
      world.plans.heal();
      return { healed: true };
    },
  },
} as const;

/** The operations, bound to what they work on. */
export type Control = {
  readonly [Name in keyof typeof OPERATIONS]: Bound<(typeof OPERATIONS)[Name]['perform']>;
};

type Bound<Perform> = Perform extends (simulated: Simulated, ...told: infer Told) => infer Answer
  ? (...told: Told) => Answer
  : never;

export function controlOf(simulated: Simulated): Control {
  const bound = Object.entries<Operation>(OPERATIONS).map(([name, { perform }]) => [
    name,
    (...told: never[]) => perform(simulated, ...told),
  ]);
  // One bound function per row: `Control` is that by definition, but `fromEntries` does not tell its names apart.
  return Object.fromEntries(bound) as Control;
}

function putPlan(world: World, outTradeNo: string, plan: TradePlan): void {
  const { ledger, plans } = world;
  const nowMs = ledger.catchUp();
  const existing = ledger.find({ outTradeNo });
  if (plan.exists !== undefined && existing !== undefined) {
    throw new ControlError(`${outTradeNo} is in the ledger already as ${existing.tradeStatus}: DELETE it first`);
  }
  if (plan.tradeNo !== undefined && ledger.find({ tradeNo: plan.tradeNo }) !== undefined) {
    throw new ControlError(`trade_no ${plan.tradeNo} belongs to another trade in the ledger`);
  }
  plans.put(outTradeNo, plan);
  if (plan.exists !== undefined) enterPlanned(world, { outTradeNo, plan, exists: plan.exists, nowMs });
  else if (existing !== undefined) ledger.move(withConditions(existing, plan));
}

function changeTrade(ledger: Ledger, outTradeNo: string, change: Partial<Trade>): TradeView {
  const trade = ledger.find({ outTradeNo });
  if (trade === undefined) throw new ControlError(`${outTradeNo} is not in the ledger`);
  ledger.move({ ...trade, ...change });
  return viewTrade(ledger, outTradeNo);
}
