/**
 * One number for every world that the brain cannot tell from another: the key of the exhaustive search.
 *
 * - What the brain records but never decides by (counts of polls and cancels, trails, sentences, the round of a back-off
 *   whose length is fixed here) is left out. `projection.test.ts` shows on unprojected runs that it does not matter.
 * - The clock stands on whole steps. A wait that is shorter than a step ends within it: no deadline falls into it, so
 *   afterwards the clock is set back to the step. Instants that have passed are alike; after the last deadline only
 *   distances count; a poll that ends later than in a step ends in a step.
 */
import { Outcome } from '../../contract/resolution.ts';
import type { State } from '../../resolution/index.ts';
import { Grid } from './grid.ts';
import { canonicalState } from './projection.ts';
import { lastStepOf, type Setting, SHORT_MS, STEP_MS } from './settings.ts';
import type { Call, Happened, QueryInFlight, SettlementSent, Stray, Trade, World } from './world.ts';

const TRADES: readonly Trade[] = ['none', 'wait', 'paid', 'finished', 'closed', 'cancelled', 'refunded'];
const SIGNED: readonly Happened['signed'][] = ['nothing', 'open', 'paid', 'closed'];
const SETTLEMENTS: readonly SettlementSent['as'][] = [...Object.values(Outcome), 'refund'];

/** How many values each part of a key can have; their product stays below 2 ** 53. */
const MINDS: number = 2 ** 18;
const CALLS: number = 2 ** 12;
const FACTS: number = 2 ** 22;

/** What the brain believes, and the record of what it was told. */
interface Mind {
  readonly state: State | undefined;
  readonly happened: Happened;
}

export class Canon {
  readonly #setting: Setting;
  readonly #lastStep: number;
  #grid: Grid;
  readonly #minds: Mind[] = [];
  readonly #mindIds = new Map<number, number>();
  readonly #states: (State | undefined)[] = [undefined];
  readonly #stateIds = new Map<string, number>();
  readonly #seen: Map<State, number>[] = [];
  readonly #calls: Call[] = [];
  readonly #callIds = new Map<string, number>();
  readonly #objectIds = new Map<object, number>();
  readonly #idOfState = new Map<State, number>();

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#lastStep = lastStepOf(setting);
    this.#grid = new Grid(0, this.#lastStep);
  }

  get stateCount(): number {
    return this.#states.length - 1;
  }

  /** Of a state that came out of `unpack`. */
  idOf(state: State): number | undefined {
    return this.#idOfState.get(state);
  }

  /** A number per object, for answers and the like, which are constants here. */
  objectId(object: object): number {
    let id = this.#objectIds.get(object);
    if (id === undefined) this.#objectIds.set(object, (id = this.#objectIds.size));
    return id;
  }

  pack(world: World): number {
    const grid = this.#gridAt(world.nowMs);
    const over = world.call.kind === 'over';
    const mind = this.#mindId(world, grid, over);
    return (mind * CALLS + this.#callId(world.call, grid)) * FACTS + (over ? 0 : factsOf(world, grid.step));
  }

  /** The same, of a world that came from `before`, whose key is known: what has not changed need not be looked up. */
  packNext(world: World, before: World, beforeKey: number): number {
    if (world.nowMs !== before.nowMs || world.call.kind === 'over') return this.pack(world);
    const grid = this.#gridAt(world.nowMs);
    const high = Math.floor(beforeKey / FACTS);
    const callBefore = high % CALLS;
    const sameMind = world.state === before.state && world.happened === before.happened;
    const mind = sameMind ? (high - callBefore) / CALLS : this.#mindId(world, grid, false);
    const call = world.call === before.call ? callBefore : this.#callId(world.call, grid);
    return (mind * CALLS + call) * FACTS + factsOf(world, grid.step);
  }

  #gridAt(nowMs: number): Grid {
    if (this.#grid.nowMs !== nowMs) this.#grid = new Grid(nowMs, this.#lastStep);
    return this.#grid;
  }

  unpack(key: number): World {
    const facts = key % FACTS;
    const high = (key - facts) / FACTS;
    const callId = high % CALLS;
    const call = this.#calls[callId];
    const mind = this.#minds[(high - callId) / CALLS];
    if (call === undefined || mind === undefined) throw new RangeError('not a key');
    return worldOf(facts, this.#setting, mind, call);
  }

  #mindId({ state, happened }: World, grid: Grid, over: boolean): number {
    const stateId = state === undefined ? 0 : this.#stateId(state, grid);
    const pair = stateId * 32 + (over ? 0 : happenedCode(happened));
    let id = this.#mindIds.get(pair);
    if (id === undefined) {
      id = this.#minds.length;
      if (id >= MINDS) throw new RangeError('more minds than a key holds: is something unprojected?');
      this.#minds.push({ state: this.#states[stateId], happened });
      this.#mindIds.set(pair, id);
    }
    return id;
  }

  #stateId(state: State, grid: Grid): number {
    const seen = (this.#seen[grid.index] ??= new Map<State, number>());
    let id = seen.get(state);
    if (id !== undefined) return id;
    const canonical = canonicalState(state, grid);
    const text = JSON.stringify(canonical);
    id = this.#stateIds.get(text);
    if (id === undefined) {
      id = this.#states.length;
      this.#states.push(canonical);
      this.#stateIds.set(text, id);
      this.#idOfState.set(canonical, id);
    }
    seen.set(state, id);
    return id;
  }

  #callId(call: Call, grid: Grid): number {
    const text = this.#callText(call, grid);
    let id = this.#callIds.get(text);
    if (id === undefined) {
      id = this.#calls.length;
      if (id >= CALLS) throw new RangeError('more calls in flight than a key holds');
      this.#calls.push(canonicalCall(call, grid));
      this.#callIds.set(text, id);
    }
    return id;
  }

  #callText(call: Call, grid: Grid): string {
    switch (call.kind) {
      case 'notBegun':
      case 'over':
        return call.kind;
      case 'carried':
        return call.late ? 'carried late' : 'carried';
      case 'wait':
        return `wait ${grid.timer(call.untilMs)}`;
      case 'cancel':
      case 'refund':
        return `${call.kind} ${call.stage} ${call.fresh} ${this.#answerId(call.answer)}`;
      case 'queryRefund':
        return `refund query ${call.stage} ${this.#answerId(call.answer)}`;
      case 'query': {
        const { poll, stage, last, absentAtMs } = call;
        const plan = poll === undefined ? '' : `${grid.pollEnd(poll.untilMs)} ${this.#listId(poll.keepAskingOn)}`;
        const attempt = stage === 'resting' ? '' : `${grid.scheduled(call.scheduledAtMs)} ${last}`;
        return `query ${stage} ${attempt} ${absentAtMs !== undefined} ${this.#answerId(call.answer)} ${plan}`;
      }
    }
  }

  #answerId(answer: object | undefined): number {
    return answer === undefined ? -1 : this.objectId(answer);
  }

  readonly #listTexts = new Map<readonly string[], string>();

  #listId(list: readonly string[]): string {
    let text = this.#listTexts.get(list);
    if (text === undefined) this.#listTexts.set(list, (text = list.join()));
    return text;
  }
}

