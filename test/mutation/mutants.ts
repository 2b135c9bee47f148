/** Mistakes in the rules as they have stood from the start. */
import { CORNER_MUTANTS } from './corner-mutants.ts';
import { PROOF_MUTANTS } from './proof-mutants.ts';
import { LONG_WORLD, REFUND_WORLD, AMOUNT_WORLD, NUMBERS_WORLD, type Mutant } from './mutant.ts';

const done = (outcome: string): string =>
  `{ memory, phase: { kind: 'done', outcome: ${outcome}, decidedBy: 'alipay', evidence: '', atMs: nowMs } }`;

export const MUTANTS: readonly Mutant[] = [
  // What an answer to a query is worth
  {
    name: 'paid is an outcome although a cancel may land',
    file: 'decide.js',
    search: 'return memory.cancelMayHaveReached || memory.refundBegun',
    replace: 'return memory.refundBegun',
  },
  {
    name: 'TRADE_NOT_EXIST is final at once',
    file: 'evidence.js',
    search: 'if (!twice)',
    replace: 'if (false)',
  },
  {
    name: 'the margin after the pay deadline is dropped',
    file: 'evidence.js',
    search: 'return memory.payDeadlineAtMs + memory.policy.marginMs;',
    replace: 'return memory.payDeadlineAtMs;',
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
    name: 'a first cancel although nobody can read the answers',
    file: 'cancelling.js',
    search: 'if (memory.unverified)',
    replace: 'if (false)',
  },

  // When a cancel may be sent
  {
    name: 'a cancel on an answer that is hours old',
    file: 'decide.js',
    search: 'return isStale(report, nowMs) && movesMoney',
    replace: 'return false && movesMoney',
  },
  {
    name: 'a cancel is repeated without a query',
    file: 'wishes.js',
    search: "? { ...phase, step: { kind: 'query', then: 'cancel' } }",
    replace: "? { ...phase, step: { kind: 'cancel' } }",
  },
  {
    name: 'cancelNow cancels without a query',
    file: 'wishes.js',
    search: "return { memory, phase: { kind: 'cancelling', step: { kind: 'query', then: 'cancel' } } };",
    replace: "return { memory, phase: { kind: 'cancelling', step: { kind: 'cancel' } } };",
  },
  {
    name: 'a cancel after 24 h',
    file: 'cancelling.js',
    search: 'if (nowMs >= cancelWindowEndMs(memory)) {',
    replace: 'if (false) {',
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
    file: 'cancel-memory.js',
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
    search: 'if (deniesTheTrade(answer) && !memory.seen)\n        return startWatching(memory);',
    replace: `if (deniesTheTrade(answer) && !memory.seen)\n        return ${done("'CLOSED'")};`,
  },
  {
    name: 'no retry_flag is taken as N',
    file: 'cancelling.js',
    search: 'return answer.retryFlag === RetryFlag.N;',
    replace: 'return answer.retryFlag !== RetryFlag.Y;',
  },
  {
    name: 'retry_flag Y is taken as N',
    file: 'cancelling.js',
    search: 'return answer.retryFlag === RetryFlag.N;',
    replace: 'return answer.retryFlag !== undefined;',
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
    search: 'if (saysRefund && !saysClose)',
    replace: 'if (saysClose && !saysRefund)',
  },
  {
    name: 'the refund query is asked at once',
    file: 'closure.js',
    search: 'Math.max(nowMs + REFUND_SHOWS_AFTER_MS, roomAtMs(memory, 1))',
    replace: 'nowMs',
  },
  {
    name: 'a wish to look cuts the wait before the refund query short',
    file: 'wishes.js',
    search: "if (kind === 'closing' || kind === 'refunding')",
    replace: 'if (false)',
  },
  {
    name: 'a closed trade is CLOSED without asking for a refund',
    file: 'closure.js',
    search: 'if (memory.everPaid && !saysClose) {',
    replace: `if (!memory.everPaid) return ${done("'CLOSED'")};\n    if (memory.everPaid && !saysClose) {`,
  },

  // What a person may decide
  {
    name: 'PAID is decided while a cancel may land',
    file: 'manual-decision-table.js',
    search: 'nowMs < (memory.cancelMayLandUntilMs ?? 0)',
    replace: 'false',
  },
  {
    name: 'an answered cancel leaves no echo',
    file: 'cancel-memory.js',
    search: 'return mayStillLand(answer) ? marginMs : Math.min(marginMs, ECHO_MS);',
    replace: 'return mayStillLand(answer) ? marginMs : 0;',
  },
  {
    name: 'an unanswered cancel is reckoned with for a minute only',
    file: 'cancel-memory.js',
    search: 'return mayStillLand(answer) ? marginMs : Math.min(marginMs, ECHO_MS);',
    replace: 'return Math.min(marginMs, ECHO_MS);',
  },
  {
    name: 'NOT_CREATED is decided while the pay request can land',
    file: 'manual-decision-table.js',
    search: 'nowMs < absenceProvenAtMs(memory)',
    replace: 'nowMs < memory.payDeadlineAtMs',
    world: LONG_WORLD,
  },
  {
    name: 'the word of the service counts after the guard too',
    file: 'wishes.js',
    search: "if (phase.kind !== 'guarding' || nowMs >= phase.untilMs) {",
    replace: 'if (false) {',
    world: REFUND_WORLD,
  },

  // The refund
  {
    name: 'a refund beside a cancel on its way',
    file: 'refunding.js',
    search: 'const step = nowMs >= untilMs',
    replace: 'const step = true',
    world: REFUND_WORLD,
  },
  {
    name: 'a refund without a query before it',
    file: 'refunding.js',
    search: "? { kind: 'query' }",
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
    search: 'return (memory.refundIfNotCancellable &&',
    replace: 'return (',
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
    search: 'refundMayHaveReached: memory.refundMayHaveReached || mayHaveMoved(answer)',
    replace: 'refundMayHaveReached: memory.refundMayHaveReached',
    world: REFUND_WORLD,
    faults: 2,
  },

  ...PROOF_MUTANTS,
  ...CORNER_MUTANTS,
];
