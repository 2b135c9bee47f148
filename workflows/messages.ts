/**
 * What reaches a running resolution. A message only says what somebody wants: it is kept until the loop takes it, and
 * `decide` says what follows. A notification or a press of a button twice changes nothing.
 */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { Refusals, RESOLUTION_QUERY, Signals, Updates } from '../contract/names.ts';
import { PayAnswer, type Resolution, type Settlement } from '../contract/resolution.ts';
import { cancelRefusalNow, settleRefusal, toResolution, type Observation, type State } from '../resolution/index.ts';

const resolutionQuery = defineQuery<Resolution>(RESOLUTION_QUERY);
/** Signals, because nobody waits for an answer: a notification arrived, or an operator wants a look. */
const tradeNotifiedSignal = defineSignal(Signals.tradeNotified);
const retryNowSignal = defineSignal(Signals.retryNow);
const payAnsweredSignal = defineSignal<[unknown]>(Signals.payAnswered);
/** Updates, because whoever sends one must learn at once whether it is allowed. */
const cancelNowUpdate = defineUpdate<Resolution>(Updates.cancelNow);
const settleUpdate = defineUpdate<Resolution, [Settlement]>(Updates.settle);

export type Message = Extract<Observation, { kind: 'lookNow' | 'payAnswered' | 'cancelNow' | 'settled' }>;

export interface Inbox {
  /** Somebody wants something that the loop has not taken yet. */
  hasMessage(): boolean;
  /** The next message, which is then taken; the most decisive first. */
  take(): Message | undefined;
  /** A query that starts now answers every wish to look now. */
  lookIsDue(): void;
  /** The loop has decided on this observation. */
  processed(observation: Observation): void;
}

export function receiveMessages(currentState: () => State): Inbox {
  let look = false;
  let payAnswer: PayAnswer | undefined;
  const cancels: object[] = [];
  const settlements: Settlement[] = [];
  const applied = new Set<Settlement>();

  setHandler(resolutionQuery, () => toResolution(currentState()), {
    description: 'The present state, whole, without waiting.',
  });
  const lookNow = (): void => {
    look = true;
  };
  setHandler(tradeNotifiedSignal, lookNow, { description: 'An asynchronous notification arrived: ask Alipay now.' });
  setHandler(retryNowSignal, lookNow, { description: 'An operator mended something: ask Alipay now.' });

  setHandler(
    payAnsweredSignal,
    (answer) => {
      payAnswer ??= isPayAnswer(answer) ? answer : PayAnswer.uncertain;
    },
    { description: 'The guarded pay call was answered: "paid", "uncertain" or "refused".' },
  );
  setHandler(
    cancelNowUpdate,
    async () => {
      const wish = {};
      cancels.push(wish);
      await CancellationScope.nonCancellable(() => condition(() => !cancels.includes(wish)));
      return toResolution(currentState());
    },
    {
      description: 'Stop waiting for the buyer: ask once more and cancel.',
      validator: () => refuse(cancelRefusalNow(currentState())),
    },
  );
  setHandler(
    settleUpdate,
    async (settlement) => {
      settlements.push(settlement);
      await CancellationScope.nonCancellable(() => condition(() => !settlements.includes(settlement)));
      const resolution = toResolution(currentState());
      if (resolution.phase !== 'done')
        refuse('The trade went on by itself before the settlement was applied; look again.');
      return resolution;
    },
    {
      description:
        'Decide a trade that needs a person: {"outcome": "PAID|CLOSED|REFUNDED|NOT_CREATED", "who", "why"}, or {"refund": true, "who", "why"}.',
      validator: (settlement) => refuse(settleRefusal(currentState(), settlement, Date.now())),
    },
  );

  return {
    hasMessage: () => look || payAnswer !== undefined || cancels.length > 0 || settlements.length > 0,
    take() {
      const settlement = settlements[0];
      if (settlement !== undefined) {
        if (settleRefusal(currentState(), settlement, Date.now()) === undefined) return { kind: 'settled', settlement };
        settlements.shift();
      }
      if (payAnswer !== undefined) {
        const answer = payAnswer;
        payAnswer = undefined;
        return { kind: 'payAnswered', answer };
      }
      if (cancels.length > 0) return { kind: 'cancelNow' };
      if (!look) return undefined;
      look = false;
      return { kind: 'lookNow' };
    },
    lookIsDue() {
      look = false;
    },
    processed(observation) {
      if (observation.kind === 'settled') {
        applied.add(observation.settlement);
        settlements.length = 0;
      }
      if (observation.kind === 'cancelNow') cancels.length = 0;
    },
  };
}

/** A word that this version does not know is no reason to believe anything. */
function isPayAnswer(value: unknown): value is PayAnswer {
  return typeof value === 'string' && Object.hasOwn(PayAnswer, value);
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, Refusals.notNow);
}
