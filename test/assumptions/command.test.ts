/** The command as a person types it: what it prints, what it refuses, its exit code, and what it never shows. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';

import { createMerchant, type Merchant } from '../../alipay/merchant.ts';
import { ASSUMPTIONS } from '../../assumptions/assumptions.ts';
import { parse } from '../../assumptions/command-line.ts';
import { isPlayMoney, refuseRealMoney } from '../../assumptions/real-money.ts';
import type { Report } from '../../assumptions/report.ts';
import { BUYER } from '../../simulator/method.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { writeMerchantsFile } from '../worker/simulated-merchant.ts';
import { AUTH_CODE } from './trial.ts';

const COMMAND = fileURLToPath(new URL('../../assumptions/main.js', import.meta.url));

describe('npm run assumptions', () => {
  let simulator: Simulator;
  let folder: string;
  let file: string;
  before(async () => {
    simulator = await startSimulator();
    folder = mkdtempSync(path.join(tmpdir(), 'assumptions-'));
    file = writeMerchantsFile(folder, simulator);
  });
  after(async () => {
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(args: readonly string[], { input = '', merchantsFile = file } = {}): Promise<ProgramResult> {
    const env = { ...process.env, RESOLVER_MERCHANTS_FILE: merchantsFile };
    const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: 'pipe', cwd: folder });
    child.stdin.on('error', () => {}).end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { exitCode: child.exitCode, stdout, stderr };
  }

  function merchantAt(gateway: string): string {
    return writeMerchantsFile(path.join(folder, gateway.replaceAll(/\W/g, '')), simulator, { gateway });
  }

  async function refusal(args: readonly string[], merchantsFile?: string): Promise<string> {
    const calls = simulator.ledger().calls.length;
    const { exitCode, stdout, stderr } = await run(args, merchantsFile === undefined ? {} : { merchantsFile });
    assert.deepEqual([exitCode, stdout], [2, ''], stderr);
    assert.doesNotMatch(stderr, /^ +at .*\.[jt]s/m);
    assert.equal(simulator.ledger().calls.length, calls);
    return stderr;
  }

  it('prints a line for each assumption and, where nothing differs, ends with 0', async () => {
    const { exitCode, stdout, stderr } = await run(['--merchant', 'default']);
    assert.equal(exitCode, 0, stderr);
    const lines = stdout.split('\n');
    for (const { id, assumed } of ASSUMPTIONS) {
      assert.ok(
        lines.some((line) => / {2}/.test(line) && line.includes(` ${id} `) && line.includes(assumed)),
        id,
      );
    }
    assert.match(stdout, /\n7 hold, 0 differ, 17 could not be tried\n$/);
    assert.match(stderr, /nothing is paid/);
  });

  it('where something differs says what that means and ends with 1', async () => {
    const other = await startSimulator({
      credentials: simulator.credentials,
      behaviour: { refundQueryShowsCancel: false },
    });
    try {
      const merchantsFile = writeMerchantsFile(path.join(folder, 'other'), other);
      const { exitCode, stdout } = await run(['--auth-code', '-', '--refund-wait', '0'], {
        merchantsFile,
        input: `${AUTH_CODE}\n`,
      });
      assert.equal(exitCode, 1);
      assert.match(stdout, /^differs +refunded-refund-query .* 10000, REFUND_SUCCESS +10000, no refund$/m);
      assert.match(stdout, /^refunded-refund-query differs\. Assumed \(confidence low\): The refund query finds/m);
      assert.match(stdout, /^ {2}meaning {2}Where the answer to a cancel was lost/m);
      assert.match(stdout, /^ {2}used in {2}docs\/correctness\.md, A10$/m);
    } finally {
      await other.stop();
    }
  });

  it('with --json gives the same for machines', async () => {
    const { exitCode, stdout } = await run([
      '--json',
      '--auth-code',
      AUTH_CODE,
      '--refund-wait',
      '0',
      '--amount',
      '88',
    ]);
    const report = JSON.parse(stdout) as Report;
    assert.equal(exitCode, 0);
    assert.deepEqual([report.amount, report.holds, report.differs, report.notTried], ['88.00', 18, 0, 6]);
    assert.deepEqual(
      report.assumptions.map(({ id }) => id),
      ASSUMPTIONS.map(({ id }) => id),
    );
    assert.ok(report.calls.every(({ traceId }) => traceId !== undefined));
  });

  it('never shows a key, the payment code or the buyer', async () => {
    const args = ['--auth-code', AUTH_CODE, '--refund-wait', '0'];
    const ended = [
      await run(args),
      await run([...args, '--json']),
      await run([AUTH_CODE]),
      await run([...args, '--wrong']),
    ];
    const said = ended.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    const { appPrivateKey, alipayPublicKey } = simulator.credentials;
    for (const secret of [
      AUTH_CODE,
      ...Object.values(BUYER),
      appPrivateKey.slice(40, 80),
      alipayPublicKey.slice(40, 80),
    ]) {
      assert.ok(!said.includes(secret), said);
    }
  });

  for (const gateway of [
    'production',
    'https://openapi.alipay.com/gateway.do?',
    'https://gateway.example/gateway.do',
  ]) {
    it(`refuses ${gateway} unless it was really meant, and then moves no more than 0.01 yuan`, async () => {
      const merchantsFile = merchantAt(gateway);
      assert.match(
        await refusal([], merchantsFile),
        /is not the sandbox: .*0\.01 yuan of real money.*--production-really/,
      );
      const much = ['--production-really', '--auth-code', AUTH_CODE, '--amount', '1.00'];
      assert.match(await refusal(much, merchantsFile), /^With real money the amount is 0\.01/);
    });
  }

  it('takes the real gateway where it was really meant, and the sandbox at any amount', () => {
    const { appId, appPrivateKey: privateKey, alipayPublicKey } = simulator.credentials;
    const at = (gateway: string): Merchant => createMerchant({ appId, gateway, privateKey, alipayPublicKey });
    refuseRealMoney(at('production'), parse(['--production-really']));
    refuseRealMoney(at('sandbox'), parse(['--amount', '2000.01']));
    assert.deepEqual(
      ['production', 'sandbox', 'http://[::1]:8089/gateway.do'].map((gateway) => isPlayMoney(at(gateway))),
      [false, true, true],
    );
  });

  it('names what is wrong with what was typed', async () => {
    assert.match(
      await refusal(['--merchant', 'elsewhere']),
      /no merchant "elsewhere" in that file; there is default\./,
    );
    assert.match(await refusal(['--merchants-file', 'none.json']), /none\.json cannot be used/);
    assert.match(await refusal(['--amount', '0']), /^--amount must be yuan/);
    assert.match(await refusal(['--auth-code', '12 34']), /^--auth-code must be a payment code/);
    assert.match(await refusal(['--refund-wait', 'long']), /^--refund-wait must be seconds/);
    assert.match(await refusal(['--nonsense']), /typed wrongly[^]*Usage: npm run assumptions/);
  });

  it('where nobody listens says so and ends with 2', async () => {
    const stderr = await refusal([], merchantAt('http://127.0.0.1:1/gateway.do'));
    assert.match(stderr, /The gateway gives no answer to a query: [^]*doctor/);
  });

  it('explains itself', async () => {
    const { exitCode, stdout } = await run(['--help']);
    assert.equal(exitCode, 0);
    for (const option of ['--auth-code', '--amount', '--production-really', 'Exit codes: 0']) {
      assert.ok(stdout.includes(option), option);
    }
  });
});

interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
