/**
 * Goal: the README tells the truth: its commands do what the sentence above says, and its tables name what a plan takes.
 * Method: the simulator as its own process; every command is taken out of the README and run by a shell.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';

import { Delivery, FalseAnswer, PlannedMethod, Signature } from '../../simulator/fault-plan.ts';
import { parseTradePlan, PlanProblems } from '../../simulator/plan-reading.ts';
import { repositoryRoot } from '../repository-root.ts';
import { KEYS_TIMEOUT_MS, startForTest } from './caller.ts';

interface RunningSimulator {
  readonly child: ChildProcess;
  /** The one line on stdout. */
  readonly line: Readonly<Record<string, string>>;
}

const MAIN = fileURLToPath(new URL('../../simulator/main.js', import.meta.url));
const README = readFileSync(join(repositoryRoot, 'simulator', 'README.md'), 'utf8');
const BLOCKS = [...README.matchAll(/```sh\n([^`]+)```/g)].map(([, block = '']) => block.trim());
const COMMANDS = BLOCKS.flatMap((block) => block.split(/\n(?=curl)/)).filter((command) => command.startsWith('curl'));

describe('the simulator by its README', () => {
  let folder: string;
  let started: RunningSimulator;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    folder = await mkdtemp(join(tmpdir(), 'simulator-readme-'));
    started = await start(['--port', '0', '--credentials', join(folder, 'credentials')]);
  });
  after(async () => {
    if (started.child.exitCode === null) await stop(started.child, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('starts with the command shown, which says no more on stdout than one line with these three members', () => {
    assert.deepEqual(BLOCKS[0]?.split(' -- '), ['npm run simulator', '--port 8089 --credentials .runtime/simulator']);
    assert.equal(BLOCKS[1], 'CONTROL=http://127.0.0.1:8089/control');
    assert.deepEqual(Object.keys(started.line), ['gatewayUrl', 'controlUrl', 'appId']);
    assert.match(started.line['gatewayUrl'] ?? '', /^http:\/\/127\.0\.0\.1:\d+\/gateway\.do$/);
    const [shown = ''] = /\{"gatewayUrl".*\}/.exec(README) ?? [];
    assert.deepEqual(Object.keys(JSON.parse(shown) as object), Object.keys(started.line));
  });

  it('writes every file of the table, and its app id into the line', async () => {
    const files = [...README.matchAll(/^\| `([\w-]+\.(?:txt|crt))` \|/gm)].map(([, name = '']) => name);
    assert.equal(files.length, 7);
    for (const name of files) assert.ok((await stat(join(folder, 'credentials', name))).size > 0, name);
    const appId = await readFile(join(folder, 'credentials', 'app-id.txt'), 'utf8');
    assert.equal(started.line['appId'], appId.trim());
  });

  it('has the commands of this test', () => assert.equal(COMMANDS.length, 16));

  for (const command of COMMANDS) {
    it(command.split('\n')[0] ?? '', async function () {
      if (spawnSync('curl', ['--version']).error !== undefined) {
        assert.notEqual(process.env['CI'], 'true', 'curl is needed to run the commands of the README');
        process.stdout.write('      skipped: there is no curl on this machine\n');
        this.skip();
      }
      const env = { ...process.env, CONTROL: started.line['controlUrl'] ?? '', no_proxy: '127.0.0.1' };
      const { stdout } = await promisify(execFile)('sh', ['-c', command], { env });
      const answer = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
      assert.equal(answer['error'], undefined, stdout);
    });
  }

  it('names in its tables every field and value that a plan takes', () => {
    const tables = README.slice(README.indexOf('## A plan'), README.indexOf('## The ledger'));
    const values = [FalseAnswer, Delivery, Signature, PlannedMethod].flatMap((table) => Object.keys(table));
    for (const name of [...values, ...fieldsTaken({ x: 1 }), ...fieldsTaken({ pay: [{ x: 1 }] })]) {
      assert.ok(tables.includes(`\`${name}\``), name);
    }
  });

  it('calls in its example for tests only what a simulator has', async () => {
    const [, example = ''] = /```ts\n([^`]+)```/.exec(README) ?? [];
    const called = [...example.matchAll(/simulator\.(\w+)/g)].map(([, name = '']) => name);
    const simulator = await startForTest();
    await simulator.stop();
    assert.deepEqual(called, ['plan', 'callReceived', 'trade', 'stop']);
    for (const name of called) assert.ok(Object.hasOwn(simulator, name), name);
  });

  it('uses the same credentials at the next start, and ends with code 0 on SIGTERM and on SIGINT', async () => {
    const again = ['--port', '0', '--credentials', join(folder, 'credentials')];
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const second = await start(again);
      assert.equal(second.line['appId'], started.line['appId']);
      assert.equal(await stop(second.child, signal), 0);
    }
  });

  it('says in one sentence why it does not start', async () => {
    const { port } = new URL(started.line['gatewayUrl'] ?? '');
    const CASES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
      [['--port', '99999'], /--port 99999 is not a port from 0 to 65535/],
      [['--prot', '1'], /Unknown option '--prot'.*Usage: simulator/s],
      [['--port', port, '--credentials', join(folder, 'credentials')], /EADDRINUSE/],
    ];
    for (const [args, message] of CASES) {
      const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN, ...args], {
        encoding: 'utf8',
        cwd: folder,
      });
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.ok(!stderr.includes('    at '), 'no stack');
    }
  });
});

async function start(args: readonly string[]): Promise<RunningSimulator> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, line: JSON.parse(line) as Readonly<Record<string, string>> };
  }
  throw new Error('The simulator ended without a line');
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = (await ended) as readonly unknown[];
  return code;
}

/** The names that a plan's reader gives when it meets one that it does not know. */
function fieldsTaken(plan: unknown): readonly string[] {
  try {
    parseTradePlan(plan);
  } catch (error) {
    assert.ok(error instanceof PlanProblems);
    return (error.problems[0] ?? '').replace(/^.*valid are /, '').split(', ');
  }
  return [];
}
