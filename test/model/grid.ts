/** Where the instants of a world stand on the clock of the exhaustive search. */
import { DENIALS_APART_MS, SHORT_MS, STEP_MS } from './settings.ts';

export class Grid {
  readonly nowMs: number;
  /** Never later than the last one that matters. */
  readonly step: number;
  /** The clock as it is set: a whole step. */
  readonly baseMs: number;
  /** One number for each `now`. */
  readonly index: number;
  readonly #stepMs: number;
  readonly #shiftMs: number;

  constructor(nowMs: number, lastStep: number) {
    const step = Math.floor(nowMs / STEP_MS);
    this.nowMs = nowMs;
    this.step = Math.min(step, lastStep);
    this.#stepMs = step * STEP_MS;
    this.#shiftMs = (step - this.step) * STEP_MS;
    this.baseMs = this.#stepMs - this.#shiftMs;
    this.index = step * 2 + (nowMs === this.#stepMs ? 0 : 1);
  }

  /** Something that will be due. A short wait and a minute are both over with the next short wait. */
  timer(atMs: number): number {
    const leftMs = atMs - this.nowMs;
    if (leftMs <= 0) return this.baseMs;
    return leftMs < STEP_MS / 2 ? this.baseMs + SHORT_MS : Math.floor(atMs / STEP_MS) * STEP_MS - this.#shiftMs;
  }

  pollEnd(atMs: number): number {
    return Math.min(this.timer(atMs), this.baseMs + STEP_MS);
  }

  /** Compared with the deadlines only, all of which stand on steps. */
  scheduled(atMs: number): number {
    return Math.min(this.step * STEP_MS, Math.floor(atMs / STEP_MS) * STEP_MS);
  }

  /** Since when something lasts: it is looked at whether that is minutes or long ago. */
  since(atMs: number): number {
    return this.nowMs - atMs < STEP_MS / 2 ? this.baseMs : this.baseMs - STEP_MS;
  }

  /** Something that was asked: just now, a wait of minutes ago (all waits are alike here), or in an earlier step. */
  past(atMs: number): number {
    if (this.nowMs - atMs < SHORT_MS) return this.baseMs;
    return atMs >= this.#stepMs - DENIALS_APART_MS
      ? this.baseMs - DENIALS_APART_MS
      : Math.floor(atMs / STEP_MS) * STEP_MS;
  }
}
