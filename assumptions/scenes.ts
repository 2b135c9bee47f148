/**
 * The experiments, in the order in which they are made. One payment code pays once, so one trade has to show everything:
 *
 *   1. a number never used     query, cancel, query, close; cancel by an impossible trade_no
 *   2. a code to be scanned    precreate, query
 *   3. with a payment code     pay whose time_expire has passed; then pay with the number cancelled in 1, or with a fresh one where
 *                              that is refused; query, refund query, cancel, query, cancel again, refund query, pay again
 *
 * Whatever may have been created is cancelled until it is seen closed.
 */
import type {
  CancelResponse,
  CloseResponse,
  PayResponse,
  PrecreateResponse,
  QueryRefundResponse,
  QueryResponse,
} from '../alipay/gateway.ts';
import { payVerdict } from '../alipay/pay-verdict.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { PayAnswer } from '../contract/resolution.ts';
import { type Bench, type CallRecord, impossibleTradeNo, isAbsent } from './bench.ts';
import { codeWords } from './words.ts';

export type Attempt<T> = { readonly kind: 'tried'; readonly seen: T } | UntriedScene;
export type UntriedScene = { readonly kind: 'notTried'; readonly why: string };

export interface AbsentScene {
  readonly query: QueryResponse;
  readonly cancel: CancelResponse;
  readonly queryAfterCancel: QueryResponse;
  readonly close: CloseResponse;
  readonly cancelByTradeNo: CancelResponse;
}

export interface PrecreatedScene {
  readonly precreate: PrecreateResponse;
  readonly query: QueryResponse;
}

/** A pay with a number that was cancelled before; `control`: the same code with a fresh number, where the first was refused. */
export interface PayAfterCancel {
  readonly pay: PayResponse;
  readonly control?: PayResponse;
}

/** A trade that exists, cancelled twice. */
export interface CancelledScene {
  readonly query: QueryResponse;
  readonly queryRefundBefore: QueryRefundResponse;
  readonly cancel: CancelResponse;
  readonly queryAfter: QueryResponse;
  readonly cancelAgain: CancelResponse;
  readonly queryRefundAfter: QueryRefundResponse;
  readonly payAgain: PayResponse;
}

export interface Scenes {
  readonly absent: AbsentScene;
  readonly precreated: PrecreatedScene;
  readonly latePay: Attempt<PayResponse>;
  readonly payAfterCancel: Attempt<PayAfterCancel>;
  /** Its pay answered 10000. */
  readonly paid: Attempt<CancelledScene>;
  /** Its pay answered 10003: the buyer was asked for a password. */
  readonly unpaid: Attempt<CancelledScene>;
  /** Yuan, as every pay was sent. */
  readonly amount: string;
  readonly calls: readonly CallRecord[];
  readonly leftOpen: readonly string[];
}

/** The very first question brought no answer that the others could be compared with. */
export class CannotRun extends Error {
  override readonly name: string = 'CannotRun';
}

export interface Means {
  readonly authCode?: string;
  /** Between a cancel and the refund query, in ms. Alipay asks for 10 s (field doc of `AlipayTradeFastpayRefundQueryModel`). */
  readonly refundSettlesMs: number;
}

/** @throws CannotRun before anything was changed, when the gateway does not even answer a query */
export async function playScenes(bench: Bench, means: Means): Promise<Scenes> {
  const outTradeNo = bench.newOutTradeNo();
  const absent = await absentScene(bench, outTradeNo);
  const precreated = await precreatedScene(bench);
  const withCode = await scenesWithCode(bench, outTradeNo, means);
  return { absent, precreated, ...withCode, amount: bench.amount, calls: bench.calls, leftOpen: bench.leftOpen };
}

async function absentScene(bench: Bench, outTradeNo: string): Promise<AbsentScene> {
  const query = await bench.query(outTradeNo);
  if (query.kind === 'failed' && !isAbsent(query)) {
    throw new CannotRun(
      `The gateway gives no answer to a query: ${query.detail}\n\`npm run cli -- doctor\` says what to do.`,
    );
  }
  return {
    query,
    cancel: await bench.cancel({ outTradeNo }),
    queryAfterCancel: await bench.query(outTradeNo),
    close: await bench.close(outTradeNo),
    cancelByTradeNo: await bench.cancel({ tradeNo: impossibleTradeNo() }),
  };
}

async function precreatedScene(bench: Bench): Promise<PrecreatedScene> {
  const outTradeNo = bench.newOutTradeNo();
  const precreate = await bench.precreate(outTradeNo);
  const query = await bench.query(outTradeNo);
  // Nobody was shown the code; it dies by its deadline in any case.
  await bench.cancel({ outTradeNo });
  return { precreate, query };
}

type ScenesWithCode = Pick<Scenes, 'latePay' | 'payAfterCancel' | 'paid' | 'unpaid'>;

