/** A state of the brain without what it never decides by, its instants on the grid. */
import { FailureClass } from '../../contract/failure-class.ts';
import type { Memory, PhaseState, State } from '../../resolution/index.ts';
import type { Grid } from './grid.ts';

export function canonicalState({ memory, phase }: State, grid: Grid): State {
  if (phase.kind === 'done') {
    const { outcome, decidedBy } = phase;
    return { memory: NOTHING_MORE, phase: { kind: 'done', outcome, decidedBy, evidence: '', atMs: 0 } };
  }
  return { memory: canonicalMemory(memory, grid), phase: canonicalPhase(phase, grid) };
}

/** After the end only the outcome counts. */
const NOTHING_MORE = {} as Memory;

function canonicalMemory(memory: Memory, grid: Grid): Memory {
  const {
    lastAnswer,
    tradeStatusAtMs: _,
    provenAbsenceAtMs,
    cancelMayLandUntilMs,
    refundMayLandUntilMs,
    ...rest
  } = memory;
  const fields: Partial<Memory> = {
    ...rest,
    polls: 0,
    cancelCount: 0,
    cancels: [],
    actions: memory.actions.toSorted(),
    ...(!memory.cancelMayHaveReached && cannotBeRead(lastAnswer?.word) && { lastAnswer: CANNOT_BE_READ }),
    ...(provenAbsenceAtMs !== undefined && { provenAbsenceAtMs: grid.past(provenAbsenceAtMs) }),
    ...(isAhead(cancelMayLandUntilMs, grid) && { cancelMayLandUntilMs: grid.timer(cancelMayLandUntilMs) }),
    ...(isAhead(refundMayLandUntilMs, grid) && { refundMayLandUntilMs: grid.timer(refundMayLandUntilMs) }),
  };
  // One order of the fields, so that equal memories have one text.
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1))) as unknown as Memory;
}

const CANNOT_BE_READ = { atMs: 0, word: FailureClass.forged } as const;

/** The only thing that is decided by the last answer alone, and only before the first cancel. */
function cannotBeRead(word: NonNullable<Memory['lastAnswer']>['word'] | undefined): boolean {
  return word === FailureClass.forged || word === FailureClass.notOurs;
}

function isAhead(atMs: number | undefined, grid: Grid): atMs is number {
  return atMs !== undefined && atMs > grid.nowMs;
}

function canonicalPhase(phase: PhaseState, grid: Grid): PhaseState {
  switch (phase.kind) {
    case 'guarding':
    case 'querying':
      return { ...phase, untilMs: grid.timer(phase.untilMs) };
    case 'cancelling': {
      const { step } = phase;
      if (step.kind === 'backOff') return { ...phase, step: { ...step, untilMs: grid.timer(step.untilMs) }, round: 1 };
      if (step.kind !== 'confirm' || step.refusal === undefined) return { ...phase, round: 1 };
      return { ...phase, step: { ...step, refusal: { ...step.refusal, detail: '' } }, round: 1 };
    }
    case 'closing':
    case 'refunding': {
      const { step } = phase;
      if (step.kind !== 'backOff') return phase;
      return { ...phase, step: { ...step, untilMs: grid.timer(step.untilMs) } } as PhaseState;
    }
    case 'needs-operator': {
      const { step } = phase;
      return {
        ...phase,
        detail: '',
        step: step.kind === 'wait' ? { kind: 'wait', untilMs: grid.timer(step.untilMs) } : step,
      };
    }
    case 'watching':
    case 'handed-over':
    case 'done':
      return phase;
  }
}
