/** The refund query: how a closed trade was closed, or what became of a refund. */
import type { RefundQueryAnswer } from '../../contract/answers.ts';
import { FAILED, NO_REFUND_SEEN, NOT_EXIST, PART_SEEN, REFUND_NOT_SAID, REFUND_SEEN, REFUSED } from './answers.ts';
import type { Fault } from './faults.ts';
import type { Move } from './move.ts';
import { feed, type Rules } from './shell.ts';
import type { World } from './world.ts';

function isAt(world: World, stage: 'scheduled' | 'answered'): boolean {
  return world.call.kind === 'queryRefund' && world.call.stage === stage;
}

function tell(world: World, answer: RefundQueryAnswer, rules: Rules): World {
  return feed(world, { kind: 'refundQueried', report: { answer, scheduledAtMs: world.nowMs } }, rules);
}

function truth({ trade, setting, nowMs, refundVisibleAtMs }: World): RefundQueryAnswer {
  if (trade === 'none') return NOT_EXIST;
  if (trade === 'partlyRefunded') return PART_SEEN;
  const shows = trade === 'refunded' || (trade === 'cancelled' && setting.refundEvidence === 'queryRefund');
  const visible = shows && nowMs >= refundVisibleAtMs;
  return visible ? REFUND_SEEN : NO_REFUND_SEEN;
}

function fails(fault: Fault, answer: RefundQueryAnswer, can: (world: World) => boolean = () => true): Move {
  return {
    name: `refund query: ${fault}`,
    fault,
    when: (world) => isAt(world, 'scheduled') && can(world),
    then: (world, rules) => tell(world, answer, rules),
  };
}

export const REFUND_QUERY_MOVES: readonly Move[] = [
  {
    name: 'refund query: Alipay reads it and answers',
    when: (world) => isAt(world, 'scheduled'),
    then: (world) => ({ ...world, call: { kind: 'queryRefund', stage: 'answered', answer: truth(world) } }),
  },
  {
    name: 'refund query: the answer arrives',
    when: (world) => isAt(world, 'answered'),
    then: (world, rules) => {
      const { call } = world;
      if (call.kind !== 'queryRefund' || call.answer === undefined) throw new TypeError('It is not answered');
      return tell(world, call.answer, rules);
    },
  },
  fails('lost', FAILED.unknown),
  fails('workerDied', FAILED.unknown),
  fails('notSent', FAILED.notSent),
  fails('unsigned', FAILED.unsigned),
  fails('forged', FAILED.forged),
  fails('notOurs', FAILED.notOurs),
  fails('limited', FAILED.limited),
  fails('rejected', FAILED.rejected),
  fails('configuration', FAILED.configuration),
  fails('refused', REFUSED),
  // Two interfaces do not deny the same trade that exists (A12 in docs/correctness.md).
  fails('refundUnknown', NOT_EXIST, ({ trade, absentUntilMs }) => trade !== 'none' && absentUntilMs === undefined),
  fails('refundNotSaid', REFUND_NOT_SAID, (world) => truth(world) === REFUND_SEEN),
];
