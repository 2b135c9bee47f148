/** A refund in full: scheduled right after a query that said paid, sent in time or dropped, executed once by its number. */
import type { RefundAnswer } from '../../contract/answers.ts';
import { moneyGoesBack } from './alipay-moves.ts';
import { ACCEPTED_ONLY, FAILED, MONEY_MOVED, REFUND_REFUSED } from './answers.ts';
import type { Fault } from './faults.ts';
import { checkRefunding } from './invariants.ts';
import type { Move } from './move.ts';
import { feed, type Rules } from './shell.ts';
import type { RefundInFlight, Stray, World } from './world.ts';

const JUST_SENT: Stray = { reckonedUntilMs: Number.POSITIVE_INFINITY };

function isAt(world: World, stage: RefundInFlight['stage']): boolean {
  return world.call.kind === 'refund' && world.call.stage === stage;
}

function answered(world: World, answer: RefundAnswer): World {
  return { ...world, call: { kind: 'refund', stage: 'answered', fresh: false, answer } };
}

function tell(world: World, answer: RefundAnswer, rules: Rules): World {
  return feed(world, { kind: 'refunded', report: { answer, scheduledAtMs: world.nowMs } }, rules);
}

/** Alipay executes it, or says why not. */
function executed(world: World): World {
  switch (world.trade) {
    case 'paid':
      return answered(moneyGoesBack(world, 'refunded'), MONEY_MOVED);
    case 'refunded':
      return answered(world, ACCEPTED_ONLY);
    case 'closed':
    case 'cancelled':
      return answered(world, REFUND_REFUSED.closed);
    case 'partlyRefunded':
      return answered(world, REFUND_REFUSED.otherAmount);
    case 'finished':
      return answered(world, REFUND_REFUSED.finished);
    case 'wait':
      return answered(world, REFUND_REFUSED.notPaid);
    case 'none':
      return answered(world, REFUND_REFUSED.notExist);
  }
}

function fails(fault: Fault, name: string, answer: RefundAnswer, stage: RefundInFlight['stage'] = 'sent'): Move {
  return {
    name: `refund: ${name}`,
    fault,
    when: (world) => isAt(world, stage),
    then: (world, rules) => tell(world, answer, rules),
  };
}

/** The request may have been executed, may land later, or never. */
function givenUp(fault: Fault, name: string): Move {
  return {
    name: `refund: ${name}`,
    fault,
    when: (world) => isAt(world, 'sent') || isAt(world, 'answered'),
    then: (world, rules) =>
      tell(isAt(world, 'sent') ? { ...world, strayRefund: JUST_SENT } : world, FAILED.unknown, rules),
  };
}

export const REFUND_MOVES: readonly Move[] = [
  {
    name: 'refund: a worker picks it up and sends it',
    when: (world) => world.call.kind === 'refund' && world.call.stage === 'scheduled' && world.call.fresh,
    then: (world) => {
      checkRefunding(world);
      return {
        ...world,
        happened: world.happened.refundSent ? world.happened : { ...world.happened, refundSent: true },
        call: { kind: 'refund', stage: 'sent', fresh: false },
      };
    },
  },
  {
    name: 'refund: Alipay executes it',
    when: (world) => isAt(world, 'sent'),
    then: executed,
  },
  {
    name: 'refund: the answer arrives',
    when: (world) => isAt(world, 'answered'),
    then: (world, rules) => {
      const { call } = world;
      if (call.kind !== 'refund' || call.answer === undefined) throw new TypeError('The refund is not answered');
      return tell(world, call.answer, rules);
    },
  },
  givenUp('lost', 'no answer in time'),
  givenUp('workerDied', 'the worker dies under the call'),
  {
    name: 'refund: the network repeats the request',
    fault: 'repeated',
    when: (world) => isAt(world, 'sent') && world.strayRefund === undefined,
    then: (world) => ({ ...world, strayRefund: JUST_SENT }),
  },
  fails('notPickedUp', 'no worker picks it up: dropped unsent', FAILED.notSent, 'scheduled'),
  fails('notSent', 'no connection', FAILED.notSent, 'scheduled'),
  fails('unsigned', 'it took effect, the answer is unsigned', FAILED.unsigned, 'answered'),
  fails('forged', 'it took effect, the answer is forged', FAILED.forged, 'answered'),
  fails('notOurs', 'an answer about another trade', FAILED.notOurs),
  fails('limited', '40005, too many calls', FAILED.limited),
  fails('rejected', 'the gateway finds the request wrong', FAILED.rejected),
  fails('configuration', 'wrong key or permission', FAILED.configuration),
  fails('balance', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', REFUND_REFUSED.balance),
  fails('acceptedOnly', '10000 without fund_change=Y, no effect', ACCEPTED_ONLY),
];
