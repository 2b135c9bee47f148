/** One scenario per path through the workflow: how it is provoked on real parts, and how it must end. */
import { Signals, workflowIdOf } from '../../contract/names.ts';
import { PayAnswer, type Outcome } from '../../contract/resolution.ts';
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import { parkedFor, reached, decideWhenAllowed, type Shop } from '../shop.ts';

export interface Scenario {
  /** Also the name of the recorded history. */
  readonly name: string;
  readonly plan: TradePlan;
  /** Started by Alipay's number alone. */
  readonly byTradeNo?: string;
  readonly input?: (outTradeNo: string) => Partial<ResolutionInput>;
  /** What people do meanwhile. */
  readonly drive?: (shop: Shop, outTradeNo: string) => Promise<unknown>;
  readonly outcome: Outcome;
}

const soon = (ms: number) => (): Partial<ResolutionInput> => ({
  payExpiresAt: new Date(Date.now() + ms).toISOString(),
});

export const scenarios: readonly Scenario[] = [
  { name: 'paid-late', plan: { exists: 'WAIT_BUYER_PAY', buyerPaysAfterMs: 1_500 }, outcome: 'PAID' },
  { name: 'never-paid', plan: { exists: 'WAIT_BUYER_PAY' }, outcome: 'CLOSED' },
  {
    name: 'paid-and-cancelled',
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ buyerPays: 'beforeExecution' }] },
    outcome: 'REFUNDED',
  },
  {
    name: 'retry-flag-three-times',
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ times: 3, executed: false, with: { retry_flag: 'Y' } }] },
    outcome: 'CLOSED',
  },
  {
    name: 'cancel-answer-lost',
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ delivery: 'answerLost' }] },
    outcome: 'CLOSED',
  },
  {
    name: 'never-created',
    plan: {},
    input: soon(6_000),
    outcome: 'NOT_CREATED',
  },
  {
    name: 'appears-while-watching',
    plan: {},
    input: soon(60_000),
    drive: async (shop, outTradeNo) => {
      await shop.simulator.callReceived({ method: 'alipay.trade.cancel', outTradeNo });
      await reached(shop, { outTradeNo }, (resolution) => resolution.phase === 'watching');
      shop.simulator.plan(outTradeNo, { exists: 'TRADE_SUCCESS' });
    },
    outcome: 'REFUNDED',
  },
  {
    name: 'no-answer-for-a-while',
    plan: { exists: 'WAIT_BUYER_PAY', buyerPaysAfterMs: 500, query: [{ times: 2, answer: 'code20000' }] },
    outcome: 'PAID',
  },
  {
    name: 'balance-short-then-topped-up',
    plan: { exists: 'WAIT_BUYER_PAY', sellerBalanceShort: true, cancel: [{ times: 1, buyerPays: 'beforeExecution' }] },
    drive: async (shop, outTradeNo) => {
      await reached(shop, { outTradeNo }, parkedFor('sellerBalanceNotEnough'));
      shop.simulator.topUp(outTradeNo);
      await shop.client.retryNow({ outTradeNo });
    },
    outcome: 'REFUNDED',
  },
  {
    name: 'frozen-then-resolved-manually',
    plan: { exists: 'WAIT_BUYER_PAY', frozen: true, cancel: [{ times: 1, buyerPays: 'beforeExecution' }] },
    drive: async (shop, outTradeNo) => {
      await reached(shop, { outTradeNo }, parkedFor('frozen'));
      await decideWhenAllowed(
        shop,
        { outTradeNo },
        { outcome: 'PAID', who: 'Li Na', why: 'the buyer keeps the goods' },
      );
    },
    outcome: 'PAID',
  },
  {
    name: 'cashier-cancels',
    plan: { exists: 'WAIT_BUYER_PAY' },
    input: () => ({ policy: { pollFirstMs: 30_000, pollCapMs: 30_000, pollBudgetMs: 600_000, cancelFirstMs: 1_000 } }),
    drive: async (shop, outTradeNo) => {
      await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
      await shop.client.cancelNow({ outTradeNo });
    },
    outcome: 'CLOSED',
  },
  {
    name: 'notified',
    plan: { exists: 'WAIT_BUYER_PAY' },
    input: () => ({ policy: { pollFirstMs: 30_000, pollCapMs: 30_000, pollBudgetMs: 600_000 } }),
    drive: async (shop, outTradeNo) => {
      await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
      shop.simulator.buyerPays(outTradeNo);
      await shop.client.notified({ outTradeNo });
    },
    outcome: 'PAID',
  },
  {
    name: 'closed-by-someone-else',
    plan: { exists: 'TRADE_CLOSED' },
    outcome: 'CLOSED',
  },
  {
    name: 'another-amount',
    plan: { exists: 'TRADE_SUCCESS', totalAmount: '80.00' },
    drive: async (shop, outTradeNo) => {
      await reached(shop, { outTradeNo }, parkedFor('amountMismatch'));
      await shop.client.resolveManually(
        { outTradeNo },
        { outcome: 'PAID', who: 'Li Na', why: 'the till had the old price' },
      );
    },
    outcome: 'PAID',
  },
  {
    name: 'cancel-refused-for-good',
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ answer: 'refused', subCode: 'ACQ.CANCEL_NOT_ALLOWED' }] },
    drive: async (shop, outTradeNo) => {
      await reached(shop, { outTradeNo }, parkedFor('cancelRefused'));
      await shop.client.cancelNow({ outTradeNo });
    },
    outcome: 'CLOSED',
  },
  {
    name: 'guarded-and-paid',
    plan: { exists: 'TRADE_SUCCESS' },
    input: () => ({ guardUntil: new Date(Date.now() + 60_000).toISOString() }),
    drive: async (shop, outTradeNo) => {
      await reached(shop, { outTradeNo }, ({ phase }) => phase === 'guarding');
      await shop.temporal.workflow.getHandle(workflowIdOf({ outTradeNo })).signal(Signals.payAnswered, PayAnswer.paid);
    },
    outcome: 'PAID',
  },
  {
    name: 'guarded-and-silent',
    plan: { exists: 'WAIT_BUYER_PAY' },
    input: () => ({ guardUntil: new Date(Date.now() + 1_500).toISOString() }),
    outcome: 'CLOSED',
  },
  {
    name: 'refund-ordered',
    plan: {
      exists: 'WAIT_BUYER_PAY',
      cancel: [{ times: 'always', answer: 'refused', subCode: 'ACQ.CANCEL_NOT_ALLOWED', buyerPays: 'beforeExecution' }],
      refund: [{ delivery: 'answerLost' }],
    },
    drive: async (shop, outTradeNo) => {
      await reached(shop, { outTradeNo }, parkedFor('cancelRefused'));
      await shop.client.orderRefund({ outTradeNo }, { who: 'Li Na', why: 'the sale is off' });
    },
    outcome: 'REFUNDED',
  },
  {
    name: 'handed-over',
    plan: { exists: 'TRADE_SUCCESS', tradeNo: '2026112422001494891000000099' },
    byTradeNo: '2026112422001494891000000099',
    outcome: 'PAID',
  },
  {
    name: 'merchant-not-served',
    plan: {},
    input: () => ({ merchant: 'elsewhere' }),
    drive: async (shop, outTradeNo) => {
      const trade = { merchant: 'elsewhere', outTradeNo };
      await reached(shop, trade, parkedFor('configuration'));
      await shop.client.resolveManually(trade, { outcome: 'PAID', who: 'Li Na', why: 'merchant portal' });
    },
    outcome: 'PAID',
  },
];
