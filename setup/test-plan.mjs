// @ts-check
/**
 * What `npm test` and `npm run test:full` run, and what may run beside what. Everything under `test/` is run by `test:full`, since it
 * takes the folder as it is; what `npm test` leaves to it stands here, with the reason.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { inProject } from './places.mjs';

/** @typedef {{ readonly files: readonly string[], readonly threads: 1 | 2 }} Job */

const A_PROCESS_EACH = 'A program of its own for each test.';

/**
 * Left to `npm run test:full`: too long for every change.
 * @type {Readonly<Record<string, string>>}
 */
export const LEFT_TO_FULL = {
  'test/model/exploration.test.ts': 'A quarter of an hour: every world to its end.',
  'test/model/reductions.test.ts':
    'A minute and a half: what the search of the model does not follow leaves nothing out.',
  'test/model/projection.test.ts': 'A minute and a half: what the search of the model does not keep never decides.',
  'test/mutation/mutation.test.ts': 'Eight minutes: the model is searched once for each mistake.',
  'test/stryker/stryker.test.ts': 'Four minutes: the rule tests run once for each mistake.',
  'test/faults/soak.test.ts':
    'Four minutes of sales. Broken links, killed workers and killed servers have files of their own; growth is measured here alone.',
  'test/demo/demo.test.ts': 'The demo once to its end, and three times ended by a signal.',
  'test/assumptions/either-way.test.ts': 'A whole resolution in each of sixteen ways.',
  'test/hostile/resolution.test.ts': 'Whole resolutions against a hostile gateway.',
  'test/hostile/fuzz.test.ts': 'Thousands of inputs at random.',
  'test/hostile/bad-messages.test.ts': 'Every wrong message, on a Temporal server.',
  'test/hostile/bad-starts.test.ts': 'Every wrong start, on a Temporal server.',
  'test/client/command-line.test.ts': A_PROCESS_EACH,
  'test/notification/command-line.test.ts': A_PROCESS_EACH,
  'test/worker/worker-process.test.ts': A_PROCESS_EACH,
  'test/worker/health.test.ts': A_PROCESS_EACH,
  'test/worker/proxy.test.ts': A_PROCESS_EACH,
  'test/docs/commands.test.ts': A_PROCESS_EACH,
  'test/deploy/scripts.test.ts': A_PROCESS_EACH,
  'test/setup/npm-signals.test.ts': A_PROCESS_EACH,
};

/**
 * A part of a long test, for `npm test`. `test:full` runs the long one, which does all of it.
 * @type {Readonly<Record<string, string>>}
 */
export const STANDS_IN_FOR = {
  'test/model/some-worlds.test.ts': 'test/model/exploration.test.ts',
};

/** They compute on all cores, so nothing runs beside them. */
export const ON_ALL_CORES = [
  'test/model/exploration.test.ts',
  'test/model/some-worlds.test.ts',
  'test/model/seeds.test.ts',
  'test/mutation/mutation.test.ts',
  'test/stryker/stryker.test.ts',
];

/** Folders that need no server and no process of their own: all files of one run in one process, which saves their starts. */
const TOGETHER = ['test/architecture', 'test/contract', 'test/gateway', 'test/resolution', 'test/simulator'];

/** What `npm run test:unit` runs: no server, no network, no Java. */
export const UNIT_FOLDERS = ['test/architecture', 'test/contract', 'test/resolution'];

/** They take long, so they start early: nobody waits for one of them at the end. */
const FIRST = [
  'test/faults',
  'test/agreement',
  'test/assumptions',
  'test/worker',
  'test/client',
  'test/hostile',
  'test/interop',
];

/** Every test file that is compiled, as the path of its source. */
export function allTests() {
  const folder = inProject('dist', 'test');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => ['test', ...name.split(sep)].join('/').replace(/\.js$/, '.ts'))
    .toSorted();
}

/** @param {readonly string[]} all */
export function ofEveryChange(all) {
  return all.filter((file) => !Object.hasOwn(LEFT_TO_FULL, file));
}

/** @param {readonly string[]} all */
export function ofFullRun(all) {
  return all.filter((file) => !Object.hasOwn(STANDS_IN_FOR, file));
}

/** @param {readonly string[]} all */
export function ofUnits(all) {
  return all.filter((file) => UNIT_FOLDERS.some((folder) => file.startsWith(`${folder}/`)));
}

/**
 * In the order of their start.
 * @param {readonly string[]} files
 * @returns {readonly Job[]}
 */
export function jobsOf(files) {
  /** @type {Map<string, string[]>} */
  const together = new Map();
  for (const file of files) {
    const key = TOGETHER.find((folder) => file.startsWith(`${folder}/`)) ?? file;
    together.set(key, [...(together.get(key) ?? []), file]);
  }
  const jobs = [...together.values()].map(
    /** @returns {Job} */ (some) => ({ files: some, threads: some.some(isOnAllCores) ? 2 : 1 }),
  );
  return jobs.toSorted((a, b) => b.threads - a.threads || placeOf(a) - placeOf(b));
}

/** @param {string} file */
function isOnAllCores(file) {
  return ON_ALL_CORES.includes(file);
}

/** @param {Job} job */
function placeOf({ files: [file = ''] }) {
  const place = FIRST.findIndex((folder) => file.startsWith(`${folder}/`));
  return place < 0 ? FIRST.length : place;
}

/** @param {string} file */
export function compiledPath(file) {
  return join('dist', file.replace(/\.ts$/, '.js'));
}
