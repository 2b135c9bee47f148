/** A query and its poll, attempt by attempt, as `activities/query-trade.ts` and Temporal's retries have it. */
import { delayAfterMs, isKnown, LEAST_DELAY_MS, type PollRecord } from '../../contract/activities.ts';
import { wordOf, type FailedCall, type QueryAnswer } from '../../contract/answers.ts';
import { FAILED, NOT_EXIST, REFUSED, seen } from './answers.ts';
import type { Fault } from './faults.ts';
import { checkRested } from './invariants.ts';
import type { Move } from './move.ts';
import { SHORT_MS, STEP_MS } from './settings.ts';
import { feed, type Rules } from './shell.ts';
import { gaveMoneyBack, payableUntilMs, type QueryInFlight, type World } from './world.ts';

function isAt(world: World, stage: QueryInFlight['stage']): boolean {
  return world.call.kind === 'query' && world.call.stage === stage;
}

function query(world: World): QueryInFlight {
  if (world.call.kind !== 'query') throw new TypeError('No query is in flight');
  return world.call;
}

function answerOf(world: World): QueryAnswer {
  const { answer } = query(world);
  if (answer === undefined) throw new TypeError('The query is not answered');
  return answer;
}

/** The answer says nothing new: the plan asks again. */
function asksAgain(world: World, answer: QueryAnswer): boolean {
  const { poll, last } = query(world);
  return poll !== undefined && !last && isKnown(answer, poll.known);
}

function reported(world: World, answer: QueryAnswer, rules: Rules): World {
  const { scheduledAtMs, absentAtMs, startedAtMs, asked } = query(world);
  const own = record(scheduledAtMs, answer);
  const trail = absentAtMs === undefined ? [own] : [record(absentAtMs, NOT_EXIST), own];
  return feed(world, { kind: 'queried', report: { answer, scheduledAtMs, startedAtMs, polls: asked, trail } }, rules);
}

function record(atMs: number, answer: QueryAnswer): PollRecord {
  let at = instants.get(atMs);
  if (at === undefined) instants.set(atMs, (at = new Date(atMs).toISOString()));
  return { at, answer: wordOf(answer) };
}

const instants = new Map<number, string>();

function rested(world: World, answer: QueryAnswer): World {
  checkRested(world, answer);
  const { answer: _, ...call } = query(world);
  const { scheduledAtMs, absentAtMs } = call;
  const counts = answer.kind === 'tradeNotExist' && scheduledAtMs >= payableUntilMs(world.setting);
  const firstMs = absentAtMs ?? (counts ? scheduledAtMs : undefined);
  return { ...world, call: { ...call, stage: 'resting', ...(firstMs !== undefined && { absentAtMs: firstMs }) } };
}

function ended(world: World, answer: QueryAnswer, rules: Rules): World {
  return asksAgain(world, answer) ? rested(world, answer) : reported(world, answer, rules);
}

function scheduledNow(world: World): World {
  const { answer: _, ...call } = query(world);
  const last = call.poll === undefined || world.nowMs >= call.poll.untilMs;
  return { ...world, call: { ...call, stage: 'scheduled', scheduledAtMs: world.nowMs, last, asked: call.asked + 1 } };
}

/** The next attempt comes after the plan's delay, and never later than the plan's end asks for. */
function nextAttempt(world: World): World {
  const { poll, asked } = query(world);
  const leftMs = poll === undefined ? 0 : poll.untilMs - world.nowMs;
  if (world.setting.realClock && poll !== undefined) {
    const leastMs = poll.known.word === 'limited' ? poll.limitedMs : LEAST_DELAY_MS;
    const delayMs = Math.max(leastMs, Math.min(delayAfterMs(poll, asked), leftMs));
    return scheduledNow({ ...world, nowMs: world.nowMs + delayMs });
  }
  return scheduledNow({ ...world, nowMs: world.nowMs + (leftMs > 0 ? Math.min(SHORT_MS, leftMs) : SHORT_MS) });
}

/**
 * A failed attempt knows nothing, so it does not matter when it arrives: it is told at once. Where a message interrupts
 * the poll meanwhile, even an answer after which it would ask again is reported.
 */
function fails(fault: Fault, answer: FailedCall): readonly Move[] {
  return [
    {
      name: `query: ${fault}`,
      fault,
      when: (world) => isAt(world, 'scheduled'),
      then: (world, rules) => ended(world, answer, rules),
    },
    {
      name: `query: ${fault}, reported because a message interrupts the poll`,
      fault,
      when: (world) => isAt(world, 'scheduled') && asksAgain(world, answer),
      then: (world, rules) => reported(world, answer, rules),
    },
  ];
}

function answers(world: World, payDate: 'with' | 'without'): World {
  const { setting, trade, nowMs, absentUntilMs = 0 } = world;
  const answer = trade === 'none' || nowMs < absentUntilMs ? NOT_EXIST : seen(setting, trade, payDate);
  return { ...world, call: { ...query(world), stage: 'answered', answer } };
}

export const QUERY_MOVES: readonly Move[] = [
  {
    name: 'query: Alipay reads it and answers',
    when: (world) => isAt(world, 'scheduled'),
    then: (world) => answers(world, 'with'),
  },
  {
    name: 'query: Alipay reads it and answers, without send_pay_date',
    when: (world) => isAt(world, 'scheduled') && gaveMoneyBack(world) && world.setting.refundEvidence === 'queryRefund',
    then: (world) => answers(world, 'without'),
  },
  {
    name: 'query: the answer arrives',
    when: (world) => isAt(world, 'answered'),
    then: (world, rules) => ended(world, answerOf(world), rules),
  },
  {
    name: 'query: the answer arrives, reported because a message interrupts the poll',
    when: (world) => isAt(world, 'answered') && asksAgain(world, answerOf(world)),
    then: (world, rules) => reported(world, answerOf(world), rules),
  },
  {
    name: 'query: the next attempt of the poll',
    when: (world) => isAt(world, 'resting'),
    then: nextAttempt,
  },
  {
    name: 'Alipay: answers TRADE_NOT_EXIST for hours, although the trade exists',
    fault: 'absenceLied',
    when: (world) => isAt(world, 'scheduled') && world.trade !== 'none' && world.absentUntilMs === undefined,
    then: (world) => answers({ ...world, absentUntilMs: world.nowMs + STEP_MS }, 'with'),
  },
  {
    name: 'query: the worker dies, Temporal tries again',
    fault: 'workerDied',
    when: (world) => isAt(world, 'scheduled') || isAt(world, 'answered'),
    then: scheduledNow,
  },
  ...fails('lost', FAILED.unknown),
  ...fails('notSent', FAILED.notSent),
  ...fails('unsigned', FAILED.unsigned),
  ...fails('forged', FAILED.forged),
  ...fails('notOurs', FAILED.notOurs),
  ...fails('limited', FAILED.limited),
  ...fails('rejected', FAILED.rejected),
  ...fails('configuration', FAILED.configuration),
  ...fails('refused', REFUSED),
];
