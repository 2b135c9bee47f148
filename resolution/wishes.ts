/** What services and operators may want of a running resolution, and what each wish does in each phase. */
import { DecidedBy, Outcome, PayAnswer, type ManualDecision } from '../contract/resolution.ts';
import { startQuerying } from './asking.ts';
import { assertInvariant } from './invariant.ts';
import { meanwhileOf } from './operator-reasons.ts';
import { whyNotCancelNow, whyNotDecideManually } from './manual-decision.ts';
import type { Memory, PhaseState, State } from './state.ts';

/** Someone wants a look now. Where a query is under way already, a fresh one takes its place. */
export function lookNow(state: State): State {
  // A refund query earlier than its time would say "no refund" of one that was made: these waits are never cut short.
  const { kind } = state.phase;
  if (kind === 'closing' || kind === 'refunding') return state;
  const { memory, phase } = waitIsOver(state);
  const looking: PhaseState = phase.kind === 'needs-operator' ? { ...phase, told: false } : phase;
  return { memory: { ...memory, lookWanted: true }, phase: looking };
}

export function waitIsOver({ memory, phase }: State): State {
  return { memory, phase: lookingPhase(memory, phase) };
}

function lookingPhase(memory: Memory, phase: PhaseState): PhaseState {
  switch (phase.kind) {
    case 'guarding':
      return { ...phase, step: 'query' };
    case 'querying':
      return { ...phase, step: { kind: 'query' } };
    case 'watching':
      return phase.step.kind === 'wait' ? { ...phase, step: { kind: 'query' } } : phase;
    case 'cancelling':
      return phase.step.kind === 'wait' ? { ...phase, step: { kind: 'query', then: 'cancel' } } : phase;
    case 'closing':
      return { ...phase, step: { kind: 'queryRefund' } };
    case 'refunding':
      return phase.step.kind === 'wait' ? { ...phase, step: { kind: phase.step.then } } : phase;
    case 'needs-operator':
      if (phase.step.kind !== 'wait') return phase;
      return {
        ...phase,
        step: { kind: meanwhileOf(memory, phase.reason) === 'queryRefund' ? 'queryRefund' : 'query' },
      };
    case 'handed-over':
    case 'done':
      return phase;
  }
}

/**
 * The pay call was answered. While it is guarded, paid ends it at once, on the word of the service, which holds a signed answer; all else
 * begins the resolution. Later than the guard the query decides, not the word; but no first cancel is sent against it, not even one that was
 * just decided on.
 */
export function afterPay(state: State, answer: PayAnswer, nowMs: number): State {
  const { phase } = state;
  if (phase.kind !== 'guarding' || nowMs >= phase.untilMs) {
    const callerSaysPaid = state.memory.callerSaysPaid || answer === PayAnswer.paid;
    const memory = { ...state.memory, callerSaysPaid };
    return isAboutToCancelFirst(state) && callerSaysPaid
      ? { memory, phase: { kind: 'querying', untilMs: nowMs, step: { kind: 'query' }, asked: 0 } }
      : lookNow({ ...state, memory });
  }
  switch (answer) {
    case PayAnswer.paid:
      return {
        ...state,
        phase: {
          kind: 'done',
          outcome: Outcome.PAID,
          decidedBy: DecidedBy.caller,
          evidence: 'the service reports that its guarded pay call was answered as paid',
          atMs: nowMs,
        },
      };
    case PayAnswer.uncertain:
      return startQuerying(state.memory, nowMs);
    case PayAnswer.refused:
      return hurry(state, nowMs);
  }
}

function isAboutToCancelFirst({ memory, phase }: State): boolean {
  return phase.kind === 'cancelling' && phase.step.kind === 'cancel' && !memory.cancelMayHaveReached;
}

/** One more query at once; the cancel follows if that is inconclusive. A trade that turns out paid IS paid. */
export function hurry(state: State, nowMs: number): State {
  const { phase } = state;
  const memory = { ...state.memory, hurried: true, lookWanted: true };
  switch (phase.kind) {
    case 'guarding':
    case 'querying':
      return {
        memory,
        phase: { kind: 'querying', untilMs: Math.min(phase.untilMs, nowMs), step: { kind: 'query' }, asked: 0 },
      };
    case 'needs-operator':
      if (whyNotCancelNow(state) !== undefined) return { ...state, memory: { ...state.memory, hurried: true } };
      return { memory, phase: { kind: 'cancelling', step: { kind: 'query', then: 'cancel' } } };
    case 'cancelling':
    case 'watching':
    case 'closing':
    case 'refunding':
    case 'handed-over':
    case 'done':
      return state;
  }
}

/** One fresh query first; `manual-check.ts` has what its answer decides. */
export function checkDecision(state: State, manualDecision: ManualDecision, nowMs: number): State {
  const { memory, phase } = state;
  assertInvariant(
    whyNotDecideManually(state, manualDecision, nowMs) === undefined,
    'A manual decision is taken only where it is allowed',
  );
  assertInvariant(phase.kind === 'needs-operator', 'Only a parked trade is decided by a person');
  return {
    memory: { ...memory, lookWanted: true },
    phase: { ...phase, step: { kind: 'checkDecision', manualDecision } },
  };
}
