/** What a payment service can rely on: one run per trade, whoever starts it and however often; and an answer in words to everything. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { ResolutionClient } from '../../client/resolution-client.ts';
import type { ResolutionStatus } from '../../client/status.ts';
import { Outcome } from '../../contract/resolution.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import { repositoryRoot } from '../repository-root.ts';
import { openShop, type Shop } from '../shop.ts';
import { refusal } from './refusal.ts';

/** Each run of the tests takes its own numbers: the server may be one that lives on. */
const RUN = randomBytes(4).toString('hex');
let count = 0;
function newNumber(): string {
  count += 1;
  return `C${RUN}${count}`;
}

const PAID: TradePlan = { exists: 'TRADE_SUCCESS' };
const UNPAID: TradePlan = { exists: 'WAIT_BUYER_PAY' };

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

  it('lets a person decide a trade that needs one, by a name and a reason, and no other', async () => {
    const outTradeNo = newNumber();
    const byHand = { outcome: Outcome.PAID, who: 'Li Na', why: 'seen in the merchant portal' };
    await client.start(shop.uncertain(outTradeNo, UNPAID, { merchant: 'not-configured' }));
    const trade = { outTradeNo, merchant: 'not-configured' };
    await statusUntilParked(trade);
    assert.match(await refusal(client.resolveManually(trade, { ...byHand, who: ' ' }), 'NotNow'), /who is required/);
    const resolution = await client.resolveManually(trade, byHand);
    assert.ok(resolution.phase === 'done' && resolution.decidedBy === 'operator');
    assert.deepEqual(resolution.manualDecision, { kind: 'outcome', ...byHand });
    assert.deepEqual(await client.wait(trade), resolution);
    const [listed] = await listUntilFound({
      merchant: 'not-configured',
      outTradeNo,
      resolution: Outcome.PAID,
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

  it('takes a deadline of any length, and refuses one that is no time', async () => {
    const outTradeNo = newNumber();
    await unserved.start({ outTradeNo });
    for (const deadlineMs of [1e15, Infinity]) {
      await client.notified({ outTradeNo }, { deadlineMs });
      assert.equal((await client.startedWith({ outTradeNo }, { deadlineMs }))?.outTradeNo, outTradeNo);
    }
    await assert.rejects(client.notified({ outTradeNo }, { deadlineMs: NaN }), /must be a number of milliseconds/);
  });

  it('stops waiting when told to, and the resolution goes on', async () => {
    const outTradeNo = newNumber();
    await unserved.start({ outTradeNo });
    assert.match(
      await refusal(client.wait({ outTradeNo }, { timeoutMs: 200 }), 'StillOpen'),
      /No outcome in 0\.2 s of waiting: the trade is not resolved yet.*goes on by itself/,
    );
    assert.equal((await client.status({ outTradeNo })).kind, 'open');
  });

  it('waits for as long as it is told to, which may be longer than a timer of Node can be', async () => {
    const input = shop.uncertain(newNumber(), PAID);
    const { outcome } = await (await client.start(input)).wait({ timeoutMs: 30 * 86_400_000 });
    assert.equal(outcome, Outcome.PAID);
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
