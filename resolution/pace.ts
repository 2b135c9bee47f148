/**
 * How many calls a resolution makes, under any sequence of answers: 20 at once, then one every 16 s. So at most 40 in any 5 minutes
 * and 250 in any hour, whatever phases it goes through. A query that somebody wished for is not counted, and need not wait.
 *
 * One instant is all that is kept (`Memory.pacedAtMs`): when the calls so far would have ended if they had been made one by one.
 */
import type { QueryReport } from '../contract/activities.ts';
import type { Memory } from './state.ts';

/** Both chosen: an ordinary resolution makes 8 queries in half a minute, then 2 or 3 calls a round. */
const AT_ONCE = 20;
export const PACED_MS = 16_000;

/** After 40005: chosen, as Alipay documents neither a limit nor a wait. */
export const LIMITED_MS = 60_000;

/** A query, the cancel that may have to follow it at once, and the look at what came of that. */
export const CANCEL_ROUND = 3;

/** The first instant at which so many calls may be made. */
export function roomAtMs({ pacedAtMs, limitedUntilMs = 0 }: Memory, calls: number): number {
  return Math.max(limitedUntilMs, pacedAtMs - (AT_ONCE - calls) * PACED_MS);
}

/** How many questions of a poll may follow each other faster than `PACED_MS`. */
export function quickMax({ pacedAtMs }: Memory, nowMs: number): number {
  const used = Math.ceil(Math.max(0, pacedAtMs - nowMs) / PACED_MS);
  return Math.max(0, AT_ONCE - CANCEL_ROUND - used);
}

export function spend(memory: Memory, calls: number, startedAtMs: number): Memory {
  return { ...memory, pacedAtMs: Math.max(memory.pacedAtMs, startedAtMs) + calls * PACED_MS };
}

/** Those of a poll, of which only the wished-for one is free. */
export function spendOnQuery(memory: Memory, { polls, startedAtMs }: QueryReport): Memory {
  const free = memory.lookWanted ? 1 : 0;
  return { ...spend(memory, Math.max(0, polls - free), startedAtMs), lookWanted: false };
}
