/**
 * Whatever happens, nothing that an answer, a problem, an inspection or a JSON text shows is a key, a signature, a token, the
 * buyer or the buyer's code, even where the gateway itself quotes them.
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { after, before, describe, it } from 'mocha';

import type { AlipayGateway } from '../../alipay/gateway.ts';
import { GatewayProblem } from '../../alipay/gateway-problem.ts';
import { GatewayMisuse } from '../../alipay/requests.ts';
import { canonicalText } from '../../alipay/canonical-text.ts';
import { clientOf, LoopbackGateway, signedAnswer, unsignedAnswer } from './loopback-gateway.ts';
import { APP, bare } from './test-keys.ts';

const AUTH_CODE = '28763443825664394';
const TOKEN = '201510BBaabdb44d8fd04607abf8d5931ec75D84';
const BUYER = {
  buyer_logon_id: 'zhang.san@example.com',
  buyer_user_id: '2088101117955611',
  buyer_open_id: '074a1CcTG1LelxKe4xQC0zgNdId0',
};
const SALE = {
  outTradeNo: 'T1',
  totalAmount: '88.88',
  subject: '张三 13800138000',
  authCode: AUTH_CODE,
};
const PRIVATE_KEY = bare(APP.privateKey, 'pkcs8');

describe('what is told of a call', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  before(async () => {
    gateway = await LoopbackGateway.start();
    client = clientOf(gateway.url, { appAuthToken: TOKEN });
  });
  after(async () => {
    await client.end();
    await gateway.stop();
  });

  function assertTellsNoSecret(thing: unknown): void {
    const cause = thing instanceof Error ? `${thing.stack}${inspect(thing.cause)}` : '';
    const shown = `${inspect(thing, { depth: 12, showHidden: true, maxStringLength: null })}${JSON.stringify(thing)}${String(thing)}${cause}`;
    const secrets = [AUTH_CODE, TOKEN, '张三', '13800138000', ...Object.values(BUYER), PRIVATE_KEY.slice(100, 140)];
    const signature = gateway.calls.at(-1)?.query['sign'];
    for (const secret of signature === undefined ? secrets : [...secrets, signature, signature.slice(0, 24)]) {
      assert.ok(!shown.includes(secret), `shows ${secret.slice(0, 12)}…: ${shown}`);
    }
  }

  describe('no secret is told', () => {
    const paid = { code: '10000', ...BUYER, out_trade_no: 'T1', trade_no: '2026', total_amount: '88.88' };
    const answers: readonly (readonly [string, string])[] = [
      ['by a payment', signedAnswer('alipay.trade.pay', paid)],
      ['by a payment that awaits the buyer', signedAnswer('alipay.trade.pay', { ...paid, code: '10003' })],
      [
        'by a refusal',
        signedAnswer('alipay.trade.pay', {
          ...paid,
          code: '40004',
          sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
          sub_msg: `买家 ${BUYER.buyer_logon_id} (${BUYER.buyer_user_id}) 余额不足`,
        }),
      ],
      ['by an unsigned answer', unsignedAnswer('alipay.trade.pay', { ...paid, msg: `hello ${AUTH_CODE} 张三` })],
      ['by a forged answer', signedAnswer('alipay.trade.pay', paid).replace('88.88', '99.99')],
      ['by a malformed answer', signedAnswer('alipay.trade.pay', { ...paid, total_amount: BUYER.buyer_logon_id })],
      ['by another’s answer', signedAnswer('alipay.trade.pay', { ...paid, out_trade_no: 'T2' })],
      ['by HTML', `<html>${AUTH_CODE} ${TOKEN} 张三</html>`],
      [
        'by codes that are none',
        signedAnswer('alipay.trade.pay', { code: `张三 ${AUTH_CODE}`, sub_code: BUYER.buyer_logon_id }),
      ],
    ];
    for (const [how, body] of answers) {
      it(how, async () => {
        gateway.answer(body);
        assertTellsNoSecret(await client.pay(SALE));
      });
    }

    it('by a refused signature, for which the gateway quotes everything that it verified', async () => {
      gateway.respond = (response, { query, form }) => {
        const quoted = canonicalText({ ...query, ...form });
        const subMsg = `验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：${quoted}`;
        response.end(
          unsignedAnswer('alipay.trade.pay', {
            code: '40002',
            msg: 'Invalid Arguments',
            sub_code: 'isv.invalid-signature',
            sub_msg: subMsg,
          }),
        );
      };
      const answer = await client.pay(SALE);
      assertTellsNoSecret(answer);
      assert.match(answer.kind === 'failed' ? (answer.problem.error.subMsg ?? '') : '', /^验签出错，建议检查/);
    });

    it('by a call that broke off', async () => {
      gateway.respond = (response) => response.destroy();
      assertTellsNoSecret(await client.pay(SALE));
    });

    it('by a call that was not sent', async () => {
      const ended = clientOf(gateway.url, { appAuthToken: TOKEN });
      await ended.end();
      assertTellsNoSecret(await ended.pay(SALE));
    });

    it('by a request that is refused here', async () => {
      const error: unknown = await client
        .pay({ ...SALE, authCode: AUTH_CODE.repeat(5) })
        .catch((refused: unknown) => refused);
      assert.ok(error instanceof GatewayMisuse);
      assertTellsNoSecret(error);
    });

    it('by the client itself', () => {
      assertTellsNoSecret(client);
    });
  });

  describe('a problem says what a question to Alipay needs', () => {
    it('environment, interface, parameters and error, in both languages', async () => {
      gateway.answer(
        signedAnswer('alipay.trade.cancel', {
          code: '40004',
          msg: 'Business Failed',
          sub_code: 'ACQ.REASON_TRADE_BEEN_FREEZEN',
          sub_msg: '交易被冻结',
          retry_flag: 'N',
        }),
        { trace_id: '0a0a0a0a17000000000001' },
      );
      const answer = await client.cancel({ outTradeNo: 'T1', tradeNo: '2026' });
      assert.ok(answer.kind === 'failed' && answer.problem instanceof GatewayProblem);
      assert.deepEqual(JSON.parse(JSON.stringify(answer.problem)), {
        environment: { name: 'custom', host: `127.0.0.1:${gateway.port}` },
        interface: { english: 'alipay.trade.cancel', chinese: '统一收单交易撤销接口' },
        parameters: { app_id: '2021000000000000', out_trade_no: 'T1', trade_no: '2026' },
        error: {
          failure: 'business',
          detail:
            'answered 40004 ACQ.REASON_TRADE_BEEN_FREEZEN: the trade is frozen and cannot be cancelled; ask Alipay',
          signed: true,
          code: '40004',
          subCode: 'ACQ.REASON_TRADE_BEEN_FREEZEN',
          msg: 'Business Failed',
          subMsg: '交易被冻结',
          meaning: {
            chinese: '当前交易被冻结，不允许进行撤销',
            english: 'the trade is frozen and cannot be cancelled; ask Alipay',
            source: 'AlipayTrade…ErrorResponseModel',
          },
          traceId: '0a0a0a0a17000000000001',
        },
      });
      for (const part of [
        'custom',
        '统一收单交易撤销接口 alipay.trade.cancel',
        'out_trade_no=T1',
        'ACQ.REASON_TRADE_BEEN_FREEZEN',
        '当前交易被冻结',
        '0a0a0a0a17000000000001',
      ]) {
        assert.ok(answer.problem.message.includes(part), part);
      }
    });

    it('tells production from sandbox', async () => {
      for (const [name, host] of [
        ['production', 'openapi.alipay.com'],
        ['sandbox', 'openapi-sandbox.dl.alipaydev.com'],
      ] as const) {
        const named = clientOf(name);
        await named.end();
        const answer = await named.query({ outTradeNo: 'T1' });
        assert.deepEqual(answer.kind === 'failed' && answer.problem.environment, { name, host });
      }
    });
  });
});
