/**
 * One call from the request's bytes to the answer's. In this order, so that the ledger is never behind an answer:
 *
 *   read and verify → record the call → take its fault step → (request lost) → execute → false words, if planned
 *   → seal → wait, if planned → deliver
 */
import { randomBytes, type KeyObject } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import { certificateSerialNumber } from '../alipay/certificates.ts';
import { type Answer, refusal, sealAnswer, success, unsignedRefusal } from './answer.ts';
import { cancel, cancelWithoutEffect, close } from './cancel.ts';
import { type Credentials, privateKeyOf, publicKeyOf } from './credentials.ts';
import { deliver } from './delivery.ts';
import { describeStep, FalseAnswer, type FaultStep, PlannedMethod } from './fault-plan.ts';
import type { Call } from './ledger.ts';
import { buyerPays, echoedIds, type Execution, type Method, readIds, textOf, type World } from './method.ts';
import { pay, precreate } from './pay.ts';
import { query } from './query.ts';
import { refund, queryRefund } from './refund.ts';
import { type GatewayRequest, type KnownApp, type RawRequest, readRequest } from './request.ts';

const METHODS: Readonly<Record<PlannedMethod, Method>> = { pay, query, cancel, refund, queryRefund, close, precreate };
const CERTIFICATE_DOWNLOAD = 'alipay.open.app.alipaycert.download';
const KNOWN_METHODS = [...Object.values(PlannedMethod), CERTIFICATE_DOWNLOAD];

export class Gateway {
  readonly #world: World;
  readonly #app: KnownApp;
  readonly #key: KeyObject;
  readonly #alipayCertificate: string;
  readonly #alipayCertSn: string;

