/**
 * TRADE_CLOSED is proven. Did money move and go back (REFUNDED), or did none move (CLOSED)? The status does not say.
 *
 * C1 An `action` ever answered to a cancel says it: close → CLOSED, refund → REFUNDED.
 * C2 A trade that was ever proven paid and is closed now was refunded (field doc of `trade_status`).
 * C3 Neither known (the answers were lost, or someone else closed it): ask `alipay.trade.fastpay.refund.query`, at
 *    least 10 s after the refund (its field doc). When that was is not known, only that it was before TRADE_CLOSED was
 *    seen; so 10 s after that. A "no refund" is believed only together with a query without `send_pay_date`.
 * C4 C1 and C2 contradict each other, or the refund query does not answer: a person decides. Never a guess.
 */
import type { RefundReport } from '../contract/activities.ts';
import { OperatorReason, Outcome } from '../contract/resolution.ts';
import { CancelAction } from '../contract/trade.ts';
import { backOffUntilMs } from './cancelling.ts';
import { detailOf, FAILED_CALLS } from './failed-calls.ts';
import { hold } from './invariant.ts';
import { parkedPhase } from './park.ts';
import { proven } from './proven.ts';
import { afterRefundAsked, REFUND_SETTLES_MS } from './refunding.ts';
import type { Memory, State } from './state.ts';

const ROUNDS_BEFORE_A_PERSON = 6;

/** A signed query has said TRADE_CLOSED. */
export function close(memory: Memory, nowMs: number): State {
  const saysClose = memory.actions.includes(CancelAction.close);
  const saysRefund = memory.actions.includes(CancelAction.refund);
  if (saysClose !== saysRefund) {
    if (saysRefund) return proven(memory, Outcome.REFUNDED, 'TRADE_CLOSED, and a cancel answered action=refund', nowMs);
    if (!memory.everPaid)
      return proven(memory, Outcome.CLOSED, 'TRADE_CLOSED, and a cancel answered action=close', nowMs);
  }
  if (memory.everPaid && !saysClose) {
    return proven(memory, Outcome.REFUNDED, 'TRADE_CLOSED after a signed answer had shown the trade paid', nowMs);
  }
  return {
    memory,
    phase: { kind: 'closing', step: { kind: 'backOff', untilMs: nowMs + REFUND_SETTLES_MS }, round: 1 },
  };
}

export function afterRefundQuery({ memory, phase }: State, { answer }: RefundReport, nowMs: number): State {
  if (phase.kind === 'refunding') return afterRefundAsked(memory, phase, answer, nowMs);
  hold(
    phase.kind === 'closing' || phase.kind === 'needs-operator',
    'The refund query is asked only of a trade that is closed',
  );
  switch (answer.kind) {
    case 'refund':
      if (answer.refunded)
        return proven(memory, Outcome.REFUNDED, 'TRADE_CLOSED, and the refund query says REFUND_SUCCESS', nowMs);
      if (memory.everPaid)
        return unknownKind(memory, 'the trade was paid and is closed, but the refund query knows no refund', nowMs);
      return proven(
        memory,
        Outcome.CLOSED,
        'TRADE_CLOSED without send_pay_date, and the refund query knows no refund',
        nowMs,
      );
    case 'tradeNotExist':
      return unknownKind(memory, 'the query says TRADE_CLOSED, the refund query says TRADE_NOT_EXIST', nowMs);
    case 'failed':
      return phase.kind === 'closing' &&
        FAILED_CALLS[answer.failure].mayAnswerLater &&
        phase.round < ROUNDS_BEFORE_A_PERSON
        ? askLater(memory, phase.round, nowMs)
        : unknownKind(memory, detailOf(answer), nowMs);
  }
}

function askLater(memory: Memory, round: number, nowMs: number): State {
  const untilMs = backOffUntilMs(memory, round, nowMs);
  return { memory, phase: { kind: 'closing', step: { kind: 'backOff', untilMs }, round: round + 1 } };
}

/** C4. The refund query goes on slowly: the trade heals by itself when it answers. */
function unknownKind(memory: Memory, detail: string, nowMs: number): State {
  return { memory, phase: parkedPhase(memory, { reason: OperatorReason.closureKindUnknown, detail }, nowMs) };
}
