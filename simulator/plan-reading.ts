/** From JSON that anybody may have written to a fault plan, or to every mistake in it at once. */
import { epochMsFromRfc3339 } from '../contract/instant.ts';
import { isJsonObject } from '../contract/json-object.ts';
import { fenFromYuan } from '../contract/money.ts';
import { TradeStatus } from '../contract/trade.ts';
import {
  FalseAnswer,
  DEFAULT_BEHAVIOUR,
  Delivery,
  type FaultStep,
  PlannedMethod,
  Signature,
  type TradePlan,
} from './fault-plan.ts';

/** Every mistake of a plan, each with the place and the values that are taken there. */
export class PlanProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The fault plan is not valid: ${problems.join('; ')}`);
    this.name = 'PlanProblems';
    this.problems = problems;
  }
}

/** A day: a longer wait in a fault plan is a mistake of units. */
const WAIT_MS_MAX = 86_400_000;

type Problem = string | undefined;
/** Says what is wrong with a value, `undefined` when nothing is. */
type Check = (value: unknown) => Problem;

const isOneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `must be one of ${values.map((one) => JSON.stringify(one)).join(', ')}`;
const isBoolean: Check = isOneOf(true, false);
const isText: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text');
const isInstant: Check = (value) =>
  typeof value === 'string' && epochMsFromRfc3339(value) !== undefined
    ? undefined
    : 'must be a time like "2026-01-31T09:30:00+08:00"';
const isAmount: Check = (value) =>
  fenFromYuan(value) === undefined ? 'must be yuan in a text like "88.88"' : undefined;
const isTradeNo: Check = (value) =>
  typeof value === 'string' && /^\d{16,64}$/.test(value) ? undefined : 'must be a text of 16 to 64 digits';
const isSubCode: Check = (value) =>
  typeof value === 'string' && /^[\w.-]{3,64}$/.test(value)
    ? undefined
    : 'must be a code like "ACQ.TRADE_HAS_FINISHED"';
const isWait: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= WAIT_MS_MAX
    ? undefined
    : `must be whole milliseconds from 0 to ${WAIT_MS_MAX}`;
const isTimes: Check = (value) =>
  value === 'always' || (Number.isInteger(value) && Number(value) >= 1) ? undefined : 'must be 1, 2, ... or "always"';
const isBuyer: Check = (value) =>
  value === 'never' || isWait(value) === undefined ? undefined : `${isWait(value)}, or "never"`;
const isFields: Check = (value) =>
  isJsonObject(value) && Object.values(value).every((field) => typeof field === 'string')
    ? undefined
    : 'must be an object of texts like {"retry_flag":"Y"}';
const isNames: Check = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string')
    ? undefined
    : 'must be a list like ["action"]';
const isExecuted: Check = (value) => {
  if (typeof value === 'boolean' || value === 'afterNextCancel') return undefined;
  const waits =
    isJsonObject(value) && Object.keys(value).join() === 'afterMs' && isWait(value['afterMs']) === undefined;
  return waits ? undefined : 'must be true, false, "afterNextCancel" or {"afterMs":3000}';
};

const STEP_CHECKS: Readonly<Record<keyof FaultStep, Check>> = {
  times: isTimes,
  executed: isExecuted,
  answer: isOneOf(...Object.values(FalseAnswer)),
  subCode: isSubCode,
  with: isFields,
  without: isNames,
  signature: isOneOf(...Object.values(Signature)),
  delivery: isOneOf(...Object.values(Delivery)),
  location: isText,
  delayMs: isWait,
  charset: isOneOf('gbk'),
  buyerPays: isOneOf('beforeExecution', 'afterExecution'),
};

const PLAN_CHECKS: Readonly<Record<Exclude<keyof TradePlan, PlannedMethod | 'behaviour'>, Check>> = {
  exists: isOneOf(...Object.values(TradeStatus)),
  totalAmount: isAmount,
  tradeNo: isTradeNo,
  createdAt: isInstant,
  timeExpire: isInstant,
  buyerPaysAfterMs: isBuyer,
  frozen: isBoolean,
  sellerBalanceShort: isBoolean,
};

const BEHAVIOUR_CHECKS: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.keys(DEFAULT_BEHAVIOUR).map((name) => [name, isBoolean]),
);

/** @throws PlanProblems naming every mistake. */
export function parseTradePlan(value: unknown): TradePlan {
  if (!isJsonObject(value)) throw new PlanProblems(['a plan is a JSON object like {"exists":"WAIT_BUYER_PAY"}']);
  const lists = Object.keys(PlannedMethod);
  const { behaviour = {}, ...rest } = value;
  const states = Object.fromEntries(Object.entries(rest).filter(([name]) => !lists.includes(name)));
  const problems = [
    ...checkFields('', states, PLAN_CHECKS, [...lists, 'behaviour']),
    ...(isJsonObject(behaviour)
      ? checkFields('behaviour.', behaviour, BEHAVIOUR_CHECKS)
      : ['behaviour must be an object']),
    ...lists.flatMap((method) => (Object.hasOwn(value, method) ? checkSteps(method, value[method]) : [])),
    ...checkExistence(value),
  ];
  if (problems.length > 0) throw new PlanProblems(problems);
  // Every field was checked against the type's own list of fields above.
  return value as unknown as TradePlan;
}

function checkSteps(method: string, steps: unknown): readonly string[] {
  if (!Array.isArray(steps)) return [`${method} must be a list of steps like [{"delivery":"answerLost","times":2}]`];
  return steps.flatMap((step: unknown, index) => {
    const place = `${method}[${index}].`;
    if (!isJsonObject(step)) return [`${place.slice(0, -1)} must be an object like {"delivery":"answerLost"}`];
    return [...checkFields(place, step, STEP_CHECKS), ...checkStepAsWhole(place.slice(0, -1), method, step)];
  });
}

/** What each field allows and the whole does not. */
function checkStepAsWhole(place: string, method: string, step: Readonly<Record<string, unknown>>): readonly string[] {
  const { executed, answer, delivery } = step;
  const readsOnly = method === 'query' || method === 'queryRefund';
  const isQueued = typeof executed === 'object' || executed === 'afterNextCancel';
  const isHidden = ['requestLost', 'answerLost', 'reset', 'http500', 'html', 'redirect', 'garbage'].includes(
    String(delivery),
  );
  const problems: Problem[] = [
    readsOnly && executed !== undefined ? 'executed means nothing for a method that only reads' : undefined,
    delivery === 'requestLost' && executed !== undefined && executed !== false
      ? 'requestLost is never executed: use answerLost'
      : undefined,
    isQueued && answer === undefined && !isHidden
      ? 'a request in a queue has no true answer yet: add an answer like "code20000" or a delivery like "answerLost"'
      : undefined,
    executed === false && answer === undefined && !isHidden && method !== 'cancel'
      ? 'executed false needs an answer like "code20000" or a delivery like "requestLost"'
      : undefined,
    answer === 'refused' && step['subCode'] === undefined ? 'answer "refused" needs a subCode' : undefined,
    answer !== 'refused' && step['subCode'] !== undefined ? 'subCode needs answer "refused"' : undefined,
    delivery === 'redirect' && step['location'] === undefined ? 'delivery "redirect" needs a location' : undefined,
    delivery !== 'redirect' && step['location'] !== undefined ? 'location needs delivery "redirect"' : undefined,
  ];
  return problems.filter((problem) => problem !== undefined).map((problem) => `${place}: ${problem}`);
}

function checkExistence(plan: Readonly<Record<string, unknown>>): readonly string[] {
  if (plan['exists'] !== undefined) return [];
  return ['totalAmount', 'createdAt', 'timeExpire']
    .filter((name) => plan[name] !== undefined)
    .map((name) => `${name} needs exists: a trade that a pay call makes takes it from that call`);
}

function checkFields(
  place: string,
  record: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  otherNames: readonly string[] = [],
): readonly string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    const valid = [...Object.keys(checks), ...otherNames].join(', ');
    const problem = check === undefined ? `is not known here; valid are ${valid}` : check(value);
    return problem === undefined ? [] : [`${place}${name} ${problem}`];
  });
}
