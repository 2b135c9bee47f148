/**
 * Answers that cannot be read, in whole or in part: cut short, incomplete, malformed, in another encoding. Nothing is guessed
 * from any of them. The table of hostile answers (`test/hostile/answers.ts`) has those to a query; here are those of other interfaces,
 * and what needs more than a row.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import type { AlipayGateway, QueryResponse } from '../../alipay/gateway.ts';
import { sign } from '../../alipay/signature.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { type LoopbackGateway, signedAnswer, withLoopback } from './loopback-gateway.ts';
import { ALIPAY } from './test-keys.ts';

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

describe('an answer that cannot be read whole', () => {
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

  describe('a signed answer that is incomplete or malformed leaves the result unknown:', () => {
    const cancels: readonly (readonly [string, Record<string, string>])[] = [
      ['a cancel without retry_flag', { code: '10000', out_trade_no: 'T1' }],
      ['a cancel whose retry_flag is neither Y nor N', { code: '10000', out_trade_no: 'T1', retry_flag: 'y' }],
      ['a cancel whose action nobody knows', { code: '10000', out_trade_no: 'T1', retry_flag: 'N', action: 'CLOSE' }],
      ['a cancel without the number', { code: '10000', retry_flag: 'N' }],
    ];
    for (const [what, node] of cancels) {
      it(what, async () => {
        gateway.answer(signedAnswer('alipay.trade.cancel', node));
        const answer = await client.cancel({ outTradeNo: 'T1' });
        assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unknown);
      });
    }

    it('a cancel by trade_no that does not repeat the trade_no', async () => {
      gateway.answer(signedAnswer('alipay.trade.cancel', { code: '10000', out_trade_no: 'T1', retry_flag: 'N' }));
      const answer = await client.cancel({ tradeNo: '2026' });
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unknown);
    });

    it('a found refund that does not say whose', async () => {
      gateway.answer(
        signedAnswer('alipay.trade.fastpay.refund.query', { code: '10000', refund_status: 'REFUND_SUCCESS' }),
      );
      const answer = await client.queryRefund({ outTradeNo: 'T1', outRequestNo: 'r1' });
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unknown);
    });

    it('a signed success in the node of errors', async () => {
      const answer = await queryAnswered(GOOD.replace(NAME, 'error_response'));
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unknown);
    });
  });

  describe('deep nesting', () => {
    it('of a hundred thousand in a signed node is read, and unknown where it is malformed', async () => {
      const deep = `${NODE.slice(0, -1)},"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
      const answer = await queryAnswered(signedAnswer(METHOD, deep));
      assert.equal(answer.kind, 'answered');
      const malformed = await queryAnswered(signedAnswer(METHOD, deep.replace('[]', '[}')));
      assert.equal(malformed.kind === 'failed' && malformed.failure, FailureClass.unknown);
    });
  });

  describe('an answer in GBK', () => {
    // 服务不可用 and 鯸 (F6 5C, whose second byte is a backslash) in GBK; Node decodes GB18030 but does not encode it.
    const words = Buffer.from('b7fecef1b2bbbfc9d3c3', 'hex');
    const backslash = Buffer.from('f65c', 'hex');
    function gbk(before: string, chinese: Buffer, after: string): Buffer {
      return Buffer.concat([Buffer.from(before), chinese, Buffer.from(after)]);
    }
    function signedBytes(node: Buffer): Buffer {
      return Buffer.concat([
        Buffer.from(`{"${NAME}":`),
        node,
        Buffer.from(`,"sign":"${sign(node, ALIPAY.privateKey)}"}`),
      ]);
    }

    it('and signed is read', async () => {
      const answer = await queryAnswered(
        signedBytes(gbk('{"code":"20000","msg":"', words, '","sub_code":"aop.unknow-error"}')),
      );
      assert.ok(answer.kind === 'failed');
      assert.equal(answer.failure, FailureClass.unknown);
      assert.equal(answer.signed, true);
      assert.equal(answer.problem.error.msg, '服务不可用');
    });

    it('with a character whose second byte is a backslash before the closing quote is read', async () => {
      const answer = await queryAnswered(signedBytes(gbk(`${NODE.slice(0, -1)},"store_name":"`, backslash, '"}')));
      assert.equal(answer.kind, 'answered');
    });

    it('and unsigned is no information', async () => {
      const answer = await queryAnswered(
        Buffer.concat([Buffer.from(`{"${NAME}":`), gbk('{"code":"20000","msg":"', words, '"}'), Buffer.from('}')]),
      );
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unsigned);
    });
  });

  describe('names of Object.prototype in an answer', () => {
    it('change nothing and are not taken for fields', async () => {
      const poisoned = `{"code":"10000","__proto__":{"trade_status":"TRADE_SUCCESS","polluted":"yes"},"out_trade_no":"T1","trade_no":"2026","total_amount":"1.00"}`;
      const answer = await queryAnswered(signedAnswer(METHOD, poisoned));
      assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unknown);
      assert.equal('polluted' in {}, false);
    });

    it('are not read even where somebody has put a status there', async () => {
      const { trade_status: status, ...withoutStatus } = OURS;
      // oxlint-disable-next-line no-extend-native -- the accident that this test is about
      Object.defineProperty(Object.prototype, 'trade_status', { value: status, configurable: true });
      try {
        const answer = await queryAnswered(signedAnswer(METHOD, withoutStatus));
        assert.equal(answer.kind === 'failed' && answer.failure, FailureClass.unknown);
      } finally {
        delete (Object.prototype as { trade_status?: string }).trade_status;
      }
    });
  });
});
