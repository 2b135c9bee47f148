/**
 * What goes wrong with one trade, as data. A plan says how the trade stands, how the buyer behaves, and for each
 * method an ordered list of steps; a call takes the first step that is not used up, and behaves well when none is left.
 *
 * A step has independent dimensions: does it take effect (`executed`), what is said (`answer`, `with`, `without`),
 * under which signature (`signature`), and what becomes of the bytes (`delivery`, `delayMs`, `charset`).
 */
import type { TradeStatus } from '../contract/trade.ts';

/** Our names of the planned methods and Alipay's. */
export const PlannedMethod = {
  pay: 'alipay.trade.pay',
  query: 'alipay.trade.query',
  cancel: 'alipay.trade.cancel',
  refund: 'alipay.trade.refund',
  queryRefund: 'alipay.trade.fastpay.refund.query',
  close: 'alipay.trade.close',
  precreate: 'alipay.trade.precreate',
} as const;
export type PlannedMethod = keyof typeof PlannedMethod;

/** What is said in place of the truth. Each but `code20000` comes signed unless `signature` says otherwise. */
export const FalseAnswer = {
  /** code 20000, isp.unknow-error: service unavailable, the call may have been executed. */
  code20000: 'code20000',
  /** 40004 ACQ.SYSTEM_ERROR: says "failed" and means "unknown". */
  systemError: 'systemError',
  /** 40004 with the step's `subCode`. */
  refused: 'refused',
  /** 40004 ACQ.TRADE_NOT_EXIST although the trade may exist. */
  notExist: 'notExist',
  /** 40005: too many calls. */
  limited: 'limited',
} as const;
export type FalseAnswer = (typeof FalseAnswer)[keyof typeof FalseAnswer];

export const Signature = {
  /** A signature over other bytes. */
  wrong: 'wrong',
  /** No `sign` at all. */
  missing: 'missing',
  /** The signed node first, a second node of the same name with a rosier content behind it. */
  duplicateNode: 'duplicateNode',
} as const;
export type Signature = (typeof Signature)[keyof typeof Signature];

export const Delivery = {
  /** The connection breaks before the gateway has acted: never executed. */
  requestLost: 'requestLost',
  /** ExecutionTime; then the connection closes without a byte. */
  answerLost: 'answerLost',
  /** ExecutionTime; then the connection is reset (TCP RST). */
  reset: 'reset',
  /** Half of the body, then the connection closes. */
  truncated: 'truncated',
  /** One byte every 100 ms. */
  trickle: 'trickle',
  /** The answer behind 8 MiB of blanks. */
  oversized: 'oversized',
  /** HTTP 500 with a text. */
  http500: 'http500',
  /** HTTP 200 with a web page. */
  html: 'html',
  /** HTTP 302 to the step's `location`. */
  redirect: 'redirect',
  /** HTTP 200 with bytes that are neither UTF-8 nor JSON. */
  garbage: 'garbage',
} as const;
export type Delivery = (typeof Delivery)[keyof typeof Delivery];

/** `afterMs`: the request sits in a queue so long; `afterNextCancel`: until a cancel of this trade was executed. */
export type ExecutionTime = boolean | { readonly afterMs: number } | 'afterNextCancel';

export interface FaultStep {
  /** How many calls meet this step. @default 1 */
  readonly times?: number | 'always';
  /**
   * @default true when only the words or the bytes are wrong; false with an `answer`, and always with `requestLost`.
   * A cancel that was not executed and has no `answer` says 10000 without `action`, as for a trade not found.
   */
  readonly executed?: ExecutionTime;
  readonly answer?: FalseAnswer;
  /** For `answer: 'refused'`, for instance `ACQ.TRADE_HAS_FINISHED`. */
  readonly subCode?: string;
  /** Fields set in the answer: `{"retry_flag":"Y"}`, another trade's numbers, a wrong amount. */
  readonly with?: Readonly<Record<string, string>>;
  /** Fields left out of the answer, for instance `["action"]`. */
  readonly without?: readonly string[];
  readonly signature?: Signature;
  readonly delivery?: Delivery;
  /** Where `delivery: 'redirect'` points. */
  readonly location?: string;
  /** The answer leaves so much later; the effect is at once. */
  readonly delayMs?: number;
  /** The answer's bytes are GBK, whatever charset was asked for. */
  readonly charset?: 'gbk';
  /** The buyer confirms while this call is under way. */
  readonly buyerPays?: 'beforeExecution' | 'afterExecution';
}

/** Where Alipay's documents are silent, both ways can be had. */
export interface Behaviour {
  /** A cancel of a trade that is closed already says `action` again. @default false */
  readonly cancelRepeatsAction: boolean;
  /** A cancel of an unknown `out_trade_no` makes a later pay or precreate with it fail. @default false */
  readonly cancelBlocksLaterPay: boolean;
  /** The refund that a cancel made is found by refund query under `out_request_no` = `out_trade_no`. @default true */
  readonly refundQueryShowsCancel: boolean;
  /** A query of a trade that was ever paid carries `send_pay_date`. @default true */
  readonly querySaysSendPayDate: boolean;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  cancelRepeatsAction: false,
  cancelBlocksLaterPay: false,
  refundQueryShowsCancel: true,
  querySaysSendPayDate: true,
};

export interface TradePlan extends Partial<Readonly<Record<PlannedMethod, readonly FaultStep[]>>> {
  /** The trade stands in the ledger already, as if a pay call had made it. `TRADE_CLOSED` here was never paid. */
  readonly exists?: TradeStatus;
  /** Yuan; with `exists`. @default "88.88" */
  readonly totalAmount?: string;
  /** The number that the trade gets. @default a fresh one of 28 digits */
  readonly tradeNo?: string;
  /** RFC 3339; with `exists`. @default now */
  readonly createdAt?: string;
  /** RFC 3339; with `exists`. @default 3 h after `createdAt` */
  readonly timeExpire?: string;
  /** From the trade's creation (with `exists`: from now). @default 0 for a pay call, 'never' with `exists` and for a QR code */
  readonly buyerPaysAfterMs?: number | 'never';
  /** Paid money is held: cancel and refund answer ACQ.REASON_TRADE_BEEN_FREEZEN until `unfreeze`. @default false */
  readonly frozen?: boolean;
  /** Cancel and refund of a paid trade answer ACQ.SELLER_BALANCE_NOT_ENOUGH until `top-up`. @default false */
  readonly sellerBalanceShort?: boolean;
  readonly behaviour?: Partial<Behaviour>;
}

/** In words, for the record of a call. */
export function describeStep(step: FaultStep): string {
  const { times: _times, ...rest } = step;
  return Object.entries(rest)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
