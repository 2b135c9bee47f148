/**
 * One number for every world that the rules cannot tell from another: the key of the exhaustive search.
 *
 * - What the rules record but never decide by (counts of polls and cancels, trails, sentences, the round of a back-off
 *   whose length is fixed here) is left out. `projection.test.ts` shows on unprojected runs that it does not matter.
 * - The clock stands on whole steps. A wait that is shorter than a step ends within it: no deadline falls into it, so
 *   afterwards the clock is set back to the step. Instants that have passed are alike; after the last deadline only
 *   distances count; a poll that ends later than in a step ends in a step.
 */
import type { KnownAnswer } from '../../contract/activities.ts';
import type { State } from '../../resolution/index.ts';
import { Grid } from './grid.ts';
import { canonicalState } from './projection.ts';
import { lastStepOf, type Setting, SHORT_MS, STEP_MS } from './settings.ts';
import { dominatingFacts, FACTS, factsOf, type Mind, worldOf } from './world-facts.ts';
import type { Call, PastEvents, QueryInFlight, World } from './world.ts';

const SIGNED: readonly PastEvents['signed'][] = ['nothing', 'absent', 'shown', 'open', 'paid', 'acted', 'closed'];

/** How many values each part of a key can have; their product stays below 2 ** 53. */
const MINDS: number = 2 ** 18;
const CALLS: number = 2 ** 12;

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
  readonly #callIds = new Map<number, number>();
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

  /** The key of the world that can do all that this one can (4 in `reductions.ts`), where there is one. */
  dominating(key: number): number | undefined {
    const facts = key % FACTS;
    const dominating = this.#setting.unreduced ? undefined : dominatingFacts(facts);
    return dominating === undefined ? undefined : key - facts + dominating;
  }

  #mindId({ state, happened }: World, grid: Grid, over: boolean): number {
    const stateId = state === undefined ? 0 : this.#stateId(state, grid);
    const known = over ? happened : canonicalHappened(happened, grid);
    const pair = stateId * HAPPENED + (over ? 0 : happenedCode(known));
    let id = this.#mindIds.get(pair);
    if (id === undefined) {
      id = this.#minds.length;
      if (id >= MINDS) throw new RangeError('more minds than a key holds: is something unprojected?');
      this.#minds.push({ state: this.#states[stateId], happened: known });
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
    const code = this.#callCode(call, grid);
    let id = this.#callIds.get(code);
    if (id === undefined) {
      id = this.#calls.length;
      if (id >= CALLS) throw new RangeError('more calls in flight than a key holds');
      this.#calls.push(canonicalCall(call, grid));
      this.#callIds.set(code, id);
    }
    return id;
  }

  /** One number for all that is kept of a call. */
  #callCode(call: Call, grid: Grid): number {
    switch (call.kind) {
      case 'notBegun':
        return 0;
      case 'over':
        return 1;
      case 'carried':
        return call.late ? 2 : 3;
      case 'wait':
        return codeOf(4, grid.timer(call.untilMs));
      case 'cancel':
        return codeOf(5 + STAGES[call.stage], Number(call.fresh) * SHORT_MS, 0, this.#answerId(call.answer));
      case 'refund':
        return codeOf(8 + STAGES[call.stage], Number(call.fresh) * SHORT_MS, 0, this.#answerId(call.answer));
      case 'queryRefund':
        return codeOf(11 + STAGES[call.stage], 0, 0, this.#answerId(call.answer));
      case 'query': {
        const { poll, stage, last, absentAtMs, scheduledAtMs, answer } = call;
        const resting = stage === 'resting';
        const rest = (poll === undefined ? 0 : 1 + this.#knownId(poll.known)) * 4;
        return codeOf(
          14 + STAGES[stage],
          poll === undefined ? 0 : grid.pollEnd(poll.untilMs),
          resting ? 0 : grid.scheduled(scheduledAtMs),
          this.#answerId(answer),
          rest + Number(!resting && last) * 2 + Number(absentAtMs !== undefined),
        );
      }
    }
  }

  #answerId(answer: object | undefined): number {
    return answer === undefined ? 0 : 1 + this.objectId(answer);
  }

  readonly #knownTexts: string[] = [];

  /** Equal answers are one, whoever read them. */
  #knownId({ word, totalAmount, tradeNo, hasPayDate }: KnownAnswer): number {
    const text = `${word} ${totalAmount} ${tradeNo} ${hasPayDate}`;
    const at = this.#knownTexts.indexOf(text);
    return at >= 0 ? at : this.#knownTexts.push(text) - 1;
  }
}

const STAGES = { scheduled: 0, sent: 1, resting: 1, answered: 2 } as const;

/** How many values the parts of a call's code can have: its two instants, its answer, and the rest; with 32 kinds below 2 ** 53. */
const INSTANTS = 2 ** 15;
const ANSWERS = 2 ** 8;
const RESTS = 2 ** 6;

function codeOf(kind: number, oneMs: number, otherMs = 0, answer = 0, rest = 0): number {
  const one = oneMs / SHORT_MS;
  const other = otherMs / SHORT_MS;
  if (!(one < INSTANTS && other < INSTANTS && answer < ANSWERS && rest < RESTS)) {
    throw new RangeError('a call that its code does not hold');
  }
  return (((kind * INSTANTS + one) * INSTANTS + other) * ANSWERS + answer) * RESTS + rest;
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
    startedAtMs: atMs,
    asked: 1,
    ...(absent && { absentAtMs: atMs }),
  };
}

/** Of the first denial only counts whether a second one is minutes later: the rules keep the same instant. */
function canonicalHappened(happened: PastEvents, grid: Grid): PastEvents {
  const { deniedAtMs } = happened;
  return deniedAtMs === undefined ? happened : { ...happened, deniedAtMs: grid.past(deniedAtMs) };
}

const DENIED = 64;
const ORDERS: readonly PastEvents['refundOrder'][] = ['none', 'asked', 'stands'];
/** The flags below, what was signed, the order, and the instant of a denial. */
const HAPPENED: number = 2 ** 8 * SIGNED.length * ORDERS.length * DENIED;

function happenedCode(happened: PastEvents): number {
  const { cancelSent, refundSent, seen, paidShown, deniedAgain, unverified, paidSaid, wasReset } = happened;
  const flags = [cancelSent, refundSent, seen, paidShown, deniedAgain, unverified, paidSaid, wasReset];
  const code = flags.reduce((sum, flag) => sum * 2 + Number(flag), SIGNED.indexOf(happened.signed));
  return (code * ORDERS.length + ORDERS.indexOf(happened.refundOrder)) * DENIED + deniedCode(happened);
}

/** An instant stands on a step, or minutes before one. */
function deniedCode({ deniedAtMs }: PastEvents): number {
  if (deniedAtMs === undefined) return 0;
  const code = 1 + Math.floor(deniedAtMs / STEP_MS) * 2 + Number(deniedAtMs % STEP_MS !== 0);
  if (code >= DENIED) throw new RangeError('a denial that its code does not hold');
  return code;
}
