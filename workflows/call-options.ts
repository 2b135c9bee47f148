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

export function pollOptions(poll: PollPlan): ActivityOptions {
  return {
    ...queryOptions,
    summary: `Ask Alipay every ${seconds(poll.firstMs)}-${seconds(poll.capMs)} s until ${new Date(poll.untilMs).toISOString()}`,
  };
}

/** Never retried by Temporal: every cancel directly follows a query of its own. */
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
};

export function waitSummary({ phase }: State): string {
  switch (phase.kind) {
    case 'cancelling':
      return `Back off before cancel ${phase.round + 1}`;
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
    case 'handed-over':
    case 'done':
      return 'Wait';
  }
}

function seconds(ms: number): string {
  return String(ms / 1_000);
}
