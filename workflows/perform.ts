/** Performs one command of the brain and reports what was observed. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
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
import type { Command, Observation, State } from '../resolution/index.ts';
import {
  cancelOptions,
  pollOptions,
  queryOptions,
  refundOptions,
  refundQueryOptions,
  waitSummary,
} from './call-options.ts';
import type { Inbox } from './messages.ts';

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

  async function messageOrQuery(call: TradeCall, poll: PollPlan | undefined): Promise<Performed> {
    inbox.lookIsDue();
    return inbox.take() ?? (await query(call, poll));
  }

  async function query(call: TradeCall, poll: PollPlan | undefined): Promise<Performed> {
    if (poll === undefined) {
      return { kind: 'queried', report: await queryTrade.executeWithOptions(queryOptions, [call]) };
    }
    const scope = new CancellationScope({ cancellable: true });
    const report = scope.run(() => queryTrade.executeWithOptions(pollOptions(poll), [{ ...call, poll }]));
    const interrupted = Promise.race([report.then(() => false), condition(() => inbox.hasMessage()).then(() => true)]);
    if (await interrupted) scope.cancel();
    try {
      return { kind: 'queried', report: await report };
    } catch (error) {
      const lastReport = reportOfInterrupted(error);
      if (lastReport !== undefined) return { kind: 'queried', report: lastReport };
      const message = inbox.take();
      if (message === undefined) throw error;
      return message;
    }
  }

  async function wait(untilMs: number): Promise<Performed> {
    const delayMs = untilMs - Date.now();
    if (delayMs > 0) await condition(() => inbox.hasMessage(), delayMs, { summary: waitSummary(currentState()) });
    return inbox.take() ?? { kind: 'waited' };
  }
}

/** Never both numbers: Alipay would look at trade_no alone, and the two might belong to different trades. */
function callFor({ memory }: State): TradeCall {
  return memory.outTradeNo === undefined
    ? { merchant: memory.merchant, ...(memory.tradeNo !== undefined && { tradeNo: memory.tradeNo }) }
    : { merchant: memory.merchant, outTradeNo: memory.outTradeNo };
}

/** An attempt that was under way when the poll was interrupted still brought an answer. */
function reportOfInterrupted(error: unknown): QueryReport | undefined {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return undefined;
  return error.cause.type === NOT_FINAL_YET ? (error.cause.details?.[0] as QueryReport | undefined) : undefined;
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
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
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
