/** Never two resolutions of one trade, whichever number it was started by; and only for merchants that are served. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { workflowIdOf } from '../../contract/names.ts';
import { IMPATIENT, openShop, parkedFor, reached, type Shop } from '../shop.ts';

describe("A trade known by Alipay's number only", () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  it('is handed over to the run of its outTradeNo, and both give the same result', async () => {
    const tradeNo = '2026112422001494891000000001';
    shop.simulator.plan('handed_over', { exists: 'WAIT_BUYER_PAY', tradeNo });
    const byTradeNo = await shop.client.start({ tradeNo, totalAmount: '88.88', policy: IMPATIENT });
    const result = await byTradeNo.wait();
    assert.equal(result.outcome, 'CLOSED');
    assert.equal(result.outTradeNo, 'handed_over');
    assert.deepEqual(await shop.client.wait({ outTradeNo: 'handed_over' }), result);
    const parent = shop.temporal.workflow.getHandle(workflowIdOf({ tradeNo }));
    assert.equal((await parent.query<{ phase: string }>('resolution')).phase, 'handed-over');
  });

  it('is refused when that run exists already, with its name', async () => {
    const tradeNo = '2026112422001494891000000002';
    const input = shop.uncertain('resolved_before', { exists: 'TRADE_SUCCESS', tradeNo });
    await (await shop.client.start(input)).wait();
    const second = await shop.client.start({ tradeNo });
    await assert.rejects(second.wait(), /alipay:default:resolved_before/);
  });

  it('is refused when somebody has terminated that run: what a person has ended is not begun again', async () => {
    const trade = { outTradeNo: 'terminated_before' };
    const tradeNo = '2026112422001494891000000006';
    const input = shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY', tradeNo });
    const policy = { ...IMPATIENT, pollBudgetMs: 3_600_000 };
    const { workflowId } = await shop.client.start({ ...input, policy });
    await shop.temporal.workflow.getHandle(workflowId).terminate('decided by hand');
    await assert.rejects((await shop.client.start({ tradeNo })).wait(), /terminated_before.*terminated/);
    const { calls } = shop.simulator.ledger();
    const ofTrade = calls.filter(({ outTradeNo }) => outTradeNo === trade.outTradeNo);
    assert.deepEqual(
      ofTrade.filter(({ method }) => method !== 'alipay.trade.query'),
      [],
    );
    const { status } = await shop.temporal.workflow.getHandle(workflowId).describe();
    assert.equal(status.name, 'TERMINATED');
  });

  it('is parked when Alipay does not know it, and handed over when it does', async () => {
    const tradeNo = '2026112422001494891000000003';
    const started = await shop.client.start({ tradeNo, policy: { ...IMPATIENT, slowMs: 1_000 } });
    await reached(shop, { tradeNo }, parkedFor('tradeNoUnknown'));
    shop.simulator.plan('turned_up', { exists: 'TRADE_SUCCESS', tradeNo });
    assert.equal((await started.wait()).outTradeNo, 'turned_up');
  });

  it('is compared when both numbers are given: another trade is never taken for this one', async () => {
    const trade = { outTradeNo: 'two_numbers' };
    await shop.client.start(
      shop.uncertain(
        'two_numbers',
        { exists: 'TRADE_SUCCESS', tradeNo: '2026112422001494891000000004' },
        { tradeNo: '2026112422001494891000000005' },
      ),
    );
    await reached(shop, trade, parkedFor('tradeNoMismatch'));
    await shop.client.resolveManually(trade, { outcome: 'PAID', who: 'Li Na', why: 'a typing error in the number' });
  });
});

describe('A merchant that no worker serves', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  it('parks the trade, which stays open, says so, and can be resolved manually', async () => {
    const trade = { merchant: 'elsewhere', outTradeNo: 'not_served' };
    const started = await shop.client.start({ ...trade, policy: IMPATIENT });
    const parked = await reached(shop, trade, parkedFor('configuration'));
    assert.match(parked.summary, /merchant "elsewhere" is not in this worker's merchants file/);
    await shop.client.resolveManually(trade, { outcome: 'PAID', who: 'Li Na', why: 'merchant portal' });
    assert.equal((await started.wait()).decidedBy, 'operator');
  });
});
