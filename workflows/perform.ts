/** Performs one command of the brain and reports what was observed. */
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import {
  NOT_FINAL_YET,
  type PollPlan,
  type QueryReport,
  type RefundCall,
  type TradeActivities,
  type TradeCall,
} from '../contract/activities.ts';
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { yuanFromFen } from '../contract/money.ts';
import { Refusals, WORKFLOW_TYPE, workflowIdOf } from '../contract/names.ts';
import type { Resolution } from '../contract/resolution.ts';
import type { ResolutionInput } from '../contract/resolution-input.ts';
import { settleRefusal, type Command, type Observation, type State } from '../resolution/index.ts';
import {
  cancelOptions,
  pollOptions,
  queryOptions,
  queryOptionsFor,
  refundOptions,
  refundQueryOptions,
  waitSummary,
} from './call-options.ts';
import type { Inbox, Message } from './inbox.ts';

export type Performed = Observation | { readonly kind: 'handedOver'; readonly resolution: Resolution };
type Performable = Exclude<Command, { kind: 'finish' }>;

const { queryTrade, cancelTrade, refundTrade, queryRefund } = proxyActivities<TradeActivities>(queryOptions);

export function createPerformer(
  raw: ResolutionInput,
  currentState: () => State,
  inbox: Inbox,
): (command: Performable) => Promise<Performed> {
  return async (command) => {
    const call = callFor(currentState());
    switch (command.kind) {
      case 'query':
        return inbox.hasMessage() ? await messageOrQuery(call, command.poll) : await query(call, command.poll);
      case 'cancel':
        return await cancel(call);
      case 'refund':
        return await refund({
          ...call,
          outRequestNo: command.outRequestNo,
          refundAmount: yuanFromFen(command.refundFen),
        });
      case 'queryRefund':
        return await askRefund(call);
      case 'wait':
        return await wait(command.untilMs);
      case 'handOver':
        return { kind: 'handedOver', resolution: await handOver(raw, command) };
    }
  };

  function nextMessage(): Message | undefined {
    return inbox.take((settlement) => settleRefusal(currentState(), settlement, Date.now()) === undefined);
  }

  async function messageOrQuery(call: TradeCall, poll: PollPlan | undefined): Promise<Performed> {
    inbox.lookIsDue();
    return nextMessage() ?? (await query(call, poll));
  }

  async function query(call: TradeCall, poll: PollPlan | undefined): Promise<Performed> {
    const scheduledAtMs = Date.now();
    try {
      return { kind: 'queried', report: await ask(call, poll) };
    } catch (error) {
      const message = isCancellation(error) ? nextMessage() : undefined;
      return message ?? { kind: 'queried', report: reportOfFailed(error, scheduledAtMs) };
    }
  }

  async function ask(call: TradeCall, poll: PollPlan | undefined): Promise<QueryReport> {
    const options = queryOptionsFor(currentState(), Date.now());
    return poll === undefined
      ? await queryTrade.executeWithOptions(options, [call])
      : await askUntilMessage(call, poll, options);
  }

  /** A poll that is waiting for its next attempt ends with the message; one in the middle of a call brings its answer first. */
  async function askUntilMessage(call: TradeCall, poll: PollPlan, options: ActivityOptions): Promise<QueryReport> {
    const polling = new CancellationScope();
    const listening = new CancellationScope();
    const report = polling.run(() => queryTrade.executeWithOptions(pollOptions(poll, options), [{ ...call, poll }]));
    const message = listening.run(() => condition(() => inbox.hasMessage()));
    await Promise.race([settled(report), settled(message)]);
    listening.cancel();
    if (inbox.hasMessage()) polling.cancel();
    return await report;
  }

  async function wait(untilMs: number): Promise<Performed> {
    for (;;) {
      const message = nextMessage();
      if (message !== undefined) return message;
      const leftMs = untilMs - Date.now();
      const interrupted =
        leftMs > 0 && (await condition(() => inbox.hasMessage(), leftMs, { summary: waitSummary(currentState()) }));
      if (!interrupted) return { kind: 'waited' };
    }
  }
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => undefined,
    () => undefined,
  );
}

/** Never both numbers: Alipay would look at trade_no alone, and the two might belong to different trades. */
function callFor({ memory }: State): TradeCall {
  return memory.outTradeNo === undefined
    ? { merchant: memory.merchant, ...(memory.tradeNo !== undefined && { tradeNo: memory.tradeNo }) }
    : { merchant: memory.merchant, outTradeNo: memory.outTradeNo };
}

/** An attempt that was under way when its poll was interrupted still brought an answer. All else that ends a query ends it unanswered. */
function reportOfFailed(error: unknown, scheduledAtMs: number): QueryReport {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const last = cause instanceof ApplicationFailure && cause.type === NOT_FINAL_YET ? cause.details?.[0] : undefined;
  if (last !== undefined) return last as QueryReport;
  return { answer: lostCall(error), scheduledAtMs, polls: 1, trail: [] };
}

async function cancel(call: TradeCall): Promise<Observation> {
  const scheduledAtMs = Date.now();
  try {
    return { kind: 'cancelled', report: await cancelTrade.executeWithOptions(cancelOptions, [call]) };
  } catch (error) {
    return { kind: 'cancelled', report: { answer: lostCall(error), scheduledAtMs } };
  }
}

async function refund(call: RefundCall): Promise<Observation> {
  const scheduledAtMs = Date.now();
  try {
    return { kind: 'refunded', report: await refundTrade.executeWithOptions(refundOptions, [call]) };
  } catch (error) {
    return { kind: 'refunded', report: { answer: lostCall(error), scheduledAtMs } };
  }
}

async function askRefund(call: TradeCall): Promise<Observation> {
  const scheduledAtMs = Date.now();
  try {
    return { kind: 'refundQueried', report: await queryRefund.executeWithOptions(refundQueryOptions, [call]) };
  } catch (error) {
    return { kind: 'refundQueried', report: { answer: lostCall(error), scheduledAtMs } };
  }
}

/** The worker died under the call, or none picked it up: only the latter proves that nothing was sent. */
function lostCall(error: unknown): FailedCall {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') {
    return {
      kind: 'failed',
      failure: FailureClass.notSent,
      detail: 'no worker picked the call up in time; it was dropped unsent',
    };
  }
  return {
    kind: 'failed',
    failure: FailureClass.unknown,
    detail: `the worker was lost during the call (${cause?.name ?? 'no cause given'}); it may have been executed`,
  };
}

/** The trade's own run resolves it; this one, which knew only Alipay's number, waits and returns the same result. */
async function handOver(
  raw: ResolutionInput,
  { outTradeNo, tradeNo }: { outTradeNo: string; tradeNo: string },
): Promise<Resolution> {
  const workflowId = workflowIdOf({ ...(raw.merchant !== undefined && { merchant: raw.merchant }), outTradeNo });
  try {
    const child = await startChild(WORKFLOW_TYPE, {
      workflowId,
      args: [{ ...raw, outTradeNo, tradeNo }],
      // A run that failed, or was terminated, resolved nothing.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Alipay trade ${outTradeNo}: is it paid?`,
    });
    return (await child.result()) as Resolution;
  } catch (error) {
    if (!(error instanceof TemporalFailure) || error.name !== 'WorkflowExecutionAlreadyStartedError') throw error;
    throw ApplicationFailure.nonRetryable(
      `tradeNo ${tradeNo} is outTradeNo ${outTradeNo}, which workflow ${workflowId} resolves already: look there.`,
      Refusals.alreadyResolving,
    );
  }
}
