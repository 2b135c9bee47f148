/**
 * Breadth-first search through every world: first all that need no fault, then all that need one more, and so on. A world
 * is first met with the fewest faults, so its shortest story in faults, then in steps, is the one that is told.
 */
import { Canon } from './canonical.ts';
import type { Coverage } from './coverage.ts';
import { Violation } from './violation.ts';
import { MOVES, movesDuring } from './moves.ts';
import { remembering } from './remembering-rules.ts';
import type { Setting } from './settings.ts';
import type { Rules } from './shell.ts';
import { StateTable } from './state-table.ts';
import { startWorld, type World } from './world.ts';

export interface SearchOptions {
  readonly setting: Setting;
  readonly rules: Rules;
  /** At most so many faults in one run. */
  readonly faultsMax: number;
  readonly coverage?: Coverage;
}

export interface FoundViolation {
  readonly violation: Violation;
  /** Indices into `MOVES`, from the start; the last one breaks the invariant. */
  readonly trace: readonly number[];
}

export interface SearchResult {
  readonly setting: Setting;
  readonly canon: Canon;
  /** The rules with their answers remembered. */
  readonly rules: Rules;
  readonly table: StateTable;
  readonly transitions: number;
  /** Most steps from the start to a world. */
  readonly depth: number;
  /** New worlds that need so many faults. A zero at the end: more faults lead nowhere new. */
  readonly statesByFaults: readonly number[];
  readonly statesOfBrain: number;
  readonly found?: FoundViolation;
}

export function search({ setting, rules: bare, faultsMax, coverage }: SearchOptions): SearchResult {
  const canon = new Canon(setting);
  const rules = remembering(bare, canon);
  const table = new StateTable();
  const statesByFaults: number[] = [];
  let transitions = 0;
  let depth = 0;
  let found: FoundViolation | undefined;

  let pending = new StateTable();
  pending.add(canon.pack(startWorld(setting)), -1, 0, 0);
  let next = 0;
  for (let faults = 0; faults <= faultsMax && found === undefined; faults++) {
    for (let id = 0; id < pending.size; id++) {
      // It may have been met without the fault meanwhile.
      if (isCovered(pending.keyAt(id))) continue;
      table.add(pending.keyAt(id), pending.parentAt(id), pending.moveAt(id), pending.depthAt(id));
    }
    pending = new StateTable();
    for (; next < table.size && found === undefined; next++) expand(next, faults < faultsMax);
    statesByFaults.push(table.size - statesByFaults.reduce((sum, states) => sum + states, 0));
    if (pending.size === 0) break;
  }

  function expand(id: number, mayFail: boolean): void {
    const worldKey = table.keyAt(id);
    const world = canon.unpack(worldKey);
    const stepsToNext = table.depthAt(id) + 1;
    for (const index of movesDuring(world.call)) {
      const move = MOVES[index];
      if (move === undefined || (move.fault !== undefined && !mayFail) || !move.when(world)) continue;
      let after: World;
      try {
        after = move.then(world, rules);
      } catch (error) {
        found = { violation: violationOf(error), trace: [...traceTo(table, id), index] };
        return;
      }
      if (move.message !== undefined) coverage?.countMessage(world, move.message, after !== world);
      if (after === world) continue;
      transitions++;
      if (move.fault !== undefined) coverage?.count(world, move.fault);
      const key = canon.packNext(after, world, worldKey);
      if (isCovered(key)) continue;
      if (move.fault === undefined) {
        if (table.add(key, id, index, stepsToNext)) depth = Math.max(depth, stepsToNext);
      } else if (!table.has(key)) pending.add(key, id, index, stepsToNext);
    }
  }

  function isCovered(key: number): boolean {
    const dominating = canon.dominating(key);
    return dominating !== undefined && table.has(dominating);
  }

  return {
    setting,
    canon,
    rules,
    table,
    transitions,
    depth,
    statesByFaults,
    statesOfBrain: canon.stateCount,
    ...(found !== undefined && { found }),
  };
}

/** What the rules throw of themselves breaks invariant 1: the trade would be stuck. */
export function violationOf(error: unknown): Violation {
  if (error instanceof Violation) return error;
  return new Violation(1, `the rules stopped with "${error instanceof Error ? error.message : String(error)}"`);
}

export function traceTo(table: StateTable, id: number): readonly number[] {
  const trace: number[] = [];
  for (let at = id; table.parentAt(at) >= 0; at = table.parentAt(at)) trace.push(table.moveAt(at));
  return trace.toReversed();
}
