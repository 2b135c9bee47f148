// @ts-check
/** One process of mocha: in the foreground, or beside others, its output in a file that is shown when something failed. */
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { atExit } from './at-exit.mjs';
import { closingLine } from './closing-line.mjs';
import { Handed, underCi } from './environment.mjs';
import { inProject } from './places.mjs';
import { runProgram } from './run-child.mjs';
import { compiledPath } from './test-plan.mjs';

/**
 * `counts` is undefined where mocha ended before the tests did.
 * @typedef {{
 *   readonly counts: import('./closing-line.mjs').Counts | undefined,
 *   readonly msOfFile: Readonly<Record<string, number>>,
 *   readonly exitCode: number,
 * }} Ended
 */

/**
 * @param {readonly string[]} files
 * @param {readonly string[]} options of mocha
 * @param {import('node:child_process').StdioOptions} stdio
 * @returns {Promise<Ended>}
 */
export async function runMocha(files, options, stdio = 'inherit') {
  const folder = mkdtempSync(join(tmpdir(), 'test-counts-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const forget = atExit(remove);
  try {
    const countsFile = join(folder, 'counts.json');
    const mocha = inProject('node_modules', 'mocha', 'bin', 'mocha.js');
    // An option of Node in .mocharc.json would make mocha start itself anew, as a child that no signal reaches.
    const command = ['--enable-source-maps', mocha, ...options, ...files.map(compiledPath)];
    const exitCode = await runProgram(command, {
      cwd: inProject(),
      // All that the tests connect to is on this machine; the Temporal SDK's client would go there through http_proxy.
      env: { ...process.env, no_grpc_proxy: 'localhost,127.0.0.1', [Handed.testCounts]: countsFile },
      stdio,
    });
    if (!existsSync(countsFile)) return { counts: undefined, msOfFile: {}, exitCode: exitCode || 1 };
    const { msOfFile, ...counts } = JSON.parse(readFileSync(countsFile, 'utf8'));
    return { counts, msOfFile, exitCode };
  } finally {
    remove();
    forget();
  }
}

/**
 * One line where all is well. The output stays in `.cache/test-output/` until the next run; it is printed whole where something failed.
 * @param {readonly string[]} files
 * @param {readonly string[]} options of mocha
 * @returns {Promise<Ended>}
 */
export async function runMochaAside(files, options) {
  const name = files.length === 1 ? (files[0] ?? '') : dirname(files[0] ?? '');
  const outputFile = inProject('.cache', 'test-output', `${name.replaceAll('/', '.')}.log`);
  mkdirSync(dirname(outputFile), { recursive: true });
  const output = openSync(outputFile, 'w');
  const startedAtMs = performance.now();
  const ended = await runMocha(files, options, ['ignore', output, output]);
  closeSync(output);
  const { counts, exitCode } = ended;
  const isWell = counts !== undefined && counts.failed === 0 && exitCode === 0 && !(underCi && counts.skipped > 0);
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  const result = counts ? closingLine(counts) : 'mocha ended before the tests did';
  if (!isWell) process.stdout.write(`\n${readFileSync(outputFile, 'utf8')}\n`);
  process.stdout.write(`${isWell ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s  ${name}: ${result}\n`);
  return ended;
}
