import { DecidedBy, type Outcome } from '../contract/resolution.ts';
import type { Memory, State } from './state.ts';

/** The end, by Alipay's own signed answers. `evidence`: why it is proven, in words for a person. */
export function proven(memory: Memory, outcome: Outcome, evidence: string, nowMs: number): State {
  return {
    memory,
    phase: {
      kind: 'done',
      outcome,
      decidedBy: DecidedBy.alipay,
      evidence,
      atMs: nowMs,
      ...(memory.refundOrder !== undefined && { manualDecision: memory.refundOrder }),
    },
  };
}
