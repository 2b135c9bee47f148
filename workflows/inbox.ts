/**
 * What somebody wants of a running resolution and the loop has not taken yet. A wish only waits here: `decide` says what
 * follows from it. The same wish twice changes nothing.
 */
import { condition } from '@temporalio/workflow';
import type { PayAnswer, Settlement } from '../contract/resolution.ts';
import type { Observation } from '../resolution/index.ts';

export type Message = Extract<Observation, { kind: 'lookNow' | 'payAnswered' | 'cancelNow' | 'settled' }>;

export interface Inbox {
  lookNow(): void;
  /** The first word counts. */
  payAnswered(answer: PayAnswer): void;
  /** Resolves when the loop has decided on it. */
  cancelNow(): Promise<void>;
  /** Resolves when the loop has looked at it: true when it was applied. */
  settle(settlement: Settlement): Promise<boolean>;

  hasMessage(): boolean;
  /** The next message, which is then taken; the most decisive first. A settlement that `allowed` refuses by now is dropped. */
  take(allowed: (settlement: Settlement) => boolean): Message | undefined;
  /** A query that starts now answers every wish to look now. */
  lookIsDue(): void;
  /** The loop has decided on this observation. */
  processed(observation: Observation): void;
  /** The loop takes no more: whoever still waits is answered with the state as it is now. */
  close(): void;
}

export function createInbox(): Inbox {
  let look = false;
  let payAnswer: PayAnswer | undefined;
  let cancelsWanted = 0;
  let cancelsDecided = 0;
  const settlements: Settlement[] = [];
  const applied = new Set<Settlement>();
  let closed = false;

  return {
    lookNow() {
      look = true;
    },
    payAnswered(answer) {
      payAnswer ??= answer;
    },
    async cancelNow() {
      cancelsWanted += 1;
      const mine = cancelsWanted;
      await condition(() => cancelsDecided >= mine);
    },
    async settle(settlement) {
      if (!closed) settlements.push(settlement);
      await condition(() => !settlements.includes(settlement));
      return applied.has(settlement);
    },
    hasMessage: () => look || payAnswer !== undefined || cancelsDecided < cancelsWanted || settlements.length > 0,
    take(allowed) {
      for (let next = settlements[0]; next !== undefined; next = settlements[0]) {
        if (allowed(next)) return { kind: 'settled', settlement: next };
        settlements.shift();
      }
      if (payAnswer !== undefined) {
        const answer = payAnswer;
        payAnswer = undefined;
        return { kind: 'payAnswered', answer };
      }
      if (cancelsDecided < cancelsWanted) return { kind: 'cancelNow' };
      if (!look) return undefined;
      look = false;
      return { kind: 'lookNow' };
    },
    lookIsDue() {
      look = false;
    },
    processed(observation) {
      if (observation.kind === 'cancelNow') cancelsDecided = cancelsWanted;
      if (observation.kind !== 'settled') return;
      applied.add(observation.settlement);
      settlements.length = 0;
    },
    close() {
      cancelsDecided = Number.POSITIVE_INFINITY;
      settlements.length = 0;
      closed = true;
    },
  };
}
