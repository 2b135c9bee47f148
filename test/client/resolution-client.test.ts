/** What a payment service can rely on: one run per trade, whoever starts it and however often; and an answer in words to everything. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { ResolutionError, type ResolutionErrorCode } from '../../client/errors.ts';
import { ResolutionClient } from '../../client/resolution-client.ts';
import type { ResolutionStatus } from '../../client/status.ts';
import { Outcome } from '../../contract/resolution.ts';
import { TASK_QUEUE, WORKFLOW_TYPE, workflowIdOf } from '../../contract/names.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import { repositoryRoot } from '../repository-root.ts';
import { openShop, type Shop } from '../shop.ts';

/** Each run of the tests takes its own numbers: the server may be one that lives on. */
const RUN = randomBytes(4).toString('hex');
let count = 0;
function newNumber(): string {
  count += 1;
  return `C${RUN}${count}`;
}

const PAID: TradePlan = { exists: 'TRADE_SUCCESS' };
const UNPAID: TradePlan = { exists: 'WAIT_BUYER_PAY' };

async function refusal(work: Promise<unknown>, code: ResolutionErrorCode): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ResolutionError, String(error));
    assert.equal(error.code, code, error.message);
    return error.message;
  }
  throw new Error(`expected a ${code}`);
}

describe('The resolution client', () => {
  let shop: Shop;
  let client: ResolutionClient;
  /** Starts where no worker listens. */
  let unserved: ResolutionClient;
  let isResolution: ValidateFunction;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    ({ client } = shop);
    unserved = new ResolutionClient(shop.temporal, { taskQueue: `unserved-${RUN}` });
    const schema = path.join(repositoryRoot, 'contract', 'resolution.schema.json');
    isResolution = new Ajv2020().compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  });
  after(async () => await shop?.close());

  /** Bounded by the test's own timeout. */
  async function statusUntil(outTradeNo: string, is: (status: ResolutionStatus) => boolean): Promise<ResolutionStatus> {
    for (;;) {
      const status = await client.status({ outTradeNo });
      if (is(status)) return status;
    }
  }

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

  describe('the status', () => {
    it('shows the trail of a poll that is still going on', async () => {
      const outTradeNo = newNumber();
      await client.start(shop.uncertain(outTradeNo, UNPAID, { policy: { pollFirstMs: 1_000, pollCapMs: 1_000 } }));
      const status = await statusUntil(
        outTradeNo,
        ({ kind, ...rest }) => kind === 'open' && JSON.stringify(rest).includes('"polls":2'),
      );
      assert.ok(status.kind === 'open' && status.resolution !== undefined);
      assert.ok(isResolution(status.resolution), JSON.stringify(isResolution.errors));
      assert.equal(status.resolution.phase, 'querying');
      const [pending] = status.pending;
      assert.equal(pending?.activity, 'queryTrade');
      assert.equal(pending.polls, 2);
      assert.deepEqual(
        pending.trail?.map(({ answer }) => answer),
        ['WAIT_BUYER_PAY', 'WAIT_BUYER_PAY'],
      );
      await client.cancelNow({ outTradeNo });
      assert.equal((await client.wait({ outTradeNo })).outcome, Outcome.CLOSED);
    });

    it('without a worker says that the run is open, and since when', async () => {
      const outTradeNo = newNumber();
      const { runId } = await unserved.start({ outTradeNo });
      const status = await unserved.status({ outTradeNo });
      assert.ok(status.kind === 'open');
      assert.deepEqual([status.resolution, status.pending, status.runId], [undefined, [], runId]);
      assert.ok(!Number.isNaN(Date.parse(status.startedAt)));
    });

    it('of a closed run is its result', async () => {
      const input = shop.uncertain(newNumber(), PAID);
      const { outTradeNo = '' } = input;
      const result = await (await client.start(input)).wait();
      const status = await client.status({ outTradeNo });
      assert.ok(status.kind === 'closed');
      assert.deepEqual(status.resolution, result);
      assert.ok(isResolution(result), JSON.stringify(isResolution.errors));
    });

    it('of a run that was terminated says that the trade is not resolved, and so does waiting', async () => {
      const outTradeNo = newNumber();
      const { workflowId } = await unserved.start({ outTradeNo });
      await shop.temporal.workflow.getHandle(workflowId).terminate('for the test');
      const status = await client.status({ outTradeNo });
      assert.ok(status.kind === 'failed');
      assert.equal(status.error.code, 'EndedUnresolved');
      assert.match(
        await refusal(client.wait({ outTradeNo }), 'EndedUnresolved'),
        /was terminated: the trade is NOT resolved/,
      );
    });
  });

  it('cancels at once when the cashier gives up, and not twice', async () => {
    const outTradeNo = newNumber();
    await client.start(shop.uncertain(outTradeNo, UNPAID, { policy: { pollBudgetMs: 600_000 } }));
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
    const shown = await client.cancelNow({ outTradeNo });
    assert.ok(isResolution(shown), JSON.stringify(isResolution.errors));
    assert.equal((await client.wait({ outTradeNo })).outcome, Outcome.CLOSED);
    assert.match(await refusal(client.cancelNow({ outTradeNo }), 'NotNow'), /is closed \(COMPLETED\)/);
    await refusal(client.retryNow({ outTradeNo }), 'NotNow');
  });

  it('settles a trade that needs a person, by a name and a reason, and no other', async () => {
    const outTradeNo = newNumber();
    const settlement = { outcome: Outcome.REFUNDED, who: 'Li Na', why: 'refunded by bank transfer' };
    await client.start(shop.uncertain(outTradeNo, UNPAID, { merchant: 'not-configured' }));
    const trade = { outTradeNo, merchant: 'not-configured' };
    await statusUntilParked(trade);
    assert.match(await refusal(client.settle(trade, { ...settlement, who: ' ' }), 'NotNow'), /who is required/);
    const resolution = await client.settle(trade, settlement);
    assert.ok(resolution.phase === 'done' && resolution.decidedBy === 'operator');
    assert.deepEqual(resolution.settlement, settlement);
    assert.deepEqual(await client.wait(trade), resolution);
    const [listed] = await listUntilFound({
      merchant: 'not-configured',
      outTradeNo,
      resolution: Outcome.REFUNDED,
      open: false,
    });
    assert.equal(listed?.workflowId, `alipay:not-configured:${outTradeNo}`);
    assert.deepEqual(await client.list({ outTradeNo, open: true }), []);
  });

  async function statusUntilParked(trade: { readonly outTradeNo: string; readonly merchant: string }): Promise<void> {
    for (;;) {
      const status = await client.status(trade);
      if (status.kind === 'open' && status.resolution?.phase === 'needs-operator') return;
    }
  }

  /** Visibility is a little behind. */
  async function listUntilFound(
    options: Parameters<ResolutionClient['list']>[0],
  ): ReturnType<ResolutionClient['list']> {
    for (;;) {
      const found = await client.list(options);
      if (found.length > 0) return found;
    }
  }

  it('lists what a quote in a name cannot break', async () => {
    assert.deepEqual(await client.list({ merchant: "x' OR WorkflowType != '" }), []);
    assert.deepEqual(await client.list({ merchant: 'back\\slash' }), []);
  });

  it('stops waiting when told to, and the resolution goes on', async () => {
    const outTradeNo = newNumber();
    await unserved.start({ outTradeNo });
    assert.match(
      await refusal(client.wait({ outTradeNo }, { timeoutMs: 200 }), 'StillOpen'),
      /not resolved yet.*goes on by itself/,
    );
    assert.equal((await client.status({ outTradeNo })).kind, 'open');
  });

  it('waits for as long as it is told to, which may be longer than a timer of Node can be', async () => {
    const input = shop.uncertain(newNumber(), PAID);
    const { outcome } = await (await client.start(input)).wait({ timeoutMs: 30 * 86_400_000 });
    assert.equal(outcome, Outcome.PAID);
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

  it('says of a trade that nobody started that there is none', async () => {
    const trade = { outTradeNo: newNumber() };
    await refusal(client.wait(trade), 'NotFound');
    await refusal(client.status(trade), 'NotFound');
    await refusal(client.cancelNow(trade), 'NotFound');
    await refusal(client.retryNow(trade), 'NotFound');
    await refusal(client.notified(trade), 'NotFound');
  });
});
