/**
 * Goal: what `npm run` has started ends when npm is told to end, in good order, and never runs on by itself: after a deploy that would be
 * two versions at once. Method: the real commands; the signal goes to npm, or to the process that npm has started; a run is over when
 * nobody holds its streams any more, so nothing can be left behind unseen.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ResolutionClient } from '../../client/resolution-client.ts';
import { openShop, type Shop } from '../shop.ts';
import { type Program, startNpm } from '../worker/program.ts';
import { writeMerchantsFile } from '../worker/simulated-merchant.ts';
import { createSmallProject } from './small-project.ts';

const TASK_QUEUE = 'npm-signals-test';

describe('npm run', () => {
  let shop: Shop;
  let folder: string;
  let env: Record<string, string>;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'npm-signals-'));
    env = {
      TEMPORAL_ADDRESS: shop.server.address,
      RESOLVER_TASK_QUEUE: TASK_QUEUE,
      RESOLVER_MERCHANTS_FILE: writeMerchantsFile(folder, shop.simulator),
    };
  });
  after(async () => {
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Made by the simulator. */
  const credentials = path.join(tmpdir(), `npm-signals-credentials-${process.pid}`);
  after(() => rmSync(credentials, { recursive: true, force: true }));

  const commands: readonly (readonly [args: readonly string[], runs: string, ended: RegExp, exitCode: number])[] = [
    [['worker'], 'Serving merchant', /Stopping: calls under way may finish[^]*Stopped/, 0],
    [['simulator', '--', '--port', '0', '--credentials', credentials], 'gatewayUrl', /simulator: stopped/, 0],
    [['cli', '--', 'receive-notifications', '--port', '0'], 'Receiving', /stopped; nothing was received/, 0],
    [['demo'], 'started:', /demo: ended by SIGTERM/, 143],
  ];

  for (const [args, runs, ended, exitCode] of commands) {
    const start = async (): Promise<Program> => {
      const npm = startNpm(['run', ...args], { env });
      await npm.says(runs);
      return npm;
    };

    it(`${args[0]} passes SIGTERM on and waits for the end`, async () => {
      const npm = await start();
      npm.signal('SIGTERM');
      assert.equal((await npm.ended()).exitCode, exitCode, npm.output());
      assert.match(npm.output(), ended);
    });

    it(`${args[0]} ends when npm is killed`, async () => {
      const npm = await start();
      npm.signal('SIGKILL');
      await npm.ended();
      assert.match(npm.output(), ended);
    });
  }

  for (const [args, runs, ended] of commands.filter(([[name]]) => name !== 'demo')) {
    it(`${args[0]} takes Ctrl-C, which the terminal gives to npm and to all below it, as one wish`, async () => {
      const npm = startNpm(['run', ...args], { env });
      await npm.says(runs);
      const below = descendantsOf(npm.pid);
      npm.signal('SIGINT');
      for (const pid of below) process.kill(pid, 'SIGINT');
      // The second one may come when Node has begun to leave and hears none any more: then it counts for the exit code, and for nothing else.
      await npm.ended();
      assert.match(npm.output(), ended);
    });
  }

  it('worker passes SIGINT on', async () => {
    const npm = startNpm(['run', 'worker'], { env });
    await npm.says('Serving merchant');
    npm.signal('SIGINT');
    assert.equal((await npm.ended()).exitCode, 0, npm.output());
    assert.match(npm.output(), /Stopped/);
  });

  it('worker ends with whatever npm has started in between', async () => {
    const npm = startNpm(['run', 'worker'], { env });
    await npm.says('Serving merchant');
    const [between] = descendantsOf(npm.pid);
    assert.ok(between);
    process.kill(between, 'SIGTERM');
    await npm.ended();
    assert.match(npm.output(), /Stopped/);
  });

  it('worker brings home the answer of a call under way before npm ends', async () => {
    const outTradeNo = 'DRAINED_BY_NPM';
    const input = shop.uncertain(outTradeNo, { exists: 'TRADE_SUCCESS', query: [{ delayMs: 2_000 }] });
    const npm = startNpm(['run', 'worker'], { env });
    await npm.says('Serving merchant');
    const client = new ResolutionClient(shop.temporal, { taskQueue: TASK_QUEUE });
    await client.start(input);
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
    npm.signal('SIGTERM');
    assert.equal((await npm.ended()).exitCode, 0, npm.output());
    const status = await client.status({ outTradeNo });
    assert.ok(status.kind === 'open' && status.pending.length === 0, JSON.stringify(status));
    const [call, ...others] = shop.simulator.ledger().calls.filter((one) => one.outTradeNo === outTradeNo);
    assert.deepEqual([call?.method, others], ['alipay.trade.query', []]);
  });
});

describe('npm run test:unit', () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    it(`leaves no tests running after ${signal}`, async () => {
      const project = createSmallProject();
      try {
        const hangs = "it('hangs', () => new Promise((resolve) => setTimeout(resolve, 1e9))).timeout(0);";
        const says = "process.stdout.write('the tests run\\n');";
        project.write('test/contract/some.test.ts', `import { it } from 'mocha';\n${says}\n${hangs}\n`);
        const npm = startNpm(['run', 'test:unit'], { cwd: project.folder });
        await npm.says('the tests run');
        npm.signal(signal);
        const { exitCode } = await npm.ended();
        assert.notEqual(exitCode, 0, npm.output());
      } finally {
        project.remove();
      }
    });
  }
});

/** Its children first, then theirs. */
function descendantsOf(ancestor: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const processes = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const found = [ancestor];
  for (const one of found) found.push(...processes.flatMap(([pid = 0, parent]) => (parent === one ? [pid] : [])));
  return found.slice(1);
}
