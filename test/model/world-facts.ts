/** The part of a key that tells how the world stands: money, the clock, and what is on its way, as one number and back. */
import { Outcome } from '../../contract/resolution.ts';
import type { State } from '../../resolution/index.ts';
import { followsForgottenStrays, followsRefundVisibility } from './reductions.ts';
import { type Setting, SHORT_MS, STEP_MS } from './settings.ts';
import type { Call, PastEvents, DecisionSent, Stray, Trade, World } from './world.ts';

/** How many values the number can have. */
export const FACTS: number = 2 ** 22;

/** What the rules believe, and the record of what they were told. */
export interface Mind {
  readonly state: State | undefined;
  readonly happened: PastEvents;
}

const TRADES: readonly Trade[] = [
  'none',
  'wait',
  'paid',
  'partlyRefunded',
  'finished',
  'closed',
  'cancelled',
  'refunded',
];
const MANUAL_DECISIONS: readonly DecisionSent['as'][] = [...Object.values(Outcome), 'refund'];
const ABSENCES = 3;
const DECIDED = 11;
const ABSENCE_OVER = 2;

/** Below `FACTS`. `step`: how many steps of the clock have passed. */
export function factsOf(world: World, step: number): number {
  const { manualDecision } = world;
  const [first, second] = strayCodes(world);
  let facts = step;
  facts = facts * TRADES.length + TRADES.indexOf(world.trade);
  facts = facts * 2 + Number(world.payInFlight);
  facts = facts * 5 + first;
  facts = facts * 5 + second;
  facts = facts * 5 + (world.strayRefund === undefined ? 0 : followedCode(world.strayRefund, world));
  facts = facts * 2 + Number(world.refundVisibleAtMs > world.nowMs && followsRefundVisibility(world));
  facts = facts * ABSENCES + absenceCode(world);
  return (
    facts * DECIDED +
    (manualDecision === undefined
      ? 0
      : 1 + 2 * MANUAL_DECISIONS.indexOf(manualDecision.as) + Number(manualDecision.truthful))
  );
}

/** Those of the world that can do all that this one can (4 in `reductions.ts`), where there is one: an absence that is over says no more. */
export function dominatingFacts(facts: number): number | undefined {
  const absence = Math.floor(facts / DECIDED) % ABSENCES;
  return absence === ABSENCE_OVER ? facts - ABSENCE_OVER * DECIDED : undefined;
}

/** The inverse of `factsOf`, up to what the key leaves out. */
export function worldOf(facts: number, setting: Setting, { state, happened }: Mind, call: Call): World {
  let rest = facts;
  const take = (values: number): number => {
    const value = rest % values;
    rest = (rest - value) / values;
    return value;
  };
  const manualDecision = take(DECIDED);
  const absence = take(ABSENCES);
  const refundIsFresh = take(2) === 1;
  const strayRefund = take(5);
  const second = take(5);
  const first = take(5);
  const payInFlight = take(2) === 1;
  const trade = TRADES[take(TRADES.length)] ?? 'none';
  const nowMs = rest * STEP_MS;
  const as = MANUAL_DECISIONS[Math.floor((manualDecision - 1) / 2)];
  return {
    setting,
    nowMs,
    trade,
    payInFlight,
    strays: straysOf(first, second, nowMs),
    ...(strayRefund !== 0 && { strayRefund: strayOf(strayRefund, nowMs) }),
    refundVisibleAtMs: refundIsFresh ? nowMs + SHORT_MS : 0,
    ...(absence !== 0 && { absentUntilMs: absence === 1 ? nowMs + STEP_MS : 0 }),
    state,
    call,
    ...(manualDecision > 0 && as !== undefined && { manualDecision: { as, truthful: (manualDecision - 1) % 2 === 1 } }),
    happened,
  };
}

const OPEN = 1;
const RECKONED = 2;
const ECHO = 3;
const FORGOTTEN = 4;

function strayCode({ reckonedUntilMs }: Stray, nowMs: number): number {
  if (reckonedUntilMs === Number.POSITIVE_INFINITY) return OPEN;
  if (reckonedUntilMs <= nowMs) return FORGOTTEN;
  return reckonedUntilMs - nowMs < STEP_MS / 2 ? ECHO : RECKONED;
}

function strayOf(code: number, nowMs: number): Stray {
  switch (code) {
    case OPEN:
      return { reckonedUntilMs: Number.POSITIVE_INFINITY };
    case RECKONED:
      return { reckonedUntilMs: nowMs + STEP_MS };
    case ECHO:
      return { reckonedUntilMs: nowMs + SHORT_MS };
    default:
      return { reckonedUntilMs: nowMs };
  }
}

/** The first is 0 only where the second is. */
function straysOf(first: number, second: number, nowMs: number): readonly Stray[] {
  if (first === 0) return NONE_ON_ITS_WAY;
  return second === 0 ? [strayOf(first, nowMs)] : [strayOf(first, nowMs), strayOf(second, nowMs)];
}

const NONE_ON_ITS_WAY: readonly Stray[] = [];

function followedCode(stray: Stray, world: World): number {
  const code = strayCode(stray, world.nowMs);
  return code === FORGOTTEN && !followsForgottenStrays(world) ? 0 : code;
}

/** In one order, as nothing tells two strays apart. */
function strayCodes(world: World): readonly [number, number] {
  const [one, other] = world.strays;
  if (one === undefined) return NO_STRAYS;
  const first = followedCode(one, world);
  const second = other === undefined ? 0 : followedCode(other, world);
  return first >= second ? [first, second] : [second, first];
}

const NO_STRAYS = [0, 0] as const;

function absenceCode({ absentUntilMs, nowMs }: World): number {
  if (absentUntilMs === undefined) return 0;
  return absentUntilMs > nowMs ? 1 : ABSENCE_OVER;
}
