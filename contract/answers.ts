/**
 * What an activity brings back from one Alipay call: narrowed, verified, without any secret or buyer field. These
 * stand in workflow histories, so a field is only ever added.
 */
import type { FailureClass } from './failure-class.ts';
import type { CancelAction, RetryFlag, TradeStatus } from './trade.ts';

/** A call that brought no usable answer. `detail` is our own sentence, never a body. */
export interface FailedCall {
  readonly kind: 'failed';
  readonly failure: FailureClass;
  /** Gateway code such as `40004`, where the answer held one. */
  readonly code?: string;
  /** Alipay's sub_code such as `ACQ.SYSTEM_ERROR`, where the answer held one. */
  readonly subCode?: string;
  readonly detail: string;
  /** Alipay's trace id: what its support asks for. */
  readonly traceId?: string;
}

/** A signed answer about this trade. */
export interface SeenTrade {
  readonly kind: 'trade';
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly tradeStatus: TradeStatus;
  /** Yuan as a decimal string. */
  readonly totalAmount: string;
  /** When the money went to the seller, RFC 3339; present only for a trade that was paid. */
  readonly sendPayDate?: string;
}

/** Signed `ACQ.TRADE_NOT_EXIST`. Right after a lost pay call it means "not yet". */
export interface TradeNotExist {
  readonly kind: 'tradeNotExist';
}

export type QueryAnswer = SeenTrade | TradeNotExist | FailedCall;

/** A signed `10000` to a cancel. It is an answer, not a success: only `action` and a later query say what happened. */
export interface SignedCancelAnswer {
  readonly kind: 'answered';
  /** Absent although Alipay documents it as required: treated as unknown. */
  readonly retryFlag?: RetryFlag;
  /** Absent: Alipay has never seen the trade, or the call failed inside. */
  readonly action?: CancelAction;
  readonly tradeNo?: string;
}

/** A refusal may carry both fields too; whatever `action` was ever answered is remembered. */
export type CancelAnswer = SignedCancelAnswer | FailedCancel;
export type FailedCancel = FailedCall & {
  readonly retryFlag?: RetryFlag;
  readonly action?: CancelAction;
  readonly tradeNo?: string;
};

/**
 * A signed answer of `alipay.trade.fastpay.refund.query`.
 * - `done`: `refund_status=REFUND_SUCCESS`.
 * - `notSaid`: a refund is shown, but not as done: another status, or an amount without any (logged by others in 2016, 2019, 2020).
 * - `nothing`: no refund under this number.
 */
export interface SignedRefundQueryAnswer {
  readonly kind: 'refund';
  readonly found: 'done' | 'notSaid' | 'nothing';
  /** Yuan as a decimal string. */
  readonly refundAmount?: string;
  /** Alipay knows the trade, whatever it says of a refund. */
  readonly tradeNo?: string;
}

export type RefundQueryAnswer = SignedRefundQueryAnswer | TradeNotExist | FailedCall;

/** A signed answer of `alipay.trade.refund`. It is success only where money moved by this very call. */
export interface SignedRefundAnswer {
  readonly kind: 'answered';
  /** `fund_change=Y`. */
  readonly fundChange: boolean;
}

export type RefundAnswer = SignedRefundAnswer | FailedCall;

/** One word for an answer to a query: Alipay's status, `TRADE_NOT_EXIST`, or the class of the failure. */
export type QueryAnswerWord = TradeStatus | 'TRADE_NOT_EXIST' | FailureClass;

export function wordOf(answer: QueryAnswer): QueryAnswerWord {
  switch (answer.kind) {
    case 'trade':
      return answer.tradeStatus;
    case 'tradeNotExist':
      return 'TRADE_NOT_EXIST';
    case 'failed':
      return answer.failure;
  }
}
