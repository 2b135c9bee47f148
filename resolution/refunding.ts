/**
 * A paid trade that cannot be cancelled any more is refunded in full, on an operator's order or where the start said so.
 *
 * R1 Only right after a query that says paid, and never while a cancel of ours may still land: money goes back once.
 * R2 The number (`out_request_no`) is the trade's own outTradeNo, for good: Alipay executes it once.
 * R3 Success is `fund_change=Y`, or REFUND_SUCCESS from the refund query over the whole amount, asked at least 10 s after the refund (field
 *    docs of both). 10000 alone only says that the request was accepted; a smaller amount is somebody else's refund under our number.
 * R4 Two refunds of one trade stand at least 3 s apart (Alipay's access notes); the 10 s of R3 keep that.
 */
import type { RefundReport } from '../contract/activities.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { fenFromYuan, yuanFromFen } from '../contract/money.ts';
import { OperatorReason, Outcome } from '../contract/resolution.ts';
import type { RefundQueryAnswer, RefundAnswer } from '../contract/answers.ts';
import { ECHO_MS } from './cancel-memory.ts';
import type { Inconclusive } from './evidence.ts';
import { detailOf, FAILED_CALLS } from './failed-calls.ts';
import { assertInvariant } from './invariant.ts';
import { heard, said } from './memory.ts';
import { roomAtMs, spend } from './pace.ts';
import { parkedPhase } from './parked-phase.ts';
import { proven } from './proven.ts';
import { saidByRefusal } from './signed.ts';
import type { Memory, State } from './state.ts';

export const REFUND_SHOWS_AFTER_MS = 10_000;
/** With the waits below, and the calls between them, about ten minutes. */
const ROUNDS_BEFORE_A_PERSON = 12;
const WAIT_MS_MAX = 60_000;
/** A query, the refund, the refund query. */
const REFUND_ROUND = 3;

type Refunding = Extract<State['phase'], { kind: 'refunding' }>;

/** R1: begins with a query, and not before a cancel that is still out can no longer land. */
export function beginRefund(before: Memory, nowMs: number): State {
  const memory = { ...before, refundBegun: true };
  const untilMs = Math.max(memory.cancelMayLandUntilMs ?? 0, roomAtMs(memory, REFUND_ROUND));
  const step = nowMs >= untilMs ? ({ kind: 'query' } as const) : ({ kind: 'wait', untilMs, then: 'query' } as const);
  return { memory, phase: { kind: 'refunding', step, round: 1 } };
}

/** Why no refund can be put together; a trade shown at 0.00 yuan has nothing to refund. */
export function whyNothingToRefund({ outTradeNo, seenFen }: Memory): string | undefined {
  if (outTradeNo === undefined) return 'no signed answer has named the outTradeNo of this trade';
  return seenFen === undefined ? 'no signed answer has shown an amount that can be refunded' : undefined;
}

/** The query before the refund did not say that the trade is closed. */
export function afterCheck(memory: Memory, phase: Refunding, verdict: Inconclusive, nowMs: number): State {
  assertInvariant(phase.step.kind === 'query', 'A query is asked only before a refund');
  switch (verdict.kind) {
    case 'paid': {
      const whyNot = whyNothingToRefund(memory);
      return whyNot === undefined
        ? { memory, phase: { ...phase, step: { kind: 'refund' } } }
        : unproven(memory, whyNot, nowMs);
    }
    case 'unpaid':
      return unproven(memory, 'Alipay says WAIT_BUYER_PAY: there is nothing to refund', nowMs);
    case 'notYet':
    case 'noInformation':
      return again(memory, phase, 'query', 'no query shows the trade paid', nowMs);
  }
}

