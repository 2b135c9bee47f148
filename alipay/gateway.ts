/**
 * Alipay's gateway as seven methods. Each makes one HTTP call, once, and says what the answer proves:
 *
 *   1. put the request together and sign it                          requests.ts, signed-call.ts
 *   2. post it; a failure says whether anything can have been sent   transport.ts
 *   3. find the one signed node in the answer                        envelope.ts
 *   4. verify its bytes, then parse those bytes and no others        verification.ts, reply.ts
 *   5. see that it is about the trade asked for                      reply.ts
 *   6. for a failure code, look up what it is worth                  failed-call.ts, codes.ts
 *   7. read the typed fields: none missing, none malformed           answer-fields.ts
 *
 * What can happen on the wire is returned, never thrown. Thrown is only a request that could not be right (`GatewayMisuse`),
 * before any call. Nothing here retries, waits or decides about a trade.
 */
import { FailureClass } from '../contract/failure-class.ts';
import type { TradeIds } from '../contract/trade.ts';
import * as form from './answer-fields.ts';
import { readEnvelope } from './envelope.ts';
import { failedCall, refusal } from './failed-call.ts';
import type { CallFailure } from './failed-call.ts';
import { readFields } from './fields.ts';
import type { FieldTable } from './fields.ts';
import type { HttpProxy } from './http-proxy.ts';
import type { Merchant } from './merchant.ts';
import { foreignNumber, isSuccess, namesTheTrade, readReply } from './reply.ts';
import type { Question, Reply } from './reply.ts';
import * as ask from './requests.ts';
import { createSignedCall } from './signed-call.ts';
import { TradeInterface } from './trade-interfaces.ts';
import { Transport } from './transport.ts';
import { verifyNode } from './verification.ts';

/** Signed by Alipay, complete, and about the trade asked for. */
export type Answered<Fields, Code extends string = '10000'> = Fields & {
  readonly kind: 'answered';
  readonly code: Code;
  /** What Alipay's support finds the call by. */
  readonly traceId?: string;
};

/** A signed refusal of a cancel may still say whether to repeat it. */
export type CancelFailure = CallFailure & form.FailedCancelFields;

export type PayResponse = Answered<form.PayFields> | Answered<form.AwaitingBuyerFields, '10003'> | CallFailure;
export type QueryResponse = Answered<form.QueryTradeFields> | CallFailure;
export type CancelResponse = Answered<form.CancelFields> | CancelFailure;
export type RefundResponse = Answered<form.RefundFields> | CallFailure;
export type QueryRefundResponse = Answered<form.QueryRefundFields> | CallFailure;
export type CloseResponse = Answered<form.CloseFields> | CallFailure;
export type PrecreateResponse = Answered<form.PrecreateFields> | CallFailure;

export interface GatewayOptions {
  /** Milliseconds since the epoch, for the `timestamp` of each call. @default Date.now */
  readonly now?: () => number;
  /** Awaited before each call; false: it is not sent. @default every call is sent at once */
  readonly turn?: () => Promise<boolean>;
  /** Every call goes through it. @default none */
  readonly proxy?: HttpProxy;
}

export class AlipayGateway {
  readonly #merchant: Merchant;
  readonly #now: () => number;
  readonly #turn: () => Promise<boolean>;
  readonly #transport: Transport;

