/**
 * What a scenario waits for, and whether its clock did just that. Between two waits the test server's clock goes as the one on the
 * wall does: a scenario may be late by what it took there, on however slow a machine. By more, and the clock has leapt.
 */
import type { Timeline } from './timeline.ts';

export class Waits {
  #mostMs = 0;
  readonly #early: string[] = [];

  /** A wait from one instant to another, which should have lasted between `leastMs` and `mostMs`. */
  note(what: string, fromMs: number, overMs: number, leastMs: number, mostMs: number = leastMs): void {
    this.#mostMs += mostMs;
    if (overMs - fromMs < leastMs) {
      this.#early.push(`${what} was over after ${overMs - fromMs} ms, and not after ${leastMs} ms`);
    }
  }

  /** Each in one sentence. */
  objections({ writtenAtMs, wallMs, turnsMs, attempts }: Timeline): readonly string[] {
    const lastMs = Math.max(turnsMs.at(-1) ?? writtenAtMs, attempts.at(-1)?.askedAtMs ?? writtenAtMs);
    const beyondMs = lastMs - writtenAtMs - this.#mostMs - wallMs;
    const leap = `the clock leapt, or a wait was too long: ${beyondMs} ms beyond ${this.#mostMs} ms of waiting and ${wallMs} ms on the wall`;
    return beyondMs > 0 ? [...this.#early, leap] : this.#early;
  }
}
