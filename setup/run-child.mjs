// @ts-check
/** Child processes: the one that runs the tests, and the tools that the set-up itself needs. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atExit, exitCodeOfSignal, leaveSignalsToTheProgram } from './at-exit.mjs';

const OUTPUT_CHARACTERS_MAX = 20_000;

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGINT'];

const endsWithParent = fileURLToPath(new URL('ends-with-parent.mjs', import.meta.url));

/**
 * Runs a Node program, by default with our stdin, stdout and stderr, passes signals on, waits for its end; it ends with us too.
 * Resolves with its exit code (128 + number when a signal ended it).
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions }} how
 * @returns {Promise<number>}
 */
export function runProgram(args, { cwd = process.cwd(), env = process.env, stdio = 'inherit' } = {}) {
  const child = spawn(process.execPath, ['--import', endsWithParent, ...args], { cwd, env, stdio });
  leaveSignalsToTheProgram();
  const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const each of PASSED_ON) process.off(each, passOn);
      resolve(signal ? exitCodeOfSignal(signal) : (code ?? 1));
    });
  });
}

/**
 * Runs a tool for the set-up, bounded in time, in a process group of its own so that its end takes everything it
 * started with it. Never rejects: `{ code, output }`, code undefined when it could not start or ran out of time.
 * With `show` its output goes to our stderr as it comes.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} how
 * @returns {Promise<{ code: number | undefined, output: string }>}
 */
export function runTool(command, args, { timeoutMs, cwd = process.cwd(), env = process.env, show = false }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (/** @type {string | Buffer} */ chunk) => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX);
      if (show) process.stderr.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const forget = atExit(() => killGroup(child));
    const timer = setTimeout(() => {
      keep(`\n(ended after ${timeoutMs / 1000} s)\n`);
      killGroup(child);
    }, timeoutMs);
    const finish = (/** @type {number | undefined} */ code) => {
      clearTimeout(timer);
      forget();
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(undefined);
    });
    child.on('close', (code) => finish(code ?? undefined));
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