  constructor(merchant: Merchant, options: GatewayOptions = {}) {
    this.#merchant = merchant;
    this.#now = options.now ?? Date.now;
    this.#turn = options.turn ?? (() => Promise.resolve(true));
    this.#transport = new Transport({
      origin: new URL(merchant.gatewayUrl).origin,
      deadlineMs: merchant.deadlineMs,
      ...(merchant.ca === undefined ? {} : { ca: merchant.ca }),
      ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    });
  }

  /** Charges the buyer whose code was scanned. 10003: the buyer is asked for a password. */
  async pay(request: ask.PayRequest): Promise<PayResponse> {
    const asked: Question = { name: 'pay', content: ask.payContent(request, this.#merchant.sellerId) };
    const reply = await this.#call(asked);
    return reply.kind === 'reply' && reply.code === '10003'
      ? this.#answer(asked, reply, '10003', form.AWAITING_BUYER_FIELDS)
      : this.#answer(asked, reply, '10000', form.PAY_FIELDS);
  }

  /** What became of a trade. Where both numbers are given, Alipay looks at `tradeNo`; the answer must agree with both. */
  async query(ids: TradeIds): Promise<QueryResponse> {
    const asked: Question = { name: 'query', content: ask.idsContent(ids) };
    return this.#answer(asked, await this.#call(asked), '10000', form.QUERY_TRADE_FIELDS);
  }

  /** Reverses a trade whose result is unknown: closes it unpaid, or refunds it. Only directly after an inconclusive query. */
  async cancel(ids: TradeIds): Promise<CancelResponse> {
    const asked: Question = { name: 'cancel', content: ask.idsContent(ids) };
    return this.#answer(asked, await this.#call(asked), '10000', form.CANCEL_FIELDS);
  }

  /** 10000 means accepted; `fundChange` Y means that this call moved money; else ask `queryRefund`. */
  async refund(request: ask.RefundRequest): Promise<RefundResponse> {
    const asked: Question = { name: 'refund', content: ask.refundContent(request) };
    return this.#answer(asked, await this.#call(asked), '10000', form.REFUND_FIELDS);
  }

  /** `refundStatus` absent: not received, or failed. Alipay asks for 10 s between a refund and this. */
  async queryRefund(request: ask.QueryRefundRequest): Promise<QueryRefundResponse> {
    const asked: Question = { name: 'queryRefund', content: ask.queryRefundContent(request) };
    return this.#answer(asked, await this.#call(asked), '10000', form.QUERY_REFUND_FIELDS);
  }

  /** Closes a trade that awaits payment; unlike a cancel it never refunds. */
  async close(ids: TradeIds): Promise<CloseResponse> {
    const asked: Question = { name: 'close', content: ask.idsContent(ids) };
    return this.#answer(asked, await this.#call(asked), '10000', form.CLOSE_FIELDS);
  }

  /** Makes the code that a buyer scans to pay. Until that is done, Alipay knows no such trade. */
  async precreate(request: ask.NewTrade): Promise<PrecreateResponse> {
    const asked: Question = { name: 'precreate', content: ask.newTradeContent(request, this.#merchant.sellerId) };
    return this.#answer(asked, await this.#call(asked), '10000', form.PRECREATE_FIELDS);
  }

  /** Waits for calls under way and closes the connections. Calls made later are not sent. */
  async end(): Promise<void> {
    await this.#transport.end();
  }

  /** Steps 1 to 6: from a question to a signed success about the trade asked for. */
  async #call(asked: Question): Promise<Reply | CancelFailure> {
    if (!(await this.#turn())) return failedCall(this.#merchant, asked, NO_TURN);
    const { method } = TradeInterface[asked.name];
    const call = createSignedCall(this.#merchant, { method, content: asked.content }, this.#now());

    const result = await this.#transport.post(call.path, call.body);
    const { traceId } = result;
    const fail = (error: Parameters<typeof failedCall>[2]): CallFailure =>
      failedCall(this.#merchant, asked, traceId === undefined ? error : { ...error, traceId });
    if (result.kind !== 'response') return fail({ failure: FailureClass[result.kind], detail: result.detail });

    const envelope = readEnvelope(result.bytes, method);
    if (envelope.kind === 'unreadable') return fail({ failure: FailureClass.unknown, detail: envelope.detail });
    if (envelope.kind === 'forged') return fail({ failure: FailureClass.forged, detail: envelope.detail });

    const node = verifyNode(envelope, this.#merchant.keys);
    if (node.kind === 'forged') return fail({ failure: FailureClass.forged, detail: node.detail });
    if (node.kind === 'otherCertificate') return fail({ failure: FailureClass.configuration, detail: node.detail });

    const reply = readReply(node.text);
    const signed = node.kind === 'signed';
    if (reply === undefined) {
      const failure = signed ? FailureClass.unknown : FailureClass.unsigned;
      return fail({ failure, signed, detail: 'the node of the answer is not a JSON object' });
    }
    const foreign = foreignNumber(asked, reply);
    if (signed && foreign !== undefined) {
      const detail = `the answer is signed, but about another trade: its ${foreign} is not the one asked for`;
      return fail({ failure: FailureClass.notOurs, signed, detail });
    }
    if (signed && !envelope.isErrorResponse && isSuccess(asked, reply)) return { ...reply, ...traced(traceId) };

    const failed = fail(refusal(asked, reply, signed));
    return signed && asked.name === 'cancel' ? { ...failed, ...failedCancelFields(reply) } : failed;
  }

  /** Step 7: typed, or worth nothing. */
  #answer<Fields extends object, Code extends string>(
    asked: Question,
    reply: Reply | CancelFailure,
    code: Code,
    table: FieldTable<Fields>,
  ): Answered<Fields, Code> | CancelFailure {
    if (reply.kind === 'failed') return reply;
    const trace = traced(reply.traceId);
    const read = readFields(reply.node, table);
    const flaw = read.kind === 'flawed' ? read.detail : undefined;
    if (read.kind === 'fields' && namesTheTrade(asked, reply))
      return { ...read.fields, kind: 'answered', code, ...trace };
    const detail = `${flaw ?? 'the answer does not say which trade it is about'}: nothing follows from it`;
    return failedCall(this.#merchant, asked, { failure: FailureClass.unknown, code, signed: true, detail, ...trace });
  }
}

const NO_TURN = {
  failure: FailureClass.notSent,
  detail: 'more calls were due at once than the configured rate lets through: this one was not sent',
};

function failedCancelFields(reply: Reply): form.FailedCancelFields {
  const read = readFields(reply.node, form.FAILED_CANCEL_FIELDS);
  return read.kind === 'fields' ? read.fields : {};
}

function traced(traceId: string | undefined): { traceId?: string } {
  return traceId === undefined ? {} : { traceId };
}
