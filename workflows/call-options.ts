/** Timeouts, retries and the summaries that the Web UI shows, for every call and wait. */
import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import { ATTEMPT_TIMEOUT_MS, CANCEL_PICKUP_MS } from '../contract/timeouts.ts';
import type { PollPlan } from '../contract/activities.ts';
import type { State } from '../resolution/index.ts';

/** Retried for ever: asking is harmless, and a worker that dies in the middle must not end the question. */
export const queryOptions: ActivityOptions = {
  summary: 'Ask Alipay once: alipay.trade.query',
  startToCloseTimeout: ATTEMPT_TIMEOUT_MS,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 30_000 },
  // A poll that waits for its next attempt ends at once; one that is in the middle of a call brings its answer.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/**
 * In a long queue a trade that has been begun is brought to its end before the next one is begun. Otherwise every answer is old when it
 * comes, and an old answer moves no money (`ANSWER_STALE_MS` in `resolution/decide.ts`): the trades would only go on asking, one behind the other.
 * Needs a server that serves by priority (`docs/configuration.md`); another one takes them as they come.
 */
export function queryOptionsFor(state: State, nowMs: number): ActivityOptions {
  return isBegun(state, nowMs) ? { ...queryOptions, priority: BEGUN } : queryOptions;
}

function isBegun({ memory, phase }: State, nowMs: number): boolean {
  switch (phase.kind) {
    case 'querying':
      return memory.hurried || nowMs >= phase.untilMs;
    case 'cancelling':
    case 'closing':
    case 'refunding':
      return true;
    case 'guarding':
    case 'watching':
    case 'needs-operator':
    case 'handed-over':
    case 'done':
      return false;
  }
}

/** Without a priority of its own a call has 3; the smaller the sooner. */
const BEGUN: NonNullable<ActivityOptions['priority']> = { priorityKey: 2 };

export function pollOptions(poll: PollPlan, options: ActivityOptions): ActivityOptions {
  return {
    ...options,
    summary: `Ask Alipay ${rhythm(poll)} while it says ${poll.known.word}, until ${new Date(poll.untilMs).toISOString()}`,
  };
}

/** Never retried by Temporal: every cancel directly follows a query of its own, so it goes before all queries. */
export const cancelOptions: ActivityOptions = {
  summary: 'Cancel: alipay.trade.cancel',
  startToCloseTimeout: ATTEMPT_TIMEOUT_MS,
  scheduleToStartTimeout: CANCEL_PICKUP_MS,
  retry: { maximumAttempts: 1 },
  priority: { priorityKey: 1 },
};

/** Never retried by Temporal: every refund directly follows a query that says paid. Old ones are dropped unsent, as cancels are. */
export const refundOptions: ActivityOptions = { ...cancelOptions, summary: 'Refund in full: alipay.trade.refund' };

export const refundQueryOptions: ActivityOptions = {
  summary: 'Ask whether money went back: alipay.trade.fastpay.refund.query',
  startToCloseTimeout: ATTEMPT_TIMEOUT_MS,
  retry: { maximumAttempts: 1 },
  priority: BEGUN,
};

export function waitSummary({ memory, phase }: State): string {
  switch (phase.kind) {
    case 'cancelling':
      return `Back off before cancel ${memory.cancelCount + 1}`;
    case 'closing':
      return 'Wait before asking the refund query';
    case 'guarding':
      return 'Guard: the service is in its pay call';
    case 'refunding':
      return 'Wait before looking at the refund again';
    case 'needs-operator':
      return `Needs a person (${phase.reason}): next look`;
    case 'querying':
    case 'watching':
      return 'Wait before asking again';
    case 'handed-over':
    case 'done':
      return 'Wait';
  }
}

function rhythm({ firstMs, capMs }: PollPlan): string {
  return firstMs === capMs ? `every ${seconds(capMs)} s` : `every ${seconds(firstMs)}-${seconds(capMs)} s`;
}

function seconds(ms: number): string {
  return String(ms / 1_000);
}