export function afterRefund({ memory: before, phase }: State, report: RefundReport, nowMs: number): State {
  assertInvariant(
    phase.kind === 'refunding' && phase.step.kind === 'refund',
    'A refund is answered only where one was sent',
  );
  const { answer, scheduledAtMs } = report;
  const memory = rememberRefund(before, answer, scheduledAtMs, nowMs);
  if (answer.kind === 'answered') {
    return answer.fundChange
      ? proven(memory, Outcome.REFUNDED, 'the refund answered fund_change=Y', nowMs)
      : again(memory, phase, 'queryRefund', 'the refund answered fund_change=N', nowMs);
  }
  switch (answer.failure) {
    case FailureClass.notSent:
    case FailureClass.limited:
      return again(memory, phase, 'query', answer.detail, nowMs);
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
      return again(memory, phase, 'queryRefund', answer.detail, nowMs);
    case FailureClass.rejected:
    case FailureClass.configuration:
    case FailureClass.business:
      return parked(memory, OperatorReason.refundRefused, detailOf(answer), nowMs);
  }
}

function rememberRefund(before: Memory, answer: RefundAnswer, scheduledAtMs: number, nowMs: number): Memory {
  const fundChange = answer.kind === 'answered' && answer.fundChange;
  const says = answer.kind === 'failed' ? saidByRefusal(answer) : fundChange ? 'refunded' : undefined;
  const memory = said(spend(before, 1, scheduledAtMs), says, scheduledAtMs);
  return {
    ...memory,
    ...heard(memory, answer, undefined, nowMs),
    refundMayHaveReached: memory.refundMayHaveReached || mayHaveMoved(answer),
    refundMayLandUntilMs: nowMs + ECHO_MS,
  };
}

export function afterRefundAsked(memory: Memory, phase: Refunding, answer: RefundQueryAnswer, nowMs: number): State {
  switch (answer.kind) {
    case 'refund':
      return afterRefundShown(memory, phase, answer, nowMs);
    case 'tradeNotExist':
      return again(memory, phase, 'queryRefund', 'the refund query says TRADE_NOT_EXIST', nowMs);
    case 'failed':
      return again(memory, phase, 'queryRefund', answer.detail, nowMs);
  }
}

/** R3 */
function afterRefundShown(
  memory: Memory,
  phase: Refunding,
  { found, refundAmount }: Extract<RefundQueryAnswer, { kind: 'refund' }>,
  nowMs: number,
): State {
  switch (found) {
    case 'done': {
      const fen = fenFromYuan(refundAmount);
      if (fen === undefined) {
        return again(memory, phase, 'query', 'the refund query says REFUND_SUCCESS without an amount', nowMs);
      }
      if (fen === memory.seenFen)
        return proven(memory, Outcome.REFUNDED, 'the refund query says REFUND_SUCCESS over the whole amount', nowMs);
      const whole = memory.seenFen === undefined ? 'an amount not known' : `${yuanFromFen(memory.seenFen)} yuan`;
      return unproven(
        memory,
        `under its number ${yuanFromFen(fen)} yuan of ${whole} were refunded, by somebody else`,
        nowMs,
      );
    }
    case 'notSaid':
      return again(
        memory,
        phase,
        'queryRefund',
        'the refund query shows a refund and does not say that it is done',
        nowMs,
      );
    case 'nothing':
      return again(memory, phase, 'query', 'the refund query knows no refund', nowMs);
  }
}

/** All but a refusal and a call that never left. */
function mayHaveMoved(answer: RefundAnswer): boolean {
  return answer.kind === 'answered' || FAILED_CALLS[answer.failure].mayHaveBeenExecuted;
}

function again(memory: Memory, phase: Refunding, then: 'query' | 'queryRefund', why: string, nowMs: number): State {
  if (phase.round >= ROUNDS_BEFORE_A_PERSON) return unproven(memory, why, nowMs);
  const waitMs = Math.min(WAIT_MS_MAX, REFUND_SHOWS_AFTER_MS * 2 ** (phase.round - 1));
  const untilMs = Math.max(nowMs + waitMs, roomAtMs(memory, REFUND_ROUND));
  return { memory, phase: { kind: 'refunding', step: { kind: 'wait', untilMs, then }, round: phase.round + 1 } };
}

function unproven(memory: Memory, detail: string, nowMs: number): State {
  return parked(memory, OperatorReason.refundUnproven, detail, nowMs);
}

function parked(memory: Memory, reason: OperatorReason, detail: string, nowMs: number): State {
  return { memory, phase: parkedPhase(memory, { reason, detail }, nowMs) };
}
