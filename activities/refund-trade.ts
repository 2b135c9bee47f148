import { activityInfo } from '@temporalio/activity';
import type { RefundCall, RefundReport } from '../contract/activities.ts';
import type { RefundAnswer } from '../contract/answers.ts';
import { type GatewayOf, idsOf, narrowFailure, notSentForMerchant } from './gateway-of.ts';
import { logProblem } from './problem-log.ts';

/** `alipay.trade.refund` in full, once, under the number that the call names. */
export async function refundTrade(gatewayOf: GatewayOf, call: RefundCall): Promise<RefundReport> {
  return { answer: await ask(gatewayOf, call), scheduledAtMs: activityInfo().currentAttemptScheduledTimestampMs };
}

async function ask(gatewayOf: GatewayOf, call: RefundCall): Promise<RefundAnswer> {
  const gateway = gatewayOf(call.merchant);
  if (gateway === undefined) return notSentForMerchant(call.merchant);
  const { outRequestNo, refundAmount } = call;
  const answer = await gateway.refund({ ...idsOf(call), outRequestNo, refundAmount });
  if (answer.kind === 'failed') {
    logProblem(answer);
    return narrowFailure(answer);
  }
  return { kind: 'answered', fundChange: answer.fundChange === 'Y' };
}
