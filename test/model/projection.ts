/** A state of the rules without what it never decides by, its instants on the grid. */
import { FailureClass } from '../../contract/failure-class.ts';
import { OperatorReason } from '../../contract/resolution.ts';
import type { Memory, PhaseState, State } from '../../resolution/index.ts';
import { meanwhileOf, OPERATOR_REASONS } from '../../resolution/operator-reasons.ts';
import type { Grid } from './grid.ts';

export function canonicalState({ memory, phase }: State, grid: Grid): State {
  if (phase.kind === 'done') {
    const { outcome, decidedBy } = phase;
    return { memory: NOTHING_MORE, phase: { kind: 'done', outcome, decidedBy, evidence: '', atMs: 0 } };
  }
  return { memory: canonicalMemory(memory, phase, grid), phase: canonicalPhase(phase, grid) };
}

/** After the end only the outcome counts. */
const NOTHING_MORE = {} as Memory;

/** Nothing else reads it before the next query is answered; the first answer of a phase that asks is told whatever it is. */
export function keepsLastAnswer(memory: Memory, phase: PhaseState): boolean {
  switch (phase.kind) {
    case 'querying':
    case 'watching':
      return phase.asked > 0;
    case 'needs-operator':
      return meanwhileOf(memory, phase.reason) === 'query' && phase.told;
    case 'refunding':
      return true;
    case 'guarding':
    case 'cancelling':
    case 'closing':
    case 'handed-over':
    case 'done':
      return false;
  }
}

/** Everywhere else the clock of the silence starts anew before it is looked at. */
const KEEPS_SILENCE: ReadonlySet<PhaseState['kind']> = new Set(['cancelling', 'watching', 'closing', 'refunding']);

function isBuyersTime({ kind }: PhaseState): boolean {
  return kind === 'guarding' || kind === 'querying';
}

function canonicalMemory(memory: Memory, phase: PhaseState, grid: Grid): Memory {
  const {
    lastAnswer,
    tradeStatusAtMs: _,
    lookWanted: __,
    limitedUntilMs: ___,
    provenAbsenceAtMs,
    cancelMayLandUntilMs,
    refundMayLandUntilMs,
    cancellingSinceMs,
    signed,
    ...rest
  } = memory;
  const cancelSent = memory.cancelMayHaveReached;
  const fields: Partial<Memory> = {
    ...rest,
    polls: 0,
    pacedAtMs: 0,
    lookWanted: false,
    cancelCount: 0,
    cancels: [],
    actions: memory.actions.toSorted(),
    unverified: memory.unverified && !cancelSent,
    hurried: memory.hurried && (isBuyersTime(phase) || !(cancelSent || cancellingSinceMs !== undefined)),
    callerSaysPaid: memory.callerSaysPaid && !(cancelSent && memory.seen && (memory.everPaid || memory.maybePaid)),
    cancelDenied: memory.cancelDenied && !memory.seen,
    maybePaid: memory.maybePaid && !memory.everPaid,
    silentSinceMs: KEEPS_SILENCE.has(phase.kind) ? grid.since(memory.silentSinceMs) : 0,
    ...(cancellingSinceMs !== undefined && { cancellingSinceMs: grid.since(cancellingSinceMs) }),
    ...(lastAnswer !== undefined && keepsLastAnswer(memory, phase) && { lastAnswer: known(lastAnswer) }),
    ...(signed !== undefined && { signed: { says: signed.says, atMs: 0 } }),
    ...(provenAbsenceAtMs !== undefined && !memory.seen && { provenAbsenceAtMs: grid.past(provenAbsenceAtMs) }),
    ...(isAhead(cancelMayLandUntilMs, grid) && { cancelMayLandUntilMs: grid.timer(cancelMayLandUntilMs) }),
    ...(isAhead(refundMayLandUntilMs, grid) && { refundMayLandUntilMs: grid.timer(refundMayLandUntilMs) }),
  };
  // One order of the fields, so that equal memories have one text.
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1))) as unknown as Memory;
}

/** A poll goes on while the answer is the one read last. Of failures one is like another: they tell nothing of the trade. */
function known(lastAnswer: NonNullable<Memory['lastAnswer']>): NonNullable<Memory['lastAnswer']> {
  if (Object.hasOwn(FailureClass, lastAnswer.word)) return FAILED_LAST;
  const { atMs: _, detail: __, ...rest } = lastAnswer;
  return { ...rest, atMs: 0 };
}

const FAILED_LAST = { atMs: 0, word: FailureClass.unknown } as const;

function isAhead(atMs: number | undefined, grid: Grid): atMs is number {
  return atMs !== undefined && atMs > grid.nowMs;
}

function canonicalPhase(phase: PhaseState, grid: Grid): PhaseState {
  switch (phase.kind) {
    case 'guarding':
      return { ...phase, untilMs: grid.timer(phase.untilMs) };
    case 'querying':
      return {
        ...phase,
        untilMs: grid.timer(phase.untilMs),
        step: canonicalStep(phase.step, grid),
        asked: Math.min(phase.asked, 1),
      };
    case 'watching':
      return { ...phase, step: canonicalStep(phase.step, grid), asked: Math.min(phase.asked, 1) };
    case 'cancelling': {
      const { step } = phase;
      if (step.kind === 'wait') return { ...phase, step: { ...step, untilMs: grid.timer(step.untilMs) } };
      if (step.kind !== 'query' || step.then !== 'park') return phase;
      return { ...phase, step: { ...step, refusal: { ...step.refusal, detail: '' } } };
    }
    case 'closing':
    case 'refunding': {
      const { step } = phase;
      if (step.kind !== 'wait') return phase;
      return { ...phase, step: { ...step, untilMs: grid.timer(step.untilMs) } } as PhaseState;
    }
    case 'needs-operator': {
      const { step } = phase;
      return {
        ...phase,
        detail: '',
        told: phase.told && (asks(phase.reason) || phase.reason === OperatorReason.noReadableAnswer),
        step: step.kind === 'wait' ? { kind: 'wait', untilMs: grid.timer(step.untilMs) } : step,
      };
    }
    case 'handed-over':
    case 'done':
      return phase;
  }
}

function canonicalStep<S extends { readonly kind: string; readonly untilMs?: number }>(step: S, grid: Grid): S {
  return step.untilMs === undefined ? step : { ...step, untilMs: grid.timer(step.untilMs) };
}

function asks(reason: OperatorReason): boolean {
  return OPERATOR_REASONS[reason].meanwhile === 'query';
}
