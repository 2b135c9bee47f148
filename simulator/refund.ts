/**
 * alipay.trade.refund and alipay.trade.fastpay.refund.query. Sources: `AlipayTradeRefundModel`, `AlipayTradeRefundResponse` and
 * `AlipayTradeFastpayRefundQueryResponse` of the official Java SDK. One `out_request_no` moves money once: repeated with the
 * same amount it answers 10000 with `fund_change` N.
 */
import { beijingTime } from '../alipay/beijing-time.ts';
import { yuanFromFen } from '../contract/money.ts';
import { type Answer, refusal, success } from './answer.ts';
import {
  BUYER,
  echoedIds,
  type Execution,
  fenOf,
  idFields,
  moneyHeldBack,
  refundedYuan,
  textOf,
  withoutIds,
} from './method.ts';
import { type Refund, refundedFen, refundTrade, type Trade } from './trade-machine.ts';

export function refund({ world, biz, ids, step }: Execution): Answer {
  const amountFen = fenOf(biz['refund_amount']);
  if ((ids.outTradeNo === undefined && ids.tradeNo === undefined) || amountFen === undefined) return withoutIds();
  const trade = world.ledger.find(ids);
  if (trade === undefined) return refusal('ACQ.TRADE_NOT_EXIST', echoedIds(ids));
  const outRequestNo = textOf(biz['out_request_no']) ?? trade.outTradeNo;
  const earlier = trade.refunds.find((one) => one.by === 'refund' && one.outRequestNo === outRequestNo);
  if (earlier !== undefined) {
    return earlier.amountFen === amountFen
      ? refundAnswer(trade, earlier, 'N')
      : refusal('ACQ.DISCORDANT_REPEAT_REQUEST', idFields(trade));
  }
  const obstacle = refundObstacle(trade, amountFen, textOf(biz['out_request_no']) !== undefined);
  if (obstacle !== undefined) return refusal(obstacle, idFields(trade));
  const made = { outRequestNo, amountFen, by: 'refund' } as const;
  const refunded = refundTrade(trade, made, step);
  world.ledger.move(refunded);
  return refundAnswer(refunded, { ...made, atMs: step.atMs }, 'Y');
}

export function queryRefund({ world, biz, ids }: Execution): Answer {
  const outRequestNo = textOf(biz['out_request_no']);
  if ((ids.outTradeNo === undefined && ids.tradeNo === undefined) || outRequestNo === undefined) return withoutIds();
  const trade = world.ledger.find(ids);
  if (trade === undefined) return refusal('ACQ.TRADE_NOT_EXIST', echoedIds(ids));
  const { refundQueryShowsCancel } = world.plans.behaviour(trade.outTradeNo);
  const found = trade.refunds.find(
    (one) => one.outRequestNo === outRequestNo && (one.by === 'refund' || refundQueryShowsCancel),
  );
  if (found === undefined) return success();
  const options = Array.isArray(biz['query_options']) ? biz['query_options'] : [];
  return success({
    ...idFields(trade),
    ...(options.includes('gmt_refund_pay') ? { gmt_refund_pay: beijingTime(found.atMs) } : {}),
    out_request_no: found.outRequestNo,
    refund_amount: yuanFromFen(found.amountFen),
    refund_status: 'REFUND_SUCCESS',
    total_amount: yuanFromFen(trade.totalFen),
  });
}

/** Why no refund is possible, by the error table of alipay.trade.refund. */
function refundObstacle(trade: Trade, amountFen: number, hasRequestNo: boolean): string | undefined {
  switch (trade.tradeStatus) {
    case 'WAIT_BUYER_PAY':
      return 'ACQ.TRADE_STATUS_ERROR';
    case 'TRADE_CLOSED':
      return 'ACQ.TRADE_HAS_CLOSE';
    case 'TRADE_FINISHED':
      return 'ACQ.TRADE_HAS_FINISHED';
    case 'TRADE_SUCCESS': {
      if (amountFen > trade.totalFen - refundedFen(trade)) return 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL';
      if (amountFen < trade.totalFen && !hasRequestNo) return 'ACQ.INVALID_PARAMETER';
      return moneyHeldBack(trade);
    }
  }
}

/** `refund_fee` is all that was ever refunded of this trade; `fund_change` says whether this call moved money. */
function refundAnswer(trade: Trade, made: Refund, fundChange: 'Y' | 'N'): Answer {
  return success({
    ...idFields(trade),
    ...BUYER,
    fund_change: fundChange,
    gmt_refund_pay: beijingTime(made.atMs),
    refund_fee: refundedYuan(trade),
    send_back_fee: fundChange === 'Y' ? yuanFromFen(made.amountFen) : '0.00',
  });
}
