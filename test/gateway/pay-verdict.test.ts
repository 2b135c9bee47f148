/**
 * Goal: no answer that can follow a hidden first pay call is called refused. Method: every code that the official SDK lists for pay,
 * every code of the gateway itself, and every class of a failed call, against the one short list of what proves that nothing was paid.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { CODES } from '../../alipay/codes.ts';
import type { PayResponse } from '../../alipay/gateway.ts';
import { PAY_VERDICTS, payVerdict, payVerdictOfCodes } from '../../alipay/pay-verdict.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { SDK_ERROR_CODES } from './sdk-error-codes.ts';

/** What no earlier request of the same bytes can have survived. Whoever adds one here says why it holds at any other moment too. */
const REFUSED_BY_THE_GATEWAY =
  'missing-method missing-signature missing-signature-type missing-app-id missing-timestamp missing-version ' +
  'invalid-method invalid-format invalid-charset invalid-digest illegal-json';
const REFUSED_BY_THE_BUSINESS =
  'ACQ.TOTAL_FEE_EXCEED ACQ.SUB_GOODS_SIZE_MAX_COUNT ACQ.AUTH_TOKEN_IS_NOT_EXIST ACQ.BUYER_SELLER_EQUAL';

function verdictOf(failure: FailureClass, code?: string, subCode?: string): string {
  const codes = { ...(code === undefined ? {} : { code }), ...(subCode === undefined ? {} : { subCode }) };
  // Of a failed call only these are read.
  return payVerdict({ kind: 'failed', failure, detail: '', ...codes } as unknown as PayResponse);
}

describe('the verdict on a pay answer', () => {
  it('is refused for four business codes of all that the official SDK lists for pay', () => {
    const refused = SDK_ERROR_CODES.pay.filter(
      (subCode) => payVerdictOfCodes({ code: '40004', subCode, isSigned: true }) !== 'uncertain',
    );
    assert.deepEqual(refused.toSorted(), REFUSED_BY_THE_BUSINESS.split(' ').toSorted());
    assert.ok(SDK_ERROR_CODES.pay.length > 90);
  });

  it('is refused for the gateway codes that say of the request that nobody can read it, with a prefix or without', () => {
    for (const prefix of ['', 'isv.', 'aop.']) {
      const refused = CODES.filter(({ code, subCode }) => code !== '40004' && code !== '*' && subCode !== '*').filter(
        ({ code, subCode }) =>
          payVerdictOfCodes({ code, subCode: `${prefix}${subCode}`, isSigned: true }) !== 'uncertain',
      );
      assert.deepEqual(
        refused.map(({ subCode }) => subCode),
        REFUSED_BY_THE_GATEWAY.split(' '),
      );
    }
  });

  it('is uncertain for whatever can follow a first call that paid, was begun, or is on its way', () => {
    const codes =
      'TRADE_HAS_SUCCESS TRADE_HAS_CLOSE CONTEXT_INCONSISTENT TRADE_BUYER_NOT_MATCH TRADE_STATUS_ERROR PAYMENT_AUTH_CODE_INVALID ' +
      'BUYER_BALANCE_NOT_ENOUGH BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR BEYOND_PAY_RESTRICTION NOW_TIME_AFTER_EXPIRE_TIME_ERROR ' +
      'INVALID_PARAMETER PAYMENT_FAIL PULL_MOBILE_CASHIER_FAIL PAYMENT_REQUEST_HAS_RISK EXIST_FORBIDDEN_WORD SYSTEM_ERROR';
    for (const code of codes.split(' ')) {
      assert.equal(payVerdictOfCodes({ code: '40004', subCode: `ACQ.${code}`, isSigned: true }), 'uncertain', code);
    }
  });

  it('is uncertain for a code that nobody has described', () => {
    const strange = [
      ['40004', 'ACQ.NEVER_HEARD_OF'],
      ['40001', 'isv.missing-something'],
      ['40002', undefined],
      ['99999', undefined],
    ] as const;
    for (const [code, subCode] of [...strange, [undefined, undefined] as const]) {
      assert.equal(payVerdictOfCodes({ code, subCode, isSigned: true }), 'uncertain', `${code} ${subCode}`);
      for (const failure of [FailureClass.business, FailureClass.rejected])
        assert.equal(verdictOf(failure, code, subCode), 'uncertain');
    }
  });

  it('is uncertain for every class of a failed call but notSent, whatever the codes say', () => {
    const { business, rejected, notSent, ...others } = FailureClass;
    for (const failure of Object.values(others)) {
      assert.equal(verdictOf(failure, '40004', 'ACQ.TOTAL_FEE_EXCEED'), 'uncertain', failure);
      assert.equal(verdictOf(failure, '10000'), 'uncertain', failure);
    }
    assert.equal(verdictOf(notSent), 'refused');
    assert.equal(verdictOf(business, '40004', 'ACQ.TOTAL_FEE_EXCEED'), 'refused');
    assert.equal(verdictOf(rejected, '40001', 'isv.missing-method'), 'refused');
  });

  it('of an answer to the client here is by its code, 10000 or 10003', () => {
    const answered = (code: string): string => payVerdict({ kind: 'answered', code } as unknown as PayResponse);
    assert.deepEqual(['10000', '10003', '10009'].map(answered), ['paid', 'uncertain', 'uncertain']);
  });

  it('is uncertain for a code that is only called like a sub_code, or like a class', () => {
    for (const code of ['missing-method', 'ACQ.TOTAL_FEE_EXCEED', FailureClass.notSent])
      assert.equal(payVerdictOfCodes({ code, isSigned: true }), 'uncertain', code);
  });

  it('is paid for a signed 10000 alone', () => {
    assert.equal(payVerdictOfCodes({ code: '10000', subCode: '', isSigned: true }), 'paid');
    for (const codes of [{ code: '10003' }, { code: '10000', subCode: 'ACQ.SYSTEM_ERROR' }, { code: '20000' }]) {
      assert.equal(payVerdictOfCodes({ ...codes, isSigned: true }), 'uncertain');
    }
    for (const { answers } of PAY_VERDICTS) {
      for (const code of answers) {
        assert.equal(payVerdictOfCodes({ code, isSigned: false }), 'uncertain', code);
        assert.equal(payVerdictOfCodes({ code: '40004', subCode: code, isSigned: false }), 'uncertain', code);
      }
    }
  });

  it('says why, and where that is written, of every row', () => {
    for (const { answers, why, source } of PAY_VERDICTS) {
      assert.ok(answers.length > 0, why);
      assert.match(why, /\S \S/, answers.join());
      assert.notEqual(source, '', answers.join());
    }
  });

  it('names every answer once, and only codes that the table of codes has', () => {
    const answers = PAY_VERDICTS.flatMap((row) => row.answers);
    assert.deepEqual(
      answers.filter((answer, at) => answers.indexOf(answer) !== at),
      [],
    );
    const known = [...CODES.map(({ subCode }) => subCode), ...Object.values(FailureClass), '10000', '10003', '*'];
    assert.deepEqual(
      answers.filter((answer) => !known.includes(answer)),
      [],
    );
  });
});
