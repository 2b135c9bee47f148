/**
 * Goal: what the gateway accepts and how it answers are the v2 protocol's. Method: raw calls, each answer looked at byte by
 * byte. Sources: platform documents "公共错误码" and "自行实现签名"; request forms of the official SDKs.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { beijingTime } from '../../alipay/beijing-time.ts';
import { canonicalText } from '../../alipay/canonical-text.ts';
import { certificateSerialNumber } from '../../alipay/certificates.ts';
import { readPrivateKey } from '../../alipay/keys.ts';
import { sign } from '../../alipay/signature.ts';
import { encodeText } from '../../simulator/charset.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { call, type CallOptions, KEYS_TIMEOUT_MS, sale, startForTest } from './caller.ts';

describe('the gateway protocol', () => {
  let simulator: Simulator;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest();
  });
  after(() => simulator.stop());

  it("answers the seed document's cancel with its fields in its order", async () => {
    simulator.plan('sao201881610515614521', { exists: 'WAIT_BUYER_PAY', tradeNo: '2019032622001494891000009752' });
    const answer = await call(simulator, 'cancel', { out_trade_no: 'sao201881610515614521' });
    const node =
      '{"code":"10000","msg":"Success","action":"close","out_trade_no":"sao201881610515614521","retry_flag":"N","trade_no":"2019032622001494891000009752"}';
    assert.match(answer.text, /^\{"alipay_trade_cancel_response":\{.*\},"sign":"[A-Za-z0-9+/]{342}=="\}$/);
    assert.ok(answer.text.includes(node), answer.text);
    assert.ok(answer.signed);
  });

  it('sends HTTP 200, text/html in the charset that was asked for, and a trace id', async () => {
    const { status, headers } = await call(simulator, 'query', { out_trade_no: 'nothing' });
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/html;charset=utf-8');
    assert.match(headers.get('trace_id') ?? '', /^[0-9a-f]{30}$/);
  });

  for (const place of ['split', 'url', 'body'] as const) {
    it(`takes the parameters from ${{ split: 'URL and body', url: 'the URL', body: 'the body' }[place]}`, async () => {
      const answer = await call(simulator, 'query', { out_trade_no: 'nothing' }, { place });
      assert.equal(answer.node['sub_code'], 'ACQ.TRADE_NOT_EXIST');
      assert.ok(answer.signed);
    });
  }

  it('signs a business refusal', async () => {
    const answer = await call(simulator, 'close', { out_trade_no: 'nothing' });
    assert.deepEqual(
      [answer.node['code'], answer.node['sub_code'], answer.signed],
      ['40004', 'ACQ.TRADE_NOT_EXIST', true],
    );
  });

  const REFUSED: readonly (readonly [what: string, options: CallOptions, code: string, subCode: string])[] = [
    ['a wrong signature', { signature: 'AAAA' }, '40002', 'isv.invalid-signature'],
    ['no signature', { signature: '' }, '40001', 'isv.missing-signature'],
    ['an unknown app id', { parameters: { app_id: '2021000000000000' } }, '40002', 'isv.invalid-app-id'],
    ['no app id', { parameters: { app_id: '' } }, '40001', 'isv.missing-app-id'],
    ['RSA instead of RSA2', { parameters: { sign_type: 'RSA' } }, '40002', 'isv.invalid-signature-type'],
    ['another charset', { parameters: { charset: 'latin1' } }, '40002', 'isv.invalid-charset'],
    [
      'a timestamp of another form',
      { parameters: { timestamp: '2026-01-31T09:30:00Z' } },
      '40002',
      'isv.invalid-timestamp',
    ],
    ['no timestamp', { parameters: { timestamp: '' } }, '40001', 'isv.missing-timestamp'],
    ['no version', { parameters: { version: '' } }, '40001', 'isv.missing-version'],
    ['another app certificate', { parameters: { app_cert_sn: '0'.repeat(32) } }, '40002', 'isv.invalid-cert-sn'],
  ];
  for (const [what, options, code, subCode] of REFUSED) {
    it(`refuses ${what} unsigned, as ${subCode}, before the trade is looked at`, async () => {
      const outTradeNo = `refused-${subCode}`;
      const answer = await call(simulator, 'pay', sale(outTradeNo), options);
      assert.match(answer.text, /^\{"alipay_trade_pay_response":\{[^{}]*\}\}$/);
      assert.deepEqual([answer.node['code'], answer.node['sub_code'], answer.signed], [code, subCode, false]);
      assert.equal(simulator.trade(outTradeNo).truth, 'NOT_CREATED');
    });
  }

  it('finds a signature wrong that is by another key, or over other parameters', async () => {
    const byAlipay = sign('a=1', readPrivateKey(simulator.credentials.alipayPrivateKey));
    const overOthers = sign('a=1', readPrivateKey(simulator.credentials.appPrivateKey));
    for (const signature of [byAlipay, overOthers]) {
      const answer = await call(simulator, 'query', { out_trade_no: 'x' }, { signature });
      assert.equal(answer.node['sub_code'], 'isv.invalid-signature');
    }
  });

  it('leaves empty parameters out of the signed text, as Alipay does', async () => {
    const answer = await call(simulator, 'query', { out_trade_no: 'x' }, { parameters: { notify_url: '' } });
    assert.ok(answer.signed);
  });

  it('answers a method that it does not know in an error_response', async () => {
    const answer = await call(simulator, 'alipay.trade.unheard', {});
    assert.match(answer.text, /^\{"error_response":\{"code":"40002",.*"sub_code":"isv\.invalid-method"/);
  });

  it('answers biz_content that is no JSON object as isv.illegal-json', async () => {
    const answer = await call(simulator, 'query', ['x'] as never);
    assert.equal(answer.node['sub_code'], 'isv.illegal-json');
  });

  it('names its certificate to a caller who named his, and to no other', async () => {
    const appCertSn = certificateSerialNumber(simulator.credentials.appCertificate);
    const alipayCertSn = certificateSerialNumber(simulator.credentials.alipayCertificate);
    const named = await call(simulator, 'query', { out_trade_no: 'x' }, { parameters: { app_cert_sn: appCertSn } });
    assert.ok(named.text.includes(`},"alipay_cert_sn":"${alipayCertSn}","sign":"`), named.text);
    assert.ok(named.signed);
    const unnamed = await call(simulator, 'query', { out_trade_no: 'x' });
    assert.ok(!unnamed.text.includes('alipay_cert_sn'));
  });

  it('gives its certificate to whoever asks for it by its serial number', async () => {
    const method = 'alipay.open.app.alipaycert.download';
    const { alipayCertificate } = simulator.credentials;
    const found = await call(simulator, method, { alipay_cert_sn: certificateSerialNumber(alipayCertificate) });
    assert.equal(Buffer.from(String(found.node['alipay_cert_content']), 'base64').toString(), alipayCertificate);
    assert.ok(found.signed);
    const unknown = await call(simulator, method, { alipay_cert_sn: '0'.repeat(32) });
    assert.equal(unknown.node['code'], '40004');
  });

  it('takes app_auth_token, and keeps of it only that it was there', async () => {
    await call(simulator, 'query', { out_trade_no: 'isv' }, { parameters: { app_auth_token: '202603BBtoken' } });
    const view = simulator.ledger();
    assert.equal(view.calls.at(-1)?.appAuthToken, true);
    assert.ok(!JSON.stringify(view).includes('202603BBtoken'));
  });

  it('escapes slashes inside the node and signs the escaped bytes', async () => {
    const answer = await call(simulator, 'precreate', sale('qr-slash'));
    assert.match(answer.text, /"qr_code":"https:\\\/\\\/qr\.alipay\.com\\\/sim\d{16}"/);
    assert.ok(answer.signed);
  });

  it('reads a GBK request by its bytes and answers in GBK', async () => {
    const protocol = {
      app_id: simulator.credentials.appId,
      method: 'alipay.trade.pay',
      charset: 'GBK',
      sign_type: 'RSA2',
      timestamp: beijingTime(Date.now()),
      version: '1.0',
    };
    const bizContent = encodeText(JSON.stringify(sale('gbk-1', { total_amount: '100000001', subject: '咖啡' })), 'gbk');
    const text = canonicalText({ ...protocol, biz_content: bizContent.toString('latin1') });
    const signature = sign(Buffer.from(text, 'latin1'), readPrivateKey(simulator.credentials.appPrivateKey));
    const url = `${simulator.gatewayUrl}?${new URLSearchParams({ ...protocol, sign: signature }).toString()}`;
    const body = `biz_content=${[...bizContent].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`;
    const response = await fetch(url, { method: 'POST', body });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get('content-type'), 'text/html;charset=GBK');
    assert.ok(bytes.includes(Buffer.from('b2cecafdceded0a7', 'hex')), 'the GBK bytes of 参数无效');
  });
});
