/** A guarded pay call on real parts: the resolution is there before the pay call, whatever becomes of the service. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { Signals } from '../../contract/names.ts';
import { PayAnswer } from '../../contract/resolution.ts';
import { openShop, parkedFor, reached, type Shop } from '../shop.ts';

describe('A guarded pay call', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  it('that is paid ends its resolution at once, without a call to Alipay', async () => {
    const trade = { outTradeNo: 'guarded_paid' };
    const input = shop.uncertain(trade.outTradeNo, { exists: 'TRADE_SUCCESS' });
    const guarded = await shop.client.guard(input, async () => ({ payAnswer: 'paid', receipt: 7 }));
    assert.ok(guarded.kind === 'answered');
    assert.equal(guarded.answer.receipt, 7);
    assert.equal(await guarded.told, true);
    const done = await shop.client.wait(trade);
    assert.deepEqual([done.outcome, done.decidedBy], ['PAID', 'caller']);
    assert.deepEqual(
      shop.simulator.ledger().calls.filter((call) => call.outTradeNo === trade.outTradeNo),
      [],
    );
    const { events } = await shop.temporal.workflow.getHandle(guarded.run.workflowId).fetchHistory();
    assert.ok((events?.length ?? 0) <= 14, `${events?.length ?? 0} events`);
  });

  it('that throws is resolved, and the error is handed to the service', async () => {
    const trade = { outTradeNo: 'guarded_threw' };
    const input = shop.uncertain(trade.outTradeNo, { exists: 'TRADE_SUCCESS' });
    const guarded = await shop.client.guard(input, () => Promise.reject(new Error('socket hang up')));
    assert.ok(guarded.kind === 'threw');
    assert.match(String(guarded.error), /socket hang up/);
    const done = await shop.client.wait(trade);
    assert.deepEqual([done.outcome, done.decidedBy], ['PAID', 'alipay']);
  });

  it('whose service dies without a word is resolved when the guard ends', async () => {
    const trade = { outTradeNo: 'guarded_silent' };
    const guardUntil = new Date(Date.now() + 2_000).toISOString();
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { guardUntil }),
    );
    assert.equal((await started.wait()).outcome, 'CLOSED');
    // Not the phase before that: on a slow machine the guard may be over when it is asked for.
    const { calls } = shop.simulator.ledger();
    const [firstMs] = calls
      .filter((call) => call.outTradeNo === trade.outTradeNo)
      .map((call) => Date.parse(call.receivedAt));
    assert.ok(firstMs !== undefined && firstMs >= Date.parse(guardUntil), `asked at ${firstMs}, before ${guardUntil}`);
  });

  for (const answer of ['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'code20000'] as const) {
    it(`that is paid while a look is under way ends as paid, whatever that look is answered: ${answer}`, async () => {
      const trade = { outTradeNo: `guarded_looked_${answer.toLowerCase()}` };
      const exists = answer === 'code20000' ? 'WAIT_BUYER_PAY' : answer;
      const plan = { exists, query: [{ delayMs: 1_500, ...(answer === 'code20000' && { answer }) }] } as const;
      const guardUntil = new Date(Date.now() + 600_000).toISOString();
      const started = await shop.client.start(shop.uncertain(trade.outTradeNo, plan, { guardUntil }));
      await shop.client.notified(trade);
      await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
      await shop.temporal.workflow.getHandle(started.workflowId).signal(Signals.payAnswered, PayAnswer.paid);
      const done = await started.wait();
      assert.deepEqual([done.outcome, done.decidedBy], ['PAID', 'caller']);
    });
  }

  it('is refused for a trade that has a resolution already: pay is not called', async () => {
    const trade = { outTradeNo: 'guarded_twice' };
    const input = shop.uncertain(trade.outTradeNo, { exists: 'TRADE_SUCCESS' });
    await (await shop.client.start(input)).wait();
    let payCalls = 0;
    const pay = async (): Promise<{ payAnswer: 'paid' }> => {
      payCalls += 1;
      return { payAnswer: 'paid' };
    };
    await assert.rejects(shop.client.guard(input, pay), /Pay was not called/);
    assert.equal(payCalls, 0);
  });
});

describe('A refund on order, on real parts', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  it('moves money back once, although its first answer is lost', async () => {
    const trade = { outTradeNo: 'refund_ordered' };
    const plan = {
      exists: 'WAIT_BUYER_PAY',
      cancel: [{ times: 'always', answer: 'refused', subCode: 'ACQ.CANCEL_NOT_ALLOWED', buyerPays: 'beforeExecution' }],
      refund: [{ delivery: 'answerLost' }],
    } as const;
    const started = await shop.client.start(shop.uncertain(trade.outTradeNo, plan));
    await reached(shop, trade, parkedFor('cancelRefused'));
    await shop.client.orderRefund(trade, { who: 'Li Na', why: 'the sale is off' });
    const done = await started.wait();
    assert.equal(done.outcome, 'REFUNDED');
    assert.deepEqual(done.manualDecision, { kind: 'refund', who: 'Li Na', why: 'the sale is off' });
    const { truth, effects } = shop.simulator.trade(trade.outTradeNo);
    assert.equal(truth, 'REFUNDED');
    assert.equal(effects.filter((effect) => effect.kind === 'refunded').length, 1, JSON.stringify(effects));
  });
});
