import { activityInfo } from '@temporalio/activity';
import type { CancelReport, TradeCall } from '../contract/activities.ts';
import type { CancelAnswer } from '../contract/answers.ts';
import { type GatewayOf, idsOf, narrowFailure, notSentForMerchant } from './gateway-of.ts';
import { logProblem } from './problem-log.ts';

/** `alipay.trade.cancel`, once. Its `10000` is passed on as what it is: an answer. */
export async function cancelTrade(gatewayOf: GatewayOf, call: TradeCall): Promise<CancelReport> {
  return { answer: await ask(gatewayOf, call), scheduledAtMs: activityInfo().currentAttemptScheduledTimestampMs };
}

async function ask(gatewayOf: GatewayOf, call: TradeCall): Promise<CancelAnswer> {
  const gateway = gatewayOf(call.merchant);
  if (gateway === undefined) return notSentForMerchant(call.merchant);
  const answer = await gateway.cancel(idsOf(call));
  if (answer.kind === 'failed') {
    logProblem(answer);
    return {
      ...narrowFailure(answer),
      ...(answer.retryFlag !== undefined && { retryFlag: answer.retryFlag }),
      ...(answer.action !== undefined && { action: answer.action }),
      ...(answer.tradeNo !== undefined && { tradeNo: answer.tradeNo }),
    };
  }
  return {
    kind: 'answered',
    retryFlag: answer.retryFlag,
    ...(answer.action !== undefined && { action: answer.action }),
    ...(answer.tradeNo !== undefined && { tradeNo: answer.tradeNo }),
  };
}
