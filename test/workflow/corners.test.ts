/** What comes in the middle of something else: a word during the last question, a manual decision on old knowledge, a number that turns up. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Signals, workflowIdOf } from '../../contract/names.ts';
import type { Policy } from '../../contract/policy.ts';
import { PayAnswer } from '../../contract/resolution.ts';
import { IMPATIENT, openShop, parkedFor, reached, decideWhenAllowed, type Shop, until } from '../shop.ts';

const NO_PATIENCE: Policy = { ...IMPATIENT, pollBudgetMs: 0 };
const TRADE_NO = '2026112422001494891000000124';

describe('In the middle of something else', function () {
  this.timeout(120_000);
  let shop: Shop;
  before(async () => (shop = await openShop()));
  after(() => shop.close());

  const calls = (outTradeNo: string): readonly string[] =>
    shop.simulator
      .ledger()
      .calls.filter((call) => call.outTradeNo === outTradeNo)
      .map(({ method }) => method.replace('alipay.trade.', ''));

  it('a word "paid" during the last question is heard before the cancel that its silence would bring', async () => {
    const trade = { outTradeNo: 'word_in_the_middle' };
    const plan = { exists: 'WAIT_BUYER_PAY', query: [{ delayMs: 1_500, answer: 'code20000' }] } as const;
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, plan, { policy: { ...NO_PATIENCE, slowMs: 60_000 } }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    await shop.temporal.workflow.getHandle(started.workflowId).signal(Signals.payAnswered, PayAnswer.paid);
    const parked = await reached(shop, trade, parkedFor('payAnswerMismatch'));
    assert.match(parked.summary, /the service says .* Alipay gives no readable answer \(unknown\)/);
    assert.deepEqual(new Set(calls(trade.outTradeNo)), new Set(['query']));
    shop.simulator.buyerPays(trade.outTradeNo);
    await shop.client.retryNow(trade);
    assert.deepEqual([(await started.wait()).outcome, shop.simulator.trade(trade.outTradeNo).truth], ['PAID', 'PAID']);
  });

  it('a manual decision falls when the fresh query that is asked for its sake speaks against it', async () => {
    const trade = { outTradeNo: 'decided_on_old_knowledge' };
    const plan = {
      exists: 'WAIT_BUYER_PAY',
      tradeNo: TRADE_NO,
      frozen: true,
      cancel: [{ buyerPays: 'beforeExecution' }],
    } as const;
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, plan, { policy: { ...NO_PATIENCE, slowMs: 3_600_000 } }),
    );
    await reached(shop, trade, parkedFor('frozen'));
    shop.simulator.forget(trade.outTradeNo);
    shop.simulator.plan(trade.outTradeNo, { exists: 'TRADE_CLOSED', tradeNo: TRADE_NO });
    await assert.rejects(
      decideWhenAllowed(shop, trade, { outcome: 'PAID', who: 'Li Na', why: 'the portal, an hour ago' }),
      /went on by itself|TRADE_CLOSED/,
    );
    assert.notEqual((await started.wait()).outcome, 'PAID');
  });

  it('a start by tradeNo hands over at the first answer that names the outTradeNo, WAIT_BUYER_PAY too', async () => {
    const trade = { outTradeNo: 'named_while_waiting' };
    const tradeNo = '2026112422001494891000000123';
    const { outTradeNo: _, ...input } = shop.uncertain(
      trade.outTradeNo,
      // What the second run shows first it can only have from the first one.
      { exists: 'WAIT_BUYER_PAY', tradeNo, query: [{}, { times: 2, answer: 'code20000' }] },
      { policy: { ...NO_PATIENCE, pollBudgetMs: 600_000 } },
    );
    const started = await shop.client.start({ ...input, tradeNo });
    const open = await until(() => shop.client.status(trade).catch(() => undefined));
    assert.equal(open.kind === 'open' && open.resolution?.tradeStatus, 'WAIT_BUYER_PAY');
    await shop.temporal.workflow.getHandle(started.workflowId).signal(Signals.payAnswered, PayAnswer.paid);
    shop.simulator.buyerPays(trade.outTradeNo);
    await shop.client.notified(trade);
    assert.equal((await started.wait()).outcome, 'PAID');
    const child = await shop.temporal.workflow.getHandle(workflowIdOf(trade)).describe();
    assert.equal(child.status.name, 'COMPLETED');
  });
});
