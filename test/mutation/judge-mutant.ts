/** Looks for a violation in a mutated brain, in a thread of its own: first where it is expected, then everywhere. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Ending, ENDINGS, live } from '../model/liveness.ts';
import { search } from '../model/search.ts';
import { runSeeds } from '../model/seeds.ts';
import { SETTINGS } from '../model/settings.ts';
import type { Brain } from '../model/shell.ts';
import { loadMutated } from './mutated-brain.ts';
import { MUTANTS } from './mutants.ts';

export interface Verdict {
  readonly name: string;
  /** What noticed it; `undefined`: nothing did. */
  readonly caughtBy?: 'search' | 'liveness' | 'seeds';
  readonly violation?: string;
  readonly seconds: number;
}

const SEEDS = { seed: 1, runs: 20_000 } as const;

/** `undefined` stands for the brain without a mistake. */
async function judgeMutant(index: number | undefined): Promise<Verdict> {
  const startedAtMs = performance.now();
  const mutant = index === undefined ? undefined : MUTANTS[index];
  const brain = await loadMutated(mutant);
  const worlds = [mutant?.world ?? 0, ...SETTINGS.keys()].filter((world, at, all) => all.indexOf(world) === at);
  const caught = noticed(brain, worlds, mutant?.faults ?? 1);
  return { name: mutant?.name ?? 'no mistake', ...caught, seconds: (performance.now() - startedAtMs) / 1_000 };
}

function noticed(brain: Brain, worlds: readonly number[], faultsMax: number): Pick<Verdict, 'caughtBy' | 'violation'> {
  for (const world of worlds) {
    const setting = SETTINGS[world];
    if (setting === undefined) continue;
    const searched = search({ setting, brain, faultsMax });
    if (searched.found !== undefined) return { caughtBy: 'search', violation: searched.found.violation.message };
    for (const ending of Object.keys(ENDINGS) as Ending[]) {
      const { stuck } = live(searched, ending);
      if (stuck !== undefined) return { caughtBy: 'liveness', violation: stuck.violation.message };
    }
  }
  const { failure } = runSeeds(SEEDS, brain);
  return failure === undefined ? {} : { caughtBy: 'seeds', violation: failure.message };
}

parentPort?.postMessage(await judgeMutant((workerData as { index?: number }).index));
