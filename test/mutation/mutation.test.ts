/** The checks bite: every deliberate mistake of `mutants.ts` is noticed by the search, its liveness or the random runs. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { before, describe, it } from 'mocha';
import { runSeeds } from '../model/seeds.ts';
import { walk } from '../model/walk.ts';
import type { Verdict } from './judge-mutant.ts';
import { loadMutated } from './mutated-rules.ts';
import { MUTANTS } from './mutants.ts';

const THREADS_MAX = 4;

describe('a deliberate mistake in the rules', function () {
  this.timeout(60 * 60_000);
  const verdicts = new Map<number | undefined, Verdict>();

  before(async () => {
    const waiting: (number | undefined)[] = [undefined, ...MUTANTS.keys()];
    const thread = async (): Promise<void> => {
      while (waiting.length > 0) {
        const index = waiting.shift();
        verdicts.set(index, await inThread(index));
      }
    };
    await Promise.all(Array.from({ length: Math.min(THREADS_MAX, availableParallelism()) }, thread));
    console.log([...verdicts.values()].map(line).join('\n'));
  });

  it('is found by nothing where there is none', () => {
    assert.equal(verdicts.get(undefined)?.caughtBy, undefined);
  });

  for (const [index, { name }] of MUTANTS.entries()) {
    it(`is noticed: ${name}`, () => {
      assert.notEqual(verdicts.get(index)?.caughtBy, undefined);
    });
  }
});

describe('a random run that breaks an invariant', function () {
  this.timeout(60_000);

  it('is told again by its seed and length', async () => {
    const mutant = MUTANTS.find(({ file }) => file === 'evidence.js');
    const rules = await loadMutated(mutant);
    const { failure } = runSeeds({ seed: 1, runs: 20_000 }, rules);
    assert.ok(failure !== undefined);
    assert.equal(failure.message, String(walk(failure, rules).violation));
  });
});

async function inThread(index: number | undefined): Promise<Verdict> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('judge-mutant.js', import.meta.url), { workerData: { index } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function line({ name, caughtBy, violation = '', seconds }: Verdict): string {
  return `${(caughtBy ?? 'NOTHING').padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${name}: ${violation}`;
}
