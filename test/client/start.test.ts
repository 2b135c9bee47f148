/** Whoever starts a trade, however often and after whatever came of it before: one trade, one run. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { ResolutionClient } from '../../client/resolution-client.ts';
import { FailureTypes, TASK_QUEUE, WORKFLOW_TYPE, workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import { openShop, type Shop } from '../shop.ts';
import { refusal } from './refusal.ts';

/** Each run of the tests takes its own numbers: the server may be one that lives on. */
const RUN = randomBytes(4).toString('hex');
let count = 0;
function newNumber(): string {
  count += 1;
  return `S${RUN}${count}`;
}

const PAID: TradePlan = { exists: 'TRADE_SUCCESS' };
const UNPAID: TradePlan = { exists: 'WAIT_BUYER_PAY' };

describe('A start by the resolution client', () => {
  let shop: Shop;
  let client: ResolutionClient;
  /** Starts where no worker listens. */
  let unserved: ResolutionClient;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    ({ client } = shop);
    unserved = new ResolutionClient(shop.temporal, { taskQueue: `unserved-${RUN}` });
  });
  after(async () => await shop?.close());

  describe('starting a trade twice', () => {
    it('makes one run', async () => {
      const outTradeNo = newNumber();
      const input = shop.uncertain(outTradeNo, UNPAID);
      const [one, other] = await Promise.all([client.start(input), client.start(input)]);
      assert.equal(one.runId, other.runId);
      assert.notEqual(one.isNew, other.isNew);
      assert.equal(one.workflowId, `alipay:default:${outTradeNo}`);
      const outcomes = await Promise.all([one.wait(), other.wait(), client.wait({ outTradeNo })]);
      assert.deepEqual(new Set(outcomes.map(({ outcome }) => outcome)), new Set([Outcome.CLOSED]));
      const cancels = shop.simulator
        .ledger()
        .calls.filter((call) => call.outTradeNo === outTradeNo && call.method.endsWith('cancel'));
      assert.equal(cancels.length, 1);
    });

    it('long after it was resolved gives the first result', async () => {
      const input = shop.uncertain(newNumber(), PAID);
      const first = await (await client.start(input)).wait();
      const late = await client.start(input);
      assert.equal(late.isNew, false);
      assert.deepEqual(await late.wait(), first);
    });

    it('with another amount is refused, both amounts named, open or closed, with or without a worker', async () => {
      const open = { outTradeNo: newNumber(), totalAmount: '88.88' };
      await unserved.start(open);
      const another = { ...open, totalAmount: '88.8' };
      assert.match(
        await refusal(unserved.start(another), 'AnotherTrade'),
        /totalAmount 88\.88; this start says 88\.80/,
      );

      const closed = shop.uncertain(newNumber(), PAID);
      await (await client.start(closed)).wait();
      const message = await refusal(client.start({ ...closed, totalAmount: '888.80' }), 'AnotherTrade');
      assert.match(
        message,
        /totalAmount 88\.88; this start says 888\.80\. Nothing was started\. If the sale is another one/,
      );
    });

    it('with the same amount in another form is the same', async () => {
      const outTradeNo = newNumber();
      const { runId } = await unserved.start({ outTradeNo, totalAmount: '5' });
      assert.equal((await unserved.start({ outTradeNo, totalAmount: '5.00' })).runId, runId);
      assert.equal((await unserved.start({ outTradeNo })).runId, runId);
    });

    it('with another tradeNo is refused, both numbers named', async () => {
      const outTradeNo = newNumber();
      await unserved.start({ outTradeNo, tradeNo: '2026112400000001' });
      const message = await refusal(unserved.start({ outTradeNo, tradeNo: '2026112400000002' }), 'AnotherTrade');
      assert.match(message, /tradeNo 2026112400000001; this start says 2026112400000002/);
    });

    it('finds the run that another language started', async () => {
      const input = { outTradeNo: newNumber(), totalAmount: '7.00' };
      const started = await shop.temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId: workflowIdOf(input),
        taskQueue: `unserved-${RUN}`,
        args: [{ ...input, payRequestedAt: null, cashier: 'unheard of' }],
      });
      assert.equal((await unserved.start(input)).runId, started.firstExecutionRunId);
      await refusal(unserved.start({ ...input, totalAmount: '7.01' }), 'AnotherTrade');
    });

    it('after a start with a wrong input, which called nothing, starts it', async () => {
      const input = shop.uncertain(newNumber(), PAID);
      const wrong = await shop.temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId: workflowIdOf(input),
        taskQueue: TASK_QUEUE,
        args: [{ ...input, totalAmount: 88.88 }],
      });
      const { outTradeNo = '' } = input;
      assert.match(await refusal(client.wait({ outTradeNo }), 'InvalidInput'), /totalAmount must be yuan.*start again/);
      const right = await client.start(input);
      assert.ok(right.isNew && right.runId !== wrong.firstExecutionRunId);
      assert.equal((await right.wait()).outcome, Outcome.PAID);
    });
  });

  it('starts a trade anew whose run failed for its input, though this version finds the input right', async () => {
    const input = shop.uncertain(newNumber(), PAID);
    const { outTradeNo = '' } = input;
    const taskQueue = `stricter-${outTradeNo}`;
    await new ResolutionClient(shop.temporal, { taskQueue }).start(input);
    await failAsStricterWorker(shop, taskQueue);
    await refusal(client.wait({ outTradeNo }), 'InvalidInput');
    const right = await client.start(input);
    assert.ok(right.isNew);
    assert.equal((await right.wait()).outcome, Outcome.PAID);
  });

  it('does not begin again what a person has ended, its input right or wrong', async () => {
    for (const changes of [{}, { totalAmount: 88.88 }]) {
      const input = shop.uncertain(newNumber(), PAID);
      const { outTradeNo = '' } = input;
      const handle = await shop.temporal.workflow.start(WORKFLOW_TYPE, {
        workflowId: workflowIdOf(input),
        taskQueue: `unserved-${RUN}`,
        args: [{ ...input, ...changes }],
      });
      await handle.terminate('the case is closed by hand');
      if (changes.totalAmount === undefined) {
        const late = await client.start(input);
        assert.deepEqual([late.isNew, late.runId], [false, handle.firstExecutionRunId]);
      } else {
        assert.match(await refusal(client.start(input), 'AnotherTrade'), /ended from outside \(TERMINATED\)/);
      }
      await refusal(client.wait({ outTradeNo }), 'EndedUnresolved');
    }
  });

  it('names every wrong field of a start, and starts nothing', async () => {
    const outTradeNo = newNumber();
    const wrong = { outTradeNo, totalAmount: '0', payRequestedAt: 'today', policy: { pollFirstMs: 1 } };
    const message = await refusal(client.start(wrong), 'InvalidInput');
    assert.match(message, /^Nothing was started: totalAmount .*; payRequestedAt .*; policy\.pollFirstMs /);
    await refusal(client.status({ outTradeNo }), 'NotFound');
  });

  it('says what a started run is about in the Web UI and in the search attributes', async () => {
    const outTradeNo = newNumber();
    const { workflowId } = await unserved.start({
      merchant: 'shop-9',
      outTradeNo,
      tradeNo: '2026112400000003',
      totalAmount: '9.90',
    });
    const description = await shop.temporal.workflow.getHandle(workflowId).describe();
    assert.equal(await description.staticSummary(), `Alipay trade ${outTradeNo}: is it paid?`);
    assert.match((await description.staticDetails()) ?? '', /\| totalAmount \| `9\.90` \|/);
    const attributes = description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    assert.deepEqual(Object.fromEntries(attributes), {
      AlipayMerchant: 'shop-9',
      AlipayOutTradeNo: outTradeNo,
      AlipayTradeNo: '2026112400000003',
    });
  });

  it('starts nothing under a guard that is no time to come', async () => {
    const pay = (): Promise<never> => assert.fail('pay was called');
    for (const guardMs of [NaN, Infinity, 0, -1_000, 1e15]) {
      const outTradeNo = newNumber();
      const message = await refusal(client.guard({ outTradeNo }, pay, { guardMs }), 'InvalidInput');
      assert.match(message, /^Nothing was started: (?:guardMs|guardUntil) must /);
      await refusal(client.status({ outTradeNo }), 'NotFound');
    }
    const outTradeNo = newNumber();
    const guardUntil = new Date(Date.now() - 1).toISOString();
    assert.match(
      await refusal(client.guard({ outTradeNo, guardUntil }, pay), 'InvalidInput'),
      /^Nothing was started: guardUntil must lie in the future/,
    );
    await refusal(client.status({ outTradeNo }), 'NotFound');
  });
});

/** A worker of another version, as the server sees it: it takes the task and finds the input wrong. */
async function failAsStricterWorker({ temporal }: Shop, taskQueue: string): Promise<void> {
  const { workflowService } = temporal.connection;
  const { namespace } = temporal.options;
  const { taskToken } = await temporal.withDeadline(Date.now() + POLL_MS_MAX, () =>
    workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
  );
  const failure = {
    message: 'Wrong input: outTradeNo is refused.',
    applicationFailureInfo: { type: FailureTypes.invalidInput, nonRetryable: true },
  };
  const attributes = { failWorkflowExecutionCommandAttributes: { failure } };
  const commands = [{ commandType: FAIL_WORKFLOW_EXECUTION, ...attributes }];
  await workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands });
}

const POLL_MS_MAX = 60_000;
/** `CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION` of the Temporal API. */
const FAIL_WORKFLOW_EXECUTION = 5;
