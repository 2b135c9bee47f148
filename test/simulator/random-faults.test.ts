/**
 * Goal: faults by seed repeat themselves, come about as often as asked, stop with healing, and never make the ledger lie.
 * Method: the choice itself by numbers; then a hundred trades through pay, query and cancel under heavy faults.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import type { FaultStep } from '../../simulator/fault-plan.ts';
import { PlanBook } from '../../simulator/plan-book.ts';
import { parseTradePlan } from '../../simulator/plan-reading.ts';
import { randomStep } from '../../simulator/random-faults.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { call, control, KEYS_TIMEOUT_MS, sale, startForTest } from './caller.ts';

const METHODS = ['pay', 'query', 'cancel', 'refund', 'queryRefund', 'close', 'precreate'] as const;

describe('faults by seed', () => {
  let simulator: Simulator;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest();
  });
  after(() => simulator.stop());

  it('are the same for the same seed and call, and others for another seed', () => {
    const calls = Array.from({ length: 200 }, (_, n) => `trade/query/${n}`);
    const drawn = (seed: number): readonly FaultStep[] =>
      calls.map((one) => randomStep({ seed, rate: 0.5 }, 'query', one));
    assert.deepEqual(drawn(1), drawn(1));
    assert.notDeepEqual(drawn(1), drawn(2));
  });

  it('come at the rate asked for', () => {
    const share = (rate: number): number => {
      const steps = Array.from({ length: 5_000 }, (_, n) => randomStep({ seed: 1, rate }, 'cancel', `t/${n}`));
      return steps.filter((step) => Object.keys(step).length > 0).length / steps.length;
    };
    assert.equal(share(0), 0);
    assert.equal(share(1), 1);
    assert.ok(Math.abs(share(0.2) - 0.2) < 0.02, String(share(0.2)));
  });

  it('are steps that a plan could hold, for every method', () => {
    for (const method of METHODS) {
      const steps = Array.from({ length: 500 }, (_, n) => randomStep({ seed: n, rate: 1 }, method, 't'));
      assert.doesNotThrow(() => parseTradePlan({ [method]: steps }));
      assert.ok(new Set(steps.map((step) => JSON.stringify(step))).size > 10, method);
    }
  });

  it('are refused with a rate beyond 0 to 1 or without a seed', async () => {
    for (const faults of [{ seed: 1, rate: 1.2 }, { rate: 0.2 }, { seed: 0.5, rate: 0.2 }, []]) {
      const { status, json } = await control(simulator, 'PUT', '/faults', faults);
      assert.equal(status, 409);
      assert.match(String(json['error']), /\{"seed":1,"rate":0\.2\}/);
    }
  });

  it('let a planned step go first', async () => {
    simulator.randomFaults({ seed: 1, rate: 1 });
    simulator.plan('planned', { query: [{ answer: 'refused', subCode: 'ACQ.PLANNED' }] });
    assert.equal((await call(simulator, 'query', { out_trade_no: 'planned' })).node['sub_code'], 'ACQ.PLANNED');
    simulator.heal();
  });

  it('deny a trade once at most: twice would be taken for the truth, and rightly so', () => {
    const book = new PlanBook({});
    book.setRandom({ seed: 1, rate: 1 });
    const denials = (outTradeNo: string): number =>
      Array.from({ length: 500 }, () => book.takeStep('query', outTradeNo)).filter(
        ({ answer }) => answer === 'notExist',
      ).length;
    assert.deepEqual(['one', 'two', 'three'].map(denials), [1, 1, 1]);
  });

  it('leave every verified answer about a status true at its time, and after healing everything can be asked', async () => {
    simulator.randomFaults({ seed: 20_261, rate: 0.6 });
    const ids = Array.from({ length: 100 }, (_, n) => `random_${n}`);
    for (const id of ids) simulator.plan(id, { buyerPaysAfterMs: 0 });
    const lies: string[] = [];
    const live = async (id: string): Promise<void> => {
      await attempt(() => call(simulator, 'pay', sale(id)));
      await attempt(async () => {
        const { signed, node, text } = await call(simulator, 'query', { out_trade_no: id });
        const isOurs = node['out_trade_no'] === id && text.split('_response":').length === 2;
        const status = simulator.trade(id).tradeStatus;
        if (signed && isOurs && node['code'] === '10000' && node['trade_status'] !== status)
          lies.push(`${id}: ${text}`);
      });
      await attempt(() => call(simulator, 'cancel', { out_trade_no: id }));
    };
    await Promise.all(ids.map(live));
    assert.deepEqual(lies, []);
    assert.ok(simulator.ledger().calls.filter((one) => one.fault !== undefined).length > 100);
    simulator.heal();
    for (const id of ids) {
      const { signed, node } = await call(simulator, 'query', { out_trade_no: id });
      assert.ok(signed);
      assert.equal(node['trade_status'], simulator.trade(id).tradeStatus);
    }
  }).timeout(20_000);
});

/** A call whose connection breaks is no failure of the test: it is the fault. */
async function attempt(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
