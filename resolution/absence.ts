/**
 * NOT_CREATED: a trade that Alipay has never had.
 *
 * N1 The query has denied it twice, minutes apart, both times asked after the pay deadline plus the margin (E3 in `evidence.ts`).
 * N2 A second interface says the same, asked after that: the refund query's own "no such trade". Its 10000 without a refund speaks of a trade
 *    that exists, and is no denial. Nor is the denial of an earlier cancel: the trade may have been created since.
 * N3 Never against the word of the service that its pay call was answered as paid: a person looks, with both sides named.
 */
import type { FailedCall, RefundQueryAnswer } from '../contract/answers.ts';
import { OperatorReason, Outcome } from '../contract/resolution.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { keepWatching } from './asking.ts';
import { absenceConfirmMs } from './evidence.ts';
import { detailOf, FAILED_CALLS } from './failed-calls.ts';
import { roomAtMs } from './pace.ts';
import { park } from './park.ts';
import { payAnswerMismatch } from './pay-answer.ts';
import { proven } from './proven.ts';
import type { Memory, ParkedPhase, PhaseState, State } from './state.ts';

type Watching = Extract<PhaseState, { kind: 'watching' }>;

/** As long as a silence lasts before a person is told (`silence.ts`): here one interface answers, and the other does not. */
const CROSS_CHECK_MS = 8 * 60_000;

/** N1. One that is parked because the two interfaces disagree stays so while they are asked again. */
export function afterDenials(memory: Memory, phase: PhaseState, nowMs: number): State {
  if (memory.callerSaysPaid) return park(memory, payAnswerMismatch(memory), nowMs);
  // The query may have been a wished-for one, which needs no room; what follows it does.
  const hasRoom = nowMs >= roomAtMs(memory, 1);
  if (isAbsenceUnproven(phase)) {
    return hasRoom ? { memory, phase: { ...phase, step: { kind: 'queryRefund' } } } : park(memory, phase, nowMs);
  }
  const watching: Watching = {
    kind: 'watching',
    step: { kind: 'queryRefund' },
    asked: phase.kind === 'watching' ? Math.max(phase.asked, 1) : 1,
  };
  return hasRoom ? { memory, phase: watching } : keepWatching(memory, watching, 1, nowMs);
}

/** N2 */
export function afterCrossCheck(
  memory: Memory,
  phase: Watching | ParkedPhase,
  answer: RefundQueryAnswer,
  nowMs: number,
): State {
  if (memory.callerSaysPaid) return park(memory, payAnswerMismatch(memory), nowMs);
  switch (answer.kind) {
    case 'tradeNotExist':
      return proven(memory, Outcome.NOT_CREATED, EVIDENCE, nowMs);
    case 'refund':
      if (answer.found !== 'nothing') {
        return unproven(memory, 'the query says TRADE_NOT_EXIST, the refund query shows a refund', nowMs);
      }
      return unproven(memory, 'the query says TRADE_NOT_EXIST, the refund query does not', nowMs);
    case 'failed':
      if (FAILED_CALLS[answer.failure].mayAnswerLater) return crossCheckLater(memory, phase, answer, nowMs);
      return park(memory, { reason: reasonOf(answer.failure), detail: `refund query: ${detailOf(answer)}` }, nowMs);
  }
}

function crossCheckLater(memory: Memory, phase: Watching | ParkedPhase, answer: FailedCall, nowMs: number): State {
  const toldAtMs = (memory.provenAbsenceAtMs ?? nowMs) + absenceConfirmMs(memory) + CROSS_CHECK_MS;
  return phase.kind === 'watching' && nowMs < toldAtMs
    ? keepWatching(memory, phase, 1, nowMs)
    : unproven(memory, `the query says TRADE_NOT_EXIST, the refund query does not answer: ${detailOf(answer)}`, nowMs);
}

export function isAbsenceUnproven(phase: PhaseState): phase is ParkedPhase {
  return phase.kind === 'needs-operator' && phase.reason === OperatorReason.absenceUnproven;
}

const EVIDENCE =
  'the query, twice, and the refund query know no such trade, asked after its pay deadline plus the margin';

function unproven(memory: Memory, detail: string, nowMs: number): State {
  return park(memory, { reason: OperatorReason.absenceUnproven, detail }, nowMs);
}

function reasonOf(failure: FailureClass): OperatorReason {
  return failure === FailureClass.configuration ? OperatorReason.configuration : OperatorReason.queryRefused;
}
