/**
 * One turn of the event loop for each who asks, in the order in which they ask. Whatever happens all at once, between any two of
 * them come the answers of Temporal, new connections and timers.
 */
export class LoopTurns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves at the beginning of a turn that nobody else got. */
  async next(): Promise<void> {
    const mine = this.#last.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
    this.#last = mine;
    await mine;
  }
}
