/**
 * How `RESOLVER_MAX_CALLS_PER_SECOND` is kept, over all workers together.
 *
 * 1. The task queue's own rate limit: every attempt of an activity is one call to Alipay, and the server dispatches every attempt.
 * 2. Calls whose dispatch was held up on the way, by a busy server or a busy machine, arrive in a heap: each worker spreads its own again.
 */
import { setTimeout } from 'node:timers/promises';

import type { WorkerOptions } from '@temporalio/worker';

import { CALL_TURN_MS } from '../contract/timeouts.ts';

/** Started eagerly, in the answer to a workflow task, an activity would pass the queue and its limit by: that is switched off. */
export function limitQueue(callsPerSecondMax: number): Partial<WorkerOptions> {
  return {
    maxTaskQueueActivitiesPerSecond: queueRateOf(callsPerSecondMax),
    maxEagerActivityReservationsPerWorkflowTask: 0,
  };
}

/**
 * The server saves up one second's allowance while nothing is asked, and then lets it go at once: a queue of rate r dispatches up to 2r in
 * one second (Temporal server 1.29 to 1.31, `service/matching/ratelimit_manager.go`). A limit that holds in every second therefore asks for
 * half of it. At half a call a second nothing worth speaking of is saved up.
 */
export function queueRateOf(callsPerSecondMax: number): number {
  return Math.max(callsPerSecondMax / 2, Math.min(callsPerSecondMax, 0.5));
}

export interface PaceClock {
  /** Only ever goes forward. */
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** The calls of one app in this process, no closer together than the queue's rate has them. */
export class CallPace {
  readonly #apartMs: number;
  readonly #clock: PaceClock;
  #nextMs = -Infinity;

  constructor(callsPerSecondMax: number, clock: PaceClock = { nowMs: () => performance.now(), pause: setTimeout }) {
    this.#apartMs = 1_000 / queueRateOf(callsPerSecondMax);
    this.#clock = clock;
  }

  /** Resolves when the call may go; at once with false where that would take too long for its attempt. */
  async turn(): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    const turnMs = Math.max(nowMs, this.#nextMs);
    if (turnMs - nowMs > CALL_TURN_MS) return false;
    this.#nextMs = turnMs + this.#apartMs;
    if (turnMs > nowMs) await this.#clock.pause(turnMs - nowMs);
    return true;
  }
}
