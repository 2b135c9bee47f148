/**
 * The durable shell around the brain: performs its one command, brings back what was observed, again and again.
 * It decides nothing about money; that stands in `resolution/decide.ts`.
 *
 * S1 A wrong input fails the workflow at once, before any call. Nothing else of ours ends it without an outcome.
 * S2 A Temporal cancellation request does not stop a resolution: money may be moving. Terminate does.
 * S3 It continues as a new run only where nobody waits for an answer, and never between a query and its cancel or refund.
 * S4 Waits and polls are interrupted by a message; calls that may move money never are.
 * S5 A state is believed only from a run of our own: whoever could pass one could have any outcome.
 */
import { RawValue } from '@temporalio/common';
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { Refusals } from '../contract/names.ts';
import type { Resolution } from '../contract/resolution.ts';
import { describeProblems, parseResolutionInput, type ResolutionInput } from '../contract/resolution-input.ts';
import { begin, decide, movesMoney, resume, toResolution, type State } from '../resolution/index.ts';
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
  const parsed = parseResolutionInput(raw);
  if (parsed.kind === 'problems') {
    throw ApplicationFailure.nonRetryable(`Wrong input: ${describeProblems(parsed.problems)}.`, Refusals.invalidInput);
  }
  const startedAtMs = workflowInfo().startTime.getTime();
  let decision = carried === undefined ? begin(parsed.input, startedAtMs, Date.now()) : resume(carried, Date.now());

  const publisher = createPublisher(() => decision.state);
  const inbox = createInbox();
  receiveMessages(inbox, () => decision.state);
  const perform = createPerformer(raw, () => decision.state, inbox);
  void CancellationScope.current().cancelRequested.catch(publisher.noteCancellationRequest);

  return await CancellationScope.nonCancellable(async () => {
    for (;;) {
      publisher.publish();
      const { command } = decision;
      if (command.kind === 'finish') break;
      if (command.kind === 'handOver') inbox.close();
      if (historyIsLong() && !movesMoney(command) && !inbox.hasMessage() && allHandlersFinished()) {
        await continueAsNew(new RawValue(raw), new RawValue(decision.state));
      }
      const performed = await perform(command);
      if (performed.kind === 'handedOver') {
        await condition(allHandlersFinished);
        return performed.resolution;
      }
      decision = decide(decision.state, performed, Date.now());
      inbox.processed(performed);
    }
    inbox.close();
    await condition(allHandlersFinished);
    return toResolution(decision.state);
  });
}

defineWorkflowOptions(resolveUncertainPayment, { staticOptions: { typeInfo: undecoded } });

/** Far below the server's own suggestion (4,096 events), because a round of cancelling adds about 20 at once. */
const HISTORY_EVENTS_MAX = 2_000;

function historyIsLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_MAX;
}
