/** What services and operators may want of a running resolution, and what each wish does in each phase. */
import { DecidedBy, Outcome, PayAnswer, type Settlement } from '../contract/resolution.ts';
import { hold } from './invariant.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import { startQuerying } from './querying.ts';
import { beginRefund } from './refunding.ts';
import { settleRefusal } from './settle.ts';
import type { PhaseState, State } from './state.ts';

/** Someone wants a look now. Where a query is under way already, a fresh one takes its place. */
export function lookNow(state: State): State {
  // A refund query earlier than its time would say "no refund" of one that was made: these waits are never cut short.
  const { kind } = state.phase;
  return kind === 'closing' || kind === 'refunding' ? state : waitIsOver(state);
}

export function waitIsOver(state: State): State {
  return { ...state, phase: lookingPhase(state.phase) };
}

function lookingPhase(phase: PhaseState): PhaseState {
  switch (phase.kind) {
    case 'guarding':
      return { ...phase, step: 'look' };
    case 'cancelling':
      return phase.step.kind === 'backOff' ? { ...phase, step: { kind: 'recheck' } } : phase;
    case 'closing':
      return { ...phase, step: { kind: 'ask' } };
    case 'refunding':
      return phase.step.kind === 'backOff' ? { ...phase, step: { kind: phase.step.then } } : phase;
    case 'needs-operator':
      if (phase.step.kind !== 'wait') return phase;
      return {
        ...phase,
        step: { kind: OPERATOR_REASONS[phase.reason].meanwhile === 'askRefund' ? 'askRefund' : 'query' },
      };
    case 'querying':
    case 'watching':
    case 'handed-over':
    case 'done':
      return phase;
  }
}

/**
 * The guarded pay call was answered. Paid ends it at once, on the word of the service, which holds a signed answer; all else
 * begins the resolution. Later than the guard the query decides, not the word.
 */
export function afterPay(state: State, answer: PayAnswer, nowMs: number): State {
  if (state.phase.kind !== 'guarding') {
    const callerSaysPaid = state.memory.callerSaysPaid || answer === PayAnswer.paid;
    return lookNow({ ...state, memory: { ...state.memory, callerSaysPaid } });
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

/** One more query at once; the cancel follows if that is inconclusive. A trade that turns out paid IS paid. */
export function hurry(state: State, nowMs: number): State {
  const { phase } = state;
  const memory = { ...state.memory, hurried: true };
  switch (phase.kind) {
    case 'guarding':
    case 'querying':
      return { memory, phase: { kind: 'querying', untilMs: Math.min(phase.untilMs, nowMs) } };
    case 'needs-operator':
      if (!OPERATOR_REASONS[phase.reason].cancelAllowed) return { ...state, memory };
      return { memory, phase: { kind: 'cancelling', step: { kind: 'recheck' }, round: 0 } };
    case 'cancelling':
    case 'watching':
    case 'closing':
    case 'refunding':
    case 'handed-over':
    case 'done':
      return state;
  }
}

export function settle(state: State, settlement: Settlement, nowMs: number): State {
  hold(settleRefusal(state, settlement, nowMs) === undefined, 'A settlement is applied only where it is allowed');
  if ('refund' in settlement) return beginRefund({ ...state.memory, refundOrder: settlement }, nowMs);
  return {
    ...state,
    phase: {
      kind: 'done',
      outcome: settlement.outcome,
      decidedBy: DecidedBy.operator,
      evidence: `${settlement.who} decided: ${settlement.why}`,
      atMs: nowMs,
      settlement,
    },
  };
}
