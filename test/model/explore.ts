/** Every world, explored on all cores. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Explored, ExploreOne } from './explore-one.ts';
import { SETTINGS } from './settings.ts';

/** Most faults in one run, in every world. */
export const FAULTS_IN_CI = 4;

/** A bound in the environment; a nightly run goes one deeper than CI with it. */
export function faultsMaxOf({ MODEL_FAULTS: given = '' }: NodeJS.ProcessEnv = process.env): number {
  return given === '' ? FAULTS_IN_CI : Number(given);
}

const THREADS_MAX = 4;

export async function exploreAll(): Promise<readonly Explored[]> {
  const faultsMax = faultsMaxOf();
  const waiting: ExploreOne[] = SETTINGS.map((_, setting) => ({ setting, faultsMax }));
  const done: { readonly setting: number; readonly one: Explored }[] = [];
  const thread = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      done.push({ setting: next.setting, one: await inThread(next) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(THREADS_MAX, availableParallelism()) }, thread));
  return done.toSorted((a, b) => a.setting - b.setting).map(({ one }) => one);
}

async function inThread(workerData: ExploreOne): Promise<Explored> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('explore-one.js', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
