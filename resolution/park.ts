/** A machine cannot decide this. The trade stays open, is looked at slowly, and a person can see why. */
import { OperatorReason } from '../contract/resolution.ts';
import { TradeStatus } from '../contract/trade.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import { beginRefund } from './refunding.ts';
import type { Memory, ParkedPhase, Refusal, State } from './state.ts';

export function park(memory: Memory, refusal: Refusal, nowMs: number): State {
  if (refundsByItself(memory, refusal.reason)) return beginRefund(memory, nowMs);
  return { memory, phase: parkedPhase(memory, refusal, nowMs) };
}

export function parkedPhase({ policy }: Memory, { reason, detail }: Refusal, nowMs: number): ParkedPhase {
  const later = { kind: 'wait', untilMs: nowMs + policy.slowMs } as const;
  const step = OPERATOR_REASONS[reason].meanwhile === 'ask' ? ({ kind: 'query' } as const) : later;
  return { kind: 'needs-operator', reason, detail, step };
}

/** Only where the start switched it on, and only for a trade that is paid and can no longer be cancelled. */
function refundsByItself(memory: Memory, reason: OperatorReason): boolean {
  const cancelImpossible = reason === OperatorReason.cancelRefused || reason === OperatorReason.cancelWindowOver;
  return memory.refundIfNotCancellable && cancelImpossible && memory.tradeStatus === TradeStatus.TRADE_SUCCESS;
}
