/**
 * The mutants that no test notices, each with the reason why nothing is the worse for it. A run fails on a survivor that is not here,
 * and on one of these that is noticed by now or is gone from the source. Those of `resolution/` stand in `survivors-of-resolution.ts`.
 */
import type { Survivors } from './judgment.ts';
import { SURVIVORS_OF_RESOLUTION } from './survivors-of-resolution.ts';

export const SURVIVORS: readonly Survivors[] = [
  ...SURVIVORS_OF_RESOLUTION,
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
    because: '10003 has no class that says refused, so it is uncertain as a failed call too',
    file: 'alipay/pay-verdict.ts',
    mutants: [
      ["if (isSigned && subCode === undefined && (code === '10000' || code === '10003'))", "code === '10003'", 'false'],
      ["if (isSigned && subCode === undefined && (code === '10000' || code === '10003'))", "'10003'", '""'],
    ],
  },
  {
    because: 'no sub_code that pay shares with another interface has another verdict by the row of that one',
    file: 'alipay/pay-verdict.ts',
    mutants: [
      ["return verdictOfFailure(classify({ interface: 'pay', isSigned, ...codes }).failure, codes);", "'pay'", '""'],
      ["const { row } = classify({ interface: 'pay', isSigned: true, ...given({ code, subCode }) });", "'pay'", '""'],
    ],
  },
  {
    because: 'the row is found by the codes alone; the signature decides about the class',
    file: 'alipay/pay-verdict.ts',
    mutants: [
      ["const { row } = classify({ interface: 'pay', isSigned: true, ...given({ code, subCode }) });", 'true', 'false'],
    ],
  },
  {
    because: 'what is in no row is uncertain, as is the row for all else',
    file: 'alipay/pay-verdict.ts',
    mutants: [["return BY_ANSWER.get(row?.subCode ?? '*') ?? uncertain;", "'*'", '""']],
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
