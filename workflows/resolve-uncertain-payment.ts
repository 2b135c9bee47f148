/**
 * The durable shell around the rules: performs its one command, brings back what was observed, again and again.
 * It decides nothing about money; that stands in `resolution/decide.ts`.
 *
 * S1 A wrong input fails the workflow at once, before any call. Nothing else of ours ends it without an outcome.
 * S2 A Temporal cancellation request does not stop a resolution: money may be moving. Terminate does.
 * S3 It continues as a new run only where nobody waits for an answer, and never between a query and its cancel or refund.
 * S4 Waits and polls are interrupted by a message; calls that may move money never are. But whatever was said before such a call is heard
 *    before it is made.
 * S5 A state is believed only from a run of our own: whoever could pass one could have any outcome. That is the run that this one continues, or
 *    the run by `tradeNo` that hands over to it; a start from outside can have neither.
 * S6 A run that is Temporal's reset of another one says so to the rules before anything else is decided: its history may lack a cancel.
 */
import { RawValue } from '@temporalio/common';
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineWorkflowOptions,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureTypes, workflowIdOf } from '../contract/names.ts';
import type { Resolution } from '../contract/resolution.ts';
import {
  describeProblems,
  parseResolutionInput,
  type ParsedInput,
  type ResolutionInput,
} from '../contract/resolution-input.ts';
import {
  begin,
  decide,
  movesMoney,
  resume,
  whyNotDecideManually,
  toResolution,
  type Observation,
  type State,
} from '../resolution/index.ts';
import { createInbox } from './inbox.ts';
import { receiveMessages } from './messages.ts';
import { createPerformer } from './perform.ts';
import { createPublisher } from './publish.ts';
import { decoded, undecoded } from './undecoded.ts';

/**
 * The first argument is a {@link ResolutionInput}. The second is this workflow's own state after continue-as-new; passed by anybody
 * else, it is passed over (S5).
 */
export async function resolveUncertainPayment(...given: readonly unknown[]): Promise<Resolution> {
  const [raw, second] = given.map(decoded) as [ResolutionInput, State?];
  const carried = workflowInfo().continuedFromExecutionRunId === undefined ? undefined : second;
  const startedAtMs = workflowInfo().startTime.getTime();
  const parsed = parseResolutionInput(raw, startedAtMs);
  if (parsed.kind === 'problems') {
    throw ApplicationFailure.nonRetryable(
      `Wrong input: ${describeProblems(parsed.problems)}.`,
      FailureTypes.invalidInput,
    );
  }
  const handedOver = carried === undefined && isHandedOver(parsed.input) ? second : undefined;
  let decision =
    carried === undefined
      ? begin(parsed.input, startedAtMs, Date.now(), handedOver?.memory)
      : resume(carried, Date.now());

  const publisher = createPublisher(() => decision.state);
  const inbox = createInbox();
  receiveMessages(inbox, () => decision.state);
  const perform = createPerformer(raw, () => decision.state, inbox);
  void CancellationScope.current().cancelRequested.catch(publisher.noteCancellationRequest);

  function take(observation: Observation): void {
    decision = decide(decision.state, observation, Date.now());
    inbox.processed(observation, decision.state);
  }

  function nextMessage(): Observation | undefined {
    return inbox.take(
      (manualDecision) => whyNotDecideManually(decision.state, manualDecision, Date.now()) === undefined,
    );
  }

  function takeWords(): void {
    for (let word = inbox.takeWord(); word !== undefined; word = inbox.takeWord()) take(word);
  }

  /**
   * S6. In the part of the history that the reset has kept, the marker of `patched` is missing: there nothing may change. In a replay the marker
   * alone tells, since a history that is replayed elsewhere has another run id.
   */
  function tellReset(): void {
    const mayBeReset = isReset() || workflowInfo().unsafe.isReplaying;
    if (mayBeReset && !decision.state.memory.wasReset && patched('assume-calls-before-a-reset'))
      take({ kind: 'reset' });
  }

  return await CancellationScope.nonCancellable(async () => {
    for (;;) {
      tellReset();
      publisher.publish();
      const { command } = decision;
      if (command.kind === 'finish') break;
      if (command.kind === 'handOver') inbox.close();
      // A query that starts now answers every wish to look.
      if (command.kind === 'query') inbox.lookIsDue();
      const message = nextMessage();
      if (message !== undefined) {
        take(message);
        continue;
      }
      if (historyIsLong() && !movesMoney(command) && !inbox.hasMessage() && allHandlersFinished()) {
        await continueAsNew(new RawValue(raw), new RawValue(decision.state));
      }
      const performed = await perform(command);
      if (performed.kind === 'handedOver') {
        await condition(allHandlersFinished);
        return performed.resolution;
      }
      if (performed.kind === 'woken') continue;
      // What only says how the trade stands is judged by rules that know of the reset; a call that moved money is remembered first.
      if (performed.kind === 'queried' || performed.kind === 'waited') tellReset();
      // What the service said while the answer was under way is heard before the answer is judged.
      if (performed.kind === 'queried' || performed.kind === 'refundQueried') takeWords();
      // A word may have ended it; the answer came after that.
      if (decision.command.kind !== 'finish') take(performed);
    }
    inbox.close();
    await condition(allHandlersFinished);
    return toResolution(decision.state);
  });
}

defineWorkflowOptions(resolveUncertainPayment, { staticOptions: { typeInfo: undecoded } });

/** Started as a child by the run of this trade's `tradeNo`. */
function isHandedOver({ merchant, tradeNo }: ParsedInput): boolean {
  const { parent } = workflowInfo();
  return parent !== undefined && tradeNo !== undefined && parent.workflowId === workflowIdOf({ merchant, tradeNo });
}

/** A reset keeps the run id of the start event and gives the run another one; being continued as new gives both. */
function isReset(): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId;
}

/** Far below the server's own suggestion (4,096 events), because a round of cancelling adds about 20 at once. */
const HISTORY_EVENTS_MAX = 2_000;

function historyIsLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_MAX;
}
