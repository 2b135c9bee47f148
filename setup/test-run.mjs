// @ts-check
/** A run of the tests, and what it is worth: the closing line and the exit code. */
import { isAbsolute, relative, resolve } from 'node:path';
import { closingLine, sumOf } from './closing-line.mjs';
import { underCi } from './environment.mjs';
import { runMocha, runMochaAside } from './mocha-run.mjs';
import { inProject } from './places.mjs';
import { say } from './say.mjs';
import { sideBySide } from './side-by-side.mjs';
import { slowestFiles } from './slowest-files.mjs';
import { allTests, jobsOf, ofEveryChange, ofFullRun, ofUnits } from './test-plan.mjs';

/** @typedef {import('./closing-line.mjs').Counts} Counts */
/** @typedef {import('./mocha-run.mjs').Ended} Ended */

/** Two test files at a time: each has processes of its own beside it. */
const PLACES = 2;

/** @type {Counts} */
const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/**
 * What a change needs, or the test files (`test/**.test.ts`) named among the arguments.
 * @param {readonly string[]} args
 */
export function runTests(args) {
  return run(args, () => ofEveryChange(allTests()), runSideBySide);
}

/**
 * Every test.
 * @param {readonly string[]} args
 */
export function runFullTests(args) {
  return run(args, () => ofFullRun(allTests()), runSideBySide);
}

/**
 * The tests that need no server, no network and no Java.
 * @param {readonly string[]} args
 */
export function runUnitTests(args) {
  return run(args, () => ofUnits(allTests()), runInOneProcess);
}

/**
 * @param {readonly string[]} args
 * @param {() => readonly string[]} unnamed
 * @param {(files: readonly string[], options: readonly string[]) => Promise<Ended>} runUnnamed
 */
async function run(args, unnamed, runUnnamed) {
  const isTest = (/** @type {string} */ argument) => /\.test\.[jt]s$/.test(argument);
  const named = args.filter(isTest).map(sourcePath);
  const options = args.filter((argument) => !isTest(argument));
  const ended = await (named.length > 0 ? runInOneProcess(named, options) : runUnnamed(unnamed(), options));
  const files = Object.keys(ended.msOfFile);
  if (files.length > 1) process.stdout.write(`\n${slowestFiles(ended.msOfFile)}\n\n`);
  const objection = objectionTo(ended.counts, ended.exitCode);
  if (objection) say(objection);
  if (ended.counts) process.stdout.write(`${closingLine(ended.counts)}\n`);
  return objection ? ended.exitCode || 1 : 0;
}

/** As it runs, with its output as it comes. @type {(files: readonly string[], options: readonly string[]) => Promise<Ended>} */
function runInOneProcess(files, options) {
  return runMocha(files, options);
}

/**
 * A job that ended without its counts has failed as a whole: that is one failure at least.
 * @param {readonly string[]} files
 * @param {readonly string[]} options
 * @returns {Promise<Ended>}
 */
async function runSideBySide(files, options) {
  /** @type {Counts} */
  let counts = NOTHING;
  /** @type {Record<string, number>} */
  const msOfFile = {};
  let exitCode = 0;
  let stopped = false;
  const stop = () => void (stopped = true);
  const signals = /** @type {const} */ (['SIGTERM', 'SIGHUP', 'SIGINT']);
  for (const signal of signals) process.once(signal, stop);
  await sideBySide(jobsOf(files), {
    // Of a server that was there already, all tests use the one task queue.
    places: process.env['TEMPORAL_ADDRESS'] ? 1 : PLACES,
    isStopped: () => stopped,
    async run({ files: some }) {
      const ended = await runMochaAside(some, options);
      counts = sumOf(counts, ended.counts ?? { ...NOTHING, failed: 1 });
      Object.assign(msOfFile, ended.msOfFile);
      exitCode ||= ended.exitCode;
    },
  });
  for (const signal of signals) process.off(signal, stop);
  return { counts, msOfFile, exitCode: stopped ? exitCode || 1 : exitCode };
}

/**
 * Why a run with these counts is not a success; undefined when it is one.
 * @param {Counts | undefined} counts
 * @param {number} exitCode
 */
export function objectionTo(counts, exitCode) {
  if (!counts) return 'mocha ended before the tests did';
  if (counts.failed > 0) return 'tests failed';
  if (counts.passed === 0) return 'no test ran';
  if (counts.skipped > 0 && underCi) return 'tests were skipped, which is an error under CI=true';
  if (exitCode !== 0) return `mocha ended with exit code ${exitCode}`;
  return undefined;
}

/**
 * @param {string} path a test, or what it was compiled to
 */
function sourcePath(path) {
  const absolute = isAbsolute(path) ? path : resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
  const inside = relative(inProject(), absolute).replaceAll('\\', '/');
  return inside.replace(/^dist\//, '').replace(/\.js$/, '.ts');
}
