/**
 * Goal: readiness says whether Temporal answers this worker now, liveness does not hang on it. Method: a worker process, and a Temporal
 * server of its own that stands still, dies, and comes back on the same database and port.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';

import { ResolutionClient } from '../../client/resolution-client.ts';
import { SearchAttributes } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import { type DevServer, startDevServer } from '../../demo/dev-server.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { freePort } from '../faults/free-port.ts';
import { IMPATIENT, until } from '../shop.ts';
import { type Program, startProgram } from './program.ts';
import { writeMerchantsFile } from './simulated-merchant.ts';

const TASK_QUEUE = 'health-test';
const TEST_MS_MAX = 180_000;

describe('The health of a worker', () => {
  let folder: string;
  let server: DevServer;
  let simulator: Simulator;
  let worker: Program;
  let healthPort: number;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] || process.env['TEMPORAL_ADDRESS']) this.skip();
    folder = mkdtempSync(path.join(tmpdir(), 'health-'));
    server = await startDevServer(serverOptions());
    simulator = await startSimulator();
    healthPort = await freePort();
    worker = startProgram('worker/main.js', {
      env: {
        TEMPORAL_ADDRESS: server.address,
        RESOLVER_TASK_QUEUE: TASK_QUEUE,
        RESOLVER_MERCHANTS_FILE: writeMerchantsFile(folder, simulator),
        RESOLVER_HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
      },
    });
    await worker.says('Serving merchant');
  });
  after(async () => {
    worker?.signal('SIGTERM');
    await worker?.ended();
    await simulator?.stop();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  function serverOptions(): Parameters<typeof startDevServer>[0] {
    const searchAttributes = Object.fromEntries(Object.values(SearchAttributes).map((name) => [name, 'Keyword']));
    return { dbFile: path.join(folder, 'temporal.db'), logFile: path.join(folder, 'temporal.log'), searchAttributes };
  }

  /** Bounded by the test's own timeout; ends early with the worker. */
  async function untilReadiness(status: number): Promise<unknown> {
    let isOver = false;
    void worker.ended().then(() => (isOver = true));
    return await until(async () => {
      assert.ok(!isOver, worker.output());
      const response = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
      const body: unknown = await response.json();
      return response.status === status ? body : undefined;
    });
  }

  async function isAlive(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${healthPort}/healthz`)).ok;
  }

  it('is ready while Temporal answers, and says since when it does not', async function () {
    this.timeout(TEST_MS_MAX);
    const ready = (await untilReadiness(200)) as { readonly temporalAnsweredAt: string };
    assert.ok(Date.parse(ready.temporalAnsweredAt) <= Date.now(), JSON.stringify(ready));
    assert.ok(server.pid);
    process.kill(server.pid, 'SIGSTOP');
    try {
      const unready = (await untilReadiness(503)) as { readonly temporalAnsweredAt: string };
      assert.ok(Date.parse(unready.temporalAnsweredAt) <= Date.now(), JSON.stringify(unready));
      assert.ok(await isAlive(), 'a restart of the worker would mend nothing');
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await untilReadiness(200);
  });

  it('is not ready while Temporal is gone, and ready and at work again when it is back', async function () {
    this.timeout(TEST_MS_MAX);
    await untilReadiness(200);
    const { address } = server;
    await server.kill();
    await untilReadiness(503);
    assert.ok(await isAlive(), 'a restart of the worker would mend nothing');
    server = await startDevServer({ ...serverOptions(), port: Number(address.split(':')[1]) });
    await untilReadiness(200);

    simulator.plan('AFTER_OUTAGE', { exists: 'TRADE_SUCCESS' });
    const connection = await Connection.connect({ address });
    try {
      const client = new ResolutionClient(new Client({ connection }), { taskQueue: TASK_QUEUE });
      const started = await client.start({ outTradeNo: 'AFTER_OUTAGE', policy: IMPATIENT });
      assert.equal((await started.wait()).outcome, Outcome.PAID);
    } finally {
      await connection.close();
    }
  });
});
