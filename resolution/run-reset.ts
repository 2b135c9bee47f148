/**
 * This run is Temporal's reset of an earlier one. A cancel and a refund may have been sent that its history no longer shows, so "paid" proves
 * nothing and no money is moved by a machine: only TRADE_CLOSED, NOT_CREATED or a person ends it.
 */
import { OperatorReason } from '../contract/resolution.ts';
import { parkedPhase } from './parked-phase.ts';
import type { Memory, ParkReason, State } from './state.ts';

export function afterReset({ memory: before, phase }: State, nowMs: number): State {
  const mayLandUntilMs = nowMs + before.policy.marginMs;
  const memory: Memory = {
    ...before,
    wasReset: true,
    cancelMayHaveReached: true,
    cancelMayLandUntilMs: mayLandUntilMs,
    refundMayLandUntilMs: mayLandUntilMs,
  };
  if (phase.kind === 'handed-over') return { memory, phase };
  return { memory, phase: parkedPhase(memory, RUN_RESET, nowMs) };
}

export const RUN_RESET: ParkReason = {
  reason: OperatorReason.runReset,
  detail: 'this run was reset in Temporal, and what was sent to Alipay before may be missing from its history',
};
