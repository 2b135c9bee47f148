/** What an exploration came to, as text: its sizes, and what met what how often. */
import type { Cell, MessageCell, Phase } from './coverage.ts';
import { PHASES } from './coverage.ts';
import type { Exploration } from './explore-one.ts';
import { FAULTS, type Fault } from './faults.ts';
import { MESSAGES, NEVER_SAID } from './messages.ts';

export function reportOf(explored: readonly Exploration[]): string {
  return [sizes(explored), crowds(explored), coverage(cellsOf(explored)), messages(messageCellsOf(explored))].join(
    '\n\n',
  );
}

/** The cells of all worlds, added up. */
export function cellsOf(explored: readonly Exploration[]): readonly Cell[] {
  const [first, ...others] = explored;
  return (first?.cells ?? []).map((cell, at) =>
    others.reduce((sum, { cells }) => ({ ...sum, times: sum.times + (cells[at]?.times ?? 0) }), cell),
  );
}

/** Likewise. */
export function messageCellsOf(explored: readonly Exploration[]): readonly MessageCell[] {
  const [first, ...others] = explored;
  return (first?.messageCells ?? []).map((cell, at) =>
    others.reduce((sum, { messageCells }) => {
      const { taken = 0, refused = 0 } = messageCells[at] ?? {};
      return { ...sum, taken: sum.taken + taken, refused: sum.refused + refused };
    }, cell),
  );
}

function sizes(explored: readonly Exploration[]): string {
  return explored
    .map(
      (one) =>
        `${one.name}, at most ${one.faultsMax} faults:\n  ${one.states} states (${one.statesByFaults.join(' + ')}), ${one.transitions} transitions, depth ${one.depth}, ${one.statesOfBrain} states of the rules, at most ${one.longestToEnd} steps to an end, ${one.seconds.toFixed(1)} s`,
    )
    .join('\n');
}

function crowds(explored: readonly Exploration[]): string {
  const rows = explored.map(({ name, crowds: { oneCancelAndPay, twoCancelsAndPay, threeCancelsAndPay } }) => [
    name,
    ...[oneCancelAndPay, twoCancelsAndPay, threeCancelsAndPay].map(String),
  ]);
  return table([['states with the pay request on its way, and cancels:', 'one', 'two', 'three'], ...rows]);
}

/** One row a fault, one column a command in a phase. */
function coverage(cells: readonly Cell[]): string {
  const columns = [...new Set(cells.map(({ phase, command }) => `${phase} ${command}`))];
  const rows = (Object.keys(FAULTS) as Fault[]).map((fault) => [
    fault,
    ...columns.map((column) => {
      const cell = cells.find((one) => one.fault === fault && `${one.phase} ${one.command}` === column);
      return cell === undefined ? '-' : String(cell.times);
    }),
  ]);
  const letters = columns.map((column, at) => `${String.fromCodePoint(65 + at)} = ${column}`);
  const head = ['', ...columns.map((_, at) => String.fromCodePoint(65 + at))];
  return [letters.join(', '), table([head, ...rows]), ...WHY_NO_FAULT].join('\n');
}

const WHY_NO_FAULT: readonly string[] = [
  '- by design: a query and a refund query move no money, so no retry_flag, repetition or pick-up time belongs to them;',
  '  in a wait nothing is sent; before a cancel or a refund the workflow is never continued as new.',
];

/** One row a message, one column a phase: taken/refused. */
function messages(cells: readonly MessageCell[]): string {
  const rows = MESSAGES.map((message) => [
    message,
    ...PHASES.map((phase: Phase) => {
      if (NEVER_SAID[message]?.phases.includes(phase)) return '-';
      const { taken = 0, refused = 0 } = cells.find((one) => one.message === message && one.phase === phase) ?? {};
      return `${taken}/${refused}`;
    }),
  ]);
  const why = MESSAGES.flatMap((message) => {
    const never = NEVER_SAID[message];
    return never === undefined ? [] : [`- ${message}: ${never.because}.`];
  });
  return [table([['taken/refused', ...PHASES], ...rows]), ...why].join('\n');
}

/** The first column on the left, numbers on the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const padded = (text: string, at: number): string =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  return rows.map((row) => row.map(padded).join(' ')).join('\n');
}
