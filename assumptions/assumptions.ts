/**
 * What the rules about money rest on, as far as it can be tried at a gateway: one row an assumption. docs/correctness.md says where
 * each is used. A row of confidence `open` is a question that no document answers: the resolution is right either way, the row
 * says what the simulator plays unless it is told otherwise.
 */
import type { Finding } from './finding.ts';
import * as say from './judges.ts';
import type { Scenes } from './scenes.ts';

export interface Assumption {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly confidence: 'high' | 'medium' | 'low' | 'open';
  /** What is done. */
  readonly experiment: string;
  /** What should be seen, in the words in which it is seen. */
  readonly assumed: string;
  readonly judge: (scenes: Scenes) => Finding;
  /** The place in docs/correctness.md: an assumption, a promise or an open question. */
  readonly section: `A${number}` | `promise ${number}` | `open question ${number}`;
  /** What a difference would mean for a resolution. */
  readonly ifNot: string;
}

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'absent-query',
    statement: 'A query of a number that was never used is refused with ACQ.TRADE_NOT_EXIST.',
    source: 'AlipayTradeQueryErrorResponseModel, Java SDK v3',
    confidence: 'high',
    experiment: 'query a number never used',
    assumed: '40004 ACQ.TRADE_NOT_EXIST',
    judge: say.absentQuery,
    section: 'A5',
    ifNot: 'No trade would ever be NOT_CREATED: it would be watched without end, or wait for a person.',
  },
  {
    id: 'absent-cancel',
    statement: 'A cancel of a number that was never used answers 10000, retry_flag N, without action.',
    source: 'field doc of action, AlipayTradeCancelResponse, Java SDK; seen in production logs of others',
    confidence: 'medium',
    experiment: 'cancel it',
    assumed: '10000, retry_flag N, action absent',
    judge: say.absentCancel,
    section: 'A7',
    ifNot:
      'Never a wrong outcome, since closed is only what a query calls TRADE_CLOSED. But a trade that was never created would wait for a person (a refusal) or be cancelled again until its pay deadline (retry_flag Y, or an action).',
  },
  {
    id: 'absent-cancel-leaves-nothing',
    statement: 'Such a cancel leaves no trade behind: a query still says ACQ.TRADE_NOT_EXIST.',
    source: 'no document says otherwise',
    confidence: 'medium',
    experiment: 'query it after that cancel',
    assumed: '40004 ACQ.TRADE_NOT_EXIST',
    judge: say.absentCancelLeavesNothing,
    section: 'A7',
    ifNot:
      'TRADE_CLOSED here ends a resolution as CLOSED at once: right only if a later pay with that number is refused (cancel-then-pay).',
  },
  {
    id: 'absent-close',
    statement:
      'A close of a number that was never used is refused with ACQ.TRADE_NOT_EXIST, where a cancel answers 10000.',
    source: 'AlipayTradeCloseErrorResponseModel, Java SDK v3',
    confidence: 'high',
    experiment: 'close it',
    assumed: '40004 ACQ.TRADE_NOT_EXIST',
    judge: say.absentClose,
    section: 'A7',
    ifNot: 'Nothing: a resolution never closes, it cancels, which also gives money back.',
  },
  {
    id: 'absent-trade-no',
    statement: 'A cancel of a trade_no that Alipay never issued is refused with 40004.',
    source: 'article "alipay.trade.cancel 支付宝扫码枪撤销交易接口" (CSDN)',
    confidence: 'low',
    experiment: 'cancel an impossible trade_no',
    assumed: '40004',
    judge: say.absentTradeNo,
    section: 'A7',
    ifNot: 'Nothing: a trade is never cancelled before a signed answer has named its out_trade_no.',
  },
  {
    id: 'precreated-query',
    statement: 'Until a buyer scans a precreated code, a query says ACQ.TRADE_NOT_EXIST.',
    source: 'reports of several client libraries',
    confidence: 'medium',
    experiment: 'precreate, then query',
    assumed: '40004 ACQ.TRADE_NOT_EXIST',
    judge: say.precreatedQuery,
    section: 'A5',
    ifNot: 'WAIT_BUYER_PAY here is good news: such a trade is cancelled instead of watched until its deadline.',
  },
  {
    id: 'late-pay',
    statement: 'A pay that arrives after its time_expire is refused with ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR.',
    source: 'field doc of time_expire, AlipayTradePayModel, Java SDK; error table of alipay.trade.pay',
    confidence: 'medium',
    experiment: 'pay, time_expire 10 minutes ago',
    assumed: '40004 ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR',
    judge: say.latePay,
    section: 'A5',
    ifNot:
      'NOT_CREATED is not proven by the deadline: a pay request that lands late could take money. Report this before going live.',
  },
  {
    id: 'cancel-then-pay',
    statement: 'A cancel of a number that was never used does not stop a later pay with it.',
    source: 'no document',
    confidence: 'open',
    experiment: 'pay with the number cancelled above',
    assumed: 'paid, or the buyer is asked',
    judge: say.cancelThenPay,
    section: 'open question 1',
    ifNot: 'Nothing: the trade is watched either way. The simulator plays this by behaviour.cancelBlocksLaterPay.',
  },
  {
    id: 'paid-query',
    statement: 'A trade whose pay answered 10000 is TRADE_SUCCESS to a query, at the amount of its pay.',
    source: 'field docs of trade_status and total_amount, AlipayTradeQueryResponse, Java SDK',
    confidence: 'high',
    experiment: 'query a paid trade',
    assumed: 'TRADE_SUCCESS, the amount paid',
    judge: say.paidQuery,
    section: 'A1',
    ifNot:
      'A paid trade would be cancelled, and the buyer refunded, unless the status comes within the time of the queries; at another amount it waits for a person.',
  },
  {
    id: 'paid-query-date',
    statement: 'A query of a paid trade names the day of payment (send_pay_date).',
    source: 'field doc of send_pay_date, AlipayTradeQueryResponse, Java SDK: optional',
    confidence: 'medium',
    experiment: 'the same answer',
    assumed: 'with send_pay_date',
    judge: say.paidQueryDate,
    section: 'A10',
    ifNot: 'Little: the status says it too. See refunded-query-date.',
  },
  {
    id: 'paid-refund-query',
    statement: 'A refund query of a trade that was not refunded answers 10000 without refund_status.',
    source: 'field doc of refund_status, AlipayTradeFastpayRefundQueryResponse, Java SDK',
    confidence: 'high',
    experiment: 'refund query of a paid trade',
    assumed: '10000, no refund',
    judge: say.paidRefundQuery,
    section: 'A10',
    ifNot: 'A closed trade that nobody paid would be called REFUNDED where the answer to its cancel was lost.',
  },
  {
    id: 'paid-cancel',
    statement: 'A cancel of a paid trade answers 10000, retry_flag N, action refund.',
    source: 'field doc of action, AlipayTradeCancelResponse, Java SDK',
    confidence: 'high',
    experiment: 'cancel a paid trade',
    assumed: '10000, retry_flag N, action refund',
    judge: say.paidCancel,
    section: 'A3',
    ifNot:
      'action close would make a refunded trade CLOSED, unless its query names send_pay_date: then the refund query decides, or a person. Without action it is looked for by send_pay_date and refund query.',
  },
  {
    id: 'refunded-query',
    statement: 'A trade whose cancel gave money back is TRADE_CLOSED to a query.',
    source: 'field doc of trade_status, AlipayTradeQueryResponse, Java SDK',
    confidence: 'high',
    experiment: 'query after that cancel',
    assumed: 'TRADE_CLOSED',
    judge: say.refundedQuery,
    section: 'A2',
    ifNot: 'The cancel is repeated until TRADE_CLOSED is seen: no wrong outcome, but none in time either.',
  },
  {
    id: 'refunded-query-date',
    statement: 'A query of a trade that was paid and refunded still names the day of payment (send_pay_date).',
    source: 'no document',
    confidence: 'low',
    experiment: 'the same answer',
    assumed: 'with send_pay_date',
    judge: say.refundedQueryDate,
    section: 'A10',
    ifNot:
      'A trade that was paid and refunded before any query of ours, its cancel unheard or made by someone else, is told from an unpaid one by the refund query alone. The simulator plays this by behaviour.querySaysSendPayDate.',
  },
  {
    id: 'refunded-cancel-again',
    statement: 'A second cancel of a trade whose cancel gave money back does not say action again.',
    source: 'no document',
    confidence: 'open',
    experiment: 'cancel it again',
    assumed: '10000, retry_flag N, action absent',
    judge: say.refundedCancelAgain,
    section: 'open question 3',
    ifNot:
      'Nothing: every action ever answered is remembered. The simulator plays this by behaviour.cancelRepeatsAction.',
  },
  {
    id: 'refunded-refund-query',
    statement: "The refund query finds a cancel's refund under the trade's own out_trade_no.",
    source:
      'field doc of out_request_no, AlipayTradeFastpayRefundQueryModel, Java SDK, says so of refunds without a number',
    confidence: 'low',
    experiment: 'refund query after the cancel',
    assumed: '10000, REFUND_SUCCESS',
    judge: say.refundedRefundQuery,
    section: 'A10',
    ifNot:
      'Where the answer to a cancel was lost, only send_pay_date still tells REFUNDED from CLOSED; where that is missing too, such a trade is called CLOSED. The simulator plays this by behaviour.refundQueryShowsCancel.',
  },
  {
    id: 'refunded-pay-again',
    statement: 'A number whose trade is closed cannot be paid again.',
    source: 'ACQ.TRADE_HAS_CLOSE, error table of alipay.trade.pay',
    confidence: 'high',
    experiment: 'pay with it again',
    assumed: '40004 ACQ.TRADE_HAS_CLOSE',
    judge: say.refundedPayAgain,
    section: 'A2',
    ifNot: 'CLOSED and REFUNDED would not be final. Report this before going live.',
  },
  {
    id: 'unpaid-query',
    statement: 'A trade whose buyer is asked for a password is WAIT_BUYER_PAY to a query, without send_pay_date.',
    source: 'field docs of trade_status and send_pay_date, AlipayTradeQueryResponse, Java SDK',
    confidence: 'high',
    experiment: 'query after a pay answered 10003',
    assumed: 'WAIT_BUYER_PAY, no send_pay_date',
    judge: say.unpaidQuery,
    section: 'A1',
    ifNot:
      'With a send_pay_date, a trade that nobody paid would wait for a person, or be called REFUNDED where the answer to its cancel was lost. TRADE_NOT_EXIST is asked about again in any case.',
  },
  {
    id: 'unpaid-cancel',
    statement: 'A cancel of a trade that nobody has paid answers 10000, retry_flag N, action close.',
    source: 'field doc of action, AlipayTradeCancelResponse, Java SDK',
    confidence: 'high',
    experiment: 'cancel it',
    assumed: '10000, retry_flag N, action close',
    judge: say.unpaidCancel,
    section: 'A3',
    ifNot:
      'Without action the trade is told from a refunded one by send_pay_date and refund query, some seconds later.',
  },
  {
    id: 'unpaid-closed-query',
    statement: 'A trade closed unpaid is TRADE_CLOSED to a query, without send_pay_date.',
    source: 'field docs of trade_status and send_pay_date, AlipayTradeQueryResponse, Java SDK',
    confidence: 'medium',
    experiment: 'query after that cancel',
    assumed: 'TRADE_CLOSED, no send_pay_date',
    judge: say.unpaidClosedQuery,
    section: 'A10',
    ifNot:
      'With a send_pay_date, a trade that nobody paid would wait for a person, or be called REFUNDED where the answer to its cancel was lost.',
  },
  {
    id: 'unpaid-cancel-again',
    statement: 'A second cancel of a trade closed unpaid does not say action again.',
    source: 'no document',
    confidence: 'open',
    experiment: 'cancel it again',
    assumed: '10000, retry_flag N, action absent',
    judge: say.unpaidCancelAgain,
    section: 'open question 3',
    ifNot:
      'Nothing: every action ever answered is remembered. The simulator plays this by behaviour.cancelRepeatsAction.',
  },
  {
    id: 'unpaid-refund-query',
    statement: 'A refund query of a trade closed unpaid answers 10000 without refund_status.',
    source: 'field doc of refund_status, AlipayTradeFastpayRefundQueryResponse, Java SDK',
    confidence: 'medium',
    experiment: 'refund query after the cancel',
    assumed: '10000, no refund',
    judge: say.unpaidRefundQuery,
    section: 'A10',
    ifNot:
      'REFUND_SUCCESS would make it REFUNDED; a refusal makes it wait for a person, where the answer to its cancel was lost.',
  },
  {
    id: 'unpaid-pay-again',
    statement: 'A number whose trade was closed unpaid cannot be paid again.',
    source: 'ACQ.TRADE_HAS_CLOSE, error table of alipay.trade.pay',
    confidence: 'high',
    experiment: 'pay with it again',
    assumed: '40004 ACQ.TRADE_HAS_CLOSE',
    judge: say.unpaidPayAgain,
    section: 'A2',
    ifNot: 'CLOSED would not be final. Report this before going live.',
  },
  {
    id: 'signed',
    statement: 'Whatever Alipay says about a trade it signs, refusals included.',
    source:
      'AbstractAlipayClient.checkResponseSign, Java SDK, lets failures pass unsigned; business refusals were seen signed',
    confidence: 'medium',
    experiment: 'all answers 10000, 10003 and 40004 above',
    assumed: 'all signed',
    judge: say.signed,
    section: 'promise 9',
    ifNot:
      'An unsigned answer is no information: unsigned refusals would keep trades open (no NOT_CREATED, no parking), never end them wrongly.',
  },
];
