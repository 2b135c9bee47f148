/**
 * Invariant 14: from every world that the search met, when faults stop, an outcome or a person is reached, and a trade
 * whose cause was mended goes on by itself. Faults having stopped, the world is told what happens next: every call is
 * sent, read and answered at once, timers fire when they are due, and Alipay does one of a few things.
 */
import { Violation } from './violation.ts';
import { MOVES, movesDuring } from './moves.ts';
import { type SearchResult, traceTo, violationOf } from './search.ts';
import { SHORT_MS } from './settings.ts';
import { payableUntilMs, type World } from './world.ts';

/** What Alipay and the buyer do once faults have stopped. */
export const ENDINGS = {
  'all that is on its way lands, and the buyer pays': ['paid at once', 'that was given up lands', 'Buyer: pays'],
  'the pay request lands, and the buyer does nothing': ['the buyer must type the password'],
  'nothing that is on its way ever lands': [],
} as const;

export type Ending = keyof typeof ENDINGS;

/** Reasons that no machine can mend: the trade may stay with a person. */
const FOR_A_PERSON: ReadonlySet<string> = new Set([
  'amountMismatch',
  'tradeNoMismatch',
  'tradeNoUnknown',
  'cancelRefused',
  'cancelWindowOver',
  'closureKindUnknown',
  'refundRefused',
  'refundUnproven',
  'payAnswerMismatch',
  'runReset',
]);

/** What happens on our side, in this order; the first that can happen does. */
const MACHINE: readonly string[] = [
  'Worker: begins the resolution',
  'Workflow: a worker goes on',
  'Operator: the decision is taken',
  'query: Alipay reads it and answers',
  'query: the answer arrives',
  'cancel: a worker picks it up and sends it',
  'cancel: no worker picks it up: dropped unsent',
  'cancel: Alipay executes it',
  'cancel: ACQ.TRADE_HAS_FINISHED',
  'cancel: ACQ.REASON_TRADE_REFUND_FEE_ERR: refunded before',
  'cancel: the answer arrives',
  'refund: a worker picks it up and sends it',
  'refund: no worker picks it up: dropped unsent',
  'refund: Alipay executes it',
  'refund: the answer arrives',
  'refund query: Alipay reads it and answers',
  'refund query: the answer arrives',
  'Timer: the wait is over',
];
const IN_ORDER: ReadonlyMap<string, number> = new Map(MACHINE.map((name, at) => [name, at]));

const NEXT_ATTEMPT = MOVES.findIndex(({ name }) => name === 'query: the next attempt of the poll');
const TIME = MOVES.length - 1;

export interface LivenessResult {
  /** Most steps from a world of the search to its end. */
  readonly longest: number;
  readonly stuck?: { readonly violation: Violation; readonly trace: readonly number[] };
}

export function live(searched: SearchResult, ending: Ending): LivenessResult {
  const { table, canon, rules } = searched;
  const stepsToEnd = new Steps(searched);
  let longest = 0;
  for (let id = 0; id < table.size; id++) {
    const path: number[] = [];
    const moves: number[] = [];
    const onPath = new Set<number>();
    let key = table.keyAt(id);
    let steps = stepsToEnd.get(key);
    while (steps === undefined) {
      const world = healed(canon.unpack(key));
      if (isAtEnd(world)) {
        steps = 0;
        stepsToEnd.set(key, 0);
        break;
      }
      const index = nextMove(world, ending);
      const trace = (): number[] => [...traceTo(table, id), ...moves, index];
      if (onPath.has(key)) {
        const violation = new Violation(14, `it goes round in circles although faults have stopped (${ending})`);
        return { longest, stuck: { violation, trace: trace() } };
      }
      onPath.add(key);
      path.push(key);
      moves.push(index);
      try {
        const after = MOVES[index]?.then(world, rules);
        if (after === undefined) throw new RangeError(`no move ${index}`);
        key = canon.packNext(after, world, key);
      } catch (error) {
        return { longest, stuck: { violation: violationOf(error), trace: [...traceTo(table, id), ...moves] } };
      }
      steps = stepsToEnd.get(key);
    }
    for (const passed of path.toReversed()) stepsToEnd.set(passed, ++steps);
    longest = Math.max(longest, steps);
  }
  return { longest };
}

/** A denial that was false is one of the faults that have stopped. */
function healed(world: World): World {
  return world.absentUntilMs === undefined ? world : { ...world, absentUntilMs: 0 };
}

/** Steps by key, compact for the worlds of the search; a few worlds of the endings lie beyond it. */
class Steps {
  readonly #table: SearchResult['table'];
  readonly #canon: SearchResult['canon'];
  readonly #known: Uint16Array;
  readonly #beyond = new Map<number, number>();

  constructor({ table, canon }: SearchResult) {
    this.#table = table;
    this.#canon = canon;
    this.#known = new Uint16Array(table.size);
  }

  /** A world that was not searched, as another one covers it, ends like that one. */
  #idOf(key: number): number {
    const id = this.#table.find(key);
    if (id >= 0) return id;
    const dominating = this.#canon.dominating(key);
    return dominating === undefined ? id : this.#table.find(dominating);
  }

  get(key: number): number | undefined {
    const id = this.#idOf(key);
    if (id < 0) return this.#beyond.get(key);
    const known = this.#known[id] ?? 0;
    return known === 0 ? undefined : known - 1;
  }

  set(key: number, steps: number): void {
    const id = this.#idOf(key);
    if (id < 0) this.#beyond.set(key, steps);
    else this.#known[id] = steps + 1;
  }
}

function isAtEnd({ call, state }: World): boolean {
  if (call.kind === 'over') return true;
  return state?.phase.kind === 'needs-operator' && FOR_A_PERSON.has(state.phase.reason);
}

function nextMove(world: World, ending: Ending): number {
  for (const index of inOrder(ending, world.call)) if (MOVES[index]?.when(world)) return index;
  if (world.call.kind === 'query' && world.call.stage === 'resting' && pollIsAtItsEnd(world)) return NEXT_ATTEMPT;
  return world.trade === 'wait' && world.nowMs >= payableUntilMs(world.setting) ? EXPIRES : TIME;
}

const ORDERS = new Map<string, readonly number[]>();

function inOrder(ending: Ending, call: World['call']): readonly number[] {
  const key = `${call.kind} ${ending}`;
  let order = ORDERS.get(key);
  if (order === undefined) ORDERS.set(key, (order = orderOf(ending, call)));
  return order;
}

/** What Alipay and the buyer do comes first. */
function orderOf(ending: Ending, call: World['call']): readonly number[] {
  const at = (index: number): number => {
    const name = MOVES[index]?.name ?? '';
    return ENDINGS[ending].some((what) => name.includes(what)) ? -1 : (IN_ORDER.get(name) ?? Number.NaN);
  };
  return movesDuring(call)
    .filter((index) => !Number.isNaN(at(index)))
    .toSorted((a, b) => at(a) - at(b));
}

const EXPIRES = MOVES.findIndex(({ name }) => name.includes('the waiting trade closes'));

function pollIsAtItsEnd({ call, nowMs }: World): boolean {
  return call.kind === 'query' && call.poll !== undefined && call.poll.untilMs - nowMs <= SHORT_MS;
}
