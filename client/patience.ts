/**
 * A bound on waiting that may be longer than a timer can be. Node's timers count 32 bits of milliseconds, 24.8 days, and end a longer
 * wait after one millisecond; `AbortSignal.timeout` is one of them.
 */

export interface Patience {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Nobody waits any more. */
  end(): void;
}

const TIMER_MS_MAX = 2 ** 31 - 1;

/** `Infinity` never ends. It keeps no process alive. @throws RangeError where `ms` is no number of at least 0 */
export function patienceOf(ms: number, timerMsMax: number = TIMER_MS_MAX): Patience {
  refuseNoTime(ms);
  const over = new AbortController();
  const endsAtMs = performance.now() + ms;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const leftMs = endsAtMs - performance.now();
    if (leftMs <= 0) over.abort();
    else timer = setTimeout(look, Math.min(leftMs, timerMsMax)).unref();
  }

  look();
  return { signal: over.signal, end: () => clearTimeout(timer) };
}

/**
 * The instant `ms` from now, for a call of Temporal. No later than a timer can count: grpc-js ends the whole process at a deadline that
 * it cannot write down. @throws RangeError where `ms` is no number of at least 0
 */
export function deadlineAfter(ms: number): number {
  refuseNoTime(ms);
  return Date.now() + Math.min(ms, TIMER_MS_MAX);
}

function refuseNoTime(ms: number): void {
  if (!(ms >= 0)) throw new RangeError(`The time to wait must be a number of milliseconds, 0 or more; it is ${ms}.`);
}
