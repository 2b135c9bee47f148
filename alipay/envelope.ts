/**
 * Takes an answer apart into what was signed and its signature:
 *
 *     {"alipay_trade_query_response":{…},"alipay_cert_sn":"…","sign":"…"}
 *
 * The signature covers the bytes of the one node, so those bytes are handed on untouched, and an answer that leaves any doubt
 * which bytes those are is taken as forged: a second node beside a signed one, a name twice, anything after the end. (The
 * official Java SDK refuses a second node too; a client that verifies the first and reads the last can be told anything.)
 * The order of the members is free.
 */
import { decodeStrictly } from './gateway-text.ts';
import { scanMembers, skipSpace } from './member-scanner.ts';
import type { Member } from './member-scanner.ts';

export type Envelope =
  | {
      readonly kind: 'node';
      /** Whether the node is `error_response`, the old form of a failure, and not the answer of the interface asked. */
      readonly isErrorResponse: boolean;
      /** The signed bytes, braces included. */
      readonly node: Uint8Array;
      readonly sign?: string;
      readonly alipayCertSn?: string;
    }
  /** No answer of the gateway's at all, or cut short. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Built so that what is verified and what is read could differ. */
  | { readonly kind: 'forged'; readonly detail: string };

/** Finds the one answer node of `method` (`alipay.trade.query`) in a whole HTTP body. Never throws. */
export function readEnvelope(bytes: Uint8Array, method: string): Envelope {
  const body = withoutByteOrderMark(bytes);
  const encoding = decodeStrictly(body)?.encoding;
  if (encoding === undefined) return unreadable('the answer is text in neither UTF-8 nor GB18030');
  if (body[skipSpace(body, 0)] !== OPEN_BRACE)
    return unreadable('the answer is not JSON, so not from the gateway itself');
  const scan = scanMembers(body, encoding);
  if (scan === undefined) return unreadable('the answer is cut short or malformed');

  const { members, end } = scan;
  if (skipSpace(body, end) !== body.length) return forged('there are bytes after the end of the answer');
  const names = members.map(({ name }) => name);
  if (new Set(names).size !== names.length) return forged('a member occurs twice in the answer');
  if (names.some((name) => !PLAIN_NAME.test(name))) return forged('a member name of the answer is not plainly spelled');

  const nodes = members.filter(({ name }) => name.endsWith('_response'));
  const [node, second] = nodes;
  if (node === undefined) return unreadable('the answer holds no response node');
  if (second !== undefined) return forged('the answer holds two response nodes');
  const isErrorResponse = node.name === 'error_response';
  if (!isErrorResponse && node.name !== responseName(method)) return forged(`the answer is one of ${node.name}`);
  if (!isAsciiOutside(body, node)) return unreadable('the answer holds foreign characters outside its node');

  const sign = stringMember(body, members, 'sign');
  const alipayCertSn = stringMember(body, members, 'alipay_cert_sn');
  return {
    kind: 'node',
    isErrorResponse,
    node: body.subarray(node.start, node.end),
    ...(sign === undefined ? {} : { sign }),
    ...(alipayCertSn === undefined ? {} : { alipayCertSn }),
  };
}

/** `alipay.trade.query` → `alipay_trade_query_response`. */
export function responseName(method: string): string {
  return `${method.replaceAll('.', '_')}_response`;
}

const OPEN_BRACE = 0x7b;
/** A name with an escape or a foreign letter in it could be read as another name later on. */
const PLAIN_NAME = /^[A-Za-z0-9_]+$/;

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** So that the encoding of the whole is the encoding of the node, and nothing outside the signature can change how it reads. */
function isAsciiOutside(body: Uint8Array, { start, end }: Member): boolean {
  return body.every((byte, index) => byte < 0x80 || (index >= start && index < end));
}

/** A string member's text; an empty one counts as absent, as does one that is not a string. */
function stringMember(body: Uint8Array, members: readonly Member[], name: string): string | undefined {
  const member = members.find((candidate) => candidate.name === name);
  if (member === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(body.subarray(member.start, member.end)).toString('latin1'));
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(detail: string): Envelope {
  return { kind: 'unreadable', detail };
}

function forged(detail: string): Envelope {
  return { kind: 'forged', detail };
}
