import type { Memory, State } from './state.ts';

/** The buyer gets a whole budget from now on. */
export function startQuerying(memory: Memory, nowMs: number): State {
  return { memory, phase: { kind: 'querying', untilMs: nowMs + memory.policy.pollBudgetMs } };
}
