/**
 * alipay.trade.cancel and alipay.trade.close. Sources: `AlipayTradeCancelResponse` and `AlipayTradeCloseModel` of the official
 * Java SDK and the error tables of both. Cancelling an unknown `out_trade_no` succeeds without `action`; an unknown
 * `trade_no` is 40004, for which the table of cancel has no other code than ACQ.INVALID_PARAMETER.
 */
import { CancelAction, RetryFlag } from '../contract/trade.ts';
import { type Answer, refusal, success } from './answer.ts';
import { echoedIds, type Execution, idFields, moneyHeldBack, withoutIds } from './method.ts';
import { closeTrade, refundedFen, refundTrade, type Trade } from './trade-machine.ts';

/** "轮询机制" (2021-07-07): from the trade's creation. */
const CANCEL_WINDOW_MS = 24 * 3_600_000;
const NO_RETRY = { retry_flag: RetryFlag.N } as const;

export function cancel(execution: Execution): Answer {
  const { world, ids, step } = execution;
  if (ids.outTradeNo === undefined && ids.tradeNo === undefined) return refusal('ACQ.INVALID_PARAMETER', NO_RETRY);
  const trade = world.ledger.find(ids);
  const answer = trade === undefined ? cancelUnknown(execution) : cancelKnown(execution, trade);
  const outTradeNo = trade?.outTradeNo ?? ids.outTradeNo;
  if (outTradeNo !== undefined) world.ledger.cancelExecuted(outTradeNo, step.atMs);
  return answer;
}

export function close({ world, ids, step }: Execution): Answer {
  if (ids.outTradeNo === undefined && ids.tradeNo === undefined) return withoutIds();
  const trade = world.ledger.find(ids);
  if (trade === undefined) return refusal('ACQ.TRADE_NOT_EXIST', echoedIds(ids));
  if (trade.tradeStatus !== 'WAIT_BUYER_PAY') return refusal('ACQ.REASON_TRADE_STATUS_INVALID', idFields(trade));
  world.ledger.move(closeTrade(trade, step));
  return success(idFields(trade));
}

/** What a cancel says that has not been executed and is asked to say nothing false: as for a trade not found. */
export function cancelWithoutEffect(ids: Execution['ids']): Answer {
  return success({ ...(ids.outTradeNo === undefined ? {} : { out_trade_no: ids.outTradeNo }), ...NO_RETRY });
}

function cancelUnknown({ world, ids }: Execution): Answer {
  if (ids.tradeNo !== undefined || ids.outTradeNo === undefined) {
    return refusal('ACQ.INVALID_PARAMETER', { ...echoedIds(ids), ...NO_RETRY });
  }
  if (world.plans.behaviour(ids.outTradeNo).cancelBlocksLaterPay) {
    world.blocked.add(ids.outTradeNo);
    world.qrCodes.delete(ids.outTradeNo);
  }
  return cancelWithoutEffect(ids);
}

function cancelKnown({ world, step }: Execution, trade: Trade): Answer {
  const refused = (subCode: string): Answer => refusal(subCode, { ...idFields(trade), ...NO_RETRY });
  if (trade.tradeStatus === 'TRADE_CLOSED') {
    return world.plans.behaviour(trade.outTradeNo).cancelRepeatsAction
      ? done(trade, trade.refunds.length > 0 ? CancelAction.refund : CancelAction.close)
      : cancelWithoutEffect(trade);
  }
  if (trade.tradeStatus === 'TRADE_FINISHED') return refused('ACQ.TRADE_HAS_FINISHED');
  if (step.atMs >= trade.createdAtMs + CANCEL_WINDOW_MS) return refused('ACQ.TRADE_CANCEL_TIME_OUT');
  if (trade.tradeStatus === 'WAIT_BUYER_PAY') {
    world.ledger.move(closeTrade(trade, step));
    return done(trade, CancelAction.close);
  }
  const heldBack = moneyHeldBack(trade);
  if (heldBack !== undefined) return refused(heldBack);
  if (refundedFen(trade) > 0) return refused('ACQ.REASON_TRADE_REFUND_FEE_ERR');
  world.ledger.move(
    refundTrade(trade, { outRequestNo: trade.outTradeNo, amountFen: trade.totalFen, by: 'cancel' }, step),
  );
  return done(trade, CancelAction.refund);
}

function done(trade: Trade, action: CancelAction): Answer {
  return success({ ...idFields(trade), action, ...NO_RETRY });
}
