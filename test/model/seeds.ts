/** A share of the random runs, by fast-check: it reports a failing run with the shortest length that fails. */
import fc from 'fast-check';
import type { Rules } from './shell.ts';
import { walk, type Walk } from './walk.ts';

export interface SeedsShare {
  readonly seed: number;
  readonly runs: number;
}

export interface SeedsRun {
  readonly runs: number;
  readonly steps: number;
  readonly faults: number;
  readonly mostFaults: number;
  readonly ends: { readonly [end: string]: number };
  /** The run that broke an invariant, as short as it still does. */
  readonly failure?: Walk & { readonly message: string };
}

const LENGTH_MAX = 120;

export function runSeeds({ seed, runs }: SeedsShare, rules: Rules): SeedsRun {
  const ends: { [end: string]: number } = {};
  let done = 0;
  let steps = 0;
  let faults = 0;
  let mostFaults = 0;
  const walks = fc.tuple(fc.integer(), fc.integer({ min: 1, max: LENGTH_MAX }));
  const property = fc.property(walks, ([walkSeed, length]) => {
    const walked = walk({ seed: walkSeed, length }, rules);
    done++;
    steps += walked.steps;
    faults += walked.faults;
    mostFaults = Math.max(mostFaults, walked.faults);
    const phase = walked.end.state?.phase;
    const end = phase?.kind === 'done' ? phase.outcome : (phase?.kind ?? 'not begun');
    ends[end] = (ends[end] ?? 0) + 1;
    if (walked.violation !== undefined) throw walked.violation;
  });
  const { failed, counterexample, errorInstance } = fc.check(property, { seed, numRuns: runs });
  const [found] = counterexample ?? [];
  return {
    runs: done,
    steps,
    faults,
    mostFaults,
    ends,
    ...(failed &&
      found !== undefined && { failure: { seed: found[0], length: found[1], message: String(errorInstance) } }),
  };
}