  constructor(world: World, credentials: Credentials) {
    this.#world = world;
    this.#key = privateKeyOf(credentials.alipayPrivateKey);
    this.#alipayCertificate = credentials.alipayCertificate;
    this.#alipayCertSn = certificateSerialNumber(credentials.alipayCertificate);
    this.#app = {
      appId: credentials.appId,
      publicKey: publicKeyOf(credentials.appPrivateKey),
      certificateSerialNumber: certificateSerialNumber(credentials.appCertificate),
    };
  }

  handle(raw: RawRequest, response: ServerResponse): void {
    const request = readRequest(raw, this.#app, KNOWN_METHODS);
    if (request.kind === 'refused') {
      this.#send(response, { body: unsignedRefusal(request), charset: 'utf-8', step: {} }, () => undefined);
      return;
    }
    const planned = plannedMethod(request.method);
    if (planned === undefined) {
      const answer = this.#downloadCertificate(request);
      this.#send(
        response,
        { body: this.#seal(answer, request, {}), charset: request.charset, step: {} },
        () => undefined,
      );
      return;
    }
    this.#handlePlanned(planned, request, response);
  }

  #handlePlanned(method: PlannedMethod, request: GatewayRequest, response: ServerResponse): void {
    const { ledger, plans } = this.#world;
    const receivedAtMs = ledger.catchUp();
    const ids = readIds(request.bizContent);
    const outTradeNo = ledger.find(ids)?.outTradeNo ?? ids.outTradeNo ?? '';
    const outRequestNo = textOf(request.bizContent['out_request_no']);
    const call = ledger.receive({
      method: request.method,
      ids,
      ...(outRequestNo === undefined ? {} : { outRequestNo }),
      receivedAtMs,
      appAuthToken: request.appAuthToken,
    });
    const step = plans.takeStep(method, outTradeNo);
    const fault = describeStep(step);
    if (fault !== '') call.fault = fault;
    const answer = this.#execute(method, { request, call, step, outTradeNo });
    if (step.delivery !== 'requestLost') {
      call.code = answer.code;
      if (answer.subCode !== undefined) call.subCode = answer.subCode;
    }
    const body = this.#seal(answer, request, step);
    this.#send(response, { body, charset: step.charset ?? request.charset, step }, () => {
      call.answeredAtMs = ledger.catchUp();
    });
  }

  /** Lets the call take effect as its step says, and gives the words of the answer, true or false. */
  #execute(method: PlannedMethod, given: CallContext): Answer {
    const { step, outTradeNo } = given;
    const { ledger } = this.#world;
    const { executed = step.delivery !== 'requestLost' && step.answer === undefined } = step;
    if (step.buyerPays === 'beforeExecution') buyerPays(ledger, outTradeNo, ledger.catchUp());
    let answer: Answer | undefined;
    if (executed === true) answer = this.#takeEffect(METHODS[method], given, ledger.catchUp());
    else if (executed !== false) this.#queue(METHODS[method], given, executed);
    if (step.buyerPays === 'afterExecution') buyerPays(ledger, outTradeNo, ledger.catchUp());
    const words = falseAnswer(method, given) ?? answer ?? cancelWithoutEffect(given.call.ids);
    return { ...words, fields: rewritten(words.fields, step) };
  }

  #takeEffect(method: Method, { request, call }: CallContext, atMs: number): Answer {
    const execution: Execution = {
      world: this.#world,
      biz: request.bizContent,
      ids: call.ids,
      receivedAtMs: call.receivedAtMs,
      step: { atMs, cause: { kind: 'call', callNumber: call.number, method: call.method } },
    };
    call.executedAtMs = atMs;
    return method(execution);
  }

  #queue(method: Method, given: CallContext, executed: Exclude<FaultStep['executed'], boolean | undefined>): void {
    const { call, outTradeNo } = given;
    this.#world.ledger.later({
      outTradeNo,
      what: `${call.method} lands`,
      ...(executed === 'afterNextCancel' ? {} : { atMs: call.receivedAtMs + executed.afterMs }),
      happen: (atMs) => this.#takeEffect(method, given, atMs),
    });
  }

  #seal(answer: Answer, request: GatewayRequest, step: FaultStep): Buffer {
    return sealAnswer(answer, {
      method: request.method,
      charset: step.charset ?? request.charset,
      key: this.#key,
      alipayCertSn: request.certificateMode ? this.#alipayCertSn : undefined,
      signature: step.signature,
    });
  }

  #send(response: ServerResponse, sent: OutgoingAnswer, whenSent: () => void): void {
    const { delivery, location, delayMs = 0 } = sent.step;
    const outgoing = {
      body: sent.body,
      charset: sent.charset,
      traceId: randomBytes(15).toString('hex'),
      delivery,
      location,
    };
    if (delayMs === 0) {
      deliver(response, outgoing, whenSent);
      return;
    }
    const timer = setTimeout(() => deliver(response, outgoing, whenSent), delayMs);
    response.once('close', () => clearTimeout(timer));
  }

  /** The Java SDK asks for it when an answer names a certificate that it was not given. */
  #downloadCertificate({ bizContent }: GatewayRequest): Answer {
    return bizContent['alipay_cert_sn'] === this.#alipayCertSn
      ? success({ alipay_cert_content: Buffer.from(this.#alipayCertificate).toString('base64') })
      : refusal('CERT_NOT_EXIST');
  }
}

interface CallContext {
  readonly request: GatewayRequest;
  readonly call: Call;
  readonly step: FaultStep;
  readonly outTradeNo: string;
}

interface OutgoingAnswer {
  readonly body: Buffer;
  readonly charset: GatewayRequest['charset'];
  readonly step: FaultStep;
}

function plannedMethod(wireName: string): PlannedMethod | undefined {
  const names = Object.keys(PlannedMethod) as readonly PlannedMethod[];
  return names.find((name) => PlannedMethod[name] === wireName);
}

/** The planned words. A business refusal names the trade it was asked about, and that of a cancel has a `retry_flag` too. */
function falseAnswer(method: PlannedMethod, { step, call }: CallContext): Answer | undefined {
  const { answer, subCode = 'ACQ.SYSTEM_ERROR' } = step;
  if (answer === undefined) return undefined;
  const fields = { ...echoedIds(call.ids), ...(method === 'cancel' ? { retry_flag: 'N' } : {}) };
  switch (answer) {
    case FalseAnswer.code20000:
      return { code: '20000', subCode: 'isp.unknow-error', fields: {} };
    case FalseAnswer.systemError:
      return refusal('ACQ.SYSTEM_ERROR', fields);
    case FalseAnswer.refused:
      return refusal(subCode, fields);
    case FalseAnswer.notExist:
      return refusal('ACQ.TRADE_NOT_EXIST', fields);
    case FalseAnswer.limited:
      return { code: '40005', subCode: 'isv.method-call-limited', fields: {} };
  }
}

function rewritten(fields: Answer['fields'], step: FaultStep): Answer['fields'] {
  const { without = [], with: added = {} } = step;
  const kept = Object.entries(fields).filter(([name]) => !without.includes(name));
  return { ...Object.fromEntries(kept), ...added };
}
