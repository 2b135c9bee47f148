/** What a payment service hands over when a pay call ended without a clear answer: one flat JSON object. */
import { epochMsFromRfc3339 } from './instant.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { fenFromYuan } from './money.ts';
import { DEFAULT_MERCHANT } from './names.ts';
import { DEFAULT_POLICY, POLICY_BOUNDS, type Policy } from './policy.ts';
import { isPayAnswer, PayAnswer } from './resolution.ts';

/** Money is a decimal string in yuan; times are RFC 3339 with an offset. Unknown fields are ignored. */
export interface ResolutionInput {
  /** Name of the merchant in the worker's configuration. @default 'default' */
  readonly merchant?: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  /** Given: a trade of another amount is never taken as this one. */
  readonly totalAmount?: string;
  /** When pay was called. @default the start of the workflow */
  readonly payRequestedAt?: string;
  /** The `time_expire` sent with pay. @default Alipay's own 3 h after `payRequestedAt` */
  readonly payExpiresAt?: string;
  /**
   * Started before the pay call: until then silence is no reason to ask. The service signals `payAnswered`; if it dies
   * first, the resolution starts by itself at this instant.
   */
  readonly guardUntil?: string;
  /** What the pay call was answered, where the service knows by now: as the signal `payAnswered`. `paid` alone changes anything after the guard. */
  readonly payAnswer?: PayAnswer;
  /** Give up waiting for the buyer: as the update `cancelNow`. @default false */
  readonly cancelNow?: boolean;
  /** Refund a paid trade that can no longer be cancelled, without asking a person. @default false */
  readonly refundIfNotCancellable?: boolean;
  readonly policy?: Partial<Policy>;
}

/** The same, checked and in inner units. */
export interface ParsedInput {
  readonly merchant: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly totalFen?: number;
  readonly payRequestedAtMs?: number;
  readonly payExpiresAtMs?: number;
  readonly guardUntilMs?: number;
  readonly callerSaysPaid: boolean;
  readonly hurried: boolean;
  readonly refundIfNotCancellable: boolean;
  readonly policy: Policy;
}

export type InputProblem = { readonly field: string; readonly problem: string };
export type ParseResult =
  | { readonly kind: 'input'; readonly input: ParsedInput }
  | { readonly kind: 'problems'; readonly problems: readonly InputProblem[] };

/**
 * Checks the whole input and names every wrong field at once. Never throws.
 * @param startedAtMs when the workflow was started, ms since the epoch: what no time may be too far from. Absent: that is not checked.
 */
export function parseResolutionInput(raw: unknown, startedAtMs?: number): ParseResult {
  if (!isJsonObject(raw)) {
    return { kind: 'problems', problems: [{ field: 'input', problem: 'must be one JSON object, the only argument' }] };
  }
  const fields = raw;
  const problems: InputProblem[] = [];
  const merchant = text(fields, 'merchant', MERCHANT, 'must be 1-64 letters, digits, "_", "-" or "."', problems);
  const outTradeNo = text(fields, 'outTradeNo', OUT_TRADE_NO, OUT_TRADE_NO_RULE, problems);
  const tradeNo = text(fields, 'tradeNo', TRADE_NO, "must be Alipay's number: 16-64 digits", problems);
  if (!present(fields['outTradeNo']) && !present(fields['tradeNo'])) {
    problems.push({ field: 'outTradeNo', problem: 'is missing, and so is tradeNo: give at least one' });
  }
  const totalFen = amount(fields, problems);
  const payRequestedAtMs = instant(fields, 'payRequestedAt', problems);
  const payExpiresAtMs = instant(fields, 'payExpiresAt', problems);
  if (payRequestedAtMs !== undefined && payExpiresAtMs !== undefined && payExpiresAtMs <= payRequestedAtMs) {
    problems.push({ field: 'payExpiresAt', problem: 'must be later than payRequestedAt' });
  }
  const guardUntilMs = instant(fields, 'guardUntil', problems);
  const payAnswer = payAnswerIn(fields, problems);
  const hurried = flag(fields, 'cancelNow', problems);
  const refundIfNotCancellable = flag(fields, 'refundIfNotCancellable', problems);
  const policy = parsePolicy(fields['policy'], problems);
  if (startedAtMs !== undefined) {
    const latestMs = startedAtMs + policy.marginMs;
    notLater('payRequestedAt', payRequestedAtMs, latestMs, 'must not lie after the start', problems);
    notLater('payExpiresAt', payExpiresAtMs, latestMs + PAY_VALIDITY_MAX_MS, PAY_VALIDITY_RULE, problems);
    notLater('guardUntil', guardUntilMs, latestMs + GUARD_MAX_MS, 'must lie within 24 h of the start', problems);
  }
  if (problems.length > 0) return { kind: 'problems', problems };
  return {
    kind: 'input',
    input: {
      merchant: merchant ?? DEFAULT_MERCHANT,
      ...(outTradeNo !== undefined && { outTradeNo }),
      ...(tradeNo !== undefined && { tradeNo }),
      ...(totalFen !== undefined && { totalFen }),
      ...(payRequestedAtMs !== undefined && { payRequestedAtMs }),
      ...(payExpiresAtMs !== undefined && { payExpiresAtMs }),
      ...(guardUntilMs !== undefined && { guardUntilMs }),
      callerSaysPaid: payAnswer === PayAnswer.paid,
      hurried,
      refundIfNotCancellable,
      policy,
    },
  };
}