function canonicalCall(call: Call, grid: Grid): Call {
  if (call.kind === 'wait') return { kind: 'wait', untilMs: grid.timer(call.untilMs) };
  return call.kind === 'query' ? canonicalQuery(call, grid) : call;
}

/** An attempt after an absence that counts was scheduled a short wait after that one. */
function canonicalQuery(call: QueryInFlight, grid: Grid): QueryInFlight {
  const { absentAtMs: _, ...rest } = call;
  const atMs = call.stage === 'resting' ? grid.baseMs : grid.scheduled(call.scheduledAtMs);
  const absent = call.absentAtMs !== undefined;
  return {
    ...rest,
    ...(call.poll !== undefined && { poll: { ...call.poll, untilMs: grid.pollEnd(call.poll.untilMs) } }),
    scheduledAtMs: absent ? atMs + SHORT_MS : atMs,
    ...(absent && { absentAtMs: atMs }),
  };
}

function happenedCode({ cancelSent, refundSent, refundOrdered, signed }: Happened): number {
  return Number(cancelSent) + 2 * Number(refundSent) + 4 * Number(refundOrdered) + 8 * SIGNED.indexOf(signed);
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

function absenceCode({ absentUntilMs, nowMs }: World): number {
  if (absentUntilMs === undefined) return 0;
  return absentUntilMs > nowMs ? 1 : 2;
}

function factsOf(world: World, step: number): number {
  const { strays, settlement } = world;
  const [first = 0, second = 0] = strays.map((stray) => strayCode(stray, world.nowMs));
  let facts = step;
  facts = facts * 7 + TRADES.indexOf(world.trade);
  facts = facts * 2 + Number(world.payInFlight);
  facts = facts * 5 + Math.max(first, second);
  facts = facts * 5 + Math.min(first, second);
  facts = facts * 5 + (world.strayRefund === undefined ? 0 : strayCode(world.strayRefund, world.nowMs));
  facts = facts * 2 + Number(world.refundVisibleAtMs > world.nowMs);
  facts = facts * 3 + absenceCode(world);
  return (
    facts * 11 +
    (settlement === undefined ? 0 : 1 + 2 * SETTLEMENTS.indexOf(settlement.as) + Number(settlement.truthful))
  );
}

function worldOf(facts: number, setting: Setting, { state, happened }: Mind, call: Call): World {
  let rest = facts;
  const take = (values: number): number => {
    const value = rest % values;
    rest = (rest - value) / values;
    return value;
  };
  const settlement = take(11);
  const absence = take(3);
  const refundIsFresh = take(2) === 1;
  const strayRefund = take(5);
  const strays = [take(5), take(5)].filter((code) => code !== 0);
  const payInFlight = take(2) === 1;
  const trade = TRADES[take(7)] ?? 'none';
  const nowMs = rest * STEP_MS;
  const as = SETTLEMENTS[Math.floor((settlement - 1) / 2)];
  return {
    setting,
    nowMs,
    trade,
    payInFlight,
    strays: strays.map((code) => strayOf(code, nowMs)),
    ...(strayRefund !== 0 && { strayRefund: strayOf(strayRefund, nowMs) }),
    refundVisibleAtMs: refundIsFresh ? nowMs + SHORT_MS : 0,
    ...(absence !== 0 && { absentUntilMs: absence === 1 ? nowMs + SHORT_MS : 0 }),
    state,
    call,
    ...(settlement > 0 && as !== undefined && { settlement: { as, truthful: (settlement - 1) % 2 === 1 } }),
    happened,
  };
}
