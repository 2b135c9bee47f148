/**
 * Reads an answer's node into typed fields by a table that maps each to its wire name. Nothing is guessed: where a value that
 * a decision may hang on is missing or malformed, the whole answer is worth nothing. Only own properties are read, so a
 * member called `__proto__` is a member like any other: unread.
 */
import type { JsonObject } from '../contract/json-object.ts';
import { CancelAction, isTradeStatus, RetryFlag } from '../contract/trade.ts';
import type { TradeStatus } from '../contract/trade.ts';
import { rfc3339FromBeijingTime } from './beijing-time.ts';

export type WireNode = JsonObject;

/** A value → what it means; `undefined` when it is absent or malformed. */
type Reader<T> = (value: unknown) => T | undefined;

export interface FieldRule<T, Need> {
  readonly wireName: string;
  readonly read: Reader<T>;
  readonly need: Need;
}
export type RequiredField<T> = FieldRule<T, 'required'>;
export type OptionalField<T> = FieldRule<T, 'optional' | 'informative'>;

/** One rule a field: the compiler holds optional fields to optional rules and required ones to required. */
export type FieldTable<Fields> = {
  readonly [K in keyof Fields]-?: undefined extends Fields[K]
    ? OptionalField<Exclude<Fields[K], undefined>>
    : RequiredField<Fields[K]>;
};

/** Missing or malformed: the answer is worth nothing. */
export function required<T>(wireName: string, read: Reader<T>): RequiredField<T> {
  return { wireName, read, need: 'required' };
}

/** May be missing; malformed, the answer is worth nothing. */
export function optional<T>(wireName: string, read: Reader<T>): OptionalField<T> {
  return { wireName, read, need: 'optional' };
}

/** Of an answer that is worth something without it, so malformed counts as missing. */
export function informative<T>(wireName: string, read: Reader<T>): OptionalField<T> {
  return { wireName, read, need: 'informative' };
}

export type FieldsRead<Fields> =
  | { readonly kind: 'fields'; readonly fields: Fields }
  | { readonly kind: 'flawed'; readonly detail: string };

export function readFields<Fields>(node: WireNode, table: FieldTable<Fields>): FieldsRead<Fields> {
  const fields: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries<FieldRule<unknown, string>>(table)) {
    const value = memberOf(node, rule.wireName);
    const meaning = rule.read(value);
    if (meaning !== undefined) {
      fields[name] = meaning;
    } else if (rule.need === 'required' && value === undefined) {
      return { kind: 'flawed', detail: `the answer lacks ${rule.wireName}` };
    } else if (rule.need !== 'informative' && value !== undefined) {
      return { kind: 'flawed', detail: `the answer holds a malformed ${rule.wireName}` };
    }
  }
  // The table has a rule for every field and the loop leaves only after each required one was read.
  return { kind: 'fields', fields: fields as Fields };
}

/** An own member's value; `undefined` for an absent, null or empty one, which Alipay means by the same. */
export function memberOf(node: WireNode, wireName: string): unknown {
  const value = Object.hasOwn(node, wireName) ? node[wireName] : undefined;
  return value === null || value === '' ? undefined : value;
}

const TEXT_LENGTH_MAX = 512;

export const text: Reader<string> = (value) =>
  typeof value === 'string' && value.length <= TEXT_LENGTH_MAX ? value : undefined;

/** Numbers of trades and requests: at most 64 characters, nothing invisible (field docs of `out_trade_no`, `trade_no`). */
export const identifier: Reader<string> = (value) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value) ? value : undefined;

/** Yuan with two decimals, zero included; older samples of the documents show bare JSON numbers, so those are read too. */
export const yuan: Reader<string> = (value) => {
  const written = typeof value === 'number' ? String(value) : value;
  if (typeof written !== 'string' || !/^\d{1,9}(?:\.\d{1,2})?$/.test(written)) return undefined;
  const [whole = '', decimals = ''] = written.split('.');
  return `${Number(whole)}.${decimals.padEnd(2, '0')}`;
};

/** RFC 3339 with +08:00. */
export const time: Reader<string> = (value) => (typeof value === 'string' ? rfc3339FromBeijingTime(value) : undefined);

export const tradeStatus: Reader<TradeStatus> = (value) => (isTradeStatus(value) ? value : undefined);

export const retryFlag: Reader<RetryFlag> = (value) => Object.values(RetryFlag).find((flag) => flag === value);

export const cancelAction: Reader<CancelAction> = (value) =>
  Object.values(CancelAction).find((action) => action === value);

export const yesOrNo: Reader<'Y' | 'N'> = (value) => (value === 'Y' || value === 'N' ? value : undefined);
