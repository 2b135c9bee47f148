/**
 * The search leaves out what the rules record for people. Here the same things happen to a state with and without it, and
 * nothing may come out differently: then the search may leave it out.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FailureClass } from '../../contract/failure-class.ts';
import type { CancelRecord } from '../../contract/resolution.ts';
import * as resolution from '../../resolution/index.ts';
import type { PhaseState, State } from '../../resolution/index.ts';
import { MOVES, movesDuring } from './moves.ts';
import { keepsLastAnswer } from './projection.ts';
import { RandomNumber } from './random-number.ts';
import { search } from './search.ts';
import { SETTINGS } from './settings.ts';

const SEED = 20_261_124;
const STATES_TRIED = 20_000;

describe('what the search leaves out', function () {
  this.timeout(10 * 60_000);
  for (const setting of SETTINGS) {
    it(`never decides: ${setting.name}`, () => {
      const { table, canon } = search({ setting, rules: resolution, faultsMax: 1 });
      const random = new RandomNumber(SEED);
      let compared = 0;
      for (let tries = 0; tries < STATES_TRIED; tries++) {
        const world = canon.unpack(table.keyAt(random.below(table.size)));
        if (world.state === undefined || world.call.kind === 'over') continue;
        const recorded = { ...world, state: withRecords(world.state, random) };
        for (const index of movesDuring(world.call)) {
          const move = MOVES[index];
          if (move === undefined || !move.when(world)) continue;
          assert.equal(
            canon.pack(move.then(recorded, resolution)),
            canon.pack(move.then(world, resolution)),
            `${move.name} in phase ${world.state.phase.kind}`,
          );
          compared++;
        }
      }
      assert.ok(compared > STATES_TRIED);
    });
  }
});

/** The same state as a longer story would have left it. */
function withRecords({ memory, phase }: State, random: RandomNumber): State {
  const cancels = Array.from({ length: random.below(5) }, (_, at) => cancelRecord(at + 1));
  const words = { atMs: random.below(10_000), detail: 'some words' };
  const dropped = { lastAnswer: { word: FailureClass.unknown, ...words } };
  const { lastAnswer } = memory;
  const kept = lastAnswer === undefined ? {} : { lastAnswer: { ...lastAnswer, ...words } };
  return {
    memory: {
      ...memory,
      polls: random.below(1_000),
      cancelCount: random.below(1_000),
      cancels,
      ...(keepsLastAnswer(memory, phase) ? kept : dropped),
      lookWanted: random.below(2) === 1,
      tradeStatusAtMs: random.below(1_000_000),
    },
    phase: withWords(phase),
  };
}

function cancelRecord(attempt: number): CancelRecord {
  return { attempt, at: '2026-11-24T10:30:00.000Z', answer: 'answered', retryFlag: 'N', action: 'refund' };
}

function withWords(phase: PhaseState): PhaseState {
  switch (phase.kind) {
    case 'cancelling': {
      const { step } = phase;
      const worded =
        step.kind === 'query' && step.then === 'park'
          ? { ...step, refusal: { ...step.refusal, detail: 'other words' } }
          : step;
      return { ...phase, step: worded };
    }
    case 'needs-operator':
      return { ...phase, detail: 'other words' };
    case 'guarding':
    case 'querying':
    case 'watching':
    case 'closing':
    case 'refunding':
    case 'handed-over':
    case 'done':
      return phase;
  }
}
