import { roomAtMs } from './pace.ts';
import type { Memory, ParkedPhase, ParkReason } from './state.ts';

/** What parked it has just been read: the next look is in `slowMs`. */
export function parkedPhase(memory: Memory, { reason, detail }: ParkReason, nowMs: number): ParkedPhase {
  const untilMs = Math.max(nowMs + memory.policy.slowMs, roomAtMs(memory, 2));
  return { kind: 'needs-operator', reason, detail, step: { kind: 'wait', untilMs }, told: false };
}
