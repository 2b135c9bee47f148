import type { Fault } from './faults.ts';
import type { Message } from './messages.ts';
import type { Rules } from './shell.ts';
import type { World } from './world.ts';

/** One thing that can happen. The worlds of a run are told by the names of its moves. */
export interface Move {
  readonly name: string;
  /** Costs one of the faults that a run may have. */
  readonly fault?: Fault;
  /** Somebody's message to the workflow. One that is refused leaves the world as it is. */
  readonly message?: Message;
  readonly when: (world: World) => boolean;
  /** @throws Violation */
  readonly then: (world: World, rules: Rules) => World;
}
