/** Every answer that the interfaces can give, for tests that play them all. */
import type { CancelAnswer, QueryAnswer, RefundQueryAnswer, RefundAnswer } from '../../../contract/answers.ts';
import { FailureClass } from '../../../contract/failure-class.ts';
import { RandomNumber } from '../../model/random-number.ts';
import type { Answers } from '../driver.ts';
import { answered, closed, failed, noAnswer, notExist, paid, refused, START_MS, trade, waiting } from '../play.ts';

export const QUERIES: readonly (readonly [string, QueryAnswer])[] = [
  ['WAIT_BUYER_PAY', waiting],
  ['TRADE_SUCCESS', paid],
  ['TRADE_CLOSED', closed],
  ['TRADE_NOT_EXIST', notExist],
  ['another amount', trade('WAIT_BUYER_PAY', { totalAmount: '1.00' })],
  ['another tradeNo', trade('TRADE_SUCCESS', { tradeNo: '2019032622001494891000000001' })],
  ['an outTradeNo outside our alphabet', trade('WAIT_BUYER_PAY', { outTradeNo: 'shop 1/77' })],
  ...Object.values(FailureClass).map((failure) => [failure, failed(failure)] as const),
];
export const CANCELS: readonly (readonly [string, CancelAnswer])[] = [
  ['no answer', noAnswer],
  ['retry_flag=Y', answered('Y')],
  ['N without action', answered('N')],
  ['N and close', answered('N', 'close')],
  ['a refusal', refused('ACQ.CANCEL_NOT_ALLOWED')],
  ['an empty account', refused('ACQ.SELLER_BALANCE_NOT_ENOUGH')],
  ['a frozen trade', refused('ACQ.REASON_TRADE_BEEN_FREEZEN')],
  ['"no such trade"', refused('ACQ.TRADE_NOT_EXIST')],
  ['a lack of permission', failed('configuration', 'isv.insufficient-isv-permissions')],
  ['too many calls', failed('limited')],
  ['a call that never left', failed('notSent')],
];
export const REFUNDS: readonly RefundAnswer[] = [
  { kind: 'answered', fundChange: false },
  noAnswer,
  failed('notSent'),
  failed('business', 'ACQ.SELLER_BALANCE_NOT_ENOUGH'),
];
export const REFUND_QUERIES: readonly RefundQueryAnswer[] = [
  noAnswer,
  { kind: 'tradeNotExist' },
  { kind: 'refund', found: 'nothing' },
  { kind: 'refund', found: 'notSaid', refundAmount: '88.88' },
  { kind: 'refund', found: 'done', refundAmount: '58.88' },
  failed('limited'),
];

/** The answers of one interface in turn. */
export function inTurn<T>(answers: readonly T[]): (calls: number) => T {
  return (calls) => {
    const answer = answers[calls % answers.length];
    if (answer === undefined) throw new RangeError('nothing to answer with');
    return answer;
  };
}

/** Two answers to a query that alternate; where `payableAtFirst`, the buyer has not paid until the first cancel. */
export function alternating(
  one: QueryAnswer,
  other: QueryAnswer,
  cancel: CancelAnswer,
  { payableAtFirst = false }: { payableAtFirst?: boolean } = {},
): Answers {
  const query = inTurn([one, other]);
  return {
    query: (calls, atMs) => (payableAtFirst && atMs <= START_MS + 30_000 ? waiting : query(calls)),
    cancel: () => cancel,
    refund: inTurn(REFUNDS),
    queryRefund: inTurn(REFUND_QUERIES),
  };
}

/** A few of all these answers, which follow each other at random. */
export function atRandom(seed: number): Answers {
  const random = new RandomNumber(seed);
  const one = <T>(answers: readonly T[]): T => inTurn(answers)(random.below(answers.length));
  const few = <T>(answers: readonly T[]): readonly T[] =>
    Array.from({ length: 1 + random.below(4) }, () => one(answers));
  const queries = few(QUERIES);
  const cancels = few(CANCELS);
  const refunds = few(REFUNDS);
  const refundQueries = few(REFUND_QUERIES);
  return {
    query: () => one(queries)[1],
    cancel: () => one(cancels)[1],
    refund: () => one(refunds),
    queryRefund: () => one(refundQueries),
  };
}
