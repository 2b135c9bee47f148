/** What was seen, held against what is assumed: one judge for each row of the table. */
import type { CancelAction } from '../contract/trade.ts';
import { isAbsent } from './bench.ts';
import { couldNotTry, type Finding, judge, whereTried } from './finding.ts';
import type { CancelledScene, Scenes, Attempt } from './scenes.ts';
import { cancelWords, codeWords, queryRefundWords, queryWords } from './words.ts';

type Judge = (scenes: Scenes) => Finding;

export const absentQuery: Judge = ({ absent }) => judge(absent.query, queryWords, isAbsent);

export const absentCancel: Judge = ({ absent }) => judge(absent.cancel, cancelWords, saysAction(undefined));

export const absentCancelLeavesNothing: Judge = ({ absent }) => judge(absent.queryAfterCancel, queryWords, isAbsent);

export const absentClose: Judge = ({ absent }) => judge(absent.close, codeWords, isAbsent);

export const absentTradeNo: Judge = ({ absent }) =>
  judge(absent.cancelByTradeNo, cancelWords, ({ code }) => code === '40004');

export const precreatedQuery: Judge = ({ precreated: { precreate, query } }) =>
  precreate.kind === 'failed'
    ? couldNotTry(`no code was made: ${codeWords(precreate)}`)
    : judge(query, queryWords, isAbsent);

export const latePay: Judge = ({ latePay }) =>
  whereTried(latePay, (pay) =>
    pay.kind === 'failed' && pay.subCode !== TOO_LATE
      ? couldNotTry(`refused for another reason: ${codeWords(pay)}`)
      : judge(pay, codeWords, ({ kind }) => kind === 'failed'),
  );

export const cancelThenPay: Judge = ({ payAfterCancel }) =>
  whereTried(payAfterCancel, ({ pay, control }) =>
    control === undefined
      ? { verdict: 'holds', seen: codeWords(pay) }
      : { verdict: 'differs', seen: `${codeWords(pay)}; a fresh number ${codeWords(control)}` },
  );

export const paidQuery: Judge = ({ paid, amount }) =>
  whereTried(paid, ({ query }) =>
    judge(
      query,
      queryWords,
      (answer) => answer.kind === 'answered' && answer.tradeStatus === 'TRADE_SUCCESS' && answer.totalAmount === amount,
    ),
  );

export const paidQueryDate: Judge = ({ paid }) => whereTried(paid, ({ query }) => judge(query, queryWords, isDated));

export const paidRefundQuery: Judge = ({ paid }) =>
  whereTried(paid, ({ queryRefundBefore }) => judge(queryRefundBefore, queryRefundWords, isRefundless));

export const paidCancel: Judge = ({ paid }) =>
  whereTried(paid, ({ cancel }) => judge(cancel, cancelWords, saysAction('refund')));

export const refundedQuery: Judge = ({ paid }) =>
  whereTried(paid, ({ queryAfter }) => judge(queryAfter, queryWords, isClosed));

export const refundedQueryDate: Judge = ({ paid }) =>
  whereTried(paid, ({ queryAfter }) => (isClosed(queryAfter) ? judge(queryAfter, queryWords, isDated) : notClosed()));

export const refundedCancelAgain: Judge = ({ paid }) => secondCancel(paid);

export const refundedRefundQuery: Judge = ({ paid }) =>
  whereTried(paid, ({ queryAfter, queryRefundAfter }) =>
    isClosed(queryAfter)
      ? judge(
          queryRefundAfter,
          queryRefundWords,
          (answer) => answer.kind === 'answered' && answer.refundStatus === 'REFUND_SUCCESS',
        )
      : notClosed(),
  );

export const refundedPayAgain: Judge = ({ paid }) => paidAgain(paid);

export const unpaidQuery: Judge = ({ unpaid }) =>
  whereTried(unpaid, ({ query }) =>
    judge(
      query,
      queryWords,
      (answer) => answer.kind === 'answered' && answer.tradeStatus === 'WAIT_BUYER_PAY' && !isDated(answer),
    ),
  );

export const unpaidCancel: Judge = ({ unpaid }) =>
  stillUnpaid(unpaid, ({ cancel }) => judge(cancel, cancelWords, saysAction('close')));

export const unpaidClosedQuery: Judge = ({ unpaid }) =>
  stillUnpaid(unpaid, ({ queryAfter }) =>
    judge(queryAfter, queryWords, (answer) => isClosed(answer) && !isDated(answer)),
  );

export const unpaidCancelAgain: Judge = ({ unpaid }) => secondCancel(unpaid);

export const unpaidRefundQuery: Judge = ({ unpaid }) =>
  stillUnpaid(unpaid, ({ queryRefundAfter }) => judge(queryRefundAfter, queryRefundWords, isRefundless));

export const unpaidPayAgain: Judge = ({ unpaid }) => paidAgain(unpaid);

export const signed: Judge = ({ calls }) => allSigned(calls);

const TOO_LATE = 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR';
const CLOSED_NUMBER = 'ACQ.TRADE_HAS_CLOSE';
const ABOUT_TRADES: readonly (string | undefined)[] = ['10000', '10003', '40004'];

type CancelAttempt = Attempt<CancelledScene>;
type TradeAnswer = CancelledScene['query'];

function isClosed(answer: TradeAnswer): boolean {
  return answer.kind === 'answered' && answer.tradeStatus === 'TRADE_CLOSED';
}

function isDated(answer: TradeAnswer): boolean {
  return answer.kind === 'answered' && answer.sendPayDate !== undefined;
}

function isRefundless(answer: CancelledScene['queryRefundAfter']): boolean {
  return answer.kind === 'answered' && answer.refundStatus === undefined;
}

function saysAction(wanted: CancelAction | undefined): (cancel: CancelledScene['cancel']) => boolean {
  return ({ kind, retryFlag, action }) => kind === 'answered' && retryFlag === 'N' && action === wanted;
}

function notClosed(): Finding {
  return couldNotTry('the cancel did not close the trade');
}

/** The buyer may type the password before the cancel: then it is no unpaid trade any more. */
function stillUnpaid(unpaid: CancelAttempt, look: (seen: CancelledScene) => Finding): Finding {
  return whereTried(unpaid, (seen) =>
    seen.cancel.action === 'refund' ? couldNotTry('the buyer paid before the cancel: type no password') : look(seen),
  );
}

function secondCancel(tried: CancelAttempt): Finding {
  return whereTried(tried, ({ queryAfter, cancelAgain }) =>
    isClosed(queryAfter) ? judge(cancelAgain, cancelWords, saysAction(undefined)) : notClosed(),
  );
}

/** Alipay may look at the used code first: then it says nothing about the number. */
function paidAgain(tried: CancelAttempt): Finding {
  return whereTried(tried, ({ queryAfter, payAgain }) => {
    if (!isClosed(queryAfter)) return notClosed();
    return payAgain.kind === 'failed' && payAgain.subCode !== CLOSED_NUMBER
      ? couldNotTry(`refused for another reason: ${codeWords(payAgain)}`)
      : judge(payAgain, codeWords, ({ kind }) => kind === 'failed');
  });
}

function allSigned(calls: Scenes['calls']): Finding {
  const answers = calls.filter(({ code }) => ABOUT_TRADES.includes(code));
  const [unsigned] = answers.filter(({ signed }) => signed !== true);
  if (answers.length === 0) return couldNotTry('no answer was about a trade');
  return unsigned === undefined
    ? { verdict: 'holds', seen: `all ${answers.length} signed` }
    : { verdict: 'differs', seen: `${unsigned.interface}: ${unsigned.said}` };
}
