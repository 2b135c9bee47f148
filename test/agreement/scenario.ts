/** Scenarios from a seed: the same seed is the same scenario for ever. */
import type { Fault, Scenario } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const GUARDS: readonly Scenario['guard'][] = ['silent', 'uncertain', 'refused'];

const FAULTS: readonly Fault[] = [
  'requestLost',
  'answerLost',
  'unknown',
  'notSent',
  'limited',
  'forged',
  'retryY',
  'retryYExecuted',
  'balance',
  'frozen',
  'notAllowed',
  'misconfigured',
];

export function scenarioOf(seed: number): Scenario {
  const random = mulberry32(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const chance = (p: number): boolean => random() < p;
  const faultRate = [0.1, 0.4, 0.8][below(3)] ?? 0;
  const faults = Array.from({ length: 4 + below(30) }, () =>
    chance(faultRate) ? (FAULTS[below(FAULTS.length)] ?? 'none') : 'none',
  );
  return {
    seed,
    payLandsAtCall: chance(0.7) ? 0 : chance(0.6) ? 1 + below(14) : Number.POSITIVE_INFINITY,
    buyerPaysAtCall: chance(0.7) ? below(16) : Number.POSITIVE_INFINITY,
    // Late enough that the trade has met every fault; in the end someone always looks after a trade that is stuck.
    refundedElsewhereAtCall: faults.length + 12 + below(6),
    faults,
    payRequestedAgoMs: chance(0.2) ? below(26 * HOUR_MS) : below(MINUTE_MS),
    payExpiresInMs: chance(0.1)
      ? -below(2 * HOUR_MS) - 1
      : chance(0.5)
        ? 2 * MINUTE_MS + below(10 * MINUTE_MS)
        : below(48 * HOUR_MS),
    guard: chance(0.5) ? 'none' : (GUARDS[below(GUARDS.length)] ?? 'none'),
    refundIfNotCancellable: chance(0.3),
  };
}

/** A small, well-known generator: 32 bits of state are enough to tell scenarios apart. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
