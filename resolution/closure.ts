/**
 * TRADE_CLOSED is proven. Did money move and go back (REFUNDED), or did none move (CLOSED)? The status does not say.
 *
 * C1 An `action` ever answered to a cancel says it: refund → REFUNDED; close → CLOSED, if it was the first cancel that may have reached
 *    Alipay. A later one may find closed what an earlier one, whose answer was lost, had closed by giving money back.
 * C2 A trade that was ever proven paid and is closed now was refunded (field doc of `trade_status`).
 * C3 Neither known (the answers were lost, or someone else closed it): ask `alipay.trade.fastpay.refund.query`, at
 *    least 10 s after the refund (its field doc). When that was is not known, only that it was before TRADE_CLOSED was
 *    seen; so 10 s after that. A "no refund" is believed only together with a query without `send_pay_date`.
 * C4 C1 and C2 contradict each other, a signed refusal or the service has said that the trade is paid, a refund is shown but not as done, or
 *    the refund query does not answer: a person decides. Never a guess.
 */
import type { RefundQueryReport } from '../contract/activities.ts';
import type { RefundQueryAnswer } from '../contract/answers.ts';
import { OperatorReason, Outcome } from '../contract/resolution.ts';
import { CancelAction } from '../contract/trade.ts';
import { afterCrossCheck, isAbsenceUnproven } from './absence.ts';
import { backOffUntilMs } from './cancelling.ts';
import { detailOf, FAILED_CALLS } from './failed-calls.ts';
import { assertInvariant } from './invariant.ts';
import { rememberRefundQuery } from './memory.ts';
import { roomAtMs } from './pace.ts';
import { parkedPhase } from './parked-phase.ts';
import { proven } from './proven.ts';
import { afterRefundAsked, REFUND_SHOWS_AFTER_MS } from './refunding.ts';
import { silenceEndsAtMs } from './silence.ts';
import type { Memory, PhaseState, State } from './state.ts';

const ROUNDS_BEFORE_A_PERSON = 6;

/** A signed query has said TRADE_CLOSED. */
export function afterTradeClosed(memory: Memory, nowMs: number): State {
  const saysClose = memory.actions.includes(CancelAction.close);
  const saysRefund = memory.actions.includes(CancelAction.refund);
  if (saysRefund && !saysClose)
    return proven(memory, Outcome.REFUNDED, 'TRADE_CLOSED, and a cancel answered action=refund', nowMs);
  if (memory.closedByFirstCancel && !memory.everPaid && !memory.maybePaid && !memory.callerSaysPaid)
    return proven(memory, Outcome.CLOSED, 'TRADE_CLOSED, and the first cancel answered action=close', nowMs);
  if (memory.everPaid && !saysClose) {
    return proven(memory, Outcome.REFUNDED, 'TRADE_CLOSED after a signed answer had shown the trade paid', nowMs);
  }
  const untilMs = Math.max(nowMs + REFUND_SHOWS_AFTER_MS, roomAtMs(memory, 1));
  return { memory, phase: { kind: 'closing', step: { kind: 'wait', untilMs }, round: 1 } };
}

export function afterRefundQuery({ memory: before, phase }: State, report: RefundQueryReport, nowMs: number): State {
  const { answer } = report;
  const memory = rememberRefundQuery(before, report, nowMs);
  switch (phase.kind) {
    case 'refunding':
      return afterRefundAsked(memory, phase, answer, nowMs);
    case 'watching':
      return afterCrossCheck(memory, phase, answer, nowMs);
    case 'needs-operator':
      return isAbsenceUnproven(phase)
        ? afterCrossCheck(memory, phase, answer, nowMs)
        : afterClosureAsked(memory, phase, answer, nowMs);
    case 'closing':
      return afterClosureAsked(memory, phase, answer, nowMs);
    case 'guarding':
    case 'querying':
    case 'cancelling':
    case 'handed-over':
    case 'done':
      assertInvariant(false, `No refund query is asked in phase ${phase.kind}`);
  }
}

function afterClosureAsked(memory: Memory, phase: PhaseState, answer: RefundQueryAnswer, nowMs: number): State {
  const later = (detail: string): State =>
    phase.kind === 'closing' && phase.round < ROUNDS_BEFORE_A_PERSON && nowMs < silenceEndsAtMs(memory)
      ? askLater(memory, phase.round, nowMs)
      : unknownKind(memory, detail, nowMs);
  switch (answer.kind) {
    case 'refund':
      return afterRefundShown(memory, answer.found, later, nowMs);
    case 'tradeNotExist':
      return unknownKind(memory, 'the query says TRADE_CLOSED, the refund query says TRADE_NOT_EXIST', nowMs);
    case 'failed':
      return FAILED_CALLS[answer.failure].mayAnswerLater
        ? later(detailOf(answer))
        : unknownKind(memory, detailOf(answer), nowMs);
  }
}

function afterRefundShown(
  memory: Memory,
  found: 'done' | 'notSaid' | 'nothing',
  later: (detail: string) => State,
  nowMs: number,
): State {
  switch (found) {
    case 'done':
      return proven(memory, Outcome.REFUNDED, 'TRADE_CLOSED, and the refund query says REFUND_SUCCESS', nowMs);
    case 'notSaid':
      return later('the refund query shows a refund and does not say that it is done');
    case 'nothing':
      if (memory.everPaid || memory.maybePaid)
        return unknownKind(memory, 'the trade was paid and is closed, but the refund query knows no refund', nowMs);
      if (memory.callerSaysPaid) return unknownKind(memory, AGAINST_THE_WORD, nowMs);
      return proven(
        memory,
        Outcome.CLOSED,
        'TRADE_CLOSED without send_pay_date, and the refund query knows no refund',
        nowMs,
      );
  }
}

const AGAINST_THE_WORD =
  'the service says that its pay call was answered as paid; Alipay says TRADE_CLOSED, and the refund query knows no refund';

function askLater(memory: Memory, round: number, nowMs: number): State {
  const untilMs = Math.max(backOffUntilMs(memory, round, nowMs), roomAtMs(memory, 1));
  return { memory, phase: { kind: 'closing', step: { kind: 'wait', untilMs }, round: round + 1 } };
}

/** C4. The refund query goes on slowly: the trade heals by itself when it answers. */
function unknownKind(memory: Memory, detail: string, nowMs: number): State {
  return { memory, phase: parkedPhase(memory, { reason: OperatorReason.closureKindUnknown, detail }, nowMs) };
}
