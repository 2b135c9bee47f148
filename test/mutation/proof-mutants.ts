/** Mistakes in what an outcome rests on: denials of a trade, the word of the service, a manual decision, a refund that was begun. */
import { ERRING_WORLD, PAID_WORLD, TAKEN_OVER_WORLD, type Mutant } from './mutant.ts';

export const PROOF_MUTANTS: readonly Mutant[] = [
  {
    name: 'one TRADE_NOT_EXIST after the deadline is enough',
    file: 'evidence.js',
    search:
      'const twice = provenAbsenceAtMs !== undefined && report.scheduledAtMs >= provenAbsenceAtMs + absenceConfirmMs(memory);',
    replace: 'const twice = report.scheduledAtMs >= absenceProvenAtMs(memory);',
  },
  {
    name: 'two TRADE_NOT_EXIST in the same second are enough',
    file: 'evidence.js',
    search: 'provenAbsenceAtMs + absenceConfirmMs(memory);',
    replace: 'provenAbsenceAtMs;',
  },
  {
    name: 'a TRADE_NOT_EXIST counts as of its arrival',
    file: 'memory.js',
    search: 'scheduledAtMs >= absenceProvenAtMs(memory)',
    replace: 'nowMs >= absenceProvenAtMs(memory)',
  },
  {
    name: 'two TRADE_NOT_EXIST are minutes apart as of when the first was asked for',
    file: 'memory.js',
    search: 'return first ? { provenAbsenceAtMs: nowMs } : {};',
    replace: 'return first ? { provenAbsenceAtMs: scheduledAtMs } : {};',
  },
  {
    name: 'NOT_CREATED against the word of the service',
    file: 'absence.js',
    search: 'export function afterCrossCheck(memory, phase, answer, nowMs) {\n    if (memory.callerSaysPaid)',
    replace: 'export function afterCrossCheck(memory, phase, answer, nowMs) {\n    if (false)',
    world: ERRING_WORLD,
  },
  {
    // Two rows refuse it, each of which is enough where paid was signed last.
    name: 'CLOSED is decided although paid is signed',
    file: 'manual-decision.js',
    search: 'MANUAL_DECISION_ROWS[order].find(',
    replace: "MANUAL_DECISION_ROWS[order].slice(order === 'CLOSED' ? 2 : 0).find(",
  },
  {
    name: 'CLOSED is decided of a trade that was paid once',
    file: 'manual-decision-table.js',
    search: 'memory.everPaid || memory.maybePaid,',
    replace: 'false,',
  },
  {
    name: 'a trade whose refund was begun becomes paid by itself',
    file: 'decide.js',
    search: 'return memory.cancelMayHaveReached || memory.refundBegun',
    replace: 'return memory.cancelMayHaveReached',
    world: TAKEN_OVER_WORLD,
    faults: 2,
  },
  {
    name: 'no call waits for its turn',
    file: 'pace.js',
    search: 'return Math.max(limitedUntilMs, pacedAtMs - (AT_ONCE - calls) * PACED_MS);',
    replace: 'return 0;',
  },
  {
    name: 'a person reads that it is cancelled, where no first cancel is sent against the word of the service',
    file: 'view.js',
    search: 'return whyNoFirstCancel(memory) === undefined\n        ?',
    replace: 'return true\n        ?',
    world: PAID_WORLD,
  },
  {
    name: 'a person reads that Alipay has denied the trade, before it has',
    file: 'view.js',
    search: 'return memory.provenAbsenceAtMs === undefined',
    replace: 'return memory.provenAbsenceAtMs !== undefined',
  },
  {
    name: 'a person reads "paid" of a trade whose cancel has not left',
    file: 'view.js',
    search: 'if (!memory.cancelMayHaveReached)',
    replace: 'if (false)',
  },
];
