/** An answer's node once it can be read, and whether it is about the trade that was asked for. */
import { isJsonObject } from '../contract/json-object.ts';
import { memberOf } from './fields.ts';
import type { WireNode } from './fields.ts';
import type { BizContent } from './requests.ts';
import type { TradeInterfaceName } from './trade-interfaces.ts';

/** The question: which interface, about what. */
export interface Question {
  readonly name: TradeInterfaceName;
  readonly content: BizContent;
}

export interface Reply {
  readonly kind: 'reply';
  readonly node: WireNode;
  /** Absent when it is not plainly a code. */
  readonly code?: string;
  readonly subCode?: string;
  readonly traceId?: string;
}

/** `undefined` when the text is not a JSON object. */
export function readReply(text: string): Reply | undefined {
  const node = parseNode(text);
  if (node === undefined) return undefined;
  const code = codeOf(node, 'code');
  const subCode = codeOf(node, 'sub_code');
  return {
    kind: 'reply',
    node,
    ...(code === undefined ? {} : { code }),
    ...(subCode === undefined ? {} : { subCode }),
  };
}

/** 10000, or for a pay 10003; a sub_code beside it would contradict it (the official Java SDK's `isSuccess`). */
export function isSuccess({ name }: Question, { code, subCode }: Reply): boolean {
  return subCode === undefined && (code === '10000' || (code === '10003' && name === 'pay'));
}

/**
 * The first number in the answer that is not the one asked for. A signature does not bind an answer to its question: another
 * trade's genuine answer verifies just as well.
 */
export function foreignNumber({ content }: Question, { node }: Reply): string | undefined {
  return NUMBERS.find((name) => {
    const told = memberOf(node, name);
    return typeof told === 'string' && content[name] !== undefined && content[name] !== told;
  });
}

/** Whether a successful answer names the trade asked for at all; if not, it could be any trade's. */
export function namesTheTrade({ name, content }: Question, { node, code }: Reply): boolean {
  // The buyer being asked for a password decides nothing, and a refund query that found nothing says just that.
  if (code === '10003') return true;
  if (name === 'queryRefund' && REFUND_FOUND.every((member) => memberOf(node, member) === undefined)) return true;
  return TRADE_NUMBERS.some((number) => content[number] !== undefined && content[number] === memberOf(node, number));
}

const TRADE_NUMBERS: readonly string[] = ['out_trade_no', 'trade_no'];
const NUMBERS: readonly string[] = [...TRADE_NUMBERS, 'out_request_no'];
const REFUND_FOUND: readonly string[] = ['refund_status', 'refund_amount'];
const CODE = /^[A-Za-z0-9._-]{1,96}$/;

function codeOf(node: WireNode, member: string): string | undefined {
  const value = memberOf(node, member);
  return typeof value === 'string' && CODE.test(value) ? value : undefined;
}

function parseNode(text: string): WireNode | undefined {
  try {
    const node: unknown = JSON.parse(text);
    return isJsonObject(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
