/**
 * Why a trade waits for a person, and what the machine does meanwhile. One row a reason; sources are the cancel error
 * codes of the official Java v3 SDK (`AlipayTradeCancelErrorResponseModel`) and the handling texts of Alipay's pages.
 */
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { OperatorReason } from '../contract/resolution.ts';
import { RetryFlag } from '../contract/trade.ts';
import { detailOf } from './failed-calls.ts';
import type { Memory, ParkReason } from './state.ts';

/**
 * What happens every `slowMs`, and at once on `retryNow`:
 * - `cancel`: one query, and the same cancel again where that is inconclusive: works as soon as the cause is mended.
 * - `query`: queries only; goes on by itself when the answer changes the picture.
 * - `queryRefund`: the refund query, again.
 */
export type Meanwhile = 'cancel' | 'query' | 'queryRefund';

interface ReasonRow {
  readonly meanwhile: Meanwhile;
  /** `cancelNow` may still cancel. */
  readonly cancelAllowed: boolean;
  /** The machine goes on with the first readable answer about the trade. */
  readonly endsWithAnAnswer: boolean;
  /** The machine goes on when Alipay shows the trade. */
  readonly endsWithASighting: boolean;
  /** True in every state that can be parked for this reason; what is special stands in the detail before it. */
  readonly remedy: string;
}

export const OPERATOR_REASONS: { readonly [R in OperatorReason]: ReasonRow } = {
  sellerBalanceNotEnough: {
    meanwhile: 'cancel',
    cancelAllowed: true,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy: 'Top up the merchant account at Alipay, then send retryNow: the refund goes through with the next cancel.',
  },
  frozen: {
    meanwhile: 'cancel',
    cancelAllowed: true,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy: 'Ask Alipay to release the frozen trade, then send retryNow; or decide with resolveManually.',
  },
  cancelRefused: {
    meanwhile: 'query',
    cancelAllowed: true,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Alipay refuses to cancel this trade. If it is paid and the sale is off, send orderRefund; otherwise decide with resolveManually.',
  },
  cancelWindowOver: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Alipay cancels within 24 h of the order only. If the trade is paid and the sale is off, send orderRefund; otherwise decide with resolveManually.',
  },
  amountMismatch: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Alipay holds another amount than the start named. Find out which sale this is before money moves, then decide with resolveManually.',
  },
  tradeNoMismatch: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'The two numbers belong to different trades. Find out which one this sale is, then decide with resolveManually.',
  },
  tradeNoUnknown: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: true,
    remedy:
      'Alipay does not know this tradeNo: check the number, the merchant and the environment. Start anew with the right one, and resolve this one manually.',
  },
  configuration: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: true,
    endsWithASighting: true,
    remedy:
      'Mend the key, app id, authorisation or merchant named above on the workers; the resolution goes on by itself, at once with retryNow.',
  },
  cancelNotPermitted: {
    meanwhile: 'cancel',
    cancelAllowed: true,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Sign the product that allows alipay.trade.cancel, or mend the request or key named above, then send retryNow.',
  },
  queryRefused: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: true,
    endsWithASighting: true,
    remedy:
      'Alipay refuses the query with the code named above: look it up in docs/errors.md, mend the cause, then send retryNow; or decide with resolveManually.',
  },
  refundRefused: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Alipay refuses the refund with the code named above. Mend the cause (top up the merchant account, say) and send orderRefund again: it carries the same number, so money moves once. Or refund in the merchant portal.',
  },
  refundUnproven: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Alipay has not proven the refund: look the trade up in the merchant portal. Send orderRefund again, which carries the same number, so money moves once; or refund the rest in the portal.',
  },
  noReadableAnswer: {
    meanwhile: 'cancel',
    cancelAllowed: true,
    endsWithAnAnswer: true,
    endsWithASighting: true,
    remedy:
      'Find out why Alipay cannot be reached or read: network, proxy, key, certificate, limit of calls. What is safe is repeated meanwhile, and the resolution goes on with the first readable answer; retryNow asks at once.',
  },
  cancelWithoutEffect: {
    meanwhile: 'cancel',
    cancelAllowed: true,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'The cancel goes on slowly. See what was answered last, look the trade up in the merchant portal, and ask Alipay where it refuses to say more; if the trade is paid and the sale is off, send orderRefund.',
  },
  payAnswerMismatch: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Compare with the answer that the service got to its pay call. It becomes PAID by itself when Alipay says so; nothing is cancelled against the word of the service. Otherwise decide with resolveManually.',
  },
  absenceUnproven: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: true,
    remedy:
      'The query denies this trade, the refund query does not: look it up in the merchant portal. It goes on by itself when the query shows it; otherwise decide with resolveManually.',
  },
  runReset: {
    meanwhile: 'query',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'Look the trade up in the merchant portal, and the earlier run in Temporal. TRADE_CLOSED ends it by itself; otherwise decide with resolveManually.',
  },
  closureKindUnknown: {
    meanwhile: 'queryRefund',
    cancelAllowed: false,
    endsWithAnAnswer: false,
    endsWithASighting: false,
    remedy:
      'The trade is closed, and it is not certain whether money went back. Look the trade up in the merchant portal, then resolve it as CLOSED or REFUNDED.',
  },
};

/** Without a readable answer a cancel is repeated only where the trade was being cancelled, and never beside a refund. */
export function meanwhileOf(memory: Memory, reason: OperatorReason): Meanwhile {
  const { meanwhile } = OPERATOR_REASONS[reason];
  if (reason !== OperatorReason.noReadableAnswer) return meanwhile;
  return memory.cancellingSinceMs === undefined || memory.refundBegun || memory.refundMayHaveReached
    ? 'query'
    : meanwhile;
}

/**
 * Does this answer to a cancel need a person? `undefined`: no, the cancel is repeated.
 * `retry_flag=Y` means "again" with every code but the two that only a person can mend.
 */
export function parkReasonOfCancel(failed: FailedCall & { readonly retryFlag?: RetryFlag }): ParkReason | undefined {
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
      const again = failed.retryFlag === RetryFlag.Y && OPERATOR_REASONS[reason].meanwhile !== 'cancel';
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
