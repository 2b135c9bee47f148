/**
 * Goal: the demo plays to its end on real parts, judges itself, tells no secret and leaves nothing behind. Method: it is run as
 * the process that `npm run demo` runs, and read as whoever types that reads it.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { AUTH_CODE, STORIES } from '../../demo/stories.ts';
import { openCredentials } from '../../simulator/credential-files.ts';
import { BUYER } from '../../simulator/method.ts';

const PLAY_MS_MAX = 150_000;
const GONE_MS_MAX = 20_000;
const mainPath = fileURLToPath(new URL('../../demo/main.js', import.meta.url));

describe('the demo (needs the Temporal CLI)', function () {
  this.timeout(PLAY_MS_MAX + 10_000);
  let folder: string;
  let credentials: string;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] || process.env['TEMPORAL_ADDRESS']) return this.skip();
    folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
    credentials = join(folder, 'credentials');
    await openCredentials(credentials);
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  describe('played to its end', () => {
    let run: { readonly code: number | null; readonly output: string };
    before(async () => {
      const demo = start(credentials);
      const timer = setTimeout(() => demo.child.kill('SIGTERM'), PLAY_MS_MAX);
      await once(demo.child, 'close');
      clearTimeout(timer);
      run = { code: demo.child.exitCode, output: demo.output() };
    });

    it('ends with exit code 0 because every outcome agrees with the ledger, of at least twelve trades', () => {
      assert.equal(run.code, 0, run.output);
      const [, agreeing, all] = /agree in (\d+) of (\d+)/.exec(run.output) ?? [];
      assert.equal(agreeing, all);
      assert.equal(Number(all), STORIES.length);
      assert.ok(STORIES.length >= 12);
    });

    it('closes the trade of the seed document, which nobody pays', () => {
      assert.match(run.output, /^sao201881610515614521 .* CLOSED +alipay +closed +yes /m);
    });

    it('loses its worker in the middle, and another process goes on', () => {
      const killed = /worker, process (\d+), is killed \(SIGKILL\)/.exec(run.output)?.[1];
      const next = /a new worker, process (\d+)/.exec(run.output)?.[1];
      assert.ok(killed !== undefined && next !== undefined && killed !== next, run.output);
    });

    it('names an address in the Web UI for every trade', () => {
      for (const { outTradeNo } of STORIES) {
        assert.match(
          run.output,
          new RegExp(`^${outTradeNo} +http://127\\.0\\.0\\.1:\\d+/namespaces/default/workflows/\\S+$`, 'm'),
        );
      }
    });

    it('prints no key, no signature, no auth code and no buyer', async () => {
      const { appPrivateKey, alipayPrivateKey, appId } = await openCredentials(credentials);
      assert.ok(appId !== '');
      // A key in lines of 64 characters would be found by its parts, a signature by being a long base64 text.
      for (const key of [appPrivateKey, alipayPrivateKey]) {
        for (let at = 0; at < key.length; at += 40) assert.ok(!run.output.includes(key.slice(at, at + 40)));
      }
      assert.doesNotMatch(run.output, /[A-Za-z0-9+/]{80}/);
      assert.doesNotMatch(run.output, /(?:%2B|%2F|%3D)/i);
      for (const secret of [AUTH_CODE, ...Object.values(BUYER)]) assert.ok(!run.output.includes(secret));
    });

    it('leaves no process behind', async () => {
      for (const pid of workersIn(run.output)) await untilGone(pid);
      const webUi = /its Web UI at (\S+)/.exec(run.output)?.[1] ?? '';
      await assert.rejects(fetch(webUi));
    });
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ] as const) {
    it(`ends its worker and its server when it is ended by ${signal} in the middle`, async () => {
      const demo = start(credentials);
      await demo.until(/querying/);
      const [, webUi = ''] = /its Web UI at (\S+)/.exec(demo.output()) ?? [];
      assert.equal((await fetch(webUi)).status, 200);
      demo.child.kill(signal);
      if (demo.child.exitCode === null && demo.child.signalCode === null) await once(demo.child, 'exit');
      assert.equal(demo.child.exitCode, code);
      for (const pid of workersIn(demo.output())) await untilGone(pid);
      await until(
        async () =>
          !(await fetch(webUi).then(
            () => true,
            () => false,
          )),
        'the Web UI still answers',
      );
    });
  }
});

interface Demo {
  readonly child: ChildProcess;
  /** All that it has said so far. */
  output(): string;
  until(said: RegExp): Promise<void>;
}

function start(credentials: string): Demo {
  const child = spawn(process.execPath, [mainPath, '--credentials', credentials], {
    cwd: tmpdir(),
    // What a killed demo leaves in its temporary folder is removed with ours.
    env: { ...process.env, TMPDIR: dirname(credentials) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  return {
    child,
    output: () => output,
    until: (said) => until(() => said.test(output), `never said ${said.source}`),
  };
}

function workersIn(output: string): readonly number[] {
  return [...output.matchAll(/worker, process (\d+)/g)].map(([, pid]) => Number(pid));
}

async function untilGone(pid: number): Promise<void> {
  await until(() => !isAlive(pid), `process ${pid} is still there`);
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const deadlineMs = Date.now() + GONE_MS_MAX;
  while (!(await holds())) {
    assert.ok(Date.now() < deadlineMs, otherwise);
    await pause(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
