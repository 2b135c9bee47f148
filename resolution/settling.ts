/** A settlement that was allowed when it came is judged again by the answer to a query made after it was sent. */
import { DecidedBy, type Settlement } from '../contract/resolution.ts';
import { beginRefund } from './refunding.ts';
import { contradiction, orderOf } from './settle.ts';
import type { State } from './state.ts';

/**
 * `after`: what that answer does by itself. Where that ends the resolution, the settlement has nothing left to decide; where the answer speaks
 * against it, it falls, and the resolution goes on as if it had never been sent.
 */
export function settleOrGoOn(after: State, settlement: Settlement, nowMs: number): State {
  if (after.phase.kind === 'done' || after.phase.kind === 'handed-over') return after;
  const { memory } = after;
  if (contradiction(orderOf(settlement), { memory, nowMs }) !== undefined) return after;
  if ('refund' in settlement) return beginRefund({ ...memory, refundOrder: settlement }, nowMs);
  return {
    memory,
    phase: {
      kind: 'done',
      outcome: settlement.outcome,
      decidedBy: DecidedBy.operator,
      evidence: `${settlement.who} decided: ${settlement.why}`,
      atMs: nowMs,
      settlement,
    },
  };
}
