/** A manual decision that was allowed when it came is judged again by the answer to a query made after it was sent. */
import { DecidedBy, type ManualDecision } from '../contract/resolution.ts';
import { beginRefund } from './refunding.ts';
import { contradiction, orderOf } from './manual-decision.ts';
import type { State } from './state.ts';

/**
 * `after`: what that answer does by itself. Where that ends the resolution, the manual decision has nothing left to decide; where the answer speaks
 * against it, it falls, and the resolution goes on as if it had never been sent.
 */
export function decideOrGoOn(after: State, manualDecision: ManualDecision, nowMs: number): State {
  if (after.phase.kind === 'done' || after.phase.kind === 'handed-over') return after;
  const { memory } = after;
  if (contradiction(orderOf(manualDecision), { memory, nowMs }) !== undefined) return after;
  if (manualDecision.kind === 'refund') return beginRefund({ ...memory, refundOrder: manualDecision }, nowMs);
  return {
    memory,
    phase: {
      kind: 'done',
      outcome: manualDecision.outcome,
      decidedBy: DecidedBy.operator,
      evidence: `${manualDecision.who} decided: ${manualDecision.why}`,
      atMs: nowMs,
      manualDecision,
    },
  };
}
