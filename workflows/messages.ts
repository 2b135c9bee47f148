/**
 * The query, the signals and the updates of a resolution. Names stand in `contract/names.ts`; each says in the Web UI what it is for.
 *
 * M1 No payload, however wrong, fails a workflow task: that would stop the resolution for good, and nobody would see it. The
 * arguments of signals and of the query come undecoded; those of updates need not, because the SDK rejects the update then.
 */
import {
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { FailureTypes, RESOLUTION_QUERY, Signals, Updates } from '../contract/names.ts';
import { isPayAnswer, PayAnswer, type Resolution, type Settlement } from '../contract/resolution.ts';
import { whyNotCancelNow, whyNotSettle, toResolution, type State } from '../resolution/index.ts';
import type { Inbox } from './inbox.ts';
import { decoded, undecoded } from './undecoded.ts';

const resolutionQuery = defineQuery<Resolution>(RESOLUTION_QUERY, { typeInfo: undecoded });
/** Signals, because nobody waits for an answer: a notification arrived, an operator wants a look, the pay call ended. */
const tradeNotifiedSignal = defineSignal(Signals.tradeNotified, { typeInfo: undecoded });
const retryNowSignal = defineSignal(Signals.retryNow, { typeInfo: undecoded });
const payAnsweredSignal = defineSignal<[unknown]>(Signals.payAnswered, { typeInfo: undecoded });
/** Updates, because whoever sends one must learn at once whether it is allowed. */
const cancelNowUpdate = defineUpdate<Resolution>(Updates.cancelNow);
const settleUpdate = defineUpdate<Resolution, [Settlement]>(Updates.settle);

export function receiveMessages(inbox: Inbox, currentState: () => State): void {
  setHandler(resolutionQuery, () => toResolution(currentState()), {
    description: 'The present state, whole, without waiting.',
  });
  setHandler(tradeNotifiedSignal, () => inbox.lookNow(), {
    description: 'An asynchronous notification arrived: ask Alipay now.',
  });
  setHandler(retryNowSignal, () => inbox.lookNow(), { description: 'An operator mended something: ask Alipay now.' });
  setHandler(payAnsweredSignal, (answer) => inbox.payAnswered(payAnswerIn(answer)), {
    description: 'The pay call was answered: "paid", "uncertain" or "refused".',
  });
  setHandler(
    cancelNowUpdate,
    async () => {
      await CancellationScope.nonCancellable(() => inbox.cancelNow());
      return toResolution(currentState());
    },
    {
      description: 'Stop waiting for the buyer: ask once more and cancel.',
      validator: () => refuse(whyNotCancelNow(currentState())),
    },
  );
  setHandler(
    settleUpdate,
    async (settlement) => {
      const plainly = plain(settlement);
      await CancellationScope.nonCancellable(() => inbox.settle(plainly));
      refuse(whyNotApplied(currentState(), plainly));
      return toResolution(currentState());
    },
    {
      description:
        'Decide a trade that needs a person: {"outcome": "PAID|CLOSED|REFUNDED|NOT_CREATED", "who", "why"}, or {"refund": true, "who", "why"}.',
      validator: (settlement) => refuse(whyNotSettle(currentState(), settlement, Date.now())),
    },
  );
}

/** What the answer to the fresh query made of it. */
function whyNotApplied(state: State, settlement: Settlement): string | undefined {
  const { memory, phase } = state;
  if ('refund' in settlement && isSame(memory.refundOrder, settlement)) return undefined;
  if (phase.kind === 'done' && isSame(phase.settlement, settlement)) return undefined;
  if (phase.kind === 'done' && 'outcome' in settlement && phase.outcome === settlement.outcome) return undefined;
  const contradiction = phase.kind === 'needs-operator' ? whyNotSettle(state, settlement, Date.now()) : undefined;
  return contradiction ?? `The trade went on by itself before this was applied: ${toResolution(state).summary}`;
}

function isSame(one: Settlement | undefined, other: Settlement): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A word that this version does not know, or cannot even decode, is no reason to believe anything. */
function payAnswerIn(argument: unknown): PayAnswer {
  const word = decoded(argument);
  return isPayAnswer(word) ? word : PayAnswer.uncertain;
}

/** Of a settlement that its validator has let pass, what is one: whatever else came with it stays out of the result. */
function plain(settlement: Settlement): Settlement {
  const { who, why } = settlement;
  return 'refund' in settlement ? { refund: true, who, why } : { outcome: settlement.outcome, who, why };
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, FailureTypes.notNow);
}
