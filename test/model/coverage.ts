/** Which fault has hit which command in which phase of the brain: the table that shows what the search has been through. */
import { FAULTS, type CommandKind, type Fault } from './faults.ts';
import type { World } from './world.ts';

export type Phase = 'guarding' | 'querying' | 'cancelling' | 'watching' | 'closing' | 'refunding' | 'needs-operator';

/** The commands that each phase gives; no other can stand in it, as the command follows from the phase (`commandFor`). */
export const COMMANDS_OF_PHASE: { readonly [P in Phase]: readonly CommandKind[] } = {
  guarding: ['query', 'wait'],
  querying: ['query'],
  cancelling: ['query', 'cancel', 'wait'],
  watching: ['query'],
  closing: ['queryRefund', 'wait'],
  refunding: ['query', 'refund', 'queryRefund', 'wait'],
  'needs-operator': ['query', 'cancel', 'queryRefund', 'wait'],
};

export interface Cell {
  readonly phase: Phase;
  readonly command: CommandKind;
  readonly fault: Fault;
  readonly times: number;
}

export class Coverage {
  readonly #times = new Map<string, number>();

  count({ state, call }: World, fault: Fault): void {
    const cell = `${state?.phase.kind ?? 'none'} ${call.kind} ${fault}`;
    this.#times.set(cell, (this.#times.get(cell) ?? 0) + 1);
  }

  /** Every phase × command × fault that can be, with how often it was. */
  cells(): readonly Cell[] {
    return (Object.keys(COMMANDS_OF_PHASE) as Phase[]).flatMap((phase) =>
      COMMANDS_OF_PHASE[phase].flatMap((command) =>
        (Object.keys(FAULTS) as Fault[])
          .filter((fault) => FAULTS[fault].hits.includes(command))
          .map((fault) => ({ phase, command, fault, times: this.#times.get(`${phase} ${command} ${fault}`) ?? 0 })),
      ),
    );
  }

  /** What was hit although the table says that the phase does not give that command, or the fault cannot hit it. */
  unlisted(): readonly string[] {
    const listed = new Set(this.cells().map(({ phase, command, fault }) => `${phase} ${command} ${fault}`));
    return [...this.#times.keys()].filter((cell) => !listed.has(cell));
  }
}
