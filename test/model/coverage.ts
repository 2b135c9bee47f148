/** Which fault has hit which command in which phase of the rules, and which message came in which: what the search has been through. */
import { FAULTS, type CommandKind, type Fault } from './faults.ts';
import { type Message, MESSAGES } from './messages.ts';
import type { World } from './world.ts';

export type Phase = 'guarding' | 'querying' | 'cancelling' | 'watching' | 'closing' | 'refunding' | 'needs-operator';

/** The commands that each phase gives; no other can stand in it, as the command follows from the phase (`commandFor`). */
export const COMMANDS_OF_PHASE: { readonly [P in Phase]: readonly CommandKind[] } = {
  guarding: ['query', 'wait'],
  querying: ['query', 'wait'],
  cancelling: ['query', 'cancel', 'wait'],
  watching: ['query', 'queryRefund', 'wait'],
  closing: ['queryRefund', 'wait'],
  refunding: ['query', 'refund', 'queryRefund', 'wait'],
  'needs-operator': ['query', 'cancel', 'queryRefund', 'wait'],
};

export const PHASES = Object.keys(COMMANDS_OF_PHASE) as readonly Phase[];

export interface Cell {
  readonly phase: Phase;
  readonly command: CommandKind;
  readonly fault: Fault;
  readonly times: number;
}

/** How often a message came in a phase, and the workflow took or refused it. */
export interface MessageCell {
  readonly phase: Phase;
  readonly message: Message;
  readonly taken: number;
  readonly refused: number;
}

/** Both interfaces deny a trade that exists: A12 in docs/correctness.md. */
function isAssumedAway(phase: Phase, command: CommandKind, fault: Fault): boolean {
  return phase === 'watching' && command === 'queryRefund' && fault === 'refundUnknown';
}

export class Coverage {
  readonly #times = new Map<string, number>();
  readonly #messages = new Map<string, number>();

  count({ state, call }: World, fault: Fault): void {
    const cell = `${state?.phase.kind ?? 'none'} ${call.kind} ${fault}`;
    this.#times.set(cell, (this.#times.get(cell) ?? 0) + 1);
  }

  countMessage({ state }: World, message: Message, isTaken: boolean): void {
    const cell = `${state?.phase.kind ?? 'none'} ${message} ${isTaken}`;
    this.#messages.set(cell, (this.#messages.get(cell) ?? 0) + 1);
  }

  messageCells(): readonly MessageCell[] {
    const times = (phase: Phase, message: Message, isTaken: boolean): number =>
      this.#messages.get(`${phase} ${message} ${isTaken}`) ?? 0;
    return MESSAGES.flatMap((message) =>
      PHASES.map((phase) => ({
        phase,
        message,
        taken: times(phase, message, true),
        refused: times(phase, message, false),
      })),
    );
  }

  /** Every phase × command × fault that can be, with how often it was. */
  cells(): readonly Cell[] {
    return PHASES.flatMap((phase) =>
      COMMANDS_OF_PHASE[phase].flatMap((command) =>
        (Object.keys(FAULTS) as Fault[])
          .filter((fault) => FAULTS[fault].hits.includes(command) && !isAssumedAway(phase, command, fault))
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
