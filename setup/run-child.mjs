/** Child processes: the one that runs the tests, and the tools that the set-up itself needs. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atExit, exitCodeOfSignal, leaveSignalsToTheProgram } from './at-exit.mjs';

const OUTPUT_CHARACTERS_MAX = 20_000;

const endsWithParent = fileURLToPath(new URL('ends-with-parent.mjs', import.meta.url));

/**
 * Runs a Node program in the foreground with our stdin, stdout and stderr, passes signals on, waits for its end; it ends with us too.
 * Resolves with its exit code (128 + number when a signal ended it).
 */
export function runProgram(args, { cwd = process.cwd(), env = process.env } = {}) {
  const child = spawn(process.execPath, ['--import', endsWithParent, ...args], { cwd, env, stdio: 'inherit' });
  leaveSignalsToTheProgram();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? exitCodeOfSignal(signal) : code));
  });
}

/**
 * Runs a tool for the set-up, bounded in time, in a process group of its own so that its end takes everything it
 * started with it. Never rejects: `{ code, output }`, code undefined when it could not start or ran out of time.
 * With `show` its output goes to our stderr as it comes.
 */
export function runTool(command, args, { timeoutMs, cwd, env = process.env, show = false }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
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
    const finish = (code) => {
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

function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
