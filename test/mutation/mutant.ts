/**
 * Deliberate mistakes in the rules, each of which the checks must notice. `search` must stand exactly once in the compiled
 * file; `world` and `faults` say where the mistake shows first, so that the whole table is through in minutes.
 */
export interface Mutant {
  readonly name: string;
  /** In `resolution/`, compiled. */
  readonly file: string;
  readonly search: string;
  readonly replace: string;
  /** Index into `SETTINGS`. @default 0 */
  readonly world?: number;
  /** @default 1 */
  readonly faults?: number;
}

/** Indices into `SETTINGS`. */
export const PAID_WORLD = 1;
export const LONG_WORLD = 2;
export const REFUND_WORLD = 3;
export const LONG_GUARD_WORLD = 4;
export const AMOUNT_WORLD = 5;
export const NUMBERS_WORLD = 6;
export const ERRING_WORLD = 8;
export const TAKEN_OVER_WORLD = 9;
