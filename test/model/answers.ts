/** The answers that this world gives. Constants, so that equal answers are one object. */
import type {
  CancelAnswer,
  FailedCall,
  QueryAnswer,
  RefundQueryAnswer,
  RefundAnswer,
  SeenTrade,
} from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { RetryFlag, TradeStatus, type CancelAction } from '../../contract/trade.ts';
import { OUT_TRADE_NO, type Setting } from './settings.ts';
import type { Trade } from './world.ts';

type Failure = FailedCall & { readonly retryFlag?: RetryFlag };

export const NOT_EXIST: QueryAnswer & RefundQueryAnswer = { kind: 'tradeNotExist' };

function failed(failure: FailureClass, subCode?: string, retryFlag?: RetryFlag): Failure {
  return {
    kind: 'failed',
    failure,
    detail: subCode ?? failure,
    ...(subCode !== undefined && { subCode }),
    ...(retryFlag !== undefined && { retryFlag }),
  };
}

export const FAILED: { readonly [F in Exclude<FailureClass, 'business'>]: FailedCall } = {
  notSent: failed(FailureClass.notSent),
  unknown: failed(FailureClass.unknown),
  unsigned: failed(FailureClass.unsigned),
  forged: failed(FailureClass.forged),
  notOurs: failed(FailureClass.notOurs),
  limited: failed(FailureClass.limited),
  rejected: failed(FailureClass.rejected),
  configuration: failed(FailureClass.configuration),
};
export const REFUSED: FailedCall = failed(FailureClass.business, 'ACQ.ENTERPRISE_PAY_BIZ_ERROR');
export const SYSTEM_ERROR_Y: Failure = failed(FailureClass.unknown, 'ACQ.SYSTEM_ERROR', RetryFlag.Y);

const { N, Y } = RetryFlag;
export const CANCEL_REFUSED: {
  readonly [
    R in
      | 'balance'
      | 'frozen'
      | 'notAllowed'
      | 'notAllowedY'
      | 'tooOld'
      | 'finished'
      | 'refundedBefore'
      | 'notExist'
      | 'unknownNumber'
  ]: Failure;
} = {
  balance: failed(FailureClass.business, 'ACQ.SELLER_BALANCE_NOT_ENOUGH', N),
  frozen: failed(FailureClass.business, 'ACQ.REASON_TRADE_BEEN_FREEZEN', N),
  notAllowed: failed(FailureClass.business, 'ACQ.CANCEL_NOT_ALLOWED', N),
  notAllowedY: failed(FailureClass.business, 'ACQ.CANCEL_NOT_ALLOWED', Y),
  tooOld: failed(FailureClass.business, 'ACQ.TRADE_CANCEL_TIME_OUT', N),
  finished: failed(FailureClass.business, 'ACQ.TRADE_HAS_FINISHED', N),
  refundedBefore: failed(FailureClass.business, 'ACQ.REASON_TRADE_REFUND_FEE_ERR', N),
  notExist: failed(FailureClass.business, 'ACQ.TRADE_NOT_EXIST', N),
  unknownNumber: failed(FailureClass.rejected, 'ACQ.INVALID_PARAMETER', N),
};

export const ANSWERED_N: CancelAnswer = { kind: 'answered', retryFlag: N };
export const ANSWERED_Y: CancelAnswer = { kind: 'answered', retryFlag: Y };
export const ANSWERED_NO_FLAG: CancelAnswer = { kind: 'answered' };
const WITH_ACTION = {
  close: answeredWith('close'),
  refund: answeredWith('refund'),
} as const;

function answeredWith(action: CancelAction): { readonly [flag in 'N' | 'Y' | 'none']: CancelAnswer } {
  return {
    N: { kind: 'answered', retryFlag: N, action },
    Y: { kind: 'answered', retryFlag: Y, action },
    none: { kind: 'answered', action },
  };
}

export function answeredAction(action: CancelAction, flag: 'N' | 'Y' | 'none'): CancelAnswer {
  return WITH_ACTION[action][flag];
}

export const WHOLE_AMOUNT = '88.88';
export const REFUND_SEEN: RefundQueryAnswer = { kind: 'refund', found: 'done', refundAmount: WHOLE_AMOUNT };
export const PART_SEEN: RefundQueryAnswer = { kind: 'refund', found: 'done', refundAmount: '30.00' };
export const REFUND_NOT_SAID: RefundQueryAnswer = { kind: 'refund', found: 'notSaid', refundAmount: WHOLE_AMOUNT };
export const NO_REFUND_SEEN: RefundQueryAnswer = { kind: 'refund', found: 'nothing' };

export const MONEY_MOVED: RefundAnswer = { kind: 'answered', fundChange: true };
export const ACCEPTED_ONLY: RefundAnswer = { kind: 'answered', fundChange: false };
export const REFUND_REFUSED: {
  readonly [R in 'balance' | 'closed' | 'finished' | 'notPaid' | 'notExist' | 'otherAmount']: FailedCall;
} = {
  balance: failed(FailureClass.business, 'ACQ.SELLER_BALANCE_NOT_ENOUGH'),
  closed: failed(FailureClass.business, 'ACQ.TRADE_HAS_CLOSE'),
  finished: failed(FailureClass.business, 'ACQ.TRADE_HAS_FINISHED'),
  notPaid: failed(FailureClass.business, 'ACQ.TRADE_STATUS_ERROR'),
  notExist: failed(FailureClass.business, 'ACQ.TRADE_NOT_EXIST'),
  otherAmount: failed(FailureClass.business, 'ACQ.DISCORDANT_REPEAT_REQUEST'),
};

const STATUS: { readonly [T in Exclude<Trade, 'none'>]: TradeStatus } = {
  wait: TradeStatus.WAIT_BUYER_PAY,
  paid: TradeStatus.TRADE_SUCCESS,
  partlyRefunded: TradeStatus.TRADE_SUCCESS,
  finished: TradeStatus.TRADE_FINISHED,
  closed: TradeStatus.TRADE_CLOSED,
  cancelled: TradeStatus.TRADE_CLOSED,
  refunded: TradeStatus.TRADE_CLOSED,
};

const seenBySetting = new Map<Setting, Map<string, SeenTrade>>();

/** What a signed query says of this trade. */
export function seen(setting: Setting, trade: Exclude<Trade, 'none'>, payDate: 'with' | 'without'): SeenTrade {
  let seenHere = seenBySetting.get(setting);
  if (seenHere === undefined) seenBySetting.set(setting, (seenHere = new Map()));
  const dated = payDate === 'with' && trade !== 'wait' && trade !== 'closed';
  const key = `${STATUS[trade]} ${dated}`;
  let answer = seenHere.get(key);
  if (answer === undefined) {
    answer = {
      kind: 'trade',
      outTradeNo: OUT_TRADE_NO,
      tradeNo: setting.tradeNo,
      tradeStatus: STATUS[trade],
      totalAmount: setting.totalAmount,
      ...(dated && { sendPayDate: '2026-11-24T18:30:00+08:00' }),
    };
    seenHere.set(key, answer);
  }
  return answer;
}
