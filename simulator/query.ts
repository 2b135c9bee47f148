/** alipay.trade.query. Source: `AlipayTradeQueryResponse` of the official Java SDK; amounts are zero until the buyer has paid. */
import { beijingTime } from '../alipay/beijing-time.ts';
import { yuanFromFen } from '../contract/money.ts';
import { type Answer, refusal, success } from './answer.ts';
import { BUYER, echoedIds, type Execution, idFields, withoutIds } from './method.ts';

export function query({ world, ids }: Execution): Answer {
  if (ids.outTradeNo === undefined && ids.tradeNo === undefined) return withoutIds();
  const trade = world.ledger.find(ids);
  if (trade === undefined) return refusal('ACQ.TRADE_NOT_EXIST', { ...echoedIds(ids), ...amounts(0) });
  const { querySaysSendPayDate } = world.plans.behaviour(trade.outTradeNo);
  return success({
    ...idFields(trade),
    ...BUYER,
    ...amounts(trade.paidAtMs === undefined ? 0 : trade.totalFen),
    ...(trade.paidAtMs !== undefined && querySaysSendPayDate ? { send_pay_date: beijingTime(trade.paidAtMs) } : {}),
    total_amount: yuanFromFen(trade.totalFen),
    trade_status: trade.tradeStatus,
  });
}

function amounts(paidFen: number): Readonly<Record<string, string>> {
  const paid = yuanFromFen(paidFen);
  return { buyer_pay_amount: paid, invoice_amount: paid, point_amount: '0.00', receipt_amount: paid };
}
