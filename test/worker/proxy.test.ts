/**
 * Goal: worker, command line and `doctor` go through proxies by the same rules. Method: the programs as processes, a real Temporal
 * server, a real proxy, and a gateway by TLS whose name the proxy alone knows; DEAD stands for proxies that must not be asked.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer, type Server } from 'node:tls';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';

import { ResolutionClient } from '../../client/resolution-client.ts';
import type { Finding } from '../../worker/doctor.ts';
import { ConnectProxy } from '../gateway/connect-proxy.ts';
import { certificatePem, pem, rsaPair } from '../gateway/test-keys.ts';
import { openShop, type Shop } from '../shop.ts';
import { runProgram, startProgram } from './program.ts';
import { writeMerchantsFile } from './simulated-merchant.ts';

const TASK_QUEUE = 'proxy-test';
/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:1';
/** What the machine that runs the tests may have set. */
const CLEAN = Object.fromEntries(
  'http_proxy HTTP_PROXY https_proxy HTTPS_PROXY no_proxy NO_PROXY grpc_proxy no_grpc_proxy'
    .split(' ')
    .map((name) => [name, '']),
);
const DEAD_EVERYWHERE = { http_proxy: DEAD, HTTP_PROXY: DEAD, https_proxy: DEAD, HTTPS_PROXY: DEAD, ALL_PROXY: DEAD };

const pair = rsaPair();
const NAME = [['CN', 'gateway']] as const;
const CERTIFICATE = certificatePem({
  subject: NAME,
  issuer: NAME,
  publicKey: pair.publicKey,
  issuerKey: pair.privateKey,
  serialHex: '01',
  isAuthority: true,
  altDns: 'gateway.test',
  altIp: '127.0.0.1',
});
const TLS = { key: pem(pair.privateKey, 'pkcs8'), cert: CERTIFICATE };

