/**
 * The mutants that no test notices, each with the reason why nothing is the worse for it. A run fails on a survivor that is not here,
 * and on one of these that is noticed by now or is gone from the source.
 */
import type { Survivors } from './judgment.ts';

export const SURVIVORS: readonly Survivors[] = [
  {
    because: 'the case returns undefined, and so does the end of the switch that is reached without it',
    file: 'resolution/settle.ts',
    mutants: [
      ["case 'guarding':", "'guarding'", '""'],
      ["case 'querying':", "'querying'", '""'],
      ["case 'cancelling':", "'cancelling'", '""'],
      ["case 'watching':", "'watching'", '""'],
      ["case 'closing':", "'closing'", '""'],
    ],
  },
  {
    because:
      'a trade of this reason asks the refund query and no other, so this verdict never reaches it; the switch must name it',
    file: 'resolution/parked.ts',
    mutants: [
      ["case 'askRefund':", "'askRefund'", '""'],
      ["case 'askRefund':", "case 'askRefund': return park(memory, phase, nowMs);", "case 'askRefund':"],
    ],
  },
  {
    because:
      'the compiler asks for it: a cancel is thought of only with the answer to a query in hand, which is remembered first',
    file: 'resolution/cancelling.ts',
    mutants: [
      [
        'return lastAnswer?.word === FailureClass.forged || lastAnswer?.word === FailureClass.notOurs;',
        'lastAnswer?.word',
        'lastAnswer.word',
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
    because: 'the compiler asks for it: the other phase has no round, and no number of rounds is below undefined',
    file: 'resolution/closure.ts',
    mutants: [["return phase.kind === 'closing' &&", "phase.kind === 'closing'", 'true']],
  },
  {
    because: 'the compiler asks for it: no instant is later than undefined plus 10 s',
    file: 'resolution/evidence.ts',
    mutants: [
      [
        'const twice = provenAbsenceAtMs !== undefined && report.scheduledAtMs >= provenAbsenceAtMs + ABSENCE_CONFIRM_MS;',
        'provenAbsenceAtMs !== undefined',
        'true',
      ],
    ],
  },
  {
    because: 'the compiler asks for it: an answer that is no failure has neither a sub_code nor a class of failure',
    file: 'resolution/memory.ts',
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
  {
    because: 'a call that names no trade is refused by the gateway client before anything is sent',
    file: 'activities/query-refund.ts',
    mutants: [["const outRequestNo = call.outTradeNo ?? call.tradeNo ?? '';", "''", '"Stryker was here!"']],
  },
  {
    because: 'the compiler asks for it: an answer that is no failure has no sub_code',
    file: 'activities/query-trade.ts',
    mutants: [
      [
        "...(answer.kind === 'failed' && answer.subCode !== undefined && { subCode: answer.subCode }),",
        "answer.kind === 'failed'",
        'true',
      ],
    ],
  },
  {
    because: 'the row of a code itself stands above those of its sub_codes, so it is found first either way',
    file: 'alipay/classification.ts',
    mutants: [["CODES.find((row) => row.code === code && row.subCode === '*')", "row.subCode === '*'", 'true']],
  },
  {
    because: 'a function that ends without a return returns undefined too',
    file: 'alipay/reply.ts',
    mutants: [['} catch {', '{ return undefined; }', '{}']],
  },
  {
    because: 'only "required" and "informative" are asked for; the third need is what is neither',
    file: 'alipay/fields.ts',
    mutants: [["return { wireName, read, need: 'optional' };", "'optional'", '""']],
  },
  {
    because: 'the compiler asks for it: a text has always a part before its first point',
    file: 'alipay/fields.ts',
    mutants: [["const [whole = '', decimals = ''] = written.split('.');", "''", '"Stryker was here!"']],
  },
];
