/** How a call goes over the wire, in key mode and in certificate mode. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { certificateSerialNumber, rootSerialNumbers } from '../../alipay/certificates.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import { EC_ROOT, SM2_ROOT } from './foreign-roots.ts';
import { APP_ID, clientOf, LoopbackGateway, signedAnswer } from './loopback-gateway.ts';
import { ALIPAY_CERT, APP_CERT, INTERMEDIATE_PEM, ROOT_PEM } from './test-keys.ts';

const OUT_TRADE_NO = 'sao201881610515614521';

describe('a call', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  before(async () => {
    gateway = await LoopbackGateway.start();
    client = clientOf(gateway.url, { sellerId: '2088102146225135' });
  });
  after(async () => {
    await client.end();
    await gateway.stop();
  });

  it('carries protocol parameters and signature in the URL, biz_content in the body, time in GMT+8', async () => {
    gateway.answer(signedAnswer('alipay.trade.query', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }));
    await client.query({ outTradeNo: '测试_1' });
    const { httpMethod, pathname, query, form, isSignatureGood } = gateway.lastCall;
    const { sign: _sign, ...protocol } = query;
    assert.equal(httpMethod, 'POST');
    assert.equal(pathname, '/gateway.do');
    assert.deepEqual(protocol, {
      app_id: APP_ID,
      method: 'alipay.trade.query',
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2026-02-01 00:00:00',
      version: '1.0',
    });
    assert.deepEqual(form, { biz_content: '{"out_trade_no":"测试_1"}' });
    assert.ok(isSignatureGood);
  });

  it('for another merchant carries app_auth_token, signed', async () => {
    const forMerchant = clientOf(gateway.url, { appAuthToken: '201510BBaabdb44d8fd04607' });
    gateway.answer(signedAnswer('alipay.trade.cancel', { code: '10000', out_trade_no: OUT_TRADE_NO, retry_flag: 'N' }));
    await forMerchant.cancel({ outTradeNo: OUT_TRADE_NO });
    await forMerchant.end();
    assert.equal(gateway.lastCall.query['app_auth_token'], '201510BBaabdb44d8fd04607');
    assert.ok(gateway.lastCall.isSignatureGood);
  });

  it('in certificate mode names the certificates, and takes an answer that names Alipay’s', async () => {
    const roots = SM2_ROOT + ROOT_PEM + EC_ROOT;
    const certified = clientOf(gateway.url, {
      appCertificate: APP_CERT,
      alipayCertificate: ALIPAY_CERT + INTERMEDIATE_PEM,
      alipayRootCertificate: roots,
    });
    const node = { code: '10000', msg: 'Success', out_trade_no: OUT_TRADE_NO, retry_flag: 'N' };
    gateway.answer(signedAnswer('alipay.trade.cancel', node, certificateSerialNumber(ALIPAY_CERT)));
    const answer = await certified.cancel({ outTradeNo: OUT_TRADE_NO });
    await certified.end();
    assert.equal(gateway.lastCall.query['app_cert_sn'], certificateSerialNumber(APP_CERT));
    assert.equal(gateway.lastCall.query['alipay_root_cert_sn'], rootSerialNumbers(roots));
    assert.ok(gateway.lastCall.isSignatureGood);
    assert.equal(answer.kind, 'answered');
  });

  it('is made once, whatever comes of it', async () => {
    const callsBefore = gateway.calls.length;
    gateway.respond = (response) => response.destroy();
    const answer = await client.cancel({ outTradeNo: OUT_TRADE_NO });
    assert.equal(answer.kind === 'failed' && answer.failure, 'unknown');
    assert.equal(gateway.calls.length - callsBefore, 1);
  });
});
