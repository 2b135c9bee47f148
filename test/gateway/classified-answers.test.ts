/** What the table of codes says of a failure is what the client says of it, over the wire. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { classify } from '../../alipay/classification.ts';
import { CODES } from '../../alipay/codes.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import { TradeInterface } from '../../alipay/trade-interfaces.ts';
import type { TradeInterfaceName } from '../../alipay/trade-interfaces.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { type LoopbackGateway, signedAnswer, unsignedAnswer, withLoopback } from './loopback-gateway.ts';

const INTERFACES = Object.keys(TradeInterface) as TradeInterfaceName[];
const { unknown, configuration } = FailureClass;

describe('over the wire', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  withLoopback((opened, itsClient) => {
    gateway = opened;
    client = itsClient;
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
