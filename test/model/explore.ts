/** Every world, or some, explored on all cores. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Exploration, ExploreOne } from './explore-one.ts';
import { SETTINGS } from './settings.ts';

/** No world has states that need so many faults; the search ends long before. */
export const NO_BOUND = 60;

/** A smaller bound in the environment, for a quick look. */
function faultsMaxOf({ MODEL_FAULTS: given = '' }: NodeJS.ProcessEnv = process.env): number {
  return given === '' ? NO_BOUND : Number(given);
}

/** `MODEL_WORLD` explores one alone, by its index. */
function worldsOf({ MODEL_WORLD: given = '' }: NodeJS.ProcessEnv = process.env): readonly number[] {
  return given === '' ? [...SETTINGS.keys()] : [Number(given)];
}

const THREADS_MAX = 4;

/** Every world to its end, but for what the environment says. */
function everyWorld(): readonly ExploreOne[] {
  return worldsOf().map((setting) => ({ setting, faultsMax: faultsMaxOf() }));
}

export async function exploreAll(wanted: readonly ExploreOne[] = everyWorld()): Promise<readonly Exploration[]> {
  const waiting = [...wanted];
  const done: { readonly setting: number; readonly one: Exploration }[] = [];
  const thread = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      done.push({ setting: next.setting, one: await inThread(next) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(THREADS_MAX, availableParallelism()) }, thread));
  return done.toSorted((a, b) => a.setting - b.setting).map(({ one }) => one);
}

async function inThread(workerData: ExploreOne): Promise<Exploration> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('explore-one.js', import.meta.url), {
      workerData,
      // What the rules have answered is remembered: more than a thread's heap has by itself.
      resourceLimits: { maxOldGenerationSizeMb: 8_192 },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
