/**
 * Temporal's *Reset* (a button of its Web UI) on a real server. Whatever run it is done to, the run that it makes does not know which cancels
 * were sent, and knows that it does not.
 */
import assert from 'node:assert/strict';
import { Worker } from '@temporalio/worker';
import { after, before, describe, it } from 'mocha';
import { workflowIdOf } from '../../contract/names.ts';
import type { Policy } from '../../contract/policy.ts';
import type { Resolution } from '../../contract/resolution.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import { workflowsPath } from '../../worker/workflow-code.ts';
import { IMPATIENT, openShop, parkedFor, reached, type Shop, until } from '../shop.ts';

const NO_PATIENCE: Policy = { ...IMPATIENT, pollBudgetMs: 0 };
/** The first cancel goes out when the test says so. */
const UNTIL_TOLD: Policy = { ...IMPATIENT, pollBudgetMs: 3_600_000 };
/** The trade is paid, and is shown as paid, for as long as the cancel has not landed. */
const PAID_AND_CANCELLED: TradePlan = {
  exists: 'WAIT_BUYER_PAY',
  cancel: [{ delivery: 'answerLost', executed: { afterMs: 6_000 }, buyerPays: 'afterExecution' }],
};

describe('A run that was reset in Temporal', function () {
  this.timeout(120_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '30' } });
  });
  after(() => shop.close());

  it('to before its first cancel does not call paid what that cancel can still reverse', async () => {
    const trade = { outTradeNo: 'reset_before_cancel' };
    const input = shop.uncertain(trade.outTradeNo, PAID_AND_CANCELLED, { policy: NO_PATIENCE });
    const { workflowId } = await shop.client.start(input);
    await cancelled(trade);
    await endsRefunded(trade, await resetToTheStart(workflowId));
  });

  it('knows it after it was continued as new, too', async () => {
    const trade = { outTradeNo: 'reset_after_continuing' };
    const { workflowId, runId } = await started(trade);
    const continued = await continuedAsNew(trade, runId);
    assert.notEqual(continued, runId);
    void shop.client.cancelNow(trade).catch(() => undefined);
    await cancelled(trade);
    await endsRefunded(trade, await resetToTheStart(workflowId, continued));
  });

  it('knows it where the run that is reset is an earlier one of the chain', async () => {
    const trade = { outTradeNo: 'reset_of_an_earlier_run' };
    const { workflowId, runId } = await started(trade);
    await continuedAsNew(trade, runId);
    void shop.client.cancelNow(trade).catch(() => undefined);
    await cancelled(trade);
    await endsRefunded(trade, await resetToTheStart(workflowId, runId));
  });

  it('knows it where what is reset is a reset', async () => {
    const trade = { outTradeNo: 'reset_of_a_reset' };
    const input = shop.uncertain(trade.outTradeNo, PAID_AND_CANCELLED, { policy: NO_PATIENCE });
    const { workflowId } = await shop.client.start(input);
    await cancelled(trade);
    const once = await resetToTheStart(workflowId);
    const twice = await resetToTheStart(workflowId, once);
    assert.notEqual(twice, once);
    await endsRefunded(trade, twice);
  });

  it('tells the runs that it is continued as, and what is reset of those knows it again', async () => {
    const trade = { outTradeNo: 'reset_then_continued' };
    const policy = { ...NO_PATIENCE, slowMs: 3_600_000 };
    const plan: TradePlan = { ...PAID_AND_CANCELLED, cancel: [{ ...PAID_AND_CANCELLED.cancel?.[0], executed: false }] };
    const { workflowId } = await shop.client.start(shop.uncertain(trade.outTradeNo, plan, { policy }));
    await cancelled(trade);
    const reset = await resetToTheStart(workflowId);
    await reached(shop, trade, parkedFor('runReset'));
    const continued = await continuedAsNew(trade, reset);
    const known = await reached(shop, trade, parkedFor('runReset'));
    assert.match(known.notes?.join() ?? '', /was reset in Temporal/);
    await resetToTheStart(workflowId, continued);
    const again = await reached(shop, trade, ({ tradeStatus }) => tradeStatus === 'TRADE_SUCCESS');
    assert.deepEqual([again.phase, again.cancelCount], ['needs-operator', 0]);
    await assert.rejects(shop.client.cancelNow(trade), /must not be cancelled|needs a person|reset/);
  });

  it('as the child of a start by tradeNo keeps what was handed over, and knows it', async () => {
    const trade = { outTradeNo: 'reset_of_a_child' };
    const tradeNo = '2026112422001494891000000125';
    const { outTradeNo: _, ...input } = shop.uncertain(
      trade.outTradeNo,
      { ...PAID_AND_CANCELLED, tradeNo },
      { policy: NO_PATIENCE },
    );
    const byTradeNo = await shop.client.start({ ...input, tradeNo });
    await cancelled(trade);
    await endsRefunded(trade, await resetToTheStart(workflowIdOf(trade)));
    assert.equal(byTradeNo.workflowId, workflowIdOf({ tradeNo }));
  });

  it('as the run by tradeNo that had handed over finds its child, and leaves the trade to it', async () => {
    const trade = { outTradeNo: 'reset_of_a_parent' };
    const tradeNo = '2026112422001494891000000126';
    const { outTradeNo: _, ...input } = shop.uncertain(
      trade.outTradeNo,
      { ...PAID_AND_CANCELLED, tradeNo },
      { policy: NO_PATIENCE },
    );
    const { workflowId } = await shop.client.start({ ...input, tradeNo });
    await cancelled(trade);
    const parent = shop.temporal.workflow.getHandle(workflowId, await resetToTheStart(workflowId));
    await assert.rejects(parent.result(), ({ cause }: Error) => String(cause).includes(workflowIdOf(trade)));
    const done = await shop.client.wait(trade);
    assert.deepEqual([done.outcome, done.notes], ['REFUNDED', undefined]);
  });

  async function started(trade: { readonly outTradeNo: string }): Promise<{ workflowId: string; runId: string }> {
    return await shop.client.start(shop.uncertain(trade.outTradeNo, PAID_AND_CANCELLED, { policy: UNTIL_TOLD }));
  }

  async function cancelled(trade: { readonly outTradeNo: string }): Promise<void> {
    await shop.simulator.callReceived({ method: 'alipay.trade.cancel', ...trade });
  }

  /** Each look adds to the history. @returns the id of the run that goes on */
  async function continuedAsNew(trade: { readonly outTradeNo: string }, runId: string): Promise<string> {
    const handle = shop.temporal.workflow.getHandle(workflowIdOf(trade));
    return await until(async () => {
      await shop.client.retryNow(trade);
      const now = (await handle.describe()).runId;
      return now === runId ? undefined : now;
    });
  }

  /** What the button in the Web UI does. @returns the id of the new run. */
  async function resetToTheStart(workflowId: string, runId?: string): Promise<string> {
    const { temporal } = shop;
    // A reset itself begins with a failed task, and completes none before a worker has seen it.
    const first = await until(async () => {
      const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
      return events?.find(({ workflowTaskCompletedEventAttributes: done }) => done);
    });
    const reset = await temporal.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId, ...(runId !== undefined && { runId }) },
      reason: 'a test',
      workflowTaskFinishEventId: first.eventId ?? null,
      requestId: `${workflowId}-${runId ?? 'current'}-reset`,
    });
    return reset.runId;
  }

  /** The cancel of the run that was reset is still under way when the new run reads that the trade is paid. */
  async function endsRefunded(trade: { readonly outTradeNo: string }, runId: string): Promise<void> {
    const handle = shop.temporal.workflow.getHandle(workflowIdOf(trade), runId);
    const parked = await reached(shop, trade, parkedFor('runReset'));
    assert.match(parked.summary, /this run was reset in Temporal/);
    const done = (await handle.result()) as Resolution & { readonly outcome: string };
    assert.deepEqual([done.outcome, shop.simulator.trade(trade.outTradeNo).truth], ['REFUNDED', 'REFUNDED']);
    await Worker.runReplayHistory({ workflowsPath }, await handle.fetchHistory(), handle.workflowId);
  }
});
