/** What a parked trade does with an answer that settles nothing. */
import { OperatorReason } from '../contract/resolution.ts';
import { cancelOrPark, cancelWindowEndMs } from './cancelling.ts';
import type { Inconclusive } from './evidence.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import { park } from './park.ts';
import { startQuerying } from './querying.ts';
import { beginRefund } from './refunding.ts';
import type { Memory, ParkedPhase, State } from './state.ts';

export function stillParked(memory: Memory, phase: ParkedPhase, verdict: Inconclusive, nowMs: number): State {
  switch (OPERATOR_REASONS[phase.reason].meanwhile) {
    case 'recancel':
      if (nowMs >= cancelWindowEndMs(memory)) return cancelOrPark(memory, verdict, 1, nowMs);
      return { memory, phase: { ...phase, step: { kind: 'cancel' } } };
    case 'askRefund':
      return park(memory, phase, nowMs);
    case 'ask':
      return mended(phase.reason) && verdict.kind !== 'noInformation'
        ? goOn(memory, verdict, nowMs)
        : park(memory, phase, nowMs);
  }
}

/** These two end as soon as Alipay gives a signed answer about the trade. */
function mended(reason: OperatorReason): boolean {
  return reason === OperatorReason.configuration || reason === OperatorReason.queryRefused;
}

function goOn(memory: Memory, verdict: Inconclusive, nowMs: number): State {
  if (memory.refundBegun || memory.refundMayHaveReached) return beginRefund(memory, nowMs);
  const cancelling = memory.cancelMayHaveReached || memory.hurried;
  return cancelling ? cancelOrPark(memory, verdict, 1, nowMs) : startQuerying(memory, nowMs);
}
