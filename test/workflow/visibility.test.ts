/** What an operator sees in the Web UI and can search for: served by the server and by queries, read here as the UI reads it. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { openShop, parkedFor, reached, until, type Shop } from '../shop.ts';

interface WorkflowMetadata {
  readonly currentDetails?: string;
  readonly definition?: {
    readonly queryDefinitions?: { name?: string; description?: string }[];
    readonly updateDefinitions?: { name?: string; description?: string }[];
  };
}

const PATIENT = { pollFirstMs: 60_000, pollCapMs: 60_000, pollBudgetMs: 600_000 };

describe('An operator', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  const metadata = async (workflowId: string): Promise<WorkflowMetadata> =>
    await shop.temporal.workflow.getHandle(workflowId).query<WorkflowMetadata>('__temporal_workflow_metadata');

  it('reads while waiting for the buyer: what is known, what happens next, what can be done', async () => {
    const trade = { outTradeNo: 'seen_while_querying' };
    const { workflowId, wait } = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { policy: PATIENT }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    const details = (await metadata(workflowId)).currentDetails ?? '';
    for (const part of [
      'What is known',
      'What happens next',
      'What an operator can do',
      'seen_while_querying',
      'cancelNow',
    ]) {
      assert.ok(details.includes(part), details);
    }
    await shop.client.cancelNow(trade);
    await wait();
    const after = (await metadata(workflowId)).currentDetails ?? '';
    assert.match(after, /^\*\*CLOSED: /);
    assert.match(after, /#1 at .*: answered; retry_flag N, action close/);
  });

  it('sees under the pending activity what the poll has asked and been answered, and when it asks next', async () => {
    const trade = { outTradeNo: 'seen_while_polling' };
    await shop.client.start(
      shop.uncertain(
        trade.outTradeNo,
        { exists: 'WAIT_BUYER_PAY' },
        { policy: { ...PATIENT, pollFirstMs: 1_000, pollCapMs: 1_000 } },
      ),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade, count: 3 });
    const pending = await until(async () => {
      const status = await shop.client.status(trade);
      const call = status.kind === 'open' ? status.pending[0] : undefined;
      return call?.trail !== undefined && call.trail.length >= 2 ? call : undefined;
    });
    assert.equal(pending.trail?.[0]?.answer, 'WAIT_BUYER_PAY');
    assert.match(pending.lastFailure ?? '', /^WAIT_BUYER_PAY \(query \d+\); asking again in 1 s$/);
    await shop.client.cancelNow(trade);
    await (await shop.client.start({ ...trade, totalAmount: '88.88' })).wait();
  });

  it('finds a trade that needs a person, reads why and what to do, and finds it by its outcome afterwards', async () => {
    const trade = { outTradeNo: 'seen_while_parked' };
    const { workflowId, wait } = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'TRADE_SUCCESS', totalAmount: '80.00' }),
    );
    await reached(shop, trade, parkedFor('amountMismatch'));
    const found = async (value: string): Promise<true | undefined> => {
      const query = `AlipayResolution = '${value}' AND AlipayOutTradeNo = '${trade.outTradeNo}' AND AlipayMerchant = 'default'`;
      return (await shop.temporal.workflow.count(query)).count === 1 ? true : undefined;
    };
    await until(() => found('needs-operator'));
    const { currentDetails = '', definition } = await metadata(workflowId);
    assert.match(currentDetails, /80\.00 yuan, the start named 88\.88 yuan/);
    assert.match(currentDetails, /update `resolveManually`/);
    assert.ok(
      definition?.updateDefinitions?.some(
        ({ name, description }) => name === 'resolveManually' && description?.includes('who'),
      ),
    );
    await shop.client.resolveManually(trade, { outcome: 'PAID', who: 'Li Na', why: 'old price' });
    await wait();
    await until(() => found('PAID'));
  });

  it('reads a summary on the workflow, on every call and on every wait', async () => {
    const trade = { outTradeNo: 'seen_summaries' };
    const plan = { exists: 'WAIT_BUYER_PAY', cancel: [{ executed: false, with: { retry_flag: 'Y' } }] } as const;
    const { workflowId, wait } = await shop.client.start(shop.uncertain(trade.outTradeNo, plan));
    await wait();
    const { events = [] } = await shop.temporal.workflow.getHandle(workflowId).fetchHistory();
    const described = (events ?? []).filter(
      (event) =>
        event.activityTaskScheduledEventAttributes ??
        event.timerStartedEventAttributes ??
        event.workflowExecutionStartedEventAttributes,
    );
    assert.ok(described.length >= 7);
    for (const event of described) {
      assert.ok(event.userMetadata?.summary?.data, `event ${String(event.eventId)} has no summary`);
    }
  });

  it('is told that a Temporal cancellation does not stop a resolution, and what does', async () => {
    const trade = { outTradeNo: 'seen_after_cancellation' };
    const { workflowId, wait } = await shop.client.start(
      shop.uncertain(trade.outTradeNo, { exists: 'WAIT_BUYER_PAY' }, { policy: PATIENT }),
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', ...trade });
    await shop.temporal.workflow.getHandle(workflowId).cancel();
    await until(async () =>
      (await metadata(workflowId)).currentDetails?.startsWith('A cancellation of this workflow was requested') === true
        ? true
        : undefined,
    );
    await shop.client.cancelNow(trade);
    assert.equal((await wait()).outcome, 'CLOSED');
  });
});
