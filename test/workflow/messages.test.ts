/** What services and operators can send to a running resolution, on real parts. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { FailureTypes, Updates, WORKFLOW_TYPE, TASK_QUEUE } from '../../contract/names.ts';
import { openShop, parkedFor, reached, decideWhenAllowed, type Shop } from '../shop.ts';

/** So patient that only a message can move it within the test. */
const PATIENT = {
  pollFirstMs: 60_000,
  pollCapMs: 60_000,
  pollBudgetMs: 600_000,
  cancelFirstMs: 60_000,
  slowMs: 600_000,
};

describe('Messages to a resolution', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  const calls = (outTradeNo: string): string[] =>
    shop.simulator
      .ledger()
      .calls.filter((call) => call.outTradeNo === outTradeNo)
      .map((call) => call.method.replace('alipay.trade.', ''));

  it('a wrong start fails at once, names every wrong field, and calls nothing', async () => {
    const callsBefore = shop.simulator.ledger().calls.length;
    const handle = await shop.temporal.workflow.start(WORKFLOW_TYPE, {
      taskQueue: TASK_QUEUE,
      workflowId: 'wrong-start',
      args: [{ totalAmount: 88.88, payExpiresAt: 'tomorrow' }],
    });
    const error = await handle.result().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof WorkflowFailedError);
    for (const field of ['outTradeNo', 'totalAmount', 'payExpiresAt']) assert.ok(error.cause?.message.includes(field));
    assert.equal((error.cause as { type?: string }).type, FailureTypes.invalidInput);
    assert.equal(shop.simulator.ledger().calls.length, callsBefore);
  });

  it('a notification ends the waiting: one more query, and the trade is PAID', async () => {
    const trade = { outTradeNo: 'notified_1' };
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { policy: PATIENT }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    shop.simulator.buyerPays(trade.outTradeNo);
    await shop.client.notified(trade);
    assert.equal((await started.wait()).outcome, 'PAID');
    assert.deepEqual(calls(trade.outTradeNo), ['query', 'query']);
  });

  it('cancelNow asks once more before it cancels, and pressed twice cancels once', async () => {
    const trade = { outTradeNo: 'pressed_twice' };
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { policy: PATIENT }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    await Promise.allSettled([shop.client.cancelNow(trade), shop.client.cancelNow(trade)]);
    assert.equal((await started.wait()).outcome, 'CLOSED');
    assert.deepEqual(calls(trade.outTradeNo), ['query', 'query', 'cancel', 'query']);
  });

  it('cancelNow on a trade that was paid meanwhile cancels nothing', async () => {
    const trade = { outTradeNo: 'paid_before_pressed' };
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { policy: PATIENT }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    shop.simulator.buyerPays(trade.outTradeNo);
    await shop.client.cancelNow(trade);
    assert.equal((await started.wait()).outcome, 'PAID');
    assert.deepEqual(calls(trade.outTradeNo), ['query', 'query']);
  });

  it('a message during the back-off of a cancel looks at once', async () => {
    const trade = { outTradeNo: 'looked_during_back_off' };
    const plan = { exists: 'WAIT_BUYER_PAY', cancel: [{ delivery: 'answerLost' }] } as const;
    const started = await shop.client.start(
      shop.uncertain(trade.outTradeNo, plan, { policy: { ...PATIENT, pollBudgetMs: 0 } }),
    );
    await reached(
      shop,
      trade,
      (resolution) => resolution.phase === 'cancelling' && resolution.nextCheckAt !== undefined,
    );
    await shop.client.retryNow(trade);
    await reached(shop, trade, (resolution) => resolution.phase === 'closing' || resolution.phase === 'done');
    await shop.client.retryNow(trade).catch(() => undefined);
    assert.equal((await started.wait()).outcome, 'CLOSED');
  });

  it('resolveManually is refused with the reason while nobody is needed, and leaves no trace in the history', async () => {
    const trade = { outTradeNo: 'decided_too_early' };
    const { workflowId, wait } = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { policy: PATIENT }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    const handle = shop.temporal.workflow.getHandle(workflowId);
    const error = await handle
      .executeUpdate(Updates.resolveManually, { args: [{ outcome: 'PAID', who: 'Li Na', why: 'impatience' }] })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    assert.ok(error instanceof WorkflowUpdateFailedError);
    assert.match(error.cause?.message ?? '', /only one that needs an operator can be resolved manually/);
    const { events } = await handle.fetchHistory();
    assert.ok(!(events ?? []).some((event) => event.workflowExecutionUpdateAcceptedEventAttributes));
    await shop.client.cancelNow(trade);
    assert.equal((await wait()).outcome, 'CLOSED');
  });

  it('resolveManually that contradicts what Alipay has signed is refused; one that does not is recorded with who and why', async () => {
    const trade = { outTradeNo: 'frozen_decided' };
    const plan = { exists: 'WAIT_BUYER_PAY', frozen: true, cancel: [{ buyerPays: 'beforeExecution' }] } as const;
    const started = await shop.client.start(shop.uncertain(trade.outTradeNo, plan));
    await reached(shop, trade, parkedFor('frozen'));
    await assert.rejects(
      shop.client.resolveManually(trade, { outcome: 'CLOSED', who: 'Li Na', why: 'tired' }),
      /signed that the trade is paid/,
    );
    await decideWhenAllowed(shop, trade, { outcome: 'PAID', who: 'Li Na', why: 'the buyer keeps the goods' });
    const done = await started.wait();
    assert.deepEqual([done.outcome, done.decidedBy], ['PAID', 'operator']);
    assert.deepEqual(done.manualDecision, {
      kind: 'outcome',
      outcome: 'PAID',
      who: 'Li Na',
      why: 'the buyer keeps the goods',
    });
  });

  it('cancelNow that arrives while the deciding answer is under way is answered, and the resolution ends', async () => {
    const trade = { outTradeNo: 'cancelled_too_late' };
    const plan = { exists: 'TRADE_SUCCESS', query: [{ delayMs: 1_500 }] } as const;
    const started = await shop.client.start(shop.uncertain(trade.outTradeNo, plan, { policy: PATIENT }));
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    const answer = await shop.client.cancelNow(trade);
    assert.equal(answer.phase, 'done');
    assert.equal((await started.wait()).outcome, 'PAID');
  });

  it('resolveManually that arrives while the trade heals by itself is answered with what Alipay says, and the resolution ends', async () => {
    const trade = { outTradeNo: 'decided_too_late' };
    const plan = {
      exists: 'TRADE_SUCCESS',
      totalAmount: '88.88',
      query: [{ times: 3, answer: 'refused', subCode: 'ACQ.INVALID_PARAMETER' }, { delayMs: 1_500 }],
    } as const;
    const started = await shop.client.start(shop.uncertain(trade.outTradeNo, plan));
    await reached(shop, trade, (resolution) => resolution.phase === 'needs-operator');
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade, count: 4 });
    const answer = await shop.client.resolveManually(trade, { outcome: 'PAID', who: 'Li Na', why: 'portal' });
    assert.deepEqual([answer.phase, answer.phase === 'done' && answer.decidedBy], ['done', 'alipay']);
    assert.equal((await started.wait()).decidedBy, 'alipay');
  });

  it('a Temporal cancellation stops nothing: the trade is resolved all the same', async () => {
    const trade = { outTradeNo: 'cancellation_requested' };
    const { workflowId, wait } = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    await shop.temporal.workflow.getHandle(workflowId).cancel();
    assert.equal((await wait()).outcome, 'CLOSED');
    const { events } = await shop.temporal.workflow.getHandle(workflowId).fetchHistory();
    assert.ok((events ?? []).some((event) => event.workflowExecutionCancelRequestedEventAttributes));
  });
});
