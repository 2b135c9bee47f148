/**
 * A paid trade that cannot be cancelled any more is refunded in full, on an operator's order or where the start said so.
 *
 * R1 Only right after a query that says paid, and never while a cancel of ours may still land: money goes back once.
 * R2 The number (`out_request_no`) is the trade's own outTradeNo, for good: Alipay executes it once.
 * R3 Success is `fund_change=Y`, or REFUND_SUCCESS from the refund query, asked at least 10 s after the refund (field
 *    docs of both). 10000 alone only says that the request was accepted.
 * R4 Two refunds of one trade stand at least 3 s apart (Alipay's access notes); the 10 s of R3 keep that.
 */
import type { RefundCallReport } from '../contract/activities.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { OperatorReason, Outcome } from '../contract/resolution.ts';
import type { RefundAnswer, RefundCallAnswer } from '../contract/answers.ts';
import type { Inconclusive } from './evidence.ts';
import { detailOf, FAILED_CALLS } from './failed-calls.ts';
import { hold } from './invariant.ts';
import { ECHO_MS } from './memory.ts';
import { proven } from './proven.ts';
import type { Memory, State } from './state.ts';

export const REFUND_SETTLES_MS = 10_000;
const ROUNDS_BEFORE_A_PERSON = 6;

type Refunding = Extract<State['phase'], { kind: 'refunding' }>;

/** R1: begins with a query, and not before a cancel that is still out can no longer land. */
export function beginRefund(before: Memory, nowMs: number): State {
  const memory = { ...before, refundBegun: true };
  const { cancelMayLandUntilMs = 0 } = memory;
  const step =
    nowMs >= cancelMayLandUntilMs
      ? ({ kind: 'check' } as const)
      : ({ kind: 'backOff', untilMs: cancelMayLandUntilMs, then: 'check' } as const);
  return { memory, phase: { kind: 'refunding', step, round: 1 } };
}

/** The query before the refund did not say that the trade is closed. */
export function afterCheck(memory: Memory, phase: Refunding, verdict: Inconclusive, nowMs: number): State {
  hold(phase.step.kind === 'check', 'A query is asked only before a refund');
  if (verdict.kind === 'paid') return { memory, phase: { ...phase, step: { kind: 'refund' } } };
  if (verdict.kind === 'unpaid') return refused(memory, 'Alipay says WAIT_BUYER_PAY: there is nothing to refund');
  return again(memory, phase, 'check', 'no query shows the trade paid', nowMs);
}

export function afterRefund({ memory: before, phase }: State, { answer }: RefundCallReport, nowMs: number): State {
  hold(phase.kind === 'refunding' && phase.step.kind === 'refund', 'A refund is answered only where one was sent');
  const memory = {
    ...before,
    refundMayHaveReached: before.refundMayHaveReached || mayHaveMoved(answer),
    refundMayLandUntilMs: nowMs + ECHO_MS,
  };
  if (answer.kind === 'answered') {
    return answer.fundChange
      ? proven(memory, Outcome.REFUNDED, 'the refund answered fund_change=Y', nowMs)
      : again(memory, phase, 'ask', 'the refund answered fund_change=N', nowMs);
  }
  switch (answer.failure) {
    case FailureClass.notSent:
    case FailureClass.limited:
      return again(memory, phase, 'check', answer.detail, nowMs);
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
      return again(memory, phase, 'ask', answer.detail, nowMs);
    case FailureClass.rejected:
    case FailureClass.configuration:
    case FailureClass.business:
      return refused(memory, detailOf(answer));
  }
}

export function afterRefundAsked(memory: Memory, phase: Refunding, answer: RefundAnswer, nowMs: number): State {
  switch (answer.kind) {
    case 'refund':
      return answer.refunded
        ? proven(memory, Outcome.REFUNDED, 'the refund query says REFUND_SUCCESS', nowMs)
        : again(memory, phase, 'check', 'the refund query knows no refund', nowMs);
    case 'tradeNotExist':
      return again(memory, phase, 'ask', 'the refund query says TRADE_NOT_EXIST', nowMs);
    case 'failed':
      return again(memory, phase, 'ask', answer.detail, nowMs);
  }
}

/** All but a refusal and a call that never left. */
function mayHaveMoved(answer: RefundCallAnswer): boolean {
  return answer.kind === 'answered' || FAILED_CALLS[answer.failure].mayHaveBeenExecuted;
}

function again(memory: Memory, phase: Refunding, then: 'check' | 'ask', why: string, nowMs: number): State {
  if (phase.round >= ROUNDS_BEFORE_A_PERSON) return refused(memory, why);
  const untilMs = nowMs + REFUND_SETTLES_MS;
  return { memory, phase: { kind: 'refunding', step: { kind: 'backOff', untilMs, then }, round: phase.round + 1 } };
}

function refused(memory: Memory, detail: string): State {
  return {
    memory,
    phase: { kind: 'needs-operator', reason: OperatorReason.refundRefused, detail, step: { kind: 'query' } },
  };
}
