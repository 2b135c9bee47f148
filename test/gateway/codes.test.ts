/**
 * The table of codes, held against the official SDK's enumerations both ways, and the worth of each row against what the gateway's
 * codes mean. A code that only a person can mend, one that says nothing of what happened, and one of our own making must not be mixed up.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { classify } from '../../alipay/classification.ts';
import { CODES } from '../../alipay/codes.ts';
import { TradeInterface } from '../../alipay/trade-interfaces.ts';
import type { TradeInterfaceName } from '../../alipay/trade-interfaces.ts';
import { SDK_ERROR_CODES } from './sdk-error-codes.ts';

const INTERFACES = Object.keys(TradeInterface) as TradeInterfaceName[];

/** Code, worth → sub_codes of the gateway itself, without their prefix. */
const GATEWAY: Readonly<Record<string, string>> = {
  '20000 unknown': '* unknow-error',
  '20001 configuration':
    '* invalid-auth-token auth-token-time-out invalid-app-auth-token invalid-app-auth-token-no-api app-auth-token-time-out no-product-reg-by-partner',
  '40001 rejected':
    '* missing-method missing-signature missing-signature-type missing-app-id missing-timestamp missing-version',
  '40002 rejected':
    '* invalid-parameter invalid-method invalid-format invalid-charset invalid-digest illegal-json suspected-attack',
  '40003 configuration': '* missing-signature-config invalid-auth-relations',
  '40004 business': '* TRADE_NOT_EXIST',
  '40005 limited': '* app-call-limited method-call-limited',
  '40006 configuration': '* insufficient-isv-permissions insufficient-user-permissions self-invoke-forbidden',
  '40001 configuration':
    'missing-signature-key missing-app-cert-sn missing-alipay-root-cert-sn decryption-error-missing-encrypt-type',
  '40002 configuration':
    'invalid-signature invalid-signature-type invalid-app-id invalid-timestamp app-cert-expired app-cert-not-exist alipay-cert-not-exist invalid-alipay-root-cert-sn unsupported-expired-app-key-sign app-key-security-risk not-online-app invalid-app-state forbidden-api not-support-app-auth invalid-encrypt-type invalid-encrypt decryption-error-not-valid-encrypt-type decryption-error-not-valid-encrypt-key decryption-error-unknown',
};

describe('the table of codes', () => {
  for (const name of INTERFACES) {
    it(`knows every code that the official SDK lists for ${TradeInterface[name].method}`, () => {
      const missing = SDK_ERROR_CODES[name].filter((subCode) => {
        const { row } = classify({ interface: name, code: '40004', subCode, isSigned: true });
        return (
          row === undefined || row.subCode === '*' || (row.interfaces.length > 0 && !row.interfaces.includes(name))
        );
      });
      assert.deepEqual(missing, []);
    });
  }

  it('lists no code for an interface that the official SDK does not', () => {
    const invented = CODES.flatMap((row) =>
      row.interfaces
        .filter((name) => !SDK_ERROR_CODES[name].includes(row.subCode))
        .map((name) => `${name} ${row.subCode}`),
    );
    assert.deepEqual(invented, []);
  });

  it('says each thing once', () => {
    const keys = CODES.flatMap((row) =>
      (row.interfaces.length > 0 ? row.interfaces : ['*']).map((name) => `${row.code} ${row.subCode} ${name}`),
    );
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    );
  });

  it('says what each code of the gateway is worth', () => {
    const groups: Record<string, string[]> = {};
    for (const { code, subCode, failure } of CODES.filter((row) => row.code !== '*' && !row.subCode.startsWith('ACQ.')))
      (groups[`${code} ${failure}`] ??= []).push(subCode);
    const expected = Object.fromEntries(Object.entries(GATEWAY).map(([key, words]) => [key, words.split(' ')]));
    assert.deepEqual(groups, expected);
  });

  it('takes a refusal of the business for that, but where the call may have run, is our defect, or our rights do not suffice', () => {
    const others = CODES.filter(({ code, failure }) => code === '*' || (code === '40004' && failure !== 'business'));
    assert.deepEqual(
      others.map(({ code, subCode, failure }) => `${code} ${subCode} ${failure}`),
      [
        '* SYSTEM_ERROR unknown',
        '* INVALID_PARAMETER rejected',
        '* ACQ.ENTERPRISE_PAY_BIZ_ERROR unknown',
        '* ACQ.ACCESS_FORBIDDEN configuration',
        '* ACQ.PARTNER_ERROR configuration',
      ],
    );
    const underAnotherCode = CODES.filter(
      ({ code, subCode }) => subCode.startsWith('ACQ.') && !/^(?:40004|\*)$/.test(code),
    );
    assert.deepEqual(underAnotherCode, []);
  });

  it('leaves no code of the business to all interfaces but those that all of them answer', () => {
    const ofAny = CODES.filter(({ code, interfaces }) => (code === '*' || code === '40004') && interfaces.length === 0);
    assert.deepEqual(
      ofAny.map(({ subCode }) => subCode),
      ['*', 'SYSTEM_ERROR', 'INVALID_PARAMETER', 'ACQ.TRADE_NOT_EXIST'],
    );
    const ofSome = CODES.filter(({ code, interfaces }) => code !== '*' && code !== '40004' && interfaces.length > 0);
    assert.deepEqual(ofSome, []);
  });

  it('gives every row a Chinese and an English meaning and a source', () => {
    for (const row of CODES) {
      assert.match(row.chinese, /\p{Script=Han}/u, row.subCode);
      assert.match(row.english, /^[\x20-\x7e’]+$/, row.subCode);
      assert.notEqual(row.source, '', row.subCode);
    }
  });
});
