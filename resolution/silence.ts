import type { Memory } from './state.ts';

/** Ten minutes, less the call that is under way then and the grain of the timers. */
const SILENCE_MS = 8 * 60_000;

/** When a person is told that Alipay gives no readable answer. */
export function silenceEndsAtMs({ silentSinceMs }: Memory): number {
  return silentSinceMs + SILENCE_MS;
}
