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
import {
  isPayAnswer,
  type ManualDecision,
  type ManualResolution,
  type Outcome,
  PayAnswer,
  type RefundOrder,
  type Resolution,
} from '../contract/resolution.ts';
import { whyNotCancelNow, whyNotDecideManually, toResolution, type State } from '../resolution/index.ts';
import type { Inbox } from './inbox.ts';
import { decoded, undecoded } from './undecoded.ts';

const resolutionQuery = defineQuery<Resolution>(RESOLUTION_QUERY, { typeInfo: undecoded });
/** Signals, because nobody waits for an answer: a notification arrived, an operator wants a look, the pay call ended. */
const tradeNotifiedSignal = defineSignal(Signals.tradeNotified, { typeInfo: undecoded });
const retryNowSignal = defineSignal(Signals.retryNow, { typeInfo: undecoded });
const payAnsweredSignal = defineSignal<[unknown]>(Signals.payAnswered, { typeInfo: undecoded });
/** Updates, because whoever sends one must learn at once whether it is allowed. */
const cancelNowUpdate = defineUpdate<Resolution>(Updates.cancelNow);
const resolveManuallyUpdate = defineUpdate<Resolution, [ManualResolution]>(Updates.resolveManually);
const orderRefundUpdate = defineUpdate<Resolution, [RefundOrder]>(Updates.orderRefund);

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
    resolveManuallyUpdate,
    async (given) => await decideManually({ kind: 'outcome', ...resolutionIn(given) }),
    {
      description: 'Decide a trade that needs a person: {"outcome": "PAID|CLOSED|REFUNDED|NOT_CREATED", "who", "why"}.',
      validator: (given) =>
        refuse(has(given, 'refund') ? NO_REFUND : whyNot({ kind: 'outcome', ...resolutionIn(given) })),
    },
  );
  setHandler(orderRefundUpdate, async (given) => await decideManually({ kind: 'refund', ...orderIn(given) }), {
    description: 'Refund a paid trade that needs a person, in full: {"who", "why"}.',
    validator: (given) => refuse(has(given, 'outcome') ? NO_OUTCOME : whyNot({ kind: 'refund', ...orderIn(given) })),
  });

  function whyNot(manualDecision: ManualDecision): string | undefined {
    return whyNotDecideManually(currentState(), manualDecision, Date.now());
  }

  async function decideManually(manualDecision: ManualDecision): Promise<Resolution> {
    await CancellationScope.nonCancellable(() => inbox.decideManually(manualDecision));
    refuse(whyNotApplied(currentState(), manualDecision));
    return toResolution(currentState());
  }
}

/** Whoever says both wants one of them; money must not move on a guess which. */
const NO_REFUND = 'resolveManually takes no refund: a refund is ordered with orderRefund.';
const NO_OUTCOME = 'orderRefund takes no outcome: an outcome is decided with resolveManually.';

function has(given: unknown, field: string): boolean {
  return typeof given === 'object' && given !== null && Object.hasOwn(given, field);
}

/** What the answer to the fresh query made of it. */
function whyNotApplied(state: State, manualDecision: ManualDecision): string | undefined {
  const { memory, phase } = state;
  if (manualDecision.kind === 'refund' && isSame(memory.refundOrder, manualDecision)) return undefined;
  if (phase.kind === 'done' && isSame(phase.manualDecision, manualDecision)) return undefined;
  if (phase.kind === 'done' && manualDecision.kind === 'outcome' && phase.outcome === manualDecision.outcome) {
    return undefined;
  }
  const contradiction =
    phase.kind === 'needs-operator' ? whyNotDecideManually(state, manualDecision, Date.now()) : undefined;
  return contradiction ?? `The trade went on by itself before this was applied: ${toResolution(state).summary}`;
}

function isSame(one: ManualDecision | undefined, other: ManualDecision): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A word that this version does not know, or cannot even decode, is no reason to believe anything. */
function payAnswerIn(argument: unknown): PayAnswer {
  const word = decoded(argument);
  return isPayAnswer(word) ? word : PayAnswer.uncertain;
}

/** Whatever else came with it stays out of the result. What is missing here is refused by name. */
function resolutionIn(given: ManualResolution): ManualResolution {
  return { outcome: (given as ManualResolution | null)?.outcome as Outcome, ...orderIn(given) };
}

function orderIn(given: RefundOrder | null | undefined): RefundOrder {
  return { who: given?.who as string, why: given?.why as string };
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, FailureTypes.notNow);
}
