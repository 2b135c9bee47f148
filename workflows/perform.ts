/** Performs one command of the rules and reports what was observed. */
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import {
  type CancelReport,
  NOT_FINAL_YET,
  questionsBy,
  type PollPlan,
  type QueryReport,
  type RefundQueryReport,
  type RefundReport,
  type TradeActivities,
  type TradeCall,
} from '../contract/activities.ts';
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { yuanFromFen } from '../contract/money.ts';
import type { Resolution } from '../contract/resolution.ts';
import type { ResolutionInput } from '../contract/resolution-input.ts';
import type { Command, Observation, State } from '../resolution/index.ts';
import {
  cancelOptions,
  pollOptions,
  queryOptions,
  queryOptionsFor,
  refundOptions,
  refundQueryOptions,
  waitSummary,
} from './call-options.ts';
import { handOver } from './hand-over.ts';
import type { Inbox } from './inbox.ts';

export type CommandResult =
  | Observation
  /** A wait ended because a message came: the loop takes it next. */
  | { readonly kind: 'woken' }
  | { readonly kind: 'handedOver'; readonly resolution: Resolution };
type Performable = Exclude<Command, { kind: 'finish' }>;

const { queryTrade, cancelTrade, refundTrade, queryRefund } = proxyActivities<TradeActivities>(queryOptions);

export function createPerformer(
  raw: ResolutionInput,
  currentState: () => State,
  inbox: Inbox,
): (command: Performable) => Promise<CommandResult> {
  return async (command) => {
    const call = callFor(currentState());
    switch (command.kind) {
      case 'query':
        return await query(call, command.poll);
      case 'cancel':
        return { kind: 'cancelled', report: await cancel(call) };
      case 'refund':
        return { kind: 'refunded', report: await refund(call, command) };
      case 'queryRefund':
        return { kind: 'refundQueried', report: await askForRefund(call) };
      case 'wait':
        return await wait(command.untilMs);
      case 'handOver':
        return { kind: 'handedOver', resolution: await handOver(raw, currentState(), command) };
    }
  };

  async function query(call: TradeCall, poll: PollPlan | undefined): Promise<CommandResult> {
    const scheduledAtMs = Date.now();
    try {
      return { kind: 'queried', report: await ask(call, poll) };
    } catch (error) {
      if (poll !== undefined && isCancellation(error) && inbox.hasMessage()) {
        return {
          kind: 'interrupted',
          questions: questionsBy(poll, scheduledAtMs, Date.now()),
          startedAtMs: scheduledAtMs,
        };
      }
      return { kind: 'queried', report: reportOfFailed(error, scheduledAtMs) };
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
    await Promise.race([ended(report), ended(message)]);
    listening.cancel();
    if (inbox.hasMessage()) polling.cancel();
    return await report;
  }

  async function wait(untilMs: number): Promise<CommandResult> {
    const leftMs = untilMs - Date.now();
    const woken =
      leftMs > 0 && (await condition(() => inbox.hasMessage(), leftMs, { summary: waitSummary(currentState()) }));
    return woken ? { kind: 'woken' } : { kind: 'waited' };
  }
}

async function ended(promise: Promise<unknown>): Promise<void> {
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
  return { answer: lostCall(error), scheduledAtMs, startedAtMs: scheduledAtMs, polls: 1, trail: [] };
}

async function cancel(call: TradeCall): Promise<CancelReport> {
  return await reportOf(() => cancelTrade.executeWithOptions(cancelOptions, [call]));
}

async function refund(call: TradeCall, { outRequestNo, refundFen }: RefundCommand): Promise<RefundReport> {
  const refundCall = { ...call, outRequestNo, refundAmount: yuanFromFen(refundFen) };
  return await reportOf(() => refundTrade.executeWithOptions(refundOptions, [refundCall]));
}

async function askForRefund(call: TradeCall): Promise<RefundQueryReport> {
  return await reportOf(() => queryRefund.executeWithOptions(refundQueryOptions, [call]));
}

type RefundCommand = Extract<Command, { kind: 'refund' }>;

/** A call that no worker has brought home is reported too: as lost, or as never sent. */
async function reportOf<Report>(call: () => Promise<Report>): Promise<Report | LostReport> {
  const scheduledAtMs = Date.now();
  try {
    return await call();
  } catch (error) {
    return { answer: lostCall(error), scheduledAtMs };
  }
}

interface LostReport {
  readonly answer: FailedCall;
  readonly scheduledAtMs: number;
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
