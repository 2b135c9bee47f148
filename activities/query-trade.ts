/**
 * `alipay.trade.query`, once per attempt. A poll uses the activity's own retries: an answer that says nothing new is thrown as a benign failure with the time of the next attempt, and the trail so far travels in the
 * heartbeat. That keeps a poll of any length at one activity in the history, and shows it live in the Web UI.
 */
import { activityInfo, heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { isRefusedAs } from '../alipay/failed-call.ts';
import {
  delayAfterMs,
  isKnown,
  LEAST_DELAY_MS,
  NOT_FINAL_YET,
  type PollPlan,
  type PollRecord,
  type QueryCall,
  type QueryReport,
} from '../contract/activities.ts';
import { wordOf, type QueryAnswer } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { firstAndLatest } from '../contract/first-and-latest.ts';
import { type GatewayOf, idsOf, narrowFailure, unknownMerchant } from './gateway-of.ts';
import { logProblem } from './problem-log.ts';

/** @throws ApplicationFailure of type NotFinalYet, its details the report so far, when the plan says to ask again. */
export async function queryTrade(gatewayOf: GatewayOf, call: QueryCall): Promise<QueryReport> {
  const { currentAttemptScheduledTimestampMs: scheduledAtMs, heartbeatDetails } = activityInfo();
  const askedAtMs = performance.now();
  const answer = await ask(gatewayOf, call);
  const report = reportOf(answer, scheduledAtMs, heartbeatDetails as QueryReport | undefined);
  const { poll } = call;
  if (poll === undefined || scheduledAtMs >= poll.untilMs || !isKnown(answer, poll.known)) return report;

  heartbeat(report);
  const nowMs = scheduledAtMs + (performance.now() - askedAtMs);
  const nextRetryDelay = delayBeforeNext(poll, report.polls, nowMs);
  const notFinalYet = ApplicationFailure.create({
    type: NOT_FINAL_YET,
    message: `${describe(answer)} (query ${report.polls}); asking again in ${Math.round(nextRetryDelay / 1000)} s`,
    nextRetryDelay,
    details: [report],
    category: ApplicationFailureCategory.BENIGN,
  });
  // Nothing is wrong here: a stack trace would only stand in the way in the Web UI, and in the history of an interrupted poll.
  notFinalYet.stack = '';
  throw notFinalYet;
}

async function ask(gatewayOf: GatewayOf, call: QueryCall): Promise<QueryAnswer> {
  const gateway = gatewayOf(call.merchant);
  if (gateway === undefined) return unknownMerchant(call.merchant);
  const answer = await gateway.query(idsOf(call));
  if (answer.kind === 'failed') {
    if (isRefusedAs(['ACQ.TRADE_NOT_EXIST'], answer)) return { kind: 'tradeNotExist' };
    const failed = narrowFailure(answer);
    // A poll through an outage says the same again and again: once is enough for a person.
    if (call.poll === undefined || !isKnown(failed, call.poll.known)) logProblem(answer);
    return failed;
  }
  return {
    kind: 'trade',
    outTradeNo: answer.outTradeNo,
    tradeNo: answer.tradeNo,
    tradeStatus: answer.tradeStatus,
    totalAmount: answer.totalAmount,
    ...(answer.sendPayDate !== undefined && { sendPayDate: answer.sendPayDate }),
  };
}

function reportOf(answer: QueryAnswer, scheduledAtMs: number, before: QueryReport | undefined): QueryReport {
  const record: PollRecord = {
    at: new Date(scheduledAtMs).toISOString(),
    answer: wordOf(answer),
    ...(answer.kind === 'failed' && answer.subCode !== undefined && { subCode: answer.subCode }),
  };
  return {
    answer,
    scheduledAtMs,
    startedAtMs: before?.startedAtMs ?? scheduledAtMs,
    polls: (before?.polls ?? 0) + 1,
    trail: firstAndLatest([...(before?.trail ?? []), record], RECORDS_KEPT_AT_EACH_END),
  };
}

/** The last question falls on `untilMs`, so the answer that ends the poll was asked for no earlier; after 40005 it may come later. */
function delayBeforeNext(poll: PollPlan, polls: number, nowMs: number): number {
  const leastMs = poll.known.word === FailureClass.limited ? poll.limitedMs : LEAST_DELAY_MS;
  return Math.max(leastMs, Math.min(delayAfterMs(poll, polls), poll.untilMs - nowMs));
}

/** A watch of hours stays a trail that a person can read, and a heartbeat far below Temporal's size limits. */
const RECORDS_KEPT_AT_EACH_END = 10;

function describe(answer: QueryAnswer): string {
  switch (answer.kind) {
    case 'trade':
      return answer.tradeStatus;
    case 'tradeNotExist':
      return 'TRADE_NOT_EXIST';
    case 'failed':
      return `${answer.failure}${answer.subCode === undefined ? '' : ` ${answer.subCode}`}: ${answer.detail}`;
  }
}
