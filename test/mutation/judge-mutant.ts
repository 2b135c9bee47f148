/** Looks for a violation in mutated rules, in a thread of its own: first where it is expected, then everywhere. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Ending, ENDINGS, live } from '../model/liveness.ts';
import { search } from '../model/search.ts';
import { runSeeds } from '../model/seeds.ts';
import { SETTINGS } from '../model/settings.ts';
import type { Rules } from '../model/shell.ts';
import { loadMutated } from './mutated-rules.ts';
import { MUTANTS } from './mutants.ts';

export interface Verdict {
  readonly name: string;
  /** What noticed it; `undefined`: nothing did. */
  readonly caughtBy?: 'search' | 'liveness' | 'seeds';
  readonly violation?: string;
  readonly seconds: number;
}

const SEEDS = { seed: 1, runs: 20_000 } as const;

/** `undefined` stands for the rules without a mistake. */
async function judgeMutant(index: number | undefined): Promise<Verdict> {
  const startedAtMs = performance.now();
  const mutant = index === undefined ? undefined : MUTANTS[index];
  const rules = await loadMutated(mutant);
  const worlds = [mutant?.world ?? 0, ...SETTINGS.keys()].filter((world, at, all) => all.indexOf(world) === at);
  const caught = noticed(rules, worlds, mutant?.faults ?? 1);
  return { name: mutant?.name ?? 'no mistake', ...caught, seconds: (performance.now() - startedAtMs) / 1_000 };
}

function noticed(rules: Rules, worlds: readonly number[], faultsMax: number): Pick<Verdict, 'caughtBy' | 'violation'> {
  for (const world of worlds) {
    const setting = SETTINGS[world];
    if (setting === undefined) continue;
    const searched = search({ setting, rules, faultsMax });
    if (searched.found !== undefined) return { caughtBy: 'search', violation: searched.found.violation.message };
    for (const ending of Object.keys(ENDINGS) as Ending[]) {
      const { stuck } = live(searched, ending);
      if (stuck !== undefined) return { caughtBy: 'liveness', violation: stuck.violation.message };
    }
  }
  const { failure } = runSeeds(SEEDS, rules);
  return failure === undefined ? {} : { caughtBy: 'seeds', violation: failure.message };
}

parentPort?.postMessage(await judgeMutant((workerData as { index?: number }).index));