describe('Proxies', () => {
  let shop: Shop;
  let folder: string;
  /** The simulator behind TLS, as https://gateway.test, which only the proxy finds. */
  let front: Server;
  let places: Record<string, number>;
  let proxy: ConnectProxy;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'proxies-'));
    writeFileSync(path.join(folder, 'ca.pem'), CERTIFICATE);
    writeMerchantsFile(folder, shop.simulator, { gateway: 'https://gateway.test/gateway.do', caFile: 'ca.pem' });
    writeMerchantsFile(path.join(folder, 'loopback'), shop.simulator);
    front = createTlsServer(TLS, (client) => {
      const behind = connect(Number(new URL(shop.simulator.gatewayUrl).port), '127.0.0.1');
      for (const socket of [client, behind]) socket.on('error', () => socket.destroy());
      client.pipe(behind).pipe(client);
    });
    front.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(front, 'listening');
    places = { 'gateway.test:443': (front.address() as AddressInfo).port };
  });
  after(async () => {
    front?.close();
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    proxy = await ConnectProxy.start({ places });
  });
  afterEach(async () => {
    await proxy?.stop();
  });

  const urlOf = ({ port }: ConnectProxy, scheme = 'http'): string => `${scheme}://till:p4ss%3Aword@127.0.0.1:${port}`;
  const asked = (): readonly string[] => [...new Set(proxy.asked.map(({ authority }) => authority))].toSorted();
  const environment = (env: Readonly<Record<string, string>>): Record<string, string> => ({
    ...CLEAN,
    TEMPORAL_ADDRESS: shop.server.address,
    RESOLVER_TASK_QUEUE: TASK_QUEUE,
    ...env,
  });

  describe('the command line', () => {
    async function list(env: Readonly<Record<string, string>>): Promise<string> {
      const { exitCode, stdout, stderr } = await runProgram('client/main.js', {
        args: ['list', '--json'],
        env: environment(env),
      });
      return exitCode === 0 ? 'answered' : stdout + stderr;
    }

    it('goes straight to Temporal whatever proxies there are for the web', async () => {
      assert.equal(await list(DEAD_EVERYWHERE), 'answered');
      assert.equal(await list({ RESOLVER_PROXY: DEAD, HTTPS_PROXY: 'socks5://127.0.0.1:1' }), 'answered');
    });

    it('goes through grpc_proxy, with its password, in every form in which the worker takes it', async () => {
      assert.equal(await list({ ...DEAD_EVERYWHERE, grpc_proxy: urlOf(proxy) }), 'answered');
      assert.deepEqual(asked(), [shop.server.address]);
      assert.equal(proxy.asked[0]?.authorization, `Basic ${Buffer.from('till:p4ss:word').toString('base64')}`);
      // grpc-js itself would take neither: it wants the scheme, and reads an empty entry as every host.
      assert.equal(await list({ grpc_proxy: `127.0.0.1:${proxy.port}`, no_proxy: 'other.test,' }), 'answered');
      assert.ok(proxy.asked.length > 1);
    });

    it('goes straight where NO_PROXY names the server', async () => {
      assert.equal(await list({ grpc_proxy: DEAD, NO_PROXY: '127.0.0.0/8' }), 'answered');
      assert.match(
        await list({ grpc_proxy: DEAD, NO_PROXY: '10.0.0.0/8' }),
        /No Temporal server can be used at \S+ through the proxy 127\.0\.0\.1:1 \(grpc_proxy\)/,
      );
    });

    it('refuses a proxy that it cannot use, without its password', async () => {
      const message = await list({ grpc_proxy: 'socks5://till:p4ss@127.0.0.1:1' });
      assert.match(message, /grpc_proxy must be a proxy as http/);
      assert.ok(!message.includes('p4ss'));
    });
  });

  describe('a worker', () => {
    async function resolves(
      outTradeNo: string,
      env: Readonly<Record<string, string>>,
      through?: string,
    ): Promise<void> {
      const input = shop.uncertain(outTradeNo, { exists: 'TRADE_SUCCESS' });
      const worker = startProgram('worker/main.js', { cwd: folder, env: environment(env) });
      await worker.says('Serving');
      if (through !== undefined) await worker.says(`Alipay is called through the proxy ${through} for default`);
      const client = new ResolutionClient(shop.temporal, { taskQueue: TASK_QUEUE });
      await client.start(input);
      assert.equal((await client.wait({ outTradeNo })).outcome, 'PAID');
      worker.signal('SIGTERM');
      assert.equal((await worker.ended()).exitCode, 0, worker.output());
      assert.ok(!worker.output().includes('p4ss'), 'the password of the proxy stands in the log');
    }

    it('calls Alipay through RESOLVER_PROXY, and goes straight to Temporal', async () => {
      await resolves('PROXY1', { ...DEAD_EVERYWHERE, RESOLVER_PROXY: urlOf(proxy) }, `127.0.0.1:${proxy.port}`);
      assert.deepEqual(asked(), ['gateway.test:443']);
    });

    it('calls Alipay through HTTPS_PROXY, and Temporal through grpc_proxy', async () => {
      await resolves('PROXY2', { HTTPS_PROXY: urlOf(proxy), grpc_proxy: urlOf(proxy) });
      assert.deepEqual(asked(), [shop.server.address, 'gateway.test:443'].toSorted());
      const passwords = proxy.asked.map(({ authorization = '' }) => authorization.replace('Basic ', ''));
      assert.deepEqual([...new Set(passwords)], [Buffer.from('till:p4ss:word').toString('base64')]);
    });

    it('goes straight to a gateway on this machine, but for RESOLVER_PROXY', async () => {
      const RESOLVER_MERCHANTS_FILE = path.join(folder, 'loopback', 'merchants.json');
      await resolves('PROXY3', { ...DEAD_EVERYWHERE, RESOLVER_MERCHANTS_FILE });
      await resolves('PROXY4', { RESOLVER_PROXY: urlOf(proxy), RESOLVER_MERCHANTS_FILE });
      assert.deepEqual(asked(), [new URL(shop.simulator.gatewayUrl).host]);
      await resolves('PROXY5', { RESOLVER_PROXY: DEAD, NO_PROXY: '127.0.0.1', RESOLVER_MERCHANTS_FILE });
    });

    it('with a proxy that it cannot use does not start, and does not say the password', async () => {
      const env = environment({ RESOLVER_PROXY: 'socks5://till:p4ss@proxy', RESOLVER_LOG_LEVEL: 'LOUD' });
      const { exitCode, stderr } = await runProgram('worker/main.js', { cwd: folder, env });
      assert.equal(exitCode, 1);
      assert.match(stderr, /RESOLVER_PROXY must be a proxy as http/);
      assert.match(stderr, /RESOLVER_LOG_LEVEL must be/);
      assert.ok(!stderr.includes('p4ss'));
    });

    it('that a proxy keeps from Temporal says which', async () => {
      proxy.answer = (tunnel) => tunnel.refuse('403 Forbidden');
      const env = environment({ grpc_proxy: urlOf(proxy) });
      const worker = startProgram('worker/main.js', { cwd: folder, env });
      await worker.says(`through the proxy 127.0.0.1:${proxy.port} (grpc_proxy)`);
      worker.signal('SIGTERM');
      await worker.ended();
    });
  });

  describe('doctor', () => {
    async function examine(env: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
      const { stdout } = await runProgram('client/main.js', {
        args: ['doctor', '--json'],
        cwd: folder,
        env: environment(env),
      });
      assert.ok(!stdout.includes('p4ss'), 'the password of the proxy is told');
      return (JSON.parse(stdout) as { findings: Finding[] }).findings;
    }
    const results = (findings: readonly Finding[]): readonly string[] =>
      findings.map(({ check, result }) => `${check}: ${result}`);

    it('asks gateway and clock through the proxy that the worker uses, and names it', async () => {
      const findings = await examine({ ...DEAD_EVERYWHERE, RESOLVER_PROXY: urlOf(proxy) });
      assert.deepEqual(results(findings).slice(-3), ['proxy: ok', 'clock: ok', 'gateway: ok']);
      const detail = findings.find(({ check }) => check === 'proxy')?.detail;
      assert.equal(detail, `Alipay is called through 127.0.0.1:${proxy.port}`);
    });

    it('goes through a proxy by TLS whose authority the system knows', async () => {
      await proxy.stop();
      proxy = await ConnectProxy.start({ places, tls: TLS });
      const findings = await examine({
        HTTPS_PROXY: urlOf(proxy, 'https'),
        NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
      });
      assert.deepEqual(results(findings).slice(-3), ['proxy: ok', 'clock: ok', 'gateway: ok']);
      assert.deepEqual(asked(), ['gateway.test:443']);
    });

    it('says that the proxy refuses, and what to look at', async () => {
      proxy.answer = (tunnel) => tunnel.refuse('407 Proxy Authentication Required');
      const findings = await examine({ RESOLVER_PROXY: urlOf(proxy) });
      const { result, detail, remedy = '' } = findings.at(-1) ?? assert.fail('no finding');
      assert.equal(result, 'failed');
      assert.match(
        detail,
        /the proxy 127\.0\.0\.1:\d+ opens no way to the gateway \(HTTP status 407\): nothing was sent/,
      );
      assert.match(remedy, /RESOLVER_PROXY/);
    });

    it('asks nobody by another way than the one that was meant', async () => {
      const findings = await examine({ RESOLVER_PROXY: 'socks5://till:p4ss@proxy' });
      assert.deepEqual(results(findings), ['settings: failed', 'merchants: ok']);
    });
  });
});
