/**
 * One random run through the world, told by its seed alone: which world, how many faults, what happens when. Nothing is
 * projected and the clock is a real one, so these runs also reach what the grid of the exhaustive search leaves out.
 */
import { ALIPAY_MOVES } from './alipay-moves.ts';
import type { Move } from './move.ts';
import { violationOf } from './search.ts';
import type { Violation } from './violation.ts';
import { MOVES, movesDuring, TIME_MOVE } from './moves.ts';
import { RandomNumber } from './random-number.ts';
import { Rates } from './rates.ts';
import { canTimePass, passTime } from './shell-moves.ts';
import type { Rules } from './shell.ts';
import type { Step } from './story.ts';
import { WALK_SETTINGS } from './walk-settings.ts';
import { isOver, payableUntilMs, startWorld, type World } from './world.ts';

export interface Walk {
  readonly seed: number;
  /** Most steps. One run in a hundred is ten times as long. */
  readonly length: number;
}

export interface WalkResult {
  readonly steps: number;
  readonly faults: number;
  readonly end: World;
  readonly violation?: Violation;
}

const TIME = MOVES.indexOf(TIME_MOVE);
const TRIES_MAX = 200;
/** In a hundred, one of them for each run: calm, rough, hardly anything works. */
const FAULT_RATES: readonly number[] = [2, 10, 30, 60];
/** A wish comes less often than what the machine does by itself. */
const WISH_RATE = 15;
/**
 * One run in so many is flooded, so that it would call as often as the rules let it: somebody wants a look all the time, no time passes but what
 * the machine waits for, and hardly ever does anything become of the trade.
 */
const FLOODED = 20;
const EFFECT_RATE = 2;
const FLOODS: ReadonlySet<string> = new Set(['Signal: look now', 'Update: cancel now']);
const WAITS_MS: readonly number[] = [1_000, 4_000, 11_000, 61_000, 301_000, 3_600_000, 4 * 3_600_000];

export function walk({ seed, length }: Walk, rules: Rules, tell?: (step: Step) => void): WalkResult {
  const random = new RandomNumber(seed);
  const setting = WALK_SETTINGS[random.below(WALK_SETTINGS.length)];
  const faultRate = FAULT_RATES[random.below(FAULT_RATES.length)] ?? 0;
  if (setting === undefined) throw new RangeError('no setting');
  const isFlooded = random.below(FLOODED) === 0;
  const stepsMax = isFlooded || random.below(100) === 0 ? length * 10 : length;
  const rates = new Rates();
  const heard: Rules = {
    ...rules,
    decide: (state, observation, nowMs) => {
      rates.hear(observation, nowMs);
      return rules.decide(state, observation, nowMs);
    },
  };
  let world = startWorld(setting);
  let faults = 0;
  let steps = 0;
  for (; steps < stepsMax && !isOver(world); steps++) {
    const index = chooseMove(world, random, { faultRate, isFlooded });
    const move = MOVES[index];
    if (move === undefined) break;
    const isFault = move.fault !== undefined;
    if (isFault) faults++;
    const byMs = index === TIME ? chooseWaitMs(world, random) : 0;
    const before = world;
    const name = index === TIME ? `${move.name}: ${byMs / 1_000} s` : move.name;
    try {
      world = index === TIME ? passTime(world, byMs) : move.then(world, heard);
      rates.note(move, before, world);
    } catch (error) {
      tell?.({ name, isFault, before });
      return { steps: steps + 1, faults, end: world, violation: violationOf(error) };
    }
    tell?.({ name, isFault, before, after: world });
  }
  return { steps, faults, end: world };
}

/** What a run is like. */
interface FaultSchedule {
  readonly faultRate: number;
  readonly isFlooded: boolean;
}

/** Tries moves until one can happen; time is the last resort. */
function chooseMove(world: World, random: RandomNumber, { faultRate, isFlooded }: FaultSchedule): number {
  const possible = movesDuring(world.call);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const index = possible[random.below(possible.length)] ?? TIME;
    const move = MOVES[index];
    if (move === undefined) continue;
    if (index === TIME) {
      if (!isFlooded && canTimePass(world)) return index;
      continue;
    }
    if (!move.when(world)) continue;
    if (move.fault !== undefined && random.below(100) >= faultRate) continue;
    if (isFlooded && isEffect(move) && random.below(100) >= EFFECT_RATE) continue;
    if (isWish(move.name) && !(isFlooded && FLOODS.has(move.name)) && random.below(100) >= WISH_RATE) continue;
    return index;
  }
  return TIME;
}

function isEffect(move: Move): boolean {
  return ALIPAY_MOVES.includes(move) || move.name.endsWith('Alipay executes it');
}

function isWish(name: string): boolean {
  return name.startsWith('Signal') || name.startsWith('Update') || name.startsWith('Operator: decides');
}

/** Up to the next instant that somebody knows, or any other while. */
function chooseWaitMs(world: World, random: RandomNumber): number {
  const { call, nowMs } = world;
  const nextMs = [
    call.kind === 'wait' ? call.untilMs : 0,
    call.kind === 'query' && call.poll !== undefined ? call.poll.untilMs : 0,
    payableUntilMs(world.setting),
  ][random.below(6)];
  if (nextMs !== undefined && nextMs > nowMs) return nextMs - nowMs;
  return WAITS_MS[random.below(WAITS_MS.length)] ?? 1_000;
}
