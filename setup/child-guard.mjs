// @ts-check
/**
 * Runs a program and ends it when the process that started this guard is gone, whatever ended that one (SIGKILL
 * included): its end closes our stdin.
 *
 *     node setup/child-guard.mjs PROGRAM [ARGUMENTS...]
 *
 * Prints `{"pid":N}` on stdout once the program runs; the program's own output goes to our stderr. Ends with the
 * program's exit code.
 */
import { spawn } from 'node:child_process';

/** Longer than a worker takes for the calls under way. */
const KILL_AFTER_MS = 30_000;

const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 2, 2] });

child.on('error', (error) => {
  process.stderr.write(`${program} cannot be started: ${error.message}\n`);
  process.exit(127);
});
child.on('spawn', () => process.stdout.write(`${JSON.stringify({ pid: child.pid })}\n`));
child.on('exit', (code) => process.exit(code ?? 1));

process.stdin.on('end', end).on('error', end).resume();
// The owner may be gone while we write to it.
process.stdout.on('error', end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);

function end() {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
}
