/** Every world, explored on all cores, and what it came to as text. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Cell } from './coverage.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Explored, ExploreOne } from './explore-one.ts';
import { SETTINGS } from './settings.ts';

/** A bound in the environment holds for every world; a nightly run goes one deeper than CI with it. */
export function faultsMaxFor(inCi: number): number {
  const { MODEL_FAULTS: given } = process.env;
  return given === undefined || given === '' ? inCi : Number(given);
}

const THREADS_MAX = 4;

export async function exploreAll(): Promise<readonly Explored[]> {
  const waiting = SETTINGS.map(({ faultsInCi }, setting) => ({ setting, faultsMax: faultsMaxFor(faultsInCi) }));
  // The deepest first, so that the threads end together.
  waiting.sort((a, b) => b.faultsMax - a.faultsMax);
  const explored: Explored[] = [];
  const thread = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) explored.push(await inThread(next));
  };
  await Promise.all(Array.from({ length: Math.min(THREADS_MAX, availableParallelism()) }, thread));
  return explored;
}

async function inThread(workerData: ExploreOne): Promise<Explored> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('explore-one.js', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

export function sizesText(explored: readonly Explored[]): string {
  return explored
    .map(
      (one) =>
        `${one.name}, at most ${one.faultsMax} faults:\n  ${one.states} states (${one.statesByFaults.join(' + ')}), ${one.transitions} transitions, depth ${one.depth}, ${one.statesOfBrain} states of the brain, at most ${one.longestToEnd} steps to an end, ${one.seconds.toFixed(1)} s`,
    )
    .join('\n');
}

/** The cells of all worlds, added up. */
export function cellsOf(explored: readonly Explored[]): readonly Cell[] {
  const [first, ...others] = explored;
  return (first?.cells ?? []).map((cell, at) =>
    others.reduce((sum, { cells }) => ({ ...sum, times: sum.times + (cells[at]?.times ?? 0) }), cell),
  );
}

/** One row a fault, one column a command in a phase. */
export function coverageText(cells: readonly Cell[]): string {
  const columns = [...new Set(cells.map(({ phase, command }) => `${phase} ${command}`))];
  const rows = (Object.keys(FAULTS) as Fault[]).map((fault) => [
    fault,
    ...columns.map((column) => {
      const cell = cells.find((one) => one.fault === fault && `${one.phase} ${one.command}` === column);
      return cell === undefined ? '-' : String(cell.times);
    }),
  ]);
  const letters = columns.map((column, at) => `${String.fromCodePoint(65 + at)} = ${column}`);
  const head = ['', ...columns.map((_, at) => String.fromCodePoint(65 + at))];
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const lines = [head, ...rows].map((row) => row.map((text, at) => text.padStart(widths[at] ?? 0)).join(' '));
  return [letters.join(', '), ...lines, ...WHY_NOT].join('\n');
}

const WHY_NOT: readonly string[] = [
  '- by design: a query and a refund query move no money, so no retry_flag, repetition or pick-up time belongs to them;',
  '  in a wait nothing is sent; before a cancel or a refund the workflow is never continued as new.',
];
