/**
 * What the answer to a pay call proves about its number: paid, refused, or uncertain. This is the one place that says so.
 *
 * A client may have sent the call more than once without saying so: Java's `HttpURLConnection` and the official Node SDK send a POST
 * again when a connection breaks, and so does many a proxy. The answer is then about the second call, and the hidden first one may have
 * taken the money. So an answer is `refused` only where its documented meaning proves that no identical request, this one
 * or an earlier one, can have made a payment: the reason stands in the request itself, where neither time, nor a payment, nor anybody
 * changes it. Whatever else a refusal says (the balance, the code, a limit, a risk) may be what the first call has brought about.
 */
import { FailureClass } from '../contract/failure-class.ts';
import { PayAnswer } from '../contract/resolution.ts';
import { classify } from './classification.ts';
import type { PayResponse } from './gateway.ts';

export interface PayVerdictRow {
  readonly verdict: PayAnswer;
  /** A code, a sub_code as `codes.ts` writes it, or the class of a call without a usable answer; `*`: whatever is in no other row. */
  readonly answers: readonly string[];
  readonly why: string;
  readonly source: string;
}

const { paid, refused, uncertain } = PayAnswer;
const COMMON = '公共错误码';
/** Description and remedy of each code in the error table of alipay.trade.pay. */
const ENUM = 'error table of alipay.trade.pay';

// oxfmt-ignore
export const PAY_VERDICTS: readonly PayVerdictRow[] = [
  { verdict: paid, answers: ['10000'], why: 'signed, complete and about this trade', source: '`AlipayTradePayResponse`' },
  { verdict: uncertain, answers: ['10003'], why: 'the buyer is asked for a password, and may still pay', source: COMMON },
  { verdict: refused, answers: [FailureClass.notSent],
    why: 'no connection was ever made; true of the client here, which sends a call once. With a client that sends again it is uncertain',
    source: '`alipay/transport.ts`' },
  { verdict: refused, answers: ['missing-method', 'missing-signature', 'missing-signature-type', 'missing-app-id', 'missing-timestamp',
      'missing-version', 'invalid-method', 'invalid-format', 'invalid-charset', 'invalid-digest', 'illegal-json'],
    why: 'the gateway cannot read the request, and could not read the same bytes earlier', source: COMMON },
  { verdict: refused, answers: ['ACQ.TOTAL_FEE_EXCEED', 'ACQ.SUB_GOODS_SIZE_MAX_COUNT', 'ACQ.AUTH_TOKEN_IS_NOT_EXIST', 'ACQ.BUYER_SELLER_EQUAL'],
    why: 'the reason stands in the request: an amount that is never taken, more than 150 goods, no payment code, the seller’s own code',
    source: ENUM },
  { verdict: uncertain, answers: ['ACQ.TRADE_HAS_SUCCESS', 'ACQ.TRADE_HAS_CLOSE', 'ACQ.CONTEXT_INCONSISTENT', 'ACQ.TRADE_BUYER_NOT_MATCH',
      'ACQ.TRADE_STATUS_ERROR'],
    why: 'a trade of this number is there: the hidden first call may have made it, and paid it', source: ENUM },
  { verdict: uncertain, answers: ['ACQ.PAYMENT_AUTH_CODE_INVALID'], why: 'a code pays once: the hidden first call may have used it', source: ENUM },
  { verdict: uncertain, answers: ['ACQ.BUYER_BALANCE_NOT_ENOUGH', 'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', 'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE',
      'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR', 'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR', 'ACQ.BEYOND_PAY_RESTRICTION',
      'ACQ.BEYOND_PER_RECEIPT_RESTRICTION', 'ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION', 'ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT',
      'ACQ.PRODUCT_AMOUNT_LIMIT_ERROR', 'ACQ.AUTH_AMOUNT_NOT_ENOUGH'],
    why: 'what is left after the hidden first call has paid may not suffice for a second', source: ENUM },
  { verdict: uncertain, answers: ['ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR', 'INVALID_PARAMETER', 'invalid-parameter'],
    why: 'the clock decides: `time_expire` may have been in order when the hidden first call came', source: 'field doc of `time_expire`' },
  { verdict: uncertain, answers: ['ACQ.PAYMENT_FAIL', 'ACQ.PULL_MOBILE_CASHIER_FAIL', 'ACQ.PAYMENT_REQUEST_HAS_RISK', 'ACQ.EXIST_FORBIDDEN_WORD',
      'suspected-attack'],
    why: 'Alipay’s judgement of that moment, which a repeated call may itself have changed', source: ENUM },
  { verdict: uncertain, answers: [FailureClass.unknown, FailureClass.unsigned, FailureClass.forged, FailureClass.notOurs, FailureClass.limited,
      FailureClass.configuration],
    why: 'the class of the failed call: no information, or about one call among several', source: '`contract/failure-class.ts`' },
  { verdict: uncertain, answers: ['*'],
    why: 'the standing of buyer, merchant, contract or agreement, which changes from one call to the next; or a code that nobody has described',
    source: ENUM },
];

const BY_ANSWER: ReadonlyMap<string, PayAnswer> = new Map(
  PAY_VERDICTS.flatMap(({ verdict, answers }) => answers.map((answer): [string, PayAnswer] => [answer, verdict])),
);

/** Of an answer to {@link AlipayGateway.pay}. Start a resolution for every `uncertain` one. */
export function payVerdict(answer: PayResponse): PayAnswer {
  if (answer.kind === 'answered') return BY_ANSWER.get(answer.code) ?? uncertain;
  return verdictOfFailure(answer.failure, answer);
}

/** The two codes of an answer that another client has brought, and whether Alipay's signature was found to hold. */
export interface PayCodes {
  readonly code?: string | undefined;
  readonly subCode?: string | undefined;
  readonly isSigned: boolean;
}

/** Of an answer that came by another client than the one here, such as an official SDK. A call without an answer has no codes. */
export function payVerdictOfCodes({ isSigned, ...told }: PayCodes): PayAnswer {
  const codes = given(told);
  const { code, subCode } = codes;
  if (isSigned && subCode === undefined && (code === '10000' || code === '10003'))
    return BY_ANSWER.get(code) ?? uncertain;
  return verdictOfFailure(classify({ interface: 'pay', isSigned, ...codes }).failure, codes);
}

interface Codes {
  readonly code?: string;
  readonly subCode?: string;
}

function given({ code, subCode }: Omit<PayCodes, 'isSigned'>): Codes {
  return { ...(code ? { code } : {}), ...(subCode ? { subCode } : {}) };
}

function verdictOfFailure(failure: FailureClass, { code, subCode }: Codes): PayAnswer {
  switch (failure) {
    // Both are of answers that Alipay has signed: any other has another class.
    case FailureClass.business:
    case FailureClass.rejected: {
      // The row's own spelling: Alipay writes some sub_codes with and without a prefix.
      const { row } = classify({ interface: 'pay', isSigned: true, ...given({ code, subCode }) });
      return BY_ANSWER.get(row?.subCode ?? '*') ?? uncertain;
    }
    case FailureClass.notSent:
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
    case FailureClass.limited:
    case FailureClass.configuration:
      return BY_ANSWER.get(failure) ?? uncertain;
  }
}
