/**
 * What is believed and what is not, beside the table of hostile answers (`test/hostile/answers.ts`). The yardstick throughout: a
 * status or a flag comes only out of bytes that Alipay signed, read as they were signed, about the trade that was asked for.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import fc from 'fast-check';

import { certificateSerialNumber } from '../../alipay/certificates.ts';
import { readEnvelope } from '../../alipay/envelope.ts';
import type { AlipayGateway, QueryResponse } from '../../alipay/gateway.ts';
import type { MerchantKeys } from '../../alipay/merchant.ts';
import { sign } from '../../alipay/signature.ts';
import { verifyNode } from '../../alipay/verification.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { clientOf, type LoopbackGateway, signedAnswer, unsignedAnswer, withLoopback } from './loopback-gateway.ts';
import { ALIPAY, ALIPAY_CERT, APP, APP_CERT, INTERMEDIATE_PEM, ROOT_PEM } from './test-keys.ts';

const METHOD = 'alipay.trade.query';
const NAME = 'alipay_trade_query_response';
const OURS = {
  code: '10000',
  msg: 'Success',
  out_trade_no: 'T1',
  trade_no: '2026',
  trade_status: 'WAIT_BUYER_PAY',
  total_amount: '1.00',
};
const NODE = JSON.stringify(OURS);
const SIGN = sign(NODE, ALIPAY.privateKey);
const GOOD = `{"${NAME}":${NODE},"sign":"${SIGN}"}`;

const KEYS: MerchantKeys = {
  mode: 'key',
  appId: '2021',
  privateKey: APP.privateKey,
  alipayPublicKey: ALIPAY.publicKey,
};

describe('belief in an answer', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  withLoopback((opened, itsClient) => {
    gateway = opened;
    client = itsClient;
  });

  async function queryAnswered(body: string | Uint8Array): Promise<QueryResponse> {
    gateway.answer(body);
    return client.query({ outTradeNo: 'T1' });
  }

  describe('an answer is believed', () => {
    const good: readonly (readonly [string, string])[] = [
      ['as Alipay writes it', GOOD],
      ['with the signature in front', `{"sign":"${SIGN}","${NAME}":${NODE}}`],
      ['with space and line ends around it', `\r\n { "${NAME}" : ${NODE} ,\n"sign" : "${SIGN}" } \n`],
      ['with a byte order mark in front', `\uFEFF${GOOD}`],
      ['with a member that nobody knows', `{"${NAME}":${NODE},"request_id":"x","n":[1,{"a":"}"}],"sign":"${SIGN}"}`],
      ['with a signature whose slashes are escaped', GOOD.replace(SIGN, SIGN.replaceAll('/', '\\/'))],
      ['with members nobody knows in the node', signedAnswer(METHOD, { ...OURS, new_field: { deep: ['}', '"'] } })],
    ];
    for (const [how, body] of good) {
      it(how, async () => {
        const answer = await queryAnswered(body);
        assert.equal(answer.kind === 'answered' && answer.tradeStatus, 'WAIT_BUYER_PAY');
      });
    }

    it('where only the text without escaped slashes was signed (documented fallback)', async () => {
      const unescaped = JSON.stringify({ ...OURS, store_name: 'a/b' });
      const body = `{"${NAME}":${unescaped.replaceAll('/', '\\/')},"sign":"${sign(unescaped, ALIPAY.privateKey)}"}`;
      const answer = await queryAnswered(body);
      assert.equal(answer.kind === 'answered' && answer.tradeStatus, 'WAIT_BUYER_PAY');
    });
  });

  describe('an answer without a signature is no information', () => {
    it('but that our key is wrong is passed on, marked unsigned', async () => {
      const answer = await queryAnswered(
        `{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-app-id","sub_msg":"无效的AppID参数"}}`,
      );
      assert.ok(answer.kind === 'failed');
      assert.equal(answer.failure, FailureClass.configuration);
      assert.equal(answer.signed, false);
      assert.equal(answer.problem.error.subMsg, '无效的AppID参数');
    });

    it('and its retry_flag is not passed on', async () => {
      gateway.answer(unsignedAnswer('alipay.trade.cancel', { code: '20000', retry_flag: 'N', action: 'close' }));
      const answer = await client.cancel({ outTradeNo: 'T1' });
      assert.ok(answer.kind === 'failed' && !('retryFlag' in answer) && !('action' in answer));
    });
  });

  describe('a signed answer about another trade is not ours', () => {
    it('by the number of the refund', async () => {
      gateway.answer(
        signedAnswer('alipay.trade.fastpay.refund.query', {
          code: '10000',
          out_trade_no: 'T1',
          out_request_no: 'r2',
          refund_status: 'REFUND_SUCCESS',
        }),
      );
      const answer = await client.queryRefund({ outTradeNo: 'T1', outRequestNo: 'r1' });
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.notOurs);
    });
  });

  describe('in certificate mode', () => {
    const certificates = {
      appCertificate: APP_CERT,
      alipayCertificate: ALIPAY_CERT + INTERMEDIATE_PEM,
      alipayRootCertificate: ROOT_PEM,
    };

    it('an answer under another Alipay certificate says that it was rotated', async () => {
      const certified = clientOf(gateway.url, certificates);
      gateway.answer(signedAnswer(METHOD, OURS, 'ffffffffffffffffffffffffffffffff'));
      const answer = await certified.query({ outTradeNo: 'T1' });
      await certified.end();
      assert.ok(answer.kind === 'failed');
      assert.equal(answer.failure, FailureClass.configuration);
      assert.match(answer.detail, /rotated/);
    });

    it('an altered answer under our Alipay certificate is forged', async () => {
      const certified = clientOf(gateway.url, certificates);
      gateway.answer(
        signedAnswer(METHOD, OURS, certificateSerialNumber(ALIPAY_CERT)).replace('WAIT_BUYER_PAY', 'TRADE_SUCCESS'),
      );
      const answer = await certified.query({ outTradeNo: 'T1' });
      await certified.end();
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.forged);
    });

    it('a key-mode client told apart by a certificate in the answer learns what to do', async () => {
      gateway.answer(
        signedAnswer(METHOD, OURS, certificateSerialNumber(ALIPAY_CERT)).replace('WAIT_BUYER_PAY', 'TRADE_SUCCESS'),
      );
      const answer = await client.query({ outTradeNo: 'T1' });
      assert.match(answer.kind === 'failed' ? answer.detail : '', /certificate mode/);
    });
  });

  describe('any bytes at all', () => {
    it('are taken apart without an error', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          assert.ok(readEnvelope(bytes, METHOD).kind !== 'node');
        }),
      );
    });

    it('put into a good answer never make another text of what verifies', () => {
      const good = Buffer.from(GOOD);
      const pieces = fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        fc.constantFrom(...['{', '}', '"', '\\', ',', `"${NAME}":{}`, ',"sign":"x"'].map((text) => Buffer.from(text))),
      );
      fc.assert(
        fc.property(fc.nat(good.length), fc.nat(4), pieces, (at, removed, piece) => {
          const mutated = Buffer.concat([good.subarray(0, at), piece, good.subarray(at + removed)]);
          const envelope = readEnvelope(mutated, METHOD);
          if (envelope.kind !== 'node') return;
          const node = verifyNode(envelope, KEYS);
          assert.ok(node.kind !== 'signed' || node.text === NODE);
        }),
        { numRuns: 2_000 },
      );
    });
  });
});
