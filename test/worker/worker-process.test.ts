/** The worker as an orchestrator meets it: a process that refuses to start without what it needs, serves, and drains. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ResolutionClient } from '../../client/resolution-client.ts';
import { openShop, type Shop } from '../shop.ts';
import { createNamespace } from './namespace.ts';
import { type Program, runProgram, startProgram } from './program.ts';
import { writeMerchantsFile } from './simulated-merchant.ts';

const TASK_QUEUE = 'worker-process-test';

describe('The worker process', () => {
  let shop: Shop;
  let folder: string;
  let merchantsFile: string;
  let env: Record<string, string>;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'worker-process-'));
    merchantsFile = writeMerchantsFile(folder, shop.simulator);
    env = { TEMPORAL_ADDRESS: shop.server.address, RESOLVER_TASK_QUEUE: TASK_QUEUE };
  });
  after(async () => {
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function refusal(changes: Record<string, string>, cwd = folder): Promise<string> {
    const { exitCode, stdout, stderr } = await runProgram('worker/main.js', { env: { ...env, ...changes }, cwd });
    assert.equal(exitCode, 1, stdout + stderr);
    assert.ok(!stderr.includes('    at '), `a stack trace is no message:\n${stderr}`);
    return stderr;
  }

  it('without a merchants file says where it looked and shows an example', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'empty-'));
    try {
      const message = await refusal({}, empty);
      assert.match(
        message,
        /^No merchant is configured\.\nWrite merchants\.json here, or name another file by RESOLVER_MERCHANTS_FILE/,
      );
      assert.match(message, /"gateway": "sandbox"/);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });

  it('with a wrong merchants file names every mistake', async () => {
    const file = path.join(folder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ merchants: { a: { appId: '1' }, b: { gateway: 'nowhere' } } }));
    const message = await refusal({ RESOLVER_MERCHANTS_FILE: file });
    for (const text of [
      '"a": gateway is missing',
      '"a": privateKeyFile is missing',
      '"b": appId is missing',
      '"b": gateway must',
    ]) {
      assert.ok(message.includes(text), `${text} in:\n${message}`);
    }
  });

  it('with wrong settings names every one', async () => {
    const message = await refusal({ RESOLVER_LOG_LEVEL: 'LOUD', RESOLVER_HEALTH_ADDRESS: 'here' });
    assert.match(message, /RESOLVER_HEALTH_ADDRESS[^]*RESOLVER_LOG_LEVEL/);
  });

  it('in a namespace without the search attributes refuses, with the command that registers them', async () => {
    const namespace = await createNamespace(shop.temporal.connection);
    const message = await refusal({ RESOLVER_MERCHANTS_FILE: merchantsFile, TEMPORAL_NAMESPACE: namespace });
    assert.match(
      message,
      new RegExp(`Namespace ${namespace} lacks the search attributes AlipayMerchant, AlipayOutTradeNo`),
    );
    assert.match(
      message,
      new RegExp(
        `temporal operator search-attribute create --namespace ${namespace} --name AlipayMerchant --type Keyword`,
      ),
    );
  });

  it('in a namespace that is not there says so', async () => {
    const message = await refusal({ RESOLVER_MERCHANTS_FILE: merchantsFile, TEMPORAL_NAMESPACE: 'nowhere' });
    assert.match(message, /Namespace nowhere cannot be used[^]*TEMPORAL_NAMESPACE/);
  });

  it('with a workflow bundle that is not there says so', async () => {
    const message = await refusal({ RESOLVER_MERCHANTS_FILE: merchantsFile, RESOLVER_WORKFLOW_BUNDLE: 'none.js' });
    assert.match(message, /There is no workflow bundle at none\.js\.\nMake one with `npm run build`/);
  });

  it('with a workflow bundle that is none says so, and how one is made', async () => {
    const bundle = path.join(folder, 'bundle.js');
    writeFileSync(bundle, 'this is no bundle');
    for (const [file, what] of [
      [bundle, /The workflow bundle .*bundle\.js cannot be used: /],
      [folder, /The workflow bundle .* cannot be used: it is no file/],
    ] as const) {
      const message = await refusal({ RESOLVER_MERCHANTS_FILE: merchantsFile, RESOLVER_WORKFLOW_BUNDLE: file });
      assert.match(message, what);
      assert.match(message, /\nMake one with `npm run build`/);
    }
  });

  for (const name of ['RESOLVER_HEALTH_ADDRESS', 'RESOLVER_METRICS_ADDRESS']) {
    it(`with a ${name} that another program has says so, and ends`, async () => {
      const other = createServer();
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
      try {
        const message = await refusal({ RESOLVER_MERCHANTS_FILE: merchantsFile, [name]: address });
        assert.match(message, new RegExp(`cannot be served at ${address}: .*in use[^]*\nGive ${name} `));
      } finally {
        other.close();
      }
    });
  }

  it('with a metrics address that is a name says what it must be', async () => {
    const message = await refusal({
      RESOLVER_MERCHANTS_FILE: merchantsFile,
      RESOLVER_METRICS_ADDRESS: 'example.com:9464',
    });
    assert.match(message, /Metrics cannot be served at example\.com:9464[^]*an IP address of this machine/);
  });

  const unreadable: readonly (readonly [setting: string, value: string, what: RegExp])[] = [
    ['TEMPORAL_CONFIG_FILE', 'broken.toml', /Temporal's configuration cannot be read: [^]*TEMPORAL_CONFIG_FILE names/],
    ['TEMPORAL_PROFILE', 'nobody', /Temporal's configuration cannot be read: Profile 'nobody'/],
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'none.pem', /Temporal's configuration cannot be read: .*none\.pem/],
    ['TEMPORAL_ADDRESS', 'http://localhost', /The Temporal server at http:\/\/localhost cannot be used/],
  ];
  for (const [setting, value, what] of unreadable) {
    it(`with ${setting}=${value} says what is wrong, and ends`, async () => {
      writeFileSync(path.join(folder, 'broken.toml'), '[profile.default\n');
      assert.match(await refusal({ RESOLVER_MERCHANTS_FILE: merchantsFile, [setting]: value }), what);
    });
  }

  it('waits for a Temporal server that is still starting, and ends at once when it is told to', async () => {
    const worker = startProgram('worker/main.js', {
      env: { ...env, RESOLVER_MERCHANTS_FILE: merchantsFile, TEMPORAL_ADDRESS: '127.0.0.1:1' },
    });
    await worker.says('No Temporal server answers at 127.0.0.1:1 yet; trying again');
    worker.signal('SIGTERM');
    assert.equal((await worker.ended()).exitCode, 0, worker.output());
  });

  it('takes merchants.json of its folder, says what it serves, is ready when it polls, and shows its metrics', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const worker = startProgram('worker/main.js', {
      cwd: folder,
      env: {
        ...env,
        RESOLVER_HEALTH_ADDRESS: `127.0.0.1:${port}`,
        RESOLVER_METRICS_ADDRESS: `127.0.0.1:${metricsPort}`,
        RESOLVER_MAX_CALLS_PER_SECOND: '50',
      },
    });
    await worker.says(
      'Serving merchant default (custom) from task queue worker-process-test, namespace default, at Temporal ',
    );
    assert.equal(await statusOf(port, '/healthz'), 200);
    await untilReady(port, worker);
    assert.equal(await statusOf(port, '/elsewhere'), 404);
    assert.match(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(), /^temporal_num_pollers\{/m);
    worker.signal('SIGINT');
    const { exitCode, stderr } = await worker.ended();
    assert.equal(exitCode, 0, stderr);
    for (const line of stderr.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), `no JSON: ${line}`);
  });

  it('told to end in the middle of a call, brings the answer home first and ends with exit code 0', async () => {
    const outTradeNo = 'DRAINED1';
    const input = shop.uncertain(outTradeNo, { exists: 'TRADE_SUCCESS', query: [{ delayMs: 2_000 }] });
    const worker = startProgram('worker/main.js', { env: { ...env, RESOLVER_MERCHANTS_FILE: merchantsFile } });
    await worker.says('Serving');
    const client = new ResolutionClient(shop.temporal, { taskQueue: TASK_QUEUE });
    await client.start(input);
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
    worker.signal('SIGTERM');
    const { exitCode, stderr } = await worker.ended();
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /Stopping: calls under way may finish/);

    const status = await client.status({ outTradeNo });
    assert.ok(
      status.kind === 'open' && status.pending.length === 0,
      `the call was not completed: ${JSON.stringify(status)}`,
    );
    const next = startProgram('worker/main.js', { env: { ...env, RESOLVER_MERCHANTS_FILE: merchantsFile } });
    assert.equal((await client.wait({ outTradeNo })).outcome, 'PAID');
    next.signal('SIGTERM');
    assert.equal((await next.ended()).exitCode, 0);
    assert.equal(shop.simulator.ledger().calls.filter((call) => call.outTradeNo === outTradeNo).length, 1);
    for (const secret of secretsOf(shop))
      assert.ok(!(stderr + next.output()).includes(secret), 'a key stands in the log');
  });
});

/** Any 40 characters out of the middle of a key. */
function secretsOf({ simulator }: Shop): readonly string[] {
  return [simulator.credentials.appPrivateKey.slice(100, 140), simulator.credentials.appPrivateKey.slice(-80, -40)];
}

async function statusOf(port: number, at: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${at}`)).status;
}

/** Bounded by the test's own timeout; ends early with the worker. */
async function untilReady(port: number, worker: Program): Promise<void> {
  let isOver = false;
  void worker.ended().then(() => (isOver = true));
  while ((await statusOf(port, '/readyz')) !== 200) assert.ok(!isOver, worker.output());
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
