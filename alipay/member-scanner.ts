/**
 * Finds where the members of one JSON object lie in its bytes, one level deep, without interpreting them. What is signed is a
 * range of bytes, so the range must be known exactly; whether the bytes inside it are JSON is for the parser that reads them.
 */
import { characterLength } from './gateway-text.ts';
import type { GatewayEncoding } from './gateway-text.ts';

export interface Member {
  /** As written, without the quotes; escapes are not undone. */
  readonly name: string;
  /** First byte of the value and the byte after its last. */
  readonly start: number;
  readonly end: number;
}

/** The members in order and the index after the closing brace; `undefined` when the object is cut short or malformed. */
export function scanMembers(
  bytes: Uint8Array,
  encoding: GatewayEncoding,
): { readonly members: readonly Member[]; readonly end: number } | undefined {
  const members: Member[] = [];
  let index = skipSpace(bytes, 0);
  if (bytes[index] !== OPEN_BRACE) return undefined;
  index = skipSpace(bytes, index + 1);
  if (bytes[index] === CLOSE_BRACE) return { members, end: index + 1 };
  // Every round consumes at least one byte, so the loop is bounded by the size cap of the answer.
  while (bytes[index] === QUOTE) {
    const nameEnd = skipString(bytes, index, encoding);
    const name = Buffer.from(bytes.subarray(index + 1, nameEnd - 1)).toString('latin1');
    index = skipSpace(bytes, nameEnd);
    if (bytes[index] !== COLON) return undefined;
    const start = skipSpace(bytes, index + 1);
    const end = skipValue(bytes, start, encoding);
    if (end <= start || end > bytes.length) return undefined;
    members.push({ name, start, end });
    index = skipSpace(bytes, end);
    if (bytes[index] === CLOSE_BRACE) return { members, end: index + 1 };
    if (bytes[index] !== COMMA) return undefined;
    index = skipSpace(bytes, index + 1);
  }
  return undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACES: readonly (number | undefined)[] = [0x20, 0x09, 0x0a, 0x0d];

export function skipSpace(bytes: Uint8Array, from: number): number {
  let index = from;
  while (SPACES.includes(bytes[index])) index += 1;
  return index;
}

function skipValue(bytes: Uint8Array, start: number, encoding: GatewayEncoding): number {
  const first = bytes[start];
  if (first === QUOTE) return skipString(bytes, start, encoding);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(bytes, start, encoding);
  return skipWord(bytes, start);
}

/** The index after the closing quote, or beyond the end of the bytes when there is none. */
function skipString(bytes: Uint8Array, start: number, encoding: GatewayEncoding): number {
  let index = start + 1;
  while (index < bytes.length && bytes[index] !== QUOTE) {
    index += bytes[index] === BACKSLASH ? 2 : characterLength(bytes, index, encoding);
  }
  return index + 1;
}

/** Counts braces instead of descending: an answer nested a hundred thousand deep must not exhaust the stack. */
function skipNested(bytes: Uint8Array, start: number, encoding: GatewayEncoding): number {
  let depth = 0;
  let index = start;
  while (index < bytes.length) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      index = skipString(bytes, index, encoding);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return bytes.length + 1;
}

/** A number, `true`, `false` or `null`: up to what ends a value. */
function skipWord(bytes: Uint8Array, start: number): number {
  let index = start;
  while (index < bytes.length && !endsValue(bytes[index])) index += 1;
  return index;
}

function endsValue(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || SPACES.includes(byte);
}
