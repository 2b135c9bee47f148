/**
 * Goal: no sequence of steps makes money appear, move twice or come back twice, and no step leaves a final status.
 * Method: every step from every status by table; then random sequences against a sum of money kept apart.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import { TradeStatus } from '../../contract/trade.ts';
import {
  closeTrade,
  createTrade,
  finishTrade,
  payTrade,
  refundedFen,
  refundTrade,
  type Step,
  type Trade,
} from '../../simulator/trade-machine.ts';

const TOTAL_FEN = 8888;
const step: Step = { atMs: 1_000, cause: { kind: 'control' } };
const refundAll = { outRequestNo: 'r1', amountFen: TOTAL_FEN, by: 'refund' } as const;
const waiting = createTrade(
  { outTradeNo: 't', tradeNo: '1'.repeat(28), totalFen: TOTAL_FEN, subject: 's', expiresAtMs: 9_000 },
  step,
);

const TRADES: Readonly<Record<TradeStatus, Trade>> = {
  WAIT_BUYER_PAY: waiting,
  TRADE_SUCCESS: payTrade(waiting, step),
  TRADE_FINISHED: finishTrade(payTrade(waiting, step), step),
  TRADE_CLOSED: closeTrade(waiting, step),
};

const STEPS = {
  pay: (trade: Trade) => payTrade(trade, step),
  close: (trade: Trade) => closeTrade(trade, step),
  finish: (trade: Trade) => finishTrade(trade, step),
  refundAll: (trade: Trade) => refundTrade(trade, refundAll, step),
} as const;

/** Where each step leads; everything absent is refused. */
const ALLOWED: readonly (readonly [TradeStatus, keyof typeof STEPS, TradeStatus])[] = [
  ['WAIT_BUYER_PAY', 'pay', 'TRADE_SUCCESS'],
  ['WAIT_BUYER_PAY', 'close', 'TRADE_CLOSED'],
  ['TRADE_SUCCESS', 'finish', 'TRADE_FINISHED'],
  ['TRADE_SUCCESS', 'refundAll', 'TRADE_CLOSED'],
];

describe('the trade machine', () => {
  for (const status of Object.values(TradeStatus)) {
    for (const name of Object.keys(STEPS) as (keyof typeof STEPS)[]) {
      const [, , next] = ALLOWED.find(([from, taken]) => from === status && taken === name) ?? [];
      it(`${name} ${next === undefined ? `is refused to a trade in ${status}` : `leads from ${status} to ${next}`}`, () => {
        if (next === undefined) assert.throws(() => STEPS[name](TRADES[status]), new RegExp(`is ${status}`));
        else assert.equal(STEPS[name](TRADES[status]).tradeStatus, next);
      });
    }
  }

  it('closes a trade only with the refund that returns the last fen', () => {
    const paid = TRADES.TRADE_SUCCESS;
    const partly = refundTrade(paid, { outRequestNo: 'r1', amountFen: TOTAL_FEN - 1, by: 'refund' }, step);
    assert.equal(partly.tradeStatus, 'TRADE_SUCCESS');
    assert.throws(
      () => refundTrade(partly, { outRequestNo: 'r2', amountFen: 2, by: 'refund' }, step),
      /where 1 are left/,
    );
    assert.equal(
      refundTrade(partly, { outRequestNo: 'r2', amountFen: 1, by: 'refund' }, step).tradeStatus,
      'TRADE_CLOSED',
    );
  });

  it('moves, in any sequence of steps, the total at most once to the seller and never more back', () => {
    const anyStep = fc.oneof(
      fc.constantFrom(...(['pay', 'close', 'finish', 'refundAll'] as const)).map((name) => STEPS[name]),
      fc
        .integer({ min: 1, max: TOTAL_FEN })
        .map((amountFen) => (trade: Trade) => refundTrade(trade, { outRequestNo: 'r', amountFen, by: 'refund' }, step)),
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), (steps) => {
        const trade = steps.reduce((current, take) => attempted(current, take), waiting);
        const moved = (kind: string): number =>
          trade.effects.filter((effect) => effect.kind === kind).reduce((sum, effect) => sum + effect.amountFen, 0);
        assert.ok(moved('paid') === 0 || moved('paid') === TOTAL_FEN);
        assert.ok(moved('refunded') <= moved('paid'));
        assert.equal(moved('refunded'), refundedFen(trade));
        if (trade.tradeStatus === 'TRADE_CLOSED') assert.equal(moved('paid') - moved('refunded'), 0);
      }),
    );
  });
});

function attempted(trade: Trade, take: (trade: Trade) => Trade): Trade {
  try {
    return take(trade);
  } catch {
    return trade;
  }
}
