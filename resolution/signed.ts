/**
 * What a signed answer says of the trade, of whichever interface. A refusal is evidence like a status: "balance not enough" is said only of a
 * trade that is paid.
 */
import type { CancelAnswer, FailedCall, QueryAnswer, RefundQueryAnswer } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { fenFromYuan } from '../contract/money.ts';
import { CancelAction, TradeStatus } from '../contract/trade.ts';
import type { SignedWord } from './state.ts';

const OF_STATUS: { readonly [S in TradeStatus]: SignedWord } = {
  [TradeStatus.WAIT_BUYER_PAY]: 'waiting',
  [TradeStatus.TRADE_SUCCESS]: 'paid',
  [TradeStatus.TRADE_FINISHED]: 'finished',
  [TradeStatus.TRADE_CLOSED]: 'closed',
};

const OF_ACTION: { readonly [A in CancelAction]: SignedWord } = {
  [CancelAction.close]: 'closedUnpaid',
  [CancelAction.refund]: 'refunded',
};

/**
 * FailureTypes of a cancel or a refund that speak of the trade. Sources: `AlipayTradeCancelErrorResponseModel` and the error tables of both
 * interfaces.
 */
const OF_REFUSAL: { readonly [subCode: string]: SignedWord | undefined } = {
  __proto__: null as never,
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': 'paid',
  'ACQ.REASON_TRADE_BEEN_FREEZEN': 'paid',
  'ACQ.TRADE_HAS_FINISHED': 'finished',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': 'exists',
  'ACQ.TRADE_CANCEL_TIME_OUT': 'exists',
  'ACQ.CANCEL_NOT_ALLOWED': 'exists',
  'ACQ.TRADE_STATUS_ERROR': 'exists',
  'ACQ.TRADE_HAS_CLOSE': 'closed',
  'ACQ.TRADE_NOT_EXIST': 'absent',
};

export function saidByQuery(answer: QueryAnswer): SignedWord | undefined {
  switch (answer.kind) {
    case 'trade':
      return OF_STATUS[answer.tradeStatus];
    case 'tradeNotExist':
      return 'absent';
    case 'failed':
      return undefined;
  }
}

/** The `action` before all else; 10000 with `retry_flag=N` and without `action` has not seen the trade (A7 in docs/correctness.md). */
export function saidByCancel(answer: CancelAnswer): SignedWord | undefined {
  if (answer.action !== undefined) return OF_ACTION[answer.action];
  const refusal = answer.kind === 'failed' ? saidByRefusal(answer) : undefined;
  if (refusal !== undefined && refusal !== 'absent') return refusal;
  if (answer.tradeNo !== undefined) return 'exists';
  return answer.kind === 'answered' && answer.retryFlag === 'N' ? 'absent' : refusal;
}

/** Only a trade that was paid is refused so. REASON_TRADE_REFUND_FEE_ERR of a cancel: "a refund has been made before". */
export function hintsAtPayment(answer: CancelAnswer): boolean {
  const says = saidByCancel(answer);
  if (says === 'paid' || says === 'finished' || says === 'refunded') return true;
  return answer.kind === 'failed' && answer.subCode === 'ACQ.REASON_TRADE_REFUND_FEE_ERR';
}

export function saidByRefusal({ failure, subCode = '' }: FailedCall): SignedWord | undefined {
  return failure === FailureClass.business ? OF_REFUSAL[subCode] : undefined;
}

/** `wholeFen`: what the trade is about, where that is known. */
export function saidByRefundQuery(answer: RefundQueryAnswer, wholeFen: number | undefined): SignedWord | undefined {
  switch (answer.kind) {
    case 'refund':
      if (answer.found === 'done' && !isPart(answer.refundAmount, wholeFen)) return 'refunded';
      // Part of the money has gone back, or all of it is on its way: the trade was paid, no more is said.
      if (answer.found !== 'nothing') return 'paid';
      return answer.tradeNo === undefined ? undefined : 'exists';
    case 'tradeNotExist':
      return 'absent';
    case 'failed':
      return undefined;
  }
}

/** Of an amount that is not said nobody knows that it is less. */
function isPart(refundAmount: string | undefined, wholeFen: number | undefined): boolean {
  return (fenFromYuan(refundAmount) ?? Number.POSITIVE_INFINITY) < (wholeFen ?? 0);
}
