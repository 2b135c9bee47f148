/** A promise that is broken. */
/** `invariant` is the number of the promise in docs/correctness.md. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: number;

  constructor(invariant: number, what: string) {
    super(`invariant ${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

export function violated(invariant: number, what: string): never {
  throw new Violation(invariant, what);
}
