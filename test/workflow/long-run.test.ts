/** A resolution that goes on for very long continues as a new run and forgets nothing. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { openShop, until, type Shop } from '../shop.ts';

describe('A resolution whose history grows long', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '30' } });
  });
  after(() => shop.close());

  it('continues as new with all its evidence, again and again, under the same id', async () => {
    const trade = { outTradeNo: 'long_run' };
    const plan = {
      exists: 'WAIT_BUYER_PAY',
      cancel: [{ times: 'always', executed: false, with: { retry_flag: 'Y' } }],
    } as const;
    const started = await shop.client.start(shop.uncertain(trade.outTradeNo, plan));
    const handle = shop.temporal.workflow.getHandle(started.workflowId);
    await until(async () => ((await handle.describe()).runId === started.runId ? undefined : true));
    shop.simulator.plan(trade.outTradeNo, {});
    const done = await started.wait();
    assert.equal(done.outcome, 'CLOSED');
    const cancels = shop.simulator
      .ledger()
      .calls.filter(({ method, outTradeNo }) => method === 'alipay.trade.cancel' && outTradeNo === trade.outTradeNo);
    assert.equal(done.cancelCount, cancels.length);
    assert.equal(done.cancels[0]?.attempt, 1);
    assert.equal(done.cancels[0]?.retryFlag, 'Y');
  });
});
