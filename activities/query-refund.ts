import { activityInfo } from '@temporalio/activity';
import type { RefundQueryReport, TradeCall } from '../contract/activities.ts';
import type { QueryRefundFields } from '../alipay/answer-fields.ts';
import { isRefusedAs } from '../alipay/failed-call.ts';
import type { RefundQueryAnswer, SignedRefundQueryAnswer } from '../contract/answers.ts';
import { type GatewayOf, idsOf, narrowFailure, unknownMerchant } from './gateway-of.ts';
import { logProblem } from './problem-log.ts';

/**
 * `alipay.trade.fastpay.refund.query`, once. A cancel carries no refund number of its own; the field doc of
 * `out_request_no` then asks for the trade's `out_trade_no`.
 */
export async function queryRefund(gatewayOf: GatewayOf, call: TradeCall): Promise<RefundQueryReport> {
  return { answer: await ask(gatewayOf, call), scheduledAtMs: activityInfo().currentAttemptScheduledTimestampMs };
}

async function ask(gatewayOf: GatewayOf, call: TradeCall): Promise<RefundQueryAnswer> {
  const gateway = gatewayOf(call.merchant);
  if (gateway === undefined) return unknownMerchant(call.merchant);
  const outRequestNo = call.outTradeNo ?? call.tradeNo ?? '';
  const answer = await gateway.queryRefund({ ...idsOf(call), outRequestNo });
  if (answer.kind === 'failed') {
    if (isRefusedAs(TRADE_NOT_EXIST, answer)) return { kind: 'tradeNotExist' };
    logProblem(answer);
    return narrowFailure(answer);
  }
  return {
    kind: 'refund',
    found: foundIn(answer),
    ...(answer.refundAmount !== undefined && { refundAmount: answer.refundAmount }),
    ...(answer.tradeNo !== undefined && { tradeNo: answer.tradeNo }),
  };
}

/** The field doc knows `REFUND_SUCCESS` and absent; others have logged an amount without a status, and `REFUND_PROCESSING`. */
function foundIn({ refundStatus, refundAmount }: QueryRefundFields): SignedRefundQueryAnswer['found'] {
  if (refundStatus === 'REFUND_SUCCESS') return 'done';
  return refundStatus === undefined && refundAmount === undefined ? 'nothing' : 'notSaid';
}

/** Both spellings stand in the error list of this interface (Java v3 SDK). */
const TRADE_NOT_EXIST: readonly string[] = ['ACQ.TRADE_NOT_EXIST', 'TRADE_NOT_EXIST'];
