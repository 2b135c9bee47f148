/**
 * A cancel: scheduled right after its query, sent within the pick-up time or dropped, executed by Alipay at any moment
 * after that, answered at any moment later. A request that was given up stays on its way as a stray.
 */
import type { CancelAnswer } from '../../contract/answers.ts';
import { cancelEffect } from './alipay-moves.ts';
import {
  ANSWERED_N,
  ANSWERED_NO_FLAG,
  ANSWERED_Y,
  answeredAction,
  CANCEL_REFUSED,
  FAILED,
  SYSTEM_ERROR_Y,
} from './answers.ts';
import type { Fault } from './faults.ts';
import { checkSending } from './invariants.ts';
import { cancelIsSent } from './happened.ts';
import type { Move } from './move.ts';
import { feed, type Rules } from './shell.ts';
import { gaveMoneyBack, type CancelInFlight, type World } from './world.ts';

const STRAYS_MAX = 2;
const DAY_MS = 24 * 3_600_000;

function isAt(world: World, stage: CancelInFlight['stage']): boolean {
  return world.call.kind === 'cancel' && world.call.stage === stage;
}

function answered(world: World, answer: CancelAnswer): World {
  return { ...world, call: { kind: 'cancel', stage: 'answered', fresh: false, answer } };
}

function tell(world: World, answer: CancelAnswer, rules: Rules): World {
  return feed(world, { kind: 'cancelled', report: { answer, scheduledAtMs: world.nowMs } }, rules);
}

function withStray(world: World): World {
  if (world.strays.length === STRAYS_MAX) return world;
  return { ...world, strays: [...world.strays, { reckonedUntilMs: Number.POSITIVE_INFINITY }] };
}

const exists = ({ trade }: World): boolean => trade !== 'none';
const canBeCancelled = ({ trade }: World): boolean => trade === 'wait' || trade === 'paid';
const cannotBeCancelled = ({ trade }: World): boolean => trade === 'finished' || trade === 'partlyRefunded';
const isClosed = ({ trade }: World): boolean => trade === 'closed' || trade === 'cancelled' || trade === 'refunded';

/** Alipay executes it, and says so. */
const executed = {
  name: 'cancel: Alipay executes it',
  when: (world: World) => isAt(world, 'sent') && !cannotBeCancelled(world),
  then: (before: World) => {
    const { world, action } = cancelEffect(before);
    return answered(world, action === undefined ? ANSWERED_N : answeredAction(action, 'N'));
  },
};

/** Alipay answers and does nothing. */
function answersOnly(name: string, answer: CancelAnswer, when: (world: World) => boolean, fault?: Fault): Move {
  return {
    name: `cancel: ${name}`,
    ...(fault !== undefined && { fault }),
    when: (world) => isAt(world, 'sent') && when(world),
    then: (world) => answered(world, answer),
  };
}

/** It took effect, but the answer that says so is spoilt on its way. */
function spoilt(fault: Fault, name: string, spoil: (answer: CancelAnswer) => CancelAnswer): Move {
  return {
    name: `cancel: ${name}`,
    fault,
    when: (world) => world.call.kind === 'cancel' && world.call.answer?.kind === 'answered' && isClosed(world),
    then: (world, rules) => tell(world, spoil(answerOf(world)), rules),
  };
}

/** The request fails for us; without effect so far. */
function fails(fault: Fault, name: string, answer: CancelAnswer, stage: 'scheduled' | 'sent' = 'sent'): Move {
  return {
    name: `cancel: ${name}`,
    fault,
    when: (world) => isAt(world, stage),
    then: (world, rules) => tell(world, answer, rules),
  };
}

/** We give the call up; its request may have been executed, may land later, or never. */
function givenUp(fault: Fault, name: string): Move {
  return {
    name: `cancel: ${name}`,
    fault,
    when: (world) => isAt(world, 'sent') || isAt(world, 'answered'),
    then: (world, rules) => tell(isAt(world, 'sent') ? withStray(world) : world, FAILED.unknown, rules),
  };
}

function answerOf({ call }: World): CancelAnswer {
  if (call.kind !== 'cancel' || call.answer === undefined) throw new TypeError('The cancel is not answered');
  return call.answer;
}

function actionOf(answer: CancelAnswer): 'close' | 'refund' | undefined {
  return answer.kind === 'answered' ? answer.action : undefined;
}

function flagged(answer: CancelAnswer, flag: 'Y' | 'none'): CancelAnswer {
  const action = actionOf(answer);
  if (action !== undefined) return answeredAction(action, flag);
  return flag === 'Y' ? ANSWERED_Y : ANSWERED_NO_FLAG;
}

