/** Mistakes in the rules for the corners: words in the middle, second interfaces, parts of the money, resets. */
import { PAID_WORLD, LONG_GUARD_WORLD, REFUND_WORLD, type Mutant } from './mutant.ts';

export const CORNER_MUTANTS: readonly Mutant[] = [
  {
    name: 'NOT_CREATED without the word of a second interface',
    file: 'absence.js',
    search:
      'if (memory.callerSaysPaid)\n        return park(memory, payAnswerMismatch(memory), nowMs);\n    // The query',
    replace:
      'if (memory.callerSaysPaid)\n        return park(memory, payAnswerMismatch(memory), nowMs);\n    if (true)\n        return proven(memory, Outcome.NOT_CREATED, EVIDENCE, nowMs);\n    // The query',
  },
  {
    name: 'a first cancel against the word of the service',
    file: 'cancelling.js',
    search: 'if (memory.callerSaysPaid)',
    replace: 'if (false)',
    world: PAID_WORLD,
  },
  {
    name: 'that something did not verify is forgotten with the next failure',
    file: 'memory.js',
    search: 'unverified: readable ? false : memory.unverified || UNVERIFIED.includes(failure)',
    replace: 'unverified: UNVERIFIED.includes(failure)',
    faults: 2,
  },
  {
    name: 'a word before the first cancel changes nothing about it',
    file: 'wishes.js',
    search: 'return isAboutToCancelFirst(state) && callerSaysPaid',
    replace: 'return false',
    world: PAID_WORLD,
  },
  {
    name: 'action=close of a later cancel proves CLOSED',
    file: 'cancel-memory.js',
    search: '(action === CancelAction.close && !memory.cancelMayHaveReached)',
    replace: 'action === CancelAction.close',
    faults: 2,
  },
  {
    name: 'a refund that is not said to be done is taken for none',
    file: 'closure.js',
    search: "return later('the refund query shows a refund and does not say that it is done');",
    replace: "return proven(memory, Outcome.CLOSED, '', nowMs);",
    faults: 2,
  },
  {
    name: 'a part of the money is taken for a refund',
    file: 'refunding.js',
    search: 'if (fen === memory.seenFen)',
    replace: 'if (true)',
    world: LONG_GUARD_WORLD,
    faults: 2,
  },
  {
    name: 'the guard does not move the deadline',
    file: 'memory.js',
    search: 'payDeadlineAtMs: Math.max(givenMs, earliestMs)',
    replace: 'payDeadlineAtMs: givenMs',
    world: LONG_GUARD_WORLD,
  },
  {
    name: 'REFUNDED is decided of a trade that is not closed',
    file: 'manual-decision-table.js',
    search: "!says(memory, 'closed', 'refunded'),",
    replace: 'false,',
  },
  {
    name: 'PAID is decided against a signed denial',
    file: 'manual-decision-table.js',
    search: "says(memory, 'waiting', 'absent', 'closed', 'closedUnpaid', 'refunded'),",
    replace: "says(memory, 'waiting', 'closed', 'closedUnpaid', 'refunded'),",
  },
  {
    name: 'NOT_CREATED is decided of a trade that was shown',
    file: 'manual-decision-table.js',
    search: 'memory.seen,\n',
    replace: 'false,\n',
  },
  {
    name: 'a manual decision is applied whatever its fresh query says',
    file: 'manual-check.js',
    search: 'if (contradiction(orderOf(manualDecision), { memory, nowMs }) !== undefined)',
    replace: 'if (false)',
  },
  {
    name: 'a reset run is one like any other',
    file: 'run-reset.js',
    search: 'cancelMayHaveReached: true,\n',
    replace: '',
    world: REFUND_WORLD,
    faults: 2,
  },
  {
    name: 'a poll swallows whatever it is answered',
    file: 'next-command.js',
    search: 'const { atMs: _, detail: __, ...known } = lastAnswer;',
    replace:
      "const known = { ...lastAnswer, word: 'TRADE_SUCCESS', tradeNo: '2026112422001400000000000001', totalAmount: '88.88', hasPayDate: true };",
  },
  {
    name: 'nobody is told of a silence for hours',
    file: 'silence.js',
    search: '8 * 60_000',
    replace: '8 * 3_600_000',
  },
  {
    name: 'that the trade was once paid is forgotten',
    file: 'memory.js',
    search:
      'return status === TradeStatus.TRADE_SUCCESS || status === TradeStatus.TRADE_FINISHED || sendPayDate !== undefined;',
    replace: 'return false;',
    world: PAID_WORLD,
  },
];
