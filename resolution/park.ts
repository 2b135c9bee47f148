/** A machine cannot decide this. The trade stays open, is looked at slowly, and a person can see why. */
import { OperatorReason } from '../contract/resolution.ts';
import { TradeStatus } from '../contract/trade.ts';
import { parkedPhase } from './parked-phase.ts';
import { beginRefund, whyNothingToRefund } from './refunding.ts';
import type { Memory, ParkReason, State } from './state.ts';

export function park(memory: Memory, refusal: ParkReason, nowMs: number): State {
  if (refundsByItself(memory, refusal.reason)) return beginRefund(memory, nowMs);
  return { memory, phase: parkedPhase(memory, refusal, nowMs) };
}

/** Only where the start switched it on, and only for a trade that is paid and can no longer be cancelled. */
function refundsByItself(memory: Memory, reason: OperatorReason): boolean {
  const cancelImpossible = reason === OperatorReason.cancelRefused || reason === OperatorReason.cancelWindowOver;
  return (
    memory.refundIfNotCancellable &&
    cancelImpossible &&
    memory.tradeStatus === TradeStatus.TRADE_SUCCESS &&
    whyNothingToRefund(memory) === undefined
  );
}
