/** Goal: a development server that answers nothing any more is started again, and a healthy one is left alone. Method: a real one, stopped. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { type DevServer, startDevServer } from '../../demo/dev-server.ts';
import { until } from '../shop.ts';
import { canStandAlone } from './environment.ts';
import { type ServerWatchdog, watchdog } from './server-watchdog.ts';

describe('The watchdog of the development server', () => {
  let folder: string;
  let server: DevServer;
  let connection: Connection;
  let working: ServerWatchdog | undefined;

  before(async function () {
    if (!canStandAlone()) this.skip();
    folder = mkdtempSync(path.join(tmpdir(), 'watchdog-'));
    server = await start();
    connection = await Connection.connect({ address: server.address });
  });
  after(async () => {
    await working?.end();
    await connection?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function start(port?: number): Promise<DevServer> {
    const files = { dbFile: path.join(folder, 'temporal.db'), logFile: path.join(folder, 'temporal.log') };
    return await startDevServer({ searchAttributes: {}, ...files, ...(port === undefined ? {} : { port }) });
  }

  it('starts one again that answers nothing, and only that', async () => {
    const port = Number(server.address.split(':')[1]);
    const restart = async (): Promise<void> => {
      await server.kill();
      server = await start(port);
    };
    working = watchdog({ connection, isMeantToRun: () => true, restart }, { lookEveryMs: 50, answerMsMax: 500 });
    const { pid } = server;
    assert.ok(pid);
    assert.equal(working.restarts(), 0);
    // Alive, and deaf.
    process.kill(pid, 'SIGSTOP');
    await until(async () => (server.pid === pid ? undefined : server.pid));
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    assert.equal(working.restarts(), 1);
  });
});
