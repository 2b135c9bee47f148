/** The part of `survivors.ts` that is about the rules. */
import type { Survivors } from './judgment.ts';

export const SURVIVORS_OF_RESOLUTION: readonly Survivors[] = [
  {
    because: 'only a step that asks is answered with a query, and no other has that field; the type does not know that',
    file: 'resolution/decide.ts',
    mutants: [
      [
        "if (phase.step.kind === 'query' && phase.step.then === 'wait') return backOff(memory, nowMs);",
        "phase.step.kind === 'query'",
        'true',
      ],
      [
        "if (phase.step.kind === 'query' && phase.step.then === 'park') return park(memory, phase.step.refusal, nowMs);",
        "phase.step.kind === 'query'",
        'true',
      ],
    ],
  },
  {
    because: '`decide` passes over whatever comes after the end; the switch is exhaustive all the same',
    file: 'resolution/closure.ts',
    mutants: [["case 'done':", "'done'", '""']],
  },
  {
    because: '`decide` passes over whatever comes after the end; the switch is exhaustive all the same',
    file: 'resolution/wishes.ts',
    mutants: [["case 'done':", "'done'", '""']],
  },
  {
    because: 'whoever has asked before, or was told in a park, has read an answer; the type does not know that',
    file: 'resolution/next-command.ts',
    mutants: [
      [
        "if (lastAnswer === undefined || rhythm.asked === 0 || nowMs >= rhythm.untilMs) return { kind: 'query' };",
        'lastAnswer === undefined',
        'false',
      ],
    ],
  },
  {
    because: 'no other phase has that step; the type does not know that',
    file: 'resolution/refunding.ts',
    mutants: [["phase.kind === 'refunding' && phase.step.kind === 'refund',", "phase.kind === 'refunding'", 'true']],
  },
  {
    because: 'the case returns undefined, and so does the end of the switch that is reached without it',
    file: 'resolution/manual-decision.ts',
    mutants: [
      ["case 'guarding':", "'guarding'", '""'],
      ["case 'cancelling':", "'cancelling'", '""'],
      ["case 'watching':", "'watching'", '""'],
    ],
  },
  {
    because: 'the case returns false, and the end of the switch that is reached without it undefined, which is as good',
    file: 'resolution/decide.ts',
    mutants: [
      ["case 'handed-over':", "'handed-over'", '""'],
      ["case 'done':", "'done'", '""'],
      ["case 'cancelling':", "'cancelling'", '""'],
      ["case 'watching':", "'watching'", '""'],
      ["case 'closing':", "'closing'", '""'],
      ["case 'refunding':", "'refunding'", '""'],
      ["case 'done':", "case 'done': return false;", "case 'done':"],
    ],
  },
  {
    because: 'the case returns false, and the end of the switch that is reached without it undefined, which is as good',
    file: 'resolution/parked.ts',
    mutants: [["case 'noInformation':", "'noInformation'", '""']],
  },
  {
    because: 'the case returns undefined, and so does the end of the switch that is reached without it',
    file: 'resolution/signed.ts',
    mutants: [
      ["case 'failed':", "case 'failed': return undefined;", "case 'failed':"],
      ["case 'failed':", "'failed'", '""'],
    ],
  },
  {
    because: 'whatever the answer leads to puts another step in the place of this one',
    file: 'resolution/decide.ts',
    mutants: [
      ["const undecided: State = { memory, phase: { ...phase, step: { kind: 'query' } } };", "'query'", '""'],
      ["const undecided: State = { memory, phase: { ...phase, step: { kind: 'query' } } };", "{ kind: 'query' }", '{}'],
    ],
  },
  {
    because: 'of a verdict only "paid", "unpaid" and "notYet" are asked for: one without a kind decides as little',
    file: 'resolution/decide.ts',
    mutants: [
      ["? inconclusive(memory, phase, { kind: 'noInformation' }, report, nowMs)", "'noInformation'", '""'],
      ["? inconclusive(memory, phase, { kind: 'noInformation' }, report, nowMs)", "{ kind: 'noInformation' }", '{}'],
    ],
  },
  {
    because:
      'a trade of this reason asks the refund query and no other, so this verdict never reaches it; the switch must name it',
    file: 'resolution/parked.ts',
    mutants: [["case 'queryRefund':", "'queryRefund'", '""']],
  },
  {
    because: 'the compiler asks for it: it is given one of two phases, and the other is looked at first',
    file: 'resolution/parked.ts',
    mutants: [
      [
        "return phase.kind === 'watching' ? keepWatching(memory, phase, 1, nowMs) : { memory, phase };",
        '{ memory, phase }',
        '{}',
      ],
      [
        "return phase.kind === 'watching' ? keepWatching(memory, phase, 1, nowMs) : { memory, phase };",
        "phase.kind === 'watching'",
        'true',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: only a parked trade has a reason',
    file: 'resolution/absence.ts',
    mutants: [
      [
        "return phase.kind === 'needs-operator' && phase.reason === OperatorReason.absenceUnproven;",
        "phase.kind === 'needs-operator'",
        'true',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: only this phase has a reason, and no refusal is without one',
    file: 'resolution/cancelling.ts',
    mutants: [
      [
        "const asBefore = phase.kind === 'needs-operator' && phase.reason === refusal.reason;",
        "phase.kind === 'needs-operator'",
        'true',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: an answer that is no failure is no refusal either, and is repeated',
    file: 'resolution/cancelling.ts',
    mutants: [
      ["if (answer.kind === 'answered' || isDenial(answer)) return again();", "answer.kind === 'answered'", 'false'],
      ["if (answer.kind === 'answered' || isDenial(answer)) return again();", "'answered'", '""'],
    ],
  },
  {
    because: 'the compiler asks for it: no other phase has a round, and no number of rounds is below undefined',
    file: 'resolution/closure.ts',
    mutants: [
      [
        "phase.kind === 'closing' && phase.round < ROUNDS_BEFORE_A_PERSON && nowMs < silenceEndsAtMs(memory)",
        "phase.kind === 'closing'",
        'true',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: no instant is later than undefined plus a time',
    file: 'resolution/evidence.ts',
    mutants: [
      [
        'const twice = provenAbsenceAtMs !== undefined && report.scheduledAtMs >= provenAbsenceAtMs + absenceConfirmMs(memory);',
        'provenAbsenceAtMs !== undefined',
        'true',
      ],
    ],
  },
  {
    because: 'a start without outTradeNo has a tradeNo, which is asked for too',
    file: 'resolution/evidence.ts',
    mutants: [
      [
        'return !seen && !callerSaysPaid && outTradeNo !== undefined && tradeNo === undefined;',
        'outTradeNo !== undefined',
        'true',
      ],
    ],
  },
  {
    because: 'the state that would be put together anew is the same',
    file: 'resolution/patience.ts',
    mutants: [['if (!leaves && !begins) return after;', '!leaves && !begins', 'false']],
  },
  {
    because:
      "a guard is left for the buyer's time, for the end or for a person, where no clock runs, or by an answer that could be read",
    file: 'resolution/patience.ts',
    mutants: [
      [
        "return phase.kind === 'guarding' || phase.kind === 'querying' || phase.kind === 'needs-operator';",
        "phase.kind === 'guarding'",
        'false',
      ],
      [
        "return phase.kind === 'guarding' || phase.kind === 'querying' || phase.kind === 'needs-operator';",
        "'guarding'",
        '""',
      ],
    ],
  },
  {
    because: 'a status that is known was signed; the type does not know that',
    file: 'resolution/view.ts',
    mutants: [
      [
        'return memory.tradeStatus === TradeStatus.TRADE_SUCCESS && !isClosed(memory.signed?.says)',
        'memory.signed?.says',
        'memory.signed.says',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: a failed call has no such field',
    file: 'resolution/refunding.ts',
    mutants: [
      ["const fundChange = answer.kind === 'answered' && answer.fundChange;", "answer.kind === 'answered'", 'true'],
    ],
  },
  {
    because: 'the row refuses only where there is a reason',
    file: 'resolution/manual-decision-table.ts',
    mutants: [
      [
        "says: ({ memory }) => `There is nothing to refund: ${whyNothingToRefund(memory) ?? ''}.`,",
        "''",
        '"Stryker was here!"',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: the line before refuses what is not parked',
    file: 'resolution/wishes.ts',
    mutants: [
      [
        "assertInvariant(phase.kind === 'needs-operator', 'Only a parked trade is decided by a person');",
        "phase.kind === 'needs-operator'",
        'true',
      ],
    ],
  },
  {
    because: 'the next case makes the same of a wait, and leaves a question as it is',
    file: 'resolution/wishes.ts',
    mutants: [
      ["case 'querying':", "case 'querying': return { ...phase, step: { kind: 'query' } };", "case 'querying':"],
    ],
  },
  {
    because: 'the compiler asks for it: an answer that is no failure has neither a sub_code nor a class of failure',
    file: 'resolution/cancel-memory.ts',
    mutants: [
      [
        "...(answer.kind === 'failed' && answer.subCode !== undefined && { subCode: answer.subCode }),",
        "answer.kind === 'failed'",
        'true',
      ],
      [
        "return answer.kind === 'failed' && answer.failure === FailureClass.notSent;",
        "answer.kind === 'failed'",
        'true',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: an answer of another kind has no such field',
    file: 'resolution/memory.ts',
    mutants: [
      [
        "maybePaid: memory.maybePaid || (answer.kind === 'trade' && provesPayment(answer.tradeStatus, answer.sendPayDate)),",
        "answer.kind === 'trade'",
        'true',
      ],
      [
        "seen: memory.seen || found || (answer.kind === 'refund' && answer.tradeNo !== undefined),",
        "answer.kind === 'refund'",
        'true',
      ],
      [
        "everPaid: memory.everPaid || (answer.kind === 'refund' && answer.found === 'done'),",
        "answer.kind === 'refund'",
        'true',
      ],
      ["const failure = answer.kind === 'failed' ? answer.failure : undefined;", "answer.kind === 'failed'", 'true'],
    ],
  },
  {
    because: 'the compiler asks for it: an answer that is no failure has neither a sub_code nor a class of failure',
    file: 'resolution/signed.ts',
    mutants: [
      [
        "const refusal = answer.kind === 'failed' ? saidByRefusal(answer) : undefined;",
        "answer.kind === 'failed'",
        'true',
      ],
      [
        "return answer.kind === 'failed' && answer.subCode === 'ACQ.REASON_TRADE_REFUND_FEE_ERR';",
        "answer.kind === 'failed'",
        'true',
      ],
    ],
  },
  {
    because: 'any text that is no sub_code of the table will do',
    file: 'resolution/signed.ts',
    mutants: [
      [
        "export function saidByRefusal({ failure, subCode = '' }: FailedCall): SignedWord | undefined {",
        "''",
        '"Stryker was here!"',
      ],
    ],
  },
  {
    because: 'any text that is no sub_code of the table will do',
    file: 'resolution/operator-reasons.ts',
    mutants: [
      [
        "const reason = BUSINESS_REFUSALS[failed.subCode ?? ''] ?? OperatorReason.cancelRefused;",
        "''",
        '"Stryker was here!"',
      ],
    ],
  },
];
