/** The command line as an operator types it: a process, its words, its exit code. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Resolution } from '../../contract/resolution.ts';
import { createCredentials } from '../../simulator/credentials.ts';
import type { Finding } from '../../worker/doctor.ts';
import { openShop, type Shop } from '../shop.ts';
import { createNamespace } from '../worker/namespace.ts';
import { runProgram } from '../worker/program.ts';
import { writeMerchantsFile } from '../worker/simulated-merchant.ts';

const RUN = randomBytes(4).toString('hex');
const VERBS = [
  'start',
  'wait',
  'status',
  'cancel-now',
  'retry-now',
  'resolve-manually',
  'order-refund',
  'list',
  'setup',
  'doctor',
];

type ProgramResult = Awaited<ReturnType<typeof runProgram>>;

describe('The command line', () => {
  let shop: Shop;
  let folder: string;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'command-line-'));
  });
  after(async () => {
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function type(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
    return await runProgram('client/main.js', {
      args,
      cwd: folder,
      env: { TEMPORAL_ADDRESS: shop.server.address, ...env },
    });
  }

  async function json<T>(
    args: readonly string[],
    exitCode = 0,
    env: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const ended = await type([...args, '--json'], env);
    assert.equal(ended.exitCode, exitCode, ended.stdout + ended.stderr);
    return JSON.parse(ended.stdout) as T;
  }

  it('lists its verbs, and each says how it is used', async () => {
    const { exitCode, stdout } = await type(['--help']);
    assert.equal(exitCode, 0);
    for (const verb of VERBS) assert.match(stdout, new RegExp(`^  ${verb} `, 'm'));
    for (const verb of VERBS) {
      const help = await type([verb, '--help']);
      assert.equal(help.exitCode, 0, help.stderr);
      assert.match(help.stdout, new RegExp(`^Usage: alipay-resolution ${verb}[^]*Exit codes:`));
    }
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^Usage: alipay-resolution VERB/],
    [['pay'], /^There is no verb "pay"/],
    [['status'], /^Which trade\? Give OUT_TRADE_NO or --trade-no\./],
    [['status', 'T1', 'T2'], /^One trade at a time: what is T2\?/],
    [['status', 'T1', '--verbose'], /^Unknown option '--verbose'/],
    [['start', 'T1', '--policy', 'patient'], /^--policy must be a JSON object/],
    [['wait', 'T1', '--timeout', 'soon'], /^--timeout must be a number/],
    [['resolve-manually', 'T1', '--who', 'Li Na'], /^--outcome is required/],
    [['resolve-manually', 'T1', '--outcome', 'PAID', '--who', 'Li Na'], /^--who and --why are required/],
    [['order-refund', 'T1', '--why', 'sale is off'], /^--who and --why are required/],
    [['list', '--open', '--closed'], /^--open or --closed, not both/],
  ];
  for (const [args, words] of wrong) {
    it(`typed as "${args.join(' ')}" says what is wrong, shows help, and ends with 2`, async () => {
      const { exitCode, stdout, stderr } = await type(args);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, words);
      assert.match(stderr, /Usage: alipay-resolution/);
    });
  }

  it('starts, shows, waits for and lists a trade', async () => {
    const outTradeNo = `L${RUN}1`;
    shop.uncertain(outTradeNo, { exists: 'TRADE_SUCCESS' });
    const started = await json<{ isNew: boolean; workflowId: string }>([
      'start',
      outTradeNo,
      '--total-amount',
      '88.88',
    ]);
    assert.deepEqual([started.isNew, started.workflowId], [true, `alipay:default:${outTradeNo}`]);
    const resolution = await json<Resolution>(['wait', outTradeNo, '--timeout', '30']);
    assert.ok(resolution.phase === 'done' && resolution.outcome === 'PAID');

    const again = await type(['start', outTradeNo, '--total-amount', '88.88', '--wait']);
    assert.match(
      again.stdout,
      new RegExp(`^${outTradeNo}, tradeNo \\d+ \\(merchant default, 88\\.88 yuan\\): PAID, decided by alipay`),
    );
    const status = await type(['status', outTradeNo]);
    assert.match(
      status.stdout,
      new RegExp(`PAID[^]*evidence: [^]*workflow alipay:default:${outTradeNo}, started .*, closed `),
    );
    const listed = await type(['list', '--resolution', 'PAID']);
    assert.match(listed.stdout, new RegExp(`^trade +merchant +resolution[^]*${outTradeNo} +default +PAID +completed`));
  });

  it('refuses another amount with 1, and says both', async () => {
    const outTradeNo = `L${RUN}2`;
    const queue = ['--task-queue', 'unserved'];
    await json(['start', outTradeNo, '--total-amount', '1.00', ...queue]);
    const { exitCode, stdout, stderr } = await type(['start', outTradeNo, '--total-amount', '2', '--json', ...queue]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /totalAmount 1\.00; this start says 2\.00/);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'AnotherTrade');
  });

  it('ends with 3 when the time to wait is over', async () => {
    const outTradeNo = `L${RUN}3`;
    await json(['start', outTradeNo, '--task-queue', 'unserved']);
    const { exitCode, stderr } = await type(['wait', outTradeNo, '--timeout', '0.2']);
    assert.equal(exitCode, 3);
    assert.match(stderr, /not resolved yet/);
  });

  it('ends with 1 for a trade that nobody started, and where no server answers', async () => {
    assert.equal((await type(['status', `L${RUN}none`])).exitCode, 1);
    const { exitCode, stderr } = await type(['list'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^No Temporal server can be used at 127\.0\.0\.1:1 .*Set TEMPORAL_ADDRESS/);
  });

  it('says what is wrong with the settings of Temporal, and why nobody answers', async () => {
    writeFileSync(path.join(folder, 'broken.toml'), '[profile.default\n');
    const settings: readonly (readonly [env: Record<string, string>, words: RegExp])[] = [
      [{ TEMPORAL_CONFIG_FILE: 'broken.toml' }, /^Temporal's configuration cannot be read: [^]*Mend the TEMPORAL_\*/],
      [{ TEMPORAL_PROFILE: 'nobody' }, /^Temporal's configuration cannot be read: Profile 'nobody'/],
      [{ TEMPORAL_TLS_CLIENT_CERT_PATH: 'none.pem' }, /^Temporal's configuration cannot be read: .*none\.pem/],
      [{ TEMPORAL_ADDRESS: '127.0.0.1:1' }, /at 127\.0\.0\.1:1 \(.*ECONNREFUSED 127\.0\.0\.1:1\)/],
      [{ TEMPORAL_TLS: 'true' }, /can be used at .* \(.*SSL routines.*\)\. Set TEMPORAL_ADDRESS, and TEMPORAL_TLS/],
    ];
    for (const [env, words] of settings) {
      const { exitCode, stderr } = await type(['list'], env);
      assert.equal(exitCode, 1);
      assert.match(stderr.replace(/^\(.*\n/gm, ''), words);
    }
  });

  it('says of a namespace without room for the search attributes what fills it', async () => {
    const namespace = await createNamespace(shop.temporal.connection);
    const searchAttributes = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`Other${at}`, 2]));
    await shop.temporal.connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    const { exitCode, stderr } = await type(['setup'], { TEMPORAL_NAMESPACE: namespace });
    assert.equal(exitCode, 1);
    assert.match(stderr, /no room for AlipayMerchant.*Other0, Other1[^]*a namespace of their own/);
  });

  it('decides a trade that needs a person, and refuses what Alipay has not signed', async () => {
    const outTradeNo = `L${RUN}4`;
    const trade = [outTradeNo, '--merchant', 'nobody'];
    await json(['start', ...trade]);
    for (;;) {
      const status = await json<{ resolution?: Resolution }>(['status', ...trade]);
      if (status.resolution?.phase === 'needs-operator') break;
    }
    const parked = await type(['status', ...trade]);
    assert.match(parked.stdout, /needs a person \(configuration\)[^]*what to do: /);
    const by = ['--who', 'Li Na', '--why', 'seen in the merchant portal'];
    const early = await type(['resolve-manually', ...trade, '--outcome', 'CLOSED', ...by]);
    assert.equal(early.exitCode, 1);
    assert.match(early.stderr, /can still be paid until/);
    const refund = await type(['order-refund', ...trade, ...by]);
    assert.equal(refund.exitCode, 1);
    assert.match(refund.stderr, /Only a trade that Alipay has signed as TRADE_SUCCESS can be refunded/);
    const decided = await type(['resolve-manually', ...trade, '--outcome', 'PAID', ...by]);
    assert.equal(decided.exitCode, 0, decided.stderr);
    assert.match(decided.stdout, /PAID, decided by operator/);
  });

  it('registers the search attributes, once', async () => {
    const namespace = await createNamespace(shop.temporal.connection);
    const first = await json<{ registered: string[] }>(['setup'], 0, { TEMPORAL_NAMESPACE: namespace });
    assert.deepEqual(first.registered, ['AlipayMerchant', 'AlipayOutTradeNo', 'AlipayTradeNo', 'AlipayResolution']);
    const second = await type(['setup'], { TEMPORAL_NAMESPACE: namespace });
    assert.equal(second.exitCode, 0, second.stderr);
    assert.match(second.stdout, /all search attributes were registered before/);
  });

  describe('the doctor', () => {
    async function examined(file: string, exitCode: number, env = {}): Promise<readonly Finding[]> {
      return (await json<{ findings: Finding[] }>(['doctor', '--merchants-file', file], exitCode, env)).findings;
    }

    function merchantsFile(name: string, changes: Readonly<Record<string, string | undefined>> = {}): string {
      return writeMerchantsFile(path.join(folder, name), shop.simulator, changes);
    }

    function failures(findings: readonly Finding[]): Finding[] {
      for (const { result, remedy = '' } of findings) assert.ok(result === 'ok' || remedy.length > 20, 'no remedy');
      return findings.filter(({ result }) => result !== 'ok');
    }

    it('finds nothing wrong where nothing is, in key mode', async () => {
      const findings = await examined(merchantsFile('key'), 0);
      assert.deepEqual(failures(findings), []);
      const checks = findings.map(({ check }) => check);
      assert.deepEqual(checks, ['merchants', 'temporal', 'search attributes', 'clock', 'gateway']);
    });

    it('finds nothing wrong where nothing is, in certificate mode, and says it in words', async () => {
      const file = merchantsFile('certificates', {
        appCertificateFile: 'app.crt',
        alipayCertificateFile: 'alipay.crt',
        alipayRootCertificateFile: 'root.crt',
        alipayPublicKeyFile: undefined,
      });
      const { exitCode, stdout, stderr } = await type(['doctor', '--merchants-file', file]);
      assert.equal(exitCode, 0, stdout + stderr);
      assert.match(stdout, /^ok +certificates of default: appCertificate is valid until 20\d\d-/m);
      assert.match(stdout, /^ok +gateway of default: custom answers, and the signatures hold both ways/m);
      assert.match(stdout, /all is well enough to start\n$/);
    });

    it("finds another app's public key in place of Alipay's, and asks for the right one", async () => {
      const file = merchantsFile('foreign-public-key');
      const { alipayPublicKey } = await createCredentials();
      writeFileSync(path.join(path.dirname(file), 'alipay-public-key.txt'), alipayPublicKey);
      const [failure, ...more] = failures(await examined(file, 1));
      assert.deepEqual([failure?.check, failure?.merchant, more], ['gateway', 'default', []]);
      assert.match(failure?.remedy ?? '', /signature does not hold: copy this app's 支付宝公钥/);
    });

    it('finds a private key that Alipay does not know, and says what to compare', async () => {
      const file = merchantsFile('foreign-private-key');
      const { appPrivateKey } = await createCredentials();
      writeFileSync(path.join(path.dirname(file), 'app-private-key.txt'), appPrivateKey);
      const [failure, ...more] = failures(await examined(file, 1));
      assert.deepEqual([failure?.check, more], ['gateway', []]);
      assert.match(failure?.detail ?? '', /invalid-signature/);
      assert.match(failure?.remedy ?? '', /the 应用公钥 there against privateKeyFile/);
    });

    it('finds a gateway that does not answer', async () => {
      const [failure, ...more] = failures(
        await examined(merchantsFile('down', { gateway: 'http://127.0.0.1:1/gateway.do' }), 1),
      );
      assert.deepEqual([failure?.check, more], ['gateway', []]);
      assert.match(failure?.remedy ?? '', /cannot be reached from here: check its URL, DNS, the firewall/);
    });

    it('finds search attributes that are not registered, with the command that registers them', async () => {
      const namespace = await createNamespace(shop.temporal.connection);
      const found = failures(await examined(merchantsFile('unregistered'), 1, { TEMPORAL_NAMESPACE: namespace }));
      assert.deepEqual(
        found.map(({ check }) => check),
        ['search attributes'],
      );
      assert.match(
        found[0]?.remedy ?? '',
        new RegExp(`temporal operator search-attribute create --namespace ${namespace} --name`),
      );
    });

    it('finds a Temporal server that is not there, and a merchants file with mistakes, and goes on', async () => {
      const file = path.join(folder, 'mistakes.json');
      writeFileSync(file, JSON.stringify({ merchants: { default: {} } }));
      const found = failures(await examined(file, 1, { TEMPORAL_ADDRESS: '127.0.0.1:1' }));
      assert.deepEqual(
        found.map(({ check }) => check),
        ['merchants', 'temporal'],
      );
      assert.match(found[0]?.detail ?? '', /privateKeyFile is missing/);
      assert.match(found[1]?.remedy ?? '', /Set TEMPORAL_ADDRESS/);
    });
  });
});
