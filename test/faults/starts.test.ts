/**
 * Goal: a trade has one run, whoever starts it, however often, and whether or not the starter lives to hear of it.
 * Method: a hundred starts at once by two clients, a hundred after the end; a payment service (a process) behind a link that swallows
 * what the server answers, killed once the server has the run, and started again.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { Client, Connection } from '@temporalio/client';
import { ResolutionClient } from '../../client/resolution-client.ts';
import { TASK_QUEUE, workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import { until } from '../shop.ts';
import { startProgram } from '../worker/program.ts';
import { audit, startAndWait } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { leaksOf, sell } from './sales.ts';
import { hasToxiproxy, type Link, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';

const HUNDRED = 100;
const UNPAID = { name: 'never paid', plan: { buyerPaysAfterMs: 'never' } } as const;

describe('Starts of one trade', function () {
  this.timeout(120_000);
  let environment: Environment;
  let workers: WorkerProcesses;
  let toxiproxy: Toxiproxy | undefined;

  before(async function () {
    if (!canStandAlone()) this.skip();
    environment = await openEnvironment();
    workers = await startWorkerProcesses(environment, { name: 'worker', taskQueue: TASK_QUEUE });
    if (hasToxiproxy()) toxiproxy = await startToxiproxy();
  });
  after(async () => {
    await workers?.stop();
    await toxiproxy?.stop();
    await environment?.close();
  });

  it('a hundred at once are one run, and a hundred after its end are told its result', async () => {
    const outTradeNo = 'HUNDRED';
    const input = await sell(environment, UNPAID, { outTradeNo });
    const connection = await Connection.connect({ address: environment.address });
    try {
      const other = new ResolutionClient(new Client({ connection }));
      const starts = Array.from({ length: HUNDRED / 2 }, () => [workers.client.start(input), other.start(input)]);
      const started = await Promise.all(starts.flat());
      assert.equal(new Set(started.map((one) => one.runId)).size, 1);
      assert.equal(started.filter((one) => one.isNew).length, 1);

      const waiting = await startAndWait(environment, input);
      const { objections, papers } = await audit(environment, [waiting]);
      assert.deepEqual(objections, []);
      assert.deepEqual(leaksOf(papers, environment.simulator), []);

      const calls = environment.simulator.ledger().calls.length;
      const late = await Promise.all(Array.from({ length: HUNDRED }, () => workers.client.start(input)));
      const results = await Promise.all(late.map((one) => one.wait()));
      assert.deepEqual(new Set(late.map((one) => one.runId)), new Set(started.map((one) => one.runId)));
      assert.ok(late.every((one) => !one.isNew) && results.every(({ outcome }) => outcome === Outcome.CLOSED));
      assert.deepEqual((await audit(environment, [waiting])).objections, [], 'no second run');
      assert.equal(environment.simulator.ledger().calls.length, calls, 'nothing was called again');
    } finally {
      await connection.close();
    }
  });

  it('by a service that dies before it is told so goes on, and the restarted service finds the same run', async function () {
    if (toxiproxy === undefined) this.skip();
    const outTradeNo = 'UNACKNOWLEDGED';
    const input = await sell(environment, UNPAID, { outTradeNo });
    const link: Link = await toxiproxy.link('till', environment.address);
    const handle = environment.temporal.workflow.getHandle(workflowIdOf({ outTradeNo }));

    const args = [link.address, JSON.stringify(input)];
    const till = startProgram('test/faults/till-process.js', { args });
    await till.says('connected');
    await link.poison({ type: 'timeout', attributes: { timeout: 0 } }, 'downstream');
    till.signal('SIGUSR2');
    const first = await until(async () => {
      if (environment.over.aborted) throw new Error('the run never came');
      return await handle.describe().catch(() => undefined);
    });
    till.signal('SIGKILL');
    const died = await till.ended();
    assert.equal(died.stdout, 'connected\n', 'it was told before it died');

    await link.heal();
    const restarted = startProgram('test/faults/till-process.js', { args });
    await restarted.says('connected');
    restarted.signal('SIGUSR2');
    const { stdout, stderr } = await restarted.ended();
    assert.equal(stdout, `connected\n${JSON.stringify({ runId: first.runId, isNew: false })}\n`, stderr);
    const { objections } = await audit(environment, [await startAndWait(environment, input)]);
    assert.deepEqual(objections, []);
  });
});
