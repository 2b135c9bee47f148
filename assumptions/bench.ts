/** The gateway as the experiments use it: every call is put on record, and whatever one of them may have created is closed again. */
import { randomBytes, randomInt } from 'node:crypto';

import { isRefusedAs } from '../alipay/failed-call.ts';
import type {
  AlipayGateway,
  CancelResponse,
  CloseResponse,
  CancelFailure,
  PayResponse,
  PrecreateResponse,
  QueryRefundResponse,
  QueryResponse,
} from '../alipay/gateway.ts';
import type { TradeInterfaceName } from '../alipay/trade-interfaces.ts';
import type { TradeIds } from '../contract/trade.ts';
import { cancelWords, codeWords, queryRefundWords, queryWords } from './words.ts';

/** One call as it is reported: enough to ask Alipay about it, and nothing that anybody could pay with. */
export interface CallRecord extends TradeIds {
  readonly interface: TradeInterfaceName;
  readonly said: string;
  readonly code?: string;
  /** Absent where no answer could be read. */
  readonly signed?: boolean;
  readonly traceId?: string;
}

export interface BenchOptions {
  readonly gateway: AlipayGateway;
  /** Yuan. */
  readonly amount: string;
  /** Resolves after so many ms. */
  readonly wait: (ms: number) => Promise<unknown>;
  /** A number that was never used. */
  readonly newOutTradeNo?: () => string;
}

/** How long what is made here can be paid: short, so that a request which lands late finds its deadline passed. */
const PAYABLE_MS = 5 * 60_000;
/** Far beyond what two clocks differ by. */
const LONG_PAST_MS = 10 * 60_000;
const CLOSE_ATTEMPTS_MAX = 5;
const BETWEEN_ATTEMPTS_MS = 2_000;

export class Bench {
  readonly calls: CallRecord[] = [];
  /** Trades that could not be seen closed. */
  readonly leftOpen: string[] = [];
  readonly wait: BenchOptions['wait'];
  /** Yuan. */
  readonly amount: string;
  readonly newOutTradeNo: () => string;
  readonly #gateway: AlipayGateway;

  constructor({ gateway, amount, wait, newOutTradeNo = randomOutTradeNo }: BenchOptions) {
    this.#gateway = gateway;
    this.amount = amount;
    this.wait = wait;
    this.newOutTradeNo = newOutTradeNo;
  }

  async query(outTradeNo: string): Promise<QueryResponse> {
    const answer = await this.#gateway.query({ outTradeNo });
    return this.#put('query', { outTradeNo }, answer, queryWords(answer));
  }

  async cancel(ids: TradeIds): Promise<CancelResponse> {
    const answer = await this.#gateway.cancel(ids);
    return this.#put('cancel', ids, answer, cancelWords(answer));
  }

  /** Asks for the refund that carries the trade's own number. */
  async queryRefund(outTradeNo: string): Promise<QueryRefundResponse> {
    const answer = await this.#gateway.queryRefund({ outTradeNo, outRequestNo: outTradeNo });
    return this.#put('queryRefund', { outTradeNo }, answer, queryRefundWords(answer));
  }

  async close(outTradeNo: string): Promise<CloseResponse> {
    const answer = await this.#gateway.close({ outTradeNo });
    return this.#put('close', { outTradeNo }, answer, codeWords(answer));
  }

  async precreate(outTradeNo: string): Promise<PrecreateResponse> {
    const answer = await this.#gateway.precreate({ ...this.#newTrade(outTradeNo, PAYABLE_MS) });
    return this.#put('precreate', { outTradeNo }, answer, codeWords(answer));
  }

  async pay(outTradeNo: string, authCode: string): Promise<PayResponse> {
    return this.#pay(outTradeNo, authCode, PAYABLE_MS);
  }

  /** Its deadline had passed before it was sent. */
  async payTooLate(outTradeNo: string, authCode: string): Promise<PayResponse> {
    return this.#pay(outTradeNo, authCode, -LONG_PAST_MS);
  }

  /**
   * Cancels until the trade is seen closed, or is not there; gives up into `leftOpen`. `payIsOut`: a pay request without an answer
   * may still create it.
   */
  async closeForGood(outTradeNo: string, { payIsOut }: { readonly payIsOut: boolean }): Promise<void> {
    for (let attempt = 1; attempt <= CLOSE_ATTEMPTS_MAX; attempt += 1) {
      const found = await this.query(outTradeNo);
      if (found.kind === 'answered' && found.tradeStatus === 'TRADE_CLOSED') return;
      if (isAbsent(found) && !payIsOut) return;
      await this.cancel({ outTradeNo });
      await this.wait(BETWEEN_ATTEMPTS_MS);
    }
    this.leftOpen.push(outTradeNo);
  }

  async #pay(outTradeNo: string, authCode: string, payableMs: number): Promise<PayResponse> {
    const answer = await this.#gateway.pay({ ...this.#newTrade(outTradeNo, payableMs), authCode });
    return this.#put('pay', { outTradeNo }, answer, codeWords(answer));
  }

  #newTrade(outTradeNo: string, payableMs: number): Parameters<AlipayGateway['precreate']>[0] {
    const timeExpire = new Date(Date.now() + payableMs).toISOString();
    return { outTradeNo, totalAmount: this.amount, subject: 'Check of assumptions about Alipay', timeExpire };
  }

  #put<A extends { readonly kind: 'answered'; readonly code: string; readonly traceId?: string } | CancelFailure>(
    name: TradeInterfaceName,
    ids: TradeIds,
    answer: A,
    said: string,
  ): A {
    const { code, traceId } = answer;
    const signed = answer.kind === 'answered' ? true : answer.signed;
    this.calls.push({
      interface: name,
      ...ids,
      said,
      ...(code === undefined ? {} : { code }),
      ...(signed === undefined ? {} : { signed }),
      ...(traceId === undefined ? {} : { traceId }),
    });
    return answer;
  }
}

/** Signed by Alipay: on anybody else's word a trade that may be paid would be left as it is. */
export function isAbsent(answer: { readonly kind: 'answered' } | CancelFailure): boolean {
  return answer.kind === 'failed' && isRefusedAs(TRADE_NOT_EXIST, answer);
}

/** Both spellings stand in the error lists of the Java SDK v3. */
const TRADE_NOT_EXIST: readonly string[] = ['ACQ.TRADE_NOT_EXIST', 'TRADE_NOT_EXIST'];

function randomOutTradeNo(): string {
  return `assume_${randomBytes(12).toString('hex')}`;
}

/** Of a day before Alipay was founded, so it is nobody's. */
export function impossibleTradeNo(): string {
  return `2000010122001400${Array.from({ length: 12 }, () => randomInt(10)).join('')}`;
}
