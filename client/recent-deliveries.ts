/** The deliveries whose wake Temporal has recorded, the latest of them: repeating one costs Alipay no query. */

/** Chosen. A delivery that was forgotten and comes again wakes its trade again, which costs one query and changes nothing. */
const DELIVERIES_MAX = 10_000;

export class RecentDeliveries {
  readonly #deliveries = new Set<string>();

  has(delivery: string | undefined): boolean {
    return delivery !== undefined && this.#deliveries.has(delivery);
  }

  add(delivery: string | undefined): void {
    if (delivery === undefined) return;
    this.#deliveries.add(delivery);
    if (this.#deliveries.size <= DELIVERIES_MAX) return;
    // A set keeps the order in which its members came: the first is the oldest.
    const [oldest = ''] = this.#deliveries;
    this.#deliveries.delete(oldest);
  }
}
