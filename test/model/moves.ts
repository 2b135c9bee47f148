/** Everything that can happen, in a fixed order: a trace is a list of indices into it. */
import { ALIPAY_MOVES } from './alipay-moves.ts';
import { CANCEL_MOVES } from './cancel-moves.ts';
import type { Move } from './move.ts';
import { QUERY_MOVES } from './query-moves.ts';
import { REFUND_MOVES } from './refund-moves.ts';
import { REFUND_QUERY_MOVES } from './refund-query-moves.ts';
import { lastStepOf, STEP_MS } from './settings.ts';
import { canTimePass, passTime, SHELL_MOVES } from './shell-moves.ts';
import type { Call, World } from './world.ts';

/** One step of the clock of the exhaustive search. After the last deadline no answer to a query grows older. */
export const TIME_MOVE: Move = {
  name: 'Time passes',
  when: (world) =>
    canTimePass(world) && !(isAfterAll(world) && world.call.kind === 'query' && world.call.stage !== 'resting'),
  then: (world) => passTime(world, STEP_MS),
};

function isAfterAll({ nowMs, setting }: World): boolean {
  return nowMs >= lastStepOf(setting) * STEP_MS;
}

export const MOVES: readonly Move[] = [
  ...QUERY_MOVES,
  ...CANCEL_MOVES,
  ...REFUND_MOVES,
  ...REFUND_QUERY_MOVES,
  ...SHELL_MOVES,
  ...ALIPAY_MOVES,
  TIME_MOVE,
];

/** The moves that are worth a look: those of another call cannot happen. */
export function movesDuring(call: Call): readonly number[] {
  return BY_CALL[call.kind];
}

const ANYTIME: readonly Move[] = [...SHELL_MOVES, ...ALIPAY_MOVES, TIME_MOVE];
const BY_CALL: { readonly [K in Call['kind']]: readonly number[] } = {
  notBegun: indicesOf(ANYTIME),
  query: indicesOf([...QUERY_MOVES, ...ANYTIME]),
  cancel: indicesOf([...CANCEL_MOVES, ...ANYTIME]),
  refund: indicesOf([...REFUND_MOVES, ...ANYTIME]),
  queryRefund: indicesOf([...REFUND_QUERY_MOVES, ...ANYTIME]),
  wait: indicesOf(ANYTIME),
  carried: indicesOf(ANYTIME),
  over: [],
};

function indicesOf(moves: readonly Move[]): readonly number[] {
  return moves.map((move) => MOVES.indexOf(move));
}