export const CANCEL_MOVES: readonly Move[] = [
  {
    name: 'cancel: a worker picks it up and sends it',
    when: (world) => world.call.kind === 'cancel' && world.call.stage === 'scheduled' && world.call.fresh,
    then: (world) => {
      checkSending(world);
      return {
        ...world,
        happened: cancelIsSent(world.happened),
        call: { kind: 'cancel', stage: 'sent', fresh: false },
      };
    },
  },
  executed,
  answersOnly('Alipay executes it again: closed already, no action', ANSWERED_N, isClosed),
  answersOnly(
    'ACQ.REASON_TRADE_REFUND_FEE_ERR: refunded before',
    CANCEL_REFUSED.refundedBefore,
    (world) => gaveMoneyBack(world) || world.trade === 'partlyRefunded',
  ),
  answersOnly('ACQ.TRADE_NOT_EXIST', CANCEL_REFUSED.notExist, ({ trade }) => trade === 'none'),
  answersOnly(
    'ACQ.INVALID_PARAMETER of an unknown number',
    CANCEL_REFUSED.unknownNumber,
    ({ trade }) => trade === 'none',
  ),
  answersOnly(
    'closed already: action=close, although an earlier cancel gave money back',
    answeredAction('close', 'N'),
    (world) => world.trade === 'cancelled' && world.state?.memory.cancelMayHaveReached === true,
  ),
  answersOnly('ACQ.TRADE_HAS_FINISHED', CANCEL_REFUSED.finished, ({ trade }) => trade === 'finished'),
  answersOnly('ACQ.TRADE_CANCEL_TIME_OUT', CANCEL_REFUSED.tooOld, (world) => exists(world) && world.nowMs >= DAY_MS),
  {
    name: 'cancel: the answer arrives',
    when: (world) => isAt(world, 'answered'),
    then: (world, rules) => tell(world, answerOf(world), rules),
  },

  givenUp('lost', 'no answer in time'),
  givenUp('workerDied', 'the worker dies under the call'),
  {
    name: 'cancel: the network repeats the request',
    fault: 'repeated',
    when: (world) => isAt(world, 'sent') && world.strays.length < STRAYS_MAX,
    then: withStray,
  },
  fails('notPickedUp', 'no worker picks it up: dropped unsent', FAILED.notSent, 'scheduled'),
  fails('notSent', 'no connection', FAILED.notSent, 'scheduled'),
  fails('unsigned', 'an unsigned answer, no effect', FAILED.unsigned),
  fails('forged', 'a forged answer, no effect', FAILED.forged),
  fails('notOurs', 'an answer about another trade, no effect', FAILED.notOurs),
  fails('limited', '40005, too many calls', FAILED.limited),
  fails('rejected', 'the gateway finds the request wrong', FAILED.rejected),
  fails('configuration', 'wrong key or permission', FAILED.configuration),
  fails('errorYWithoutEffect', 'SYSTEM_ERROR, retry_flag=Y, no effect', SYSTEM_ERROR_Y),
  answersOnly('10000, retry_flag=Y, no effect', ANSWERED_Y, exists, 'flagYWithoutEffect'),
  answersOnly('10000 without retry_flag, no effect', ANSWERED_NO_FLAG, exists, 'noFlagWithoutEffect'),
  answersOnly('10000, N, no action, no effect, although the trade exists', ANSWERED_N, canBeCancelled, 'silentFailure'),
  answersOnly('ACQ.SELLER_BALANCE_NOT_ENOUGH', CANCEL_REFUSED.balance, ({ trade }) => trade === 'paid', 'balance'),
  answersOnly('ACQ.REASON_TRADE_BEEN_FREEZEN', CANCEL_REFUSED.frozen, canBeCancelled, 'frozen'),
  answersOnly('ACQ.CANCEL_NOT_ALLOWED', CANCEL_REFUSED.notAllowed, canBeCancelled, 'notAllowed'),
  answersOnly('ACQ.CANCEL_NOT_ALLOWED, retry_flag=Y', CANCEL_REFUSED.notAllowedY, canBeCancelled, 'notAllowedY'),
  spoilt('unsigned', 'it took effect, the answer is unsigned', () => FAILED.unsigned),
  spoilt('forged', 'it took effect, the answer is forged', () => FAILED.forged),
  spoilt('notOurs', 'it took effect, the answer is about another trade', () => FAILED.notOurs),
  spoilt('errorYWithEffect', 'it took effect, the answer is SYSTEM_ERROR, retry_flag=Y', () => SYSTEM_ERROR_Y),
  spoilt('flagYWithEffect', 'it took effect, the answer is 10000, retry_flag=Y', (answer) => flagged(answer, 'Y')),
  spoilt('flagYSilent', 'it took effect, the answer is 10000, retry_flag=Y without action', () => ANSWERED_Y),
  spoilt('noFlagWithEffect', 'it took effect, the answer is 10000 without retry_flag', (answer) =>
    flagged(answer, 'none'),
  ),
  spoilt('actionWithheld', 'it took effect, the answer is 10000, N, without action', () => ANSWERED_N),
];
