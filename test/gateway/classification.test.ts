/**
 * Every failure code is worth exactly one thing, and one table says what (`codes.test.ts`). Its verdicts are held here against the
 * rules that the money depends on.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { classify } from '../../alipay/classification.ts';
import { CODES } from '../../alipay/codes.ts';
import type { TradeInterfaceName } from '../../alipay/trade-interfaces.ts';
import { FailureClass } from '../../contract/failure-class.ts';

const { unknown, limited, rejected, configuration, business, unsigned } = FailureClass;

describe('a signed failure', () => {
  const verdicts: readonly (readonly [TradeInterfaceName, string, string | undefined, FailureClass])[] = [
    // May have been executed: whatever prefix or spelling, whatever the interface.
    ['query', '20000', 'isp.unknow-error', unknown],
    ['cancel', '20000', 'aop.unknow-error', unknown],
    ['cancel', '20000', 'aop.ACQ.SYSTEM_ERROR', unknown],
    ['cancel', '20000', undefined, unknown],
    ['cancel', '20000', 'isv.invalid-signature', unknown],
    ['pay', '40004', 'ACQ.SYSTEM_ERROR', unknown],
    ['cancel', '40004', 'AQC.SYSTEM_ERROR', unknown],
    ['refund', '40004', 'aop.ACQ.SYSTEM_ERROR', unknown],
    ['close', '40004', 'SYSTEM_ERROR', unknown],
    ['query', '40004', 'ACQ.ENTERPRISE_PAY_BIZ_ERROR', unknown],
    ['query', '10000', 'ACQ.TRADE_NOT_EXIST', unknown],
    ['query', '99999', undefined, unknown],
    ['query', '99999', 'ACQ.SYSTEM_ERROR', unknown],
    // Slow down.
    ['query', '40005', 'isv.app-call-limited', limited],
    ['cancel', '40005', 'isv.method-call-limited', limited],
    ['cancel', '40005', 'isv.invented', limited],
    // Our own defect.
    ['query', '40001', 'isv.missing-method', rejected],
    ['query', '40002', 'isv.illegal-json', rejected],
    ['query', '40002', 'isv.invented', rejected],
    ['query', '40004', 'ACQ.INVALID_PARAMETER', rejected],
    ['pay', '40004', 'ACQ.INVALID_PARAMETER', rejected],
    // A human must mend it.
    ['query', '20001', 'aop.invalid-app-auth-token', configuration],
    ['query', '20001', 'aop.invented', configuration],
    ['query', '40001', 'isv.missing-app-cert-sn', configuration],
    ['query', '40001', 'isv.missing-signature-key', configuration],
    ['query', '40002', 'isv.invalid-signature', configuration],
    ['query', '40002', 'isv.invalid-app-id', configuration],
    ['query', '40002', 'isv.invalid-timestamp', configuration],
    ['query', '40002', 'isv.app-cert-expired', configuration],
    ['query', '40002', 'app-cert-expired', configuration],
    ['query', '40002', 'not-online-app', configuration],
    ['query', '40003', 'isv.missing-signature-config', configuration],
    ['query', '40003', 'invalid-auth-relations', configuration],
    ['query', '40006', 'isv.insufficient-isv-permissions', configuration],
    ['query', '40006', undefined, configuration],
    ['pay', '40004', 'ACQ.ACCESS_FORBIDDEN', configuration],
    // Alipay's considered no.
    ['query', '40004', 'ACQ.TRADE_NOT_EXIST', business],
    ['queryRefund', '40004', 'TRADE_NOT_EXIST', business],
    ['cancel', '40004', 'ACQ.TRADE_NOT_EXIST', business],
    ['cancel', '40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', business],
    ['cancel', '40004', 'ACQ.REASON_TRADE_BEEN_FREEZEN', business],
    ['cancel', '40004', 'ACQ.TRADE_HAS_FINISHED', business],
    ['pay', '40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', business],
    ['cancel', '40004', 'ACQ.INVENTED_LATER', business],
    ['cancel', '40004', undefined, business],
  ];
  for (const [name, code, subCode, failure] of verdicts) {
    it(`of ${name} with ${code} ${subCode ?? 'alone'} is ${failure}`, () => {
      const sub = subCode === undefined ? {} : { subCode };
      assert.equal(classify({ interface: name, code, ...sub, isSigned: true }).failure, failure);
    });
  }

  it('without any code is unknown', () => {
    assert.equal(classify({ interface: 'query', isSigned: true }).failure, unknown);
    assert.equal(classify({ interface: 'query', subCode: 'ACQ.TRADE_NOT_EXIST', isSigned: true }).failure, unknown);
  });

  it('that no row knows has none', () => {
    assert.deepEqual(classify({ interface: 'query', code: '99999', isSigned: true }), { failure: unknown });
  });

  it('beside a code that says it all is worth no more than that code', () => {
    const worth = (code: string, subCode: string): FailureClass =>
      classify({ interface: 'query', code, subCode, isSigned: true }).failure;
    assert.equal(worth('10003', 'ACQ.TRADE_NOT_EXIST'), unknown);
    assert.equal(worth('40005', 'ACQ.SYSTEM_ERROR'), limited);
    assert.equal(worth('20000', 'ACQ.TRADE_NOT_EXIST'), unknown);
  });

  it('is looked up by its sub_code, with one prefix of the gateway left out', () => {
    const { row } = classify({ interface: 'query', code: '20000', subCode: 'isp.unknow-error', isSigned: true });
    assert.equal(row?.subCode, 'unknow-error');
    const odd = classify({ interface: 'query', code: '40002', subCode: 'x.isv.invalid-app-id', isSigned: true });
    assert.equal(odd.failure, rejected);
    const inside = classify({ interface: 'query', code: '40002', subCode: 'invalid-isv.app-id', isSigned: true });
    assert.equal(inside.failure, rejected);
    const star = classify({ interface: 'query', code: '40004', subCode: '*', isSigned: true });
    assert.equal(star.failure, business);
  });

  it('of an interface that has no row of its own means what it means for any', () => {
    const { row } = classify({ interface: 'cancel', code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST', isSigned: true });
    assert.deepEqual(row?.interfaces, []);
  });

  it('means what it means for the interface that was called', () => {
    const meaning = (name: TradeInterfaceName): string | undefined =>
      classify({ interface: name, code: '40004', subCode: 'ACQ.SELLER_BALANCE_NOT_ENOUGH', isSigned: true }).row
        ?.chinese;
    assert.equal(meaning('cancel'), '商户的支付宝账户中无足够的资金进行撤销');
    assert.equal(meaning('refund'), '卖家余额不足');
  });
});

describe('an unsigned failure', () => {
  it('is configuration where the gateway refuses our key, id, rights or token, and else no information', () => {
    for (const row of CODES.filter(({ code }) => code !== '*')) {
      const sub = row.subCode === '*' ? {} : { subCode: row.subCode };
      const { failure } = classify({
        interface: row.interfaces[0] ?? 'query',
        code: row.code,
        ...sub,
        isSigned: false,
      });
      assert.equal(failure, row.failure === configuration ? configuration : unsigned, `${row.code} ${row.subCode}`);
    }
  });
});

describe('an unsigned refusal of the business', () => {
  it('is no information, whatever it says of our rights: the real gateway signs those', () => {
    for (const subCode of ['ACQ.ACCESS_FORBIDDEN', 'ACQ.PARTNER_ERROR', 'ACQ.TRADE_NOT_EXIST']) {
      assert.equal(classify({ interface: 'pay', code: '40004', subCode, isSigned: false }).failure, unsigned);
    }
  });
});
