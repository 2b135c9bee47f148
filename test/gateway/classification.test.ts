/**
 * Every failure code is worth exactly one thing, and one table says what. The table is held against the official SDK's
 * enumerations both ways, and its verdicts against the rules that the money depends on, over the wire.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { classify } from '../../alipay/classification.ts';
import { CODES } from '../../alipay/codes.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import { TradeInterface } from '../../alipay/trade-interfaces.ts';
import type { TradeInterfaceName } from '../../alipay/trade-interfaces.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { clientOf, LoopbackGateway, signedAnswer, unsignedAnswer } from './loopback-gateway.ts';
import { SDK_ERROR_CODES } from './sdk-error-codes.ts';

const INTERFACES = Object.keys(TradeInterface) as TradeInterfaceName[];
const { unknown, limited, rejected, configuration, business, unsigned } = FailureClass;

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

  it('gives every row a Chinese and an English meaning and a source', () => {
    for (const row of CODES) {
      assert.match(row.chinese, /\p{Script=Han}/u, row.subCode);
      assert.match(row.english, /^[\x20-\x7e’]+$/, row.subCode);
      assert.notEqual(row.source, '', row.subCode);
    }
  });
});

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

describe('over the wire', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  before(async () => {
    gateway = await LoopbackGateway.start();
    client = clientOf(gateway.url);
  });
  after(async () => {
    await client.end();
    await gateway.stop();
  });

  const callOf: Readonly<Record<TradeInterfaceName, () => Promise<{ kind: string; failure?: FailureClass }>>> = {
    pay: () => client.pay({ outTradeNo: 'T1', totalAmount: '1.00', subject: 'x', authCode: '28763443825664394' }),
    query: () => client.query({ outTradeNo: 'T1' }),
    cancel: () => client.cancel({ outTradeNo: 'T1' }),
    refund: () => client.refund({ outTradeNo: 'T1', refundAmount: '1.00', outRequestNo: 'r1' }),
    queryRefund: () => client.queryRefund({ outTradeNo: 'T1', outRequestNo: 'r1' }),
    close: () => client.close({ outTradeNo: 'T1' }),
    precreate: () => client.precreate({ outTradeNo: 'T1', totalAmount: '1.00', subject: 'x' }),
  };
  for (const name of INTERFACES) {
    it(`every code of ${TradeInterface[name].method} arrives as the table says`, async () => {
      const { method } = TradeInterface[name];
      for (const row of CODES.filter(
        ({ code, interfaces }) => code !== '*' && (interfaces.length === 0 || interfaces.includes(name)),
      )) {
        const node = { code: row.code, msg: 'x', ...(row.subCode === '*' ? {} : { sub_code: row.subCode }) };
        gateway.answer(signedAnswer(method, node));
        const answer = await callOf[name]();
        const expected = classify({
          interface: name,
          code: row.code,
          ...(row.subCode === '*' ? {} : { subCode: row.subCode }),
          isSigned: true,
        });
        assert.equal(answer.failure, expected.failure, `${row.code} ${row.subCode}`);
      }
    });
  }

  it('a refused cancel says whether to repeat it, when signed', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.cancel', { code: '40004', sub_code: 'AQC.SYSTEM_ERROR', retry_flag: 'Y' }),
    );
    const answer = await client.cancel({ outTradeNo: 'T1' });
    assert.ok(answer.kind === 'failed');
    assert.deepEqual([answer.failure, 'retryFlag' in answer && answer.retryFlag, answer.signed], [unknown, 'Y', true]);
  });

  it('a refused cancel with a malformed retry_flag has none', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.cancel', { code: '40004', sub_code: 'AQC.SYSTEM_ERROR', retry_flag: 'yes' }),
    );
    assert.equal('retryFlag' in (await client.cancel({ outTradeNo: 'T1' })), false);
  });

  it('the real gateway’s unsigned refusal of an app id is configuration', async () => {
    const refusal = {
      code: '40002',
      msg: 'Invalid Arguments',
      sub_code: 'isv.invalid-app-id',
      sub_msg: '无效的AppID参数',
    };
    for (const body of [unsignedAnswer('alipay.trade.query', refusal), JSON.stringify({ error_response: refusal })]) {
      gateway.answer(body);
      const answer = await client.query({ outTradeNo: 'T1' });
      assert.ok(answer.kind === 'failed');
      assert.deepEqual(
        [answer.failure, answer.signed, answer.code, answer.subCode],
        [configuration, false, '40002', 'isv.invalid-app-id'],
      );
    }
  });
});
