/** Goal: the dev server is usable when it is handed over, keeps its state, and never outlives its owner. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { after, before, describe, it } from 'mocha';
import { startDevServer } from '../../demo/dev-server.ts';

const GONE_MS_MAX = 20_000;
const searchAttributes = { AlipayMerchant: 'Keyword' };

describe('the Temporal dev server (needs the Temporal CLI)', () => {
  let folder: string;

  before(function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] || process.env['TEMPORAL_ADDRESS']) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'dev-server-'));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('takes a workflow with its search attribute at once, shows it in its Web UI, and has it still after a crash', async () => {
    const options = { searchAttributes, dbFile: join(folder, 'state.db'), logFile: join(folder, 'server.log') };
    const first = await startDevServer(options);
    await startWorkflow(first.address, 'one');
    assert.ok(first.uiUrl);
    assert.equal((await fetch(first.uiUrl)).status, 200);
    await first.kill();
    assertGone(first.pid);
    const port = Number(first.address.split(':')[1]);
    const second = await startDevServer({ ...options, port });
    try {
      assert.equal(second.address, first.address);
      assert.equal(await merchantOf(second.address, 'one'), 'm1');
    } finally {
      await second.stop();
    }
    assertGone(second.pid);
  });

  it('ends when its owner is killed', async () => {
    const module = new URL('../../demo/dev-server.js', import.meta.url).href;
    const script = `
      const { startDevServer } = await import(${JSON.stringify(module)});
      const server = await startDevServer({ searchAttributes: {}, logFile: ${JSON.stringify(join(folder, 'owned.log'))} });
      console.log(server.pid);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line]: unknown[] = await once(owner.stdout, 'data');
    const pid = Number(line);
    assert.ok(isAlive(pid));
    owner.kill('SIGKILL');
    for (const deadlineMs = Date.now() + GONE_MS_MAX; isAlive(pid) && Date.now() < deadlineMs;) await pause(50);
    assertGone(pid);
  });

  it('that cannot start says why, with the end of its log', async () => {
    const logFile = join(folder, 'refused.log');
    const start = startDevServer({ searchAttributes: { AlipayMerchant: 'NoSuchType' }, logFile, port: 1, uiPort: 2 });
    await assert.rejects(start, /did not start: it ended with exit code 1[^]*NoSuchType/);
  });
});

async function startWorkflow(address: string, workflowId: string): Promise<void> {
  await withClient(address, async (client) => {
    await client.workflow.start('unserved', {
      workflowId,
      taskQueue: 'nobody',
      searchAttributes: { AlipayMerchant: ['m1'] },
    });
  });
}

async function merchantOf(address: string, workflowId: string): Promise<unknown> {
  return withClient(address, async (client) => {
    const { searchAttributes: found } = await client.workflow.getHandle(workflowId).describe();
    return found['AlipayMerchant']?.[0];
  });
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

function assertGone(pid: number | undefined): void {
  assert.ok(pid !== undefined && !isAlive(pid), `process ${pid} still runs`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
