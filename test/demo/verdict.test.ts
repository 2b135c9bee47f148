/**
 * Goal: the demo ends well only when every outcome is what the ledger says. Method: each outcome is held against ledgers that
 * bear it out and against ledgers that do not; the ledgers are those of a real simulator.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { contradictions, exitCodeOf, judge } from '../../demo/verdict.ts';
import { Outcome } from '../../contract/resolution.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import type { TradeView } from '../../simulator/ledger-view.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';

const { PAID, CLOSED, REFUNDED, NOT_CREATED } = Outcome;

/** How a trade can stand, and the one outcome that is true of it; none while it is open. */
const LEDGERS: readonly (readonly [name: string, plan: TradePlan, truth: Outcome | undefined])[] = [
  ['waits for the buyer', { exists: 'WAIT_BUYER_PAY' }, undefined],
  ['is paid', { exists: 'TRADE_SUCCESS' }, PAID],
  ['is paid and past refunds', { exists: 'TRADE_FINISHED' }, PAID],
  ['is closed and was never paid', { exists: 'TRADE_CLOSED' }, CLOSED],
  ['does not exist', {}, NOT_CREATED],
];

describe('the verdict of the demo', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  after(() => simulator.stop());

  for (const [name, plan, truth] of LEDGERS) {
    for (const outcome of Object.values(Outcome)) {
      it(`${outcome} of a trade that ${name} ${outcome === truth ? 'agrees' : 'is contradicted'}`, () => {
        const trade = simulator.plan(`${outcome}_${name.replaceAll(' ', '_')}`, plan);
        assert.equal(contradictions(outcome, trade).length === 0, outcome === truth);
      });
    }
  }

  /** Effects that no plan brings about by itself. */
  const refunded: TradeView = {
    outTradeNo: 'refunded',
    tradeNo: '2026112422001400000000000001',
    tradeStatus: 'TRADE_CLOSED',
    truth: REFUNDED,
    totalAmount: '88.88',
    sellerHas: '0.00',
    refundedAmount: '88.88',
    frozen: false,
    sellerBalanceShort: false,
    effects: [effect('created', '0.00'), effect('paid', '88.88'), effect('refunded', '88.88')],
    pending: [],
  };
  const twice = { ...refunded, effects: [...refunded.effects, effect('refunded', '88.88')] };
  const notYetCreated: TradeView = {
    outTradeNo: 'late',
    truth: NOT_CREATED,
    sellerHas: '0.00',
    refundedAmount: '0.00',
    frozen: false,
    sellerBalanceShort: false,
    effects: [],
    pending: [{ what: 'alipay.trade.pay lands' }],
  };

  // The outcome reported, the ledger, the outcome that the story has, and whether they agree.
  // oxfmt-ignore
  const rows: readonly (readonly [string, TradeView, Outcome, boolean, because: string])[] = [
    [REFUNDED,    refunded,      REFUNDED,    true,  'paid once and refunded once'],
    [CLOSED,      refunded,      CLOSED,      false, 'money had moved'],
    [PAID,        refunded,      PAID,        false, 'the money went back'],
    [REFUNDED,    twice,         REFUNDED,    false, 'the money went back twice'],
    [NOT_CREATED, notYetCreated, NOT_CREATED, false, 'a pay request is still on its way'],
    [REFUNDED,    refunded,      PAID,        false, 'the story ends otherwise'],
    ['no answer', refunded,      REFUNDED,    false, 'there is no outcome'],
  ];
  for (const [reported, ledger, told, agrees, because] of rows) {
    it(`${agrees ? 'agrees' : 'objects'} when ${reported} is reported and ${because}`, () => {
      const verdict = judge(reported, ledger, told);
      assert.equal(verdict.agrees, agrees);
      assert.equal(verdict.objections.length > 0, !agrees);
    });
  }

  it('is exit code 0 only when there are verdicts and all agree', () => {
    const [good, bad] = [judge(REFUNDED, refunded, REFUNDED), judge(PAID, refunded, PAID)];
    assert.equal(exitCodeOf([good, good]), 0);
    assert.equal(exitCodeOf([good, bad]), 1);
    assert.equal(exitCodeOf([]), 1);
  });
});

function effect(kind: TradeView['effects'][number]['kind'], amount: string): TradeView['effects'][number] {
  return { kind, amount, at: '2026-11-24T10:00:00.000Z', cause: 'buyer' };
}
