/**
 * Deliberate mistakes in the brain, each of which the checks must notice. `search` must stand exactly once in the compiled
 * file; `world` and `faults` say where the mistake shows first, so that the whole table is through in minutes.
 */
export interface Mutant {
  readonly name: string;
  /** In `resolution/`, compiled. */
  readonly file: string;
  readonly search: string;
  readonly replace: string;
  /** Index into `SETTINGS`. @default 0 */
  readonly world?: number;
  /** @default 1 */
  readonly faults?: number;
}

const PAID_WORLD = 1;
const LONG_WORLD = 2;
const REFUND_WORLD = 3;
const AMOUNT_WORLD = 4;
const NUMBERS_WORLD = 5;

const done = (outcome: string): string =>
  `{ memory, phase: { kind: 'done', outcome: ${outcome}, decidedBy: 'alipay', evidence: '', atMs: nowMs } }`;

export const MUTANTS: readonly Mutant[] = [
  // What an answer to a query is worth
  {
    name: 'paid is an outcome although a cancel may land',
    file: 'decide.js',
    search: "return memory.cancelMayHaveReached || phase.kind === 'refunding'",
    replace: "return phase.kind === 'refunding'",
  },
  {
    name: 'TRADE_NOT_EXIST is final at once',
    file: 'evidence.js',
    search: 'if (!twice)',
    replace: 'if (false)',
  },
  {
    name: 'one TRADE_NOT_EXIST after the deadline is enough',
    file: 'evidence.js',
    search:
      'const twice = provenAbsenceAtMs !== undefined && report.scheduledAtMs >= provenAbsenceAtMs + ABSENCE_CONFIRM_MS;',
    replace: 'const twice = report.scheduledAtMs >= absenceProvenAtMs(memory);',
  },
  {
    name: 'two TRADE_NOT_EXIST in the same second are enough',
    file: 'evidence.js',
    search: 'provenAbsenceAtMs + ABSENCE_CONFIRM_MS;',
    replace: 'provenAbsenceAtMs;',
  },
  {
    name: 'a TRADE_NOT_EXIST counts as of its arrival',
    file: 'memory.js',
    search: 'scheduledAtMs >= absenceProvenAtMs(memory)',
    replace: 'nowMs >= absenceProvenAtMs(memory)',
  },
  {
    name: 'the margin after the pay deadline is dropped',
    file: 'evidence.js',
    search: 'memory.startedAtMs) + memory.policy.marginMs',
    replace: 'memory.startedAtMs)',
  },
  {
    name: 'WAIT_BUYER_PAY is taken as paid',
    file: 'evidence.js',
    search: "return { kind: 'unpaid' };",
    replace: "return { kind: 'paid' };",
  },
  {
    name: 'TRADE_CLOSED is taken as unpaid',
    file: 'evidence.js',
    search: "return { kind: 'closed' };",
    replace: "return { kind: 'unpaid' };",
  },
  {
    name: 'TRADE_FINISHED is taken as unpaid',
    file: 'evidence.js',
    search: 'case TradeStatus.TRADE_FINISHED:\n            return',
    replace:
      "case TradeStatus.TRADE_FINISHED:\n            if (trade.tradeStatus === 'TRADE_FINISHED') return { kind: 'unpaid' };\n            return",
  },
  {
    name: 'another amount is taken as this trade',
    file: 'evidence.js',
    search: 'if (memory.totalFen !== undefined && fenFromYuan(trade.totalAmount) !== memory.totalFen)',
    replace: 'if (false)',
    world: AMOUNT_WORLD,
  },
  {
    name: 'another tradeNo is taken as this trade',
    file: 'evidence.js',
    search: 'if (memory.tradeNo !== undefined && trade.tradeNo !== memory.tradeNo)',
    replace: 'if (false)',
    world: NUMBERS_WORLD,
  },
  {
    name: 'what a stranger says becomes a fact of this trade',
    file: 'decide.js',
    search: 'const memory = rememberQuery(before, report, !isStranger(verdict, report), nowMs);',
    replace: 'const memory = rememberQuery(before, report, true, nowMs);',
    world: AMOUNT_WORLD,
  },
  {
    name: 'that the trade was once paid is forgotten',
    file: 'memory.js',
    search: 'everPaid: memory.everPaid || provesPayment(answer.tradeStatus, answer.sendPayDate)',
    replace: 'everPaid: false',
    world: PAID_WORLD,
  },
  {
    name: 'a first cancel although nobody can read the answers',
    file: 'cancelling.js',
    search: 'if (!memory.cancelMayHaveReached && unreadable(memory))',
    replace: 'if (false)',
  },

  // When a cancel may be sent
  {
    name: 'a cancel on an answer that is hours old',
    file: 'decide.js',
    search: 'const stale = nowMs - report.scheduledAtMs > ANSWER_STALE_MS;',
    replace: 'const stale = false;',
  },
  {
    name: 'a cancel is repeated without a query',
    file: 'wishes.js',
    search: "? { ...phase, step: { kind: 'recheck' } }",
    replace: "? { ...phase, step: { kind: 'cancel' } }",
  },
  {
    name: 'cancelNow cancels without a query',
    file: 'wishes.js',
    search: "step: { kind: 'recheck' }, round: 0",
    replace: "step: { kind: 'cancel' }, round: 0",
  },
  {
    name: 'a cancel after 24 h',
    file: 'cancelling.js',
    search: 'if (nowMs < cancelWindowEndMs(memory))',
    replace: 'if (true)',
  },
  {
    name: 'the margin before the 24 h is dropped',
    file: 'cancelling.js',
    search: 'CANCEL_WINDOW_MS - memory.policy.marginMs',
    replace: 'CANCEL_WINDOW_MS',
  },
  {
    name: 'the trade is never cancelled, only asked about',
    file: 'decide.js',
    search: 'if (!memory.hurried && nowMs < phase.untilMs)',
    replace: 'if (true)',
  },

  // What an answer to a cancel means
  {
    name: 'an unanswered cancel is taken as not sent',
    file: 'memory.js',
    search: 'cancelMayHaveReached: memory.cancelMayHaveReached || !surelyNotSent(answer)',
    replace: "cancelMayHaveReached: memory.cancelMayHaveReached || answer.kind === 'answered'",
  },
  {
    name: 'an action is trusted without a query',
    file: 'cancelling.js',
    search: 'return look();',
    replace: `return ${done("answer.action === 'close' ? 'CLOSED' : 'REFUNDED'")};`,
  },
  {
    name: '10000 without action is taken as closed',
    file: 'cancelling.js',
    search: "return memory.tradeStatus === undefined ? { memory, phase: { kind: 'watching' } }",
    replace: `return memory.tradeStatus === undefined ? ${done("'CLOSED'")}`,
  },
  {
    name: 'no retry_flag is taken as N',
    file: 'cancelling.js',
    search: 'if (answer.retryFlag !== RetryFlag.N)',
    replace: 'if (answer.retryFlag === RetryFlag.Y)',
  },
  {
    name: 'retry_flag Y is taken as N',
    file: 'cancelling.js',
    search: 'if (answer.retryFlag !== RetryFlag.N)',
    replace: 'if (answer.retryFlag === undefined)',
  },
  {
    name: 'a refused cancel goes to a person without a query',
    file: 'cancelling.js',
    search: 'return asBefore ? park(memory, refusal, nowMs) : look(refusal);',
    replace: 'return park(memory, refusal, nowMs);',
  },
  {
    name: 'a cancel without an answer counts as refused',
    file: 'operator-reasons.js',
    search: 'return undefined;',
    replace: "return { reason: OperatorReason.cancelRefused, detail: '' };",
  },
  {
    name: 'a parked cancel is never tried again',
    file: 'parked.js',
    search: "step: { kind: 'cancel' }",
    replace: "step: { kind: 'query' }",
  },

  // CLOSED or REFUNDED
  {
    name: 'close and refund are taken the wrong way round',
    file: 'closure.js',
    search: 'if (saysRefund)',
    replace: 'if (saysClose)',
  },
  {
    name: 'the refund query is asked at once',
    file: 'closure.js',
    search: 'untilMs: nowMs + REFUND_SETTLES_MS }',
    replace: 'untilMs: nowMs }',
  },
  {
    name: 'a wish to look cuts the wait before the refund query short',
    file: 'wishes.js',
    search: "return kind === 'closing' || kind === 'refunding' ? state : waitIsOver(state);",
    replace: 'return waitIsOver(state);',
  },
  {
    name: 'a closed trade is CLOSED without asking for a refund',
    file: 'closure.js',
    search: "return {\n        memory,\n        phase: { kind: 'closing'",
    replace: `if (true) return ${done("'CLOSED'")};\n    return {\n        memory,\n        phase: { kind: 'closing'`,
  },

  // What a person may settle
  {
    name: 'PAID is settled while a cancel may land',
    file: 'settle.js',
    search: 'if (nowMs >= cancelMayLandUntilMs)',
    replace: 'if (true)',
  },
  {
    name: 'an answered cancel leaves no echo',
    file: 'memory.js',
    search: 'return mayStillLand(answer) ? marginMs : Math.min(marginMs, ECHO_MS);',
    replace: 'return mayStillLand(answer) ? marginMs : 0;',
  },
  {
    name: 'an unanswered cancel is reckoned with for a minute only',
    file: 'memory.js',
    search: 'return mayStillLand(answer) ? marginMs : Math.min(marginMs, ECHO_MS);',
    replace: 'return Math.min(marginMs, ECHO_MS);',
  },
  {
    name: 'CLOSED is settled although paid is signed',
    file: 'settle.js',
    search: "return 'Alipay has signed that the trade is paid: it cannot be settled as CLOSED.';",
    replace: 'return undefined;',
  },
  {
    name: 'NOT_CREATED is settled while the pay request can land',
    file: 'settle.js',
    search: 'nowMs >= absenceProvenAtMs(memory))',
    replace: 'nowMs >= memory.payDeadlineAtMs)',
    world: LONG_WORLD,
  },
  {
    name: 'the word of the service counts after the guard too',
    file: 'wishes.js',
    search: "if (state.phase.kind !== 'guarding') {",
    replace: 'if (false) {',
    world: REFUND_WORLD,
  },

  // The refund
  {
    name: 'a refund beside a cancel on its way',
    file: 'refunding.js',
    search: 'const step = nowMs >= cancelMayLandUntilMs',
    replace: 'const step = true',
    world: REFUND_WORLD,
  },
  {
    name: 'a refund without a query before it',
    file: 'refunding.js',
    search: "? { kind: 'check' }",
    replace: "? { kind: 'refund' }",
    world: REFUND_WORLD,
  },
  {
    name: 'a refund that was only accepted is taken as done',
    file: 'refunding.js',
    search: 'return answer.fundChange',
    replace: 'return true',
    world: REFUND_WORLD,
  },
  {
    name: 'a refund that nobody ordered',
    file: 'park.js',
    search: 'return memory.refundIfNotCancellable && cancelImpossible',
    replace: 'return cancelImpossible',
  },
  {
    name: 'a refused refund leaves no echo',
    file: 'refunding.js',
    search: 'refundMayLandUntilMs: nowMs + ECHO_MS,',
    replace: 'refundMayLandUntilMs: nowMs,',
    world: REFUND_WORLD,
    faults: 2,
  },
  {
    name: 'an unanswered refund is forgotten',
    file: 'refunding.js',
    search: 'before.refundMayHaveReached || mayHaveMoved(answer)',
    replace: 'before.refundMayHaveReached',
    world: REFUND_WORLD,
    faults: 2,
  },
];
