/** A set of keys in the order of their finding, each with the move that led to it. 17 bytes and a slot a key. */

const NONE = -1;

export class StateTable {
  #keys = new Float64Array(1 << 12);
  #parents = new Int32Array(1 << 12);
  #moves = new Uint8Array(1 << 12);
  #depths = new Uint16Array(1 << 12);
  #slots = new Int32Array(1 << 13).fill(NONE);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  keyAt(id: number): number {
    return this.#keys[id] ?? Number.NaN;
  }

  parentAt(id: number): number {
    return this.#parents[id] ?? NONE;
  }

  moveAt(id: number): number {
    return this.#moves[id] ?? 0;
  }

  depthAt(id: number): number {
    return this.#depths[id] ?? 0;
  }

  /** @returns the id of the key, or -1. */
  find(key: number): number {
    return this.#slots[this.#slotOf(key)] ?? NONE;
  }

  has(key: number): boolean {
    return this.find(key) !== NONE;
  }

  /** Keeps what is there already. @returns whether it is new. */
  add(key: number, parent: number, move: number, depth: number): boolean {
    const slot = this.#slotOf(key);
    if (this.#slots[slot] !== NONE) return false;
    const id = this.#size++;
    if (id === this.#keys.length) this.#grow();
    this.#keys[id] = key;
    this.#parents[id] = parent;
    this.#moves[id] = move;
    this.#depths[id] = depth;
    this.#slots[slot] = id;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return true;
  }

  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = scatter(key) & mask;
    for (;;) {
      const id = this.#slots[slot] ?? NONE;
      if (id === NONE || this.#keys[id] === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const length = this.#keys.length * 2;
    this.#keys = copied(new Float64Array(length), this.#keys);
    this.#parents = copied(new Int32Array(length), this.#parents);
    this.#moves = copied(new Uint8Array(length), this.#moves);
    this.#depths = copied(new Uint16Array(length), this.#depths);
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(NONE);
    for (let id = 0; id < this.#size; id++) this.#slots[this.#slotOf(this.keyAt(id))] = id;
  }
}

function copied<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}

const LOW = 2 ** 32;

function scatter(key: number): number {
  const low = key % LOW;
  let hash = Math.imul(low ^ Math.imul((key - low) / LOW, 0x9e3779b1), 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}