/** One line for a person: every wrong field and what it must be. */
export function describeProblems(problems: readonly InputProblem[]): string {
  return problems.map(({ field, problem }) => `${field} ${problem}`).join('; ');
}

const MERCHANT = /^[A-Za-z0-9_.-]{1,64}$/;
/** Field doc of `out_trade_no`: at most 64 letters, digits and underscores. Real merchants use "-" too; Alipay judges. */
const OUT_TRADE_NO = /^[A-Za-z0-9_-]{1,64}$/;
const OUT_TRADE_NO_RULE = 'must be 1-64 letters, digits, "_" or "-"';
export function isOutTradeNo(text: string): boolean {
  return OUT_TRADE_NO.test(text);
}

const TRADE_NO = /^\d{16,64}$/;
/** Of this century: other times are mixed-up units. */
const CENTURY = '20';

/** JSON null is what many languages send for "not given". */
function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function text(
  fields: JsonObject,
  field: string,
  form: RegExp,
  rule: string,
  problems: InputProblem[],
): string | undefined {
  const value = fields[field];
  if (!present(value)) return undefined;
  if (typeof value === 'string' && form.test(value)) return value;
  problems.push({ field, problem: typeof value === 'string' ? rule : `must be a string; ${rule}` });
  return undefined;
}

function amount(fields: JsonObject, problems: InputProblem[]): number | undefined {
  const value = fields['totalAmount'];
  if (!present(value)) return undefined;
  const fen = fenFromYuan(value);
  if (fen === undefined) {
    problems.push({
      field: 'totalAmount',
      problem: 'must be yuan as a decimal string between "0.01" and "100000000.00", such as "88.88" (not a number)',
    });
  }
  return fen;
}

function instant(fields: JsonObject, field: string, problems: InputProblem[]): number | undefined {
  const value = fields[field];
  if (!present(value)) return undefined;
  const ms = typeof value === 'string' && value.startsWith(CENTURY) ? epochMsFromRfc3339(value) : undefined;
  if (ms !== undefined) return ms;
  problems.push({ field, problem: 'must be RFC 3339 with an offset, such as "2026-11-24T18:30:00+08:00"' });
  return undefined;
}

/** Alipay takes a `time_expire` from 1 minute to 15 days ahead (field doc of `alipay.trade.pay`). */
const PAY_VALIDITY_MAX_MS = 15 * 24 * 3_600_000;
const PAY_VALIDITY_RULE = 'must lie within 15 days of the start: Alipay takes no later time_expire';
/** Far longer than any pay call; chosen. */
const GUARD_MAX_MS = 24 * 3_600_000;

function notLater(
  field: string,
  ms: number | undefined,
  latestMs: number,
  problem: string,
  problems: InputProblem[],
): void {
  if (ms !== undefined && ms > latestMs) problems.push({ field, problem });
}

function payAnswerIn(fields: JsonObject, problems: InputProblem[]): PayAnswer | undefined {
  const value = fields['payAnswer'];
  if (!present(value)) return undefined;
  if (typeof value === 'string' && isPayAnswer(value)) return value;
  problems.push({ field: 'payAnswer', problem: `must be one of ${Object.keys(PayAnswer).join(', ')}` });
  return undefined;
}

function flag(fields: JsonObject, field: string, problems: InputProblem[]): boolean {
  const value = fields[field];
  if (!present(value)) return false;
  if (typeof value === 'boolean') return value;
  problems.push({ field, problem: 'must be true or false' });
  return false;
}

function parsePolicy(raw: unknown, problems: InputProblem[]): Policy {
  if (!present(raw)) return DEFAULT_POLICY;
  if (!isJsonObject(raw)) {
    problems.push({ field: 'policy', problem: 'must be an object of numbers' });
    return DEFAULT_POLICY;
  }
  const policy: Record<keyof Policy, number> = { ...DEFAULT_POLICY };
  // One unknown name is enough to say: thousands, or a long one, would make a message that Temporal does not store.
  const unknown = Object.keys(raw).filter((name) => !isPolicyField(name));
  if (unknown[0] !== undefined) {
    const others = unknown.length === 1 ? '' : `, as are ${unknown.length - 1} others`;
    problems.push({
      field: `policy.${unknown[0].slice(0, 64)}`,
      problem: `is unknown${others}; known: ${Object.keys(POLICY_BOUNDS).join(', ')}`,
    });
  }
  for (const [name, value] of Object.entries(raw)) {
    if (!isPolicyField(name)) continue;
    const [least, greatest] = POLICY_BOUNDS[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= greatest)
      policy[name] = value;
    else problems.push({ field: `policy.${name}`, problem: `must be a number from ${least} to ${greatest}` });
  }
  return policy;
}

function isPolicyField(name: string): name is keyof Policy {
  return Object.hasOwn(POLICY_BOUNDS, name);
}
