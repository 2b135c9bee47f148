/**
 * Why a trade waits for a person, and what the machine does meanwhile. One row a reason; sources are the cancel error
 * codes of the official Java v3 SDK (`AlipayTradeCancelErrorResponseModel`) and the handling texts of Alipay's pages.
 */
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { OperatorReason } from '../contract/resolution.ts';
import { RetryFlag } from '../contract/trade.ts';
import { detailOf } from './failed-calls.ts';
import type { Refusal } from './state.ts';

/**
 * What happens every `slowMs`, and at once on `retryNow`:
 * - `recancel`: one query, and the same cancel again where that is inconclusive: works as soon as the cause is mended.
 * - `ask`: queries only; goes on by itself when the answer changes the picture.
 * - `askRefund`: asks the refund query again.
 */
export type Meanwhile = 'recancel' | 'ask' | 'askRefund';

interface ReasonRow {
  readonly meanwhile: Meanwhile;
  /** `cancelNow` may still cancel. */
  readonly cancelAllowed: boolean;
  readonly remedy: string;
}

export const OPERATOR_REASONS: { readonly [R in OperatorReason]: ReasonRow } = {
  sellerBalanceNotEnough: {
    meanwhile: 'recancel',
    cancelAllowed: true,
    remedy: 'Top up the merchant account at Alipay, then send retryNow: the refund goes through with the next cancel.',
  },
  frozen: {
    meanwhile: 'recancel',
    cancelAllowed: true,
    remedy: 'Ask Alipay to release the frozen trade, then send retryNow; or decide with settle.',
  },
  cancelRefused: {
    meanwhile: 'ask',
    cancelAllowed: true,
    remedy: 'Alipay refuses to cancel this trade. Refund it at Alipay if the sale is off, or decide with settle.',
  },
  cancelWindowOver: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy:
      'A trade older than 24 h can no longer be cancelled. Refund it at Alipay if it is paid and the sale is off, or decide with settle.',
  },
  amountMismatch: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy:
      'Alipay holds another amount than the start named. Find out which sale this is before money moves, then decide with settle.',
  },
  tradeNoMismatch: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy: 'The two numbers belong to different trades. Find out which one this sale is, then decide with settle.',
  },
  tradeNoUnknown: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy:
      'Alipay does not know this tradeNo: check the number, the merchant and the environment. Start anew with the right one, and settle this.',
  },
  configuration: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy:
      'Mend the key, app id, authorisation or merchant named above on the workers; the resolution goes on by itself, at once with retryNow.',
  },
  cancelNotPermitted: {
    meanwhile: 'recancel',
    cancelAllowed: true,
    remedy:
      'Sign the product that allows alipay.trade.cancel, or mend the request or key named above, then send retryNow.',
  },
  queryRefused: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy:
      'Alipay refuses the query with the code named above: look it up in docs/errors.md, mend the cause, then send retryNow; or decide with settle.',
  },
  refundRefused: {
    meanwhile: 'ask',
    cancelAllowed: false,
    remedy:
      'Alipay refuses the refund with the code named above. Mend the cause (top up the merchant account, say) and send settle with refund again: it carries the same number, so money moves once. Or refund in the merchant portal.',
  },
  closureKindUnknown: {
    meanwhile: 'askRefund',
    cancelAllowed: false,
    remedy:
      'The trade is closed, but Alipay does not say whether money went back. Look the trade up in the merchant portal, then settle it as CLOSED or REFUNDED.',
  },
};

/**
 * Does this answer to a cancel need a person? `undefined`: no, the cancel is repeated.
 * `retry_flag=Y` means "again" with every code but the two that only a person can mend.
 */
export function cancelRefusal(failed: FailedCall & { readonly retryFlag?: RetryFlag }): Refusal | undefined {
  switch (failed.failure) {
    case FailureClass.notSent:
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
    case FailureClass.limited:
      return undefined;
    case FailureClass.rejected:
    case FailureClass.configuration:
      return { reason: OperatorReason.cancelNotPermitted, detail: detailOf(failed) };
    case FailureClass.business: {
      const reason = BUSINESS_REFUSALS[failed.subCode ?? ''] ?? OperatorReason.cancelRefused;
      const again = failed.retryFlag === RetryFlag.Y && OPERATOR_REASONS[reason].meanwhile !== 'recancel';
      return again ? undefined : { reason, detail: detailOf(failed) };
    }
  }
}

const BUSINESS_REFUSALS: { readonly [subCode: string]: OperatorReason | undefined } = {
  __proto__: null as never,
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': OperatorReason.sellerBalanceNotEnough,
  'ACQ.REASON_TRADE_BEEN_FREEZEN': OperatorReason.frozen,
  'ACQ.TRADE_CANCEL_TIME_OUT': OperatorReason.cancelWindowOver,
  'ACQ.TRADE_HAS_FINISHED': OperatorReason.cancelRefused,
  'ACQ.CANCEL_NOT_ALLOWED': OperatorReason.cancelRefused,
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': OperatorReason.cancelRefused,
};
