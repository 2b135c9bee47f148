/**
 * What somebody wants of a running resolution and the loop has not taken yet. A wish only waits here: `decide` says what
 * follows from it. The same wish twice changes nothing.
 */
import { condition } from '@temporalio/workflow';
import { PayAnswer, type ManualDecision } from '../contract/resolution.ts';
import type { Observation, State } from '../resolution/index.ts';

export type Message = Extract<Observation, { kind: 'lookNow' | 'payAnswered' | 'cancelNow' | 'decidedManually' }>;

export interface Inbox {
  lookNow(): void;
  /** Every word is heard, in the order in which they came. */
  payAnswered(answer: PayAnswer): void;
  /** Resolves when the loop has decided on it. */
  cancelNow(): Promise<void>;
  /** Resolves when the loop has decided on it. */
  decideManually(manualDecision: ManualDecision): Promise<void>;

  hasMessage(): boolean;
  /** The next message, which is then taken; what the service knows first, then the most decisive. A manual decision that `allowed` refuses by now is dropped. */
  take(allowed: (manualDecision: ManualDecision) => boolean): Message | undefined;
  /** The next word of the service, which is then taken. */
  takeWord(): Message | undefined;
  /** A query that starts now answers every wish to look now. */
  lookIsDue(): void;
  /** The loop has decided on this observation; the state is what came of it. */
  processed(observation: Observation, state: State): void;
  /** The loop takes no more: whoever still waits is answered with the state as it is now. */
  close(): void;
}

export function createInbox(): Inbox {
  let look = false;
  const payAnswers: PayAnswer[] = [];
  let cancelsWanted = 0;
  let cancelsDecided = 0;
  const manualDecisions: ManualDecision[] = [];
  /** Taken, and its fresh query still under way. */
  let checked: ManualDecision | undefined;
  let closed = false;

  function takeWord(): Message | undefined {
    const answer = payAnswers.shift();
    return answer === undefined ? undefined : { kind: 'payAnswered', answer };
  }

  return {
    lookNow() {
      look = true;
    },
    payAnswered(answer) {
      if (payAnswers.length < PAY_ANSWERS_MAX || answer === PayAnswer.paid) payAnswers.push(answer);
    },
    async cancelNow() {
      cancelsWanted += 1;
      const mine = cancelsWanted;
      await condition(() => cancelsDecided >= mine);
    },
    async decideManually(manualDecision) {
      if (!closed) manualDecisions.push(manualDecision);
      await condition(() => !manualDecisions.includes(manualDecision) && checked !== manualDecision);
    },
    hasMessage: () => look || payAnswers.length > 0 || cancelsDecided < cancelsWanted || manualDecisions.length > 0,
    takeWord,
    take(allowed) {
      const word = takeWord();
      if (word !== undefined) return word;
      for (let next = manualDecisions.shift(); next !== undefined; next = manualDecisions.shift()) {
        if (allowed(next)) return { kind: 'decidedManually', manualDecision: (checked = next) };
      }
      if (cancelsDecided < cancelsWanted) return { kind: 'cancelNow' };
      if (!look) return undefined;
      look = false;
      return { kind: 'lookNow' };
    },
    lookIsDue() {
      look = false;
    },
    processed(observation, state) {
      if (observation.kind === 'cancelNow') cancelsDecided = cancelsWanted;
      const { phase } = state;
      if (phase.kind !== 'needs-operator' || phase.step.kind !== 'checkDecision') checked = undefined;
    },
    close() {
      cancelsDecided = Number.POSITIVE_INFINITY;
      manualDecisions.length = 0;
      checked = undefined;
      closed = true;
    },
  };
}

/** One is what a service sends; a flood of them changes nothing more. */
const PAY_ANSWERS_MAX = 10;