async function scenesWithCode(bench: Bench, cancelled: string, means: Means): Promise<ScenesWithCode> {
  const { authCode } = means;
  if (authCode === undefined) {
    const without = notTried('needs a payment code: --auth-code');
    return { latePay: without, payAfterCancel: without, paid: without, unpaid: without };
  }
  const late = bench.newOutTradeNo();
  const latePay = await bench.payTooLate(late, authCode);
  await leaveNothing(bench, late, latePay);
  if (mayHavePaid(latePay)) {
    const usedUp = notTried('the pay whose deadline had passed may have used the code up: try again with a fresh one');
    return { latePay: tried(latePay), payAfterCancel: usedUp, paid: usedUp, unpaid: usedUp };
  }
  return { latePay: tried(latePay), ...(await payAndCancel(bench, cancelled, { ...means, authCode })) };
}

type WithCode = Required<Means>;

async function payAndCancel(
  bench: Bench,
  cancelled: string,
  means: WithCode,
): Promise<Omit<ScenesWithCode, 'latePay'>> {
  const pay = await bench.pay(cancelled, means.authCode);
  if (pay.kind === 'answered') {
    return { payAfterCancel: tried({ pay }), ...(await cancelTwice(bench, { outTradeNo: cancelled, pay }, means)) };
  }
  await leaveNothing(bench, cancelled, pay);
  if (mayHavePaid(pay)) return nothing(`the pay has no clear answer: ${codeWords(pay)}`);
  if (pay.subCode === CODE_INVALID) return nothing(`the payment code is wrong, used or expired (${codeWords(pay)})`);
  return await payAnother(bench, pay, means);
}

/** Is it the number that is refused, or the code? */
async function payAnother(
  bench: Bench,
  refused: PayResponse,
  means: WithCode,
): Promise<Omit<ScenesWithCode, 'latePay'>> {
  const outTradeNo = bench.newOutTradeNo();
  const control = await bench.pay(outTradeNo, means.authCode);
  if (control.kind === 'answered') {
    const payAfterCancel = tried({ pay: refused, control });
    return { payAfterCancel, ...(await cancelTwice(bench, { outTradeNo, pay: control }, means)) };
  }
  await leaveNothing(bench, outTradeNo, control);
  return nothing(`this payment code pays nothing: ${codeWords(control)}`);
}

async function cancelTwice(
  bench: Bench,
  { outTradeNo, pay }: { readonly outTradeNo: string; readonly pay: Extract<PayResponse, { kind: 'answered' }> },
  { authCode, refundSettlesMs }: WithCode,
): Promise<Pick<Scenes, 'paid' | 'unpaid'>> {
  const queryRefundBefore = await bench.queryRefund(outTradeNo);
  const query = await bench.query(outTradeNo);
  const cancel = await bench.cancel({ outTradeNo });
  const queryAfter = await bench.query(outTradeNo);
  const cancelAgain = await bench.cancel({ outTradeNo });
  await bench.wait(refundSettlesMs);
  const queryRefundAfter = await bench.queryRefund(outTradeNo);
  const payAgain = await bench.pay(outTradeNo, authCode);
  await bench.closeForGood(outTradeNo, { payIsOut: payAgain.kind === 'failed' && mayHavePaid(payAgain) });
  const seen = tried({ query, queryRefundBefore, cancel, queryAfter, cancelAgain, queryRefundAfter, payAgain });
  switch (pay.code) {
    case '10000':
      return { paid: seen, unpaid: notTried(ASK_FOR_PASSWORD) };
    case '10003':
      return { paid: notTried(DO_NOT_ASK), unpaid: seen };
  }
}

const CODE_INVALID = 'ACQ.PAYMENT_AUTH_CODE_INVALID';
const ASK_FOR_PASSWORD =
  'the pay answered 10000: for 10003 give a fresh code and an amount that asks the buyer for a password (in the sandbox above 2000)';
const DO_NOT_ASK = 'the pay answered 10003: for 10000 give a fresh code and a small amount';

/**
 * Whatever the pay may have made is closed again. A refusal that proves nothing (something between here and Alipay may have sent the
 * call twice) is looked into as well, but a trade that is not there then is not waited for.
 */
async function leaveNothing(bench: Bench, outTradeNo: string, pay: PayResponse): Promise<void> {
  if (payVerdict(pay) === PayAnswer.refused) return;
  await bench.closeForGood(outTradeNo, { payIsOut: pay.kind === 'failed' && mayHavePaid(pay) });
}

/** All but a plain refusal and a call that never left. */
function mayHavePaid(answer: PayResponse): boolean {
  if (answer.kind === 'answered') return true;
  switch (answer.failure) {
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
      return true;
    case FailureClass.notSent:
    case FailureClass.limited:
    case FailureClass.rejected:
    case FailureClass.configuration:
    case FailureClass.business:
      return false;
  }
}

function nothing(why: string): Omit<ScenesWithCode, 'latePay'> {
  const none = notTried(why);
  return { payAfterCancel: none, paid: none, unpaid: none };
}

function tried<T>(seen: T): Attempt<T> {
  return { kind: 'tried', seen };
}

function notTried(why: string): UntriedScene {
  return { kind: 'notTried', why };
}
