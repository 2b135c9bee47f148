/** What a parked trade does with an answer that decides nothing. */
import { OperatorReason } from '../contract/resolution.ts';
import { keepQuerying, keepWatching, startQuerying, startWatching } from './asking.ts';
import { cancelOrPark, cancelWindowEndMs } from './cancelling.ts';
import type { Inconclusive } from './evidence.ts';
import { meanwhileOf, OPERATOR_REASONS } from './operator-reasons.ts';
import { roomAtMs } from './pace.ts';
import { park } from './park.ts';
import { payAnswerMismatch } from './pay-answer.ts';
import { beginRefund } from './refunding.ts';
import type { Memory, ParkedPhase, ParkReason, State } from './state.ts';

export function stillParked(memory: Memory, phase: ParkedPhase, verdict: Inconclusive, nowMs: number): State {
  if (heals(phase.reason, verdict)) return goOn(memory, verdict, nowMs);
  switch (meanwhileOf(memory, phase.reason)) {
    case 'cancel':
      return repeatCancel(memory, phase, verdict, nowMs);
    case 'queryRefund':
    case 'query':
      return park(memory, refreshed(memory, phase), nowMs);
  }
}

/** Nothing here is a first cancel: whether one may be sent stands in `cancelOrPark`. */
function repeatCancel(memory: Memory, phase: ParkedPhase, verdict: Inconclusive, nowMs: number): State {
  if (!memory.cancelMayHaveReached || nowMs >= cancelWindowEndMs(memory)) return cancelOrPark(memory, verdict, nowMs);
  if (nowMs < roomAtMs(memory, 1)) return park(memory, phase, nowMs);
  return { memory, phase: { ...phase, step: { kind: 'cancel' } } };
}

/** Whether the machine can go on with this answer. */
function heals(reason: OperatorReason, verdict: Inconclusive): boolean {
  switch (verdict.kind) {
    case 'noInformation':
      return false;
    case 'notYet':
      return OPERATOR_REASONS[reason].endsWithAnAnswer;
    case 'unpaid':
    case 'paid':
      return OPERATOR_REASONS[reason].endsWithAnAnswer || OPERATOR_REASONS[reason].endsWithASighting;
  }
}

function goOn(memory: Memory, verdict: Inconclusive, nowMs: number): State {
  if (memory.refundBegun || memory.refundMayHaveReached) return beginRefund(memory, nowMs);
  if (verdict.kind === 'notYet' && memory.cancelDenied) return askedJustNow(startWatching(memory), nowMs);
  const cancelling = memory.cancelMayHaveReached || memory.hurried || memory.cancellingSinceMs !== undefined;
  return cancelling ? cancelOrPark(memory, verdict, nowMs) : askedJustNow(startQuerying(memory, nowMs), nowMs);
}

/** The answer that healed it was the first question of the phase. */
function askedJustNow({ memory, phase }: State, nowMs: number): State {
  if (phase.kind === 'querying') return keepQuerying(memory, phase, 1, nowMs);
  return phase.kind === 'watching' ? keepWatching(memory, phase, 1, nowMs) : { memory, phase };
}

/** Both sides as they are now. */
function refreshed(memory: Memory, phase: ParkedPhase): ParkReason {
  return phase.reason === OperatorReason.payAnswerMismatch ? payAnswerMismatch(memory) : phase;
}
