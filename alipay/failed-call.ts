/** A call that brought no usable answer: its class, and the problem to put before Alipay. */
import type { FailureClass } from '../contract/failure-class.ts';
import { FailureClass as Failure } from '../contract/failure-class.ts';
import { classify } from './classification.ts';
import { memberOf } from './fields.ts';
import { GatewayProblem, meaningOf, toldMessage, toldParameters } from './gateway-problem.ts';
import type { GatewayProblemParts } from './gateway-problem.ts';
import type { Merchant } from './merchant.ts';
import type { Question, Reply } from './reply.ts';
import { TradeInterface } from './trade-interfaces.ts';

export interface CallFailure {
  readonly kind: 'failed';
  /** What the call is worth as knowledge. */
  readonly failure: FailureClass;
  readonly code?: string;
  readonly subCode?: string;
  /** Whether Alipay's signature held over the answer; absent where no answer could be read. */
  readonly signed?: boolean;
  readonly detail: string;
  readonly traceId?: string;
  readonly problem: GatewayProblem;
}

export type FailureError = GatewayProblemParts['error'];

export function failedCall(merchant: Merchant, asked: Question, error: FailureError): CallFailure {
  const { method, chineseName } = TradeInterface[asked.name];
  const { failure, code, subCode, signed, detail, traceId } = error;
  return {
    kind: 'failed',
    failure,
    ...(code === undefined ? {} : { code }),
    ...(subCode === undefined ? {} : { subCode }),
    ...(signed === undefined ? {} : { signed }),
    detail,
    ...(traceId === undefined ? {} : { traceId }),
    problem: new GatewayProblem({
      environment: { name: merchant.environment, host: new URL(merchant.gatewayUrl).host },
      interface: { english: method, chinese: chineseName },
      parameters: toldParameters(merchant.appId, asked.content),
      error,
    }),
  };
}

/**
 * Whether Alipay refuses over its signature with one of these sub_codes. The sub_code alone would be anybody's word: what nobody signed
 * has another class, and so has what no signature fits.
 */
export function isRefusedAs(
  subCodes: readonly (string | undefined)[],
  { failure, subCode }: Pick<CallFailure, 'failure' | 'subCode'>,
): boolean {
  return failure === Failure.business && subCodes.includes(subCode);
}

/** What an answer with a failure code is worth, by the table of codes. */
export function refusal(asked: Question, reply: Reply, signed: boolean): FailureError {
  const { node, code, subCode } = reply;
  const codes = { ...(code === undefined ? {} : { code }), ...(subCode === undefined ? {} : { subCode }) };
  const { failure, row } = classify({ interface: asked.name, isSigned: signed, ...codes });
  const answered = `answered ${[code, subCode].filter((part) => part !== undefined).join(' ') || 'without a code'}`;
  // What nobody signed is not told on in its own words: they could be anybody's.
  const isTold = failure !== Failure.unsigned;
  const msg = isTold ? toldMessage(memberOf(node, 'msg')) : undefined;
  const subMsg = isTold ? toldMessage(memberOf(node, 'sub_msg')) : undefined;
  return {
    failure,
    detail:
      failure === Failure.unsigned ? `${answered}, unsigned: no information` : withMeaning(answered, row?.english),
    signed,
    ...codes,
    ...(msg === undefined ? {} : { msg }),
    ...(subMsg === undefined ? {} : { subMsg }),
    ...meaningOf(row),
  };
}

function withMeaning(answered: string, meaning: string | undefined): string {
  return meaning === undefined ? answered : `${answered}: ${meaning}`;
}
