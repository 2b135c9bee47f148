/** What a failed call says: to the program its class, to a person which code, what that means, and whether Alipay signed it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { failedCall, isRefusedAs, refusal } from '../../alipay/failed-call.ts';
import type { FailureError } from '../../alipay/failed-call.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import { readReply } from '../../alipay/reply.ts';
import type { Question, Reply } from '../../alipay/reply.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { APP_ID } from './loopback-gateway.ts';
import { ALIPAY, APP, bare } from './test-keys.ts';

const query: Question = { name: 'query', content: { out_trade_no: 'T1' } };

function reply(node: Readonly<Record<string, unknown>>): Reply {
  const read = readReply(JSON.stringify(node));
  assert.ok(read);
  return read;
}

describe('A refusal', () => {
  it('is one of those asked for only where Alipay has signed it: of no other class, and with that very sub_code', () => {
    const asked = ['ACQ.TRADE_NOT_EXIST', 'TRADE_NOT_EXIST'];
    for (const subCode of asked) assert.ok(isRefusedAs(asked, { failure: 'business', subCode }), subCode);
    for (const subCode of ['ACQ.TRADE_HAS_CLOSE', 'ACQ.TRADE_NOT_EXIST_']) {
      assert.ok(!isRefusedAs(asked, { failure: 'business', subCode }), subCode);
    }
    assert.ok(!isRefusedAs(asked, { failure: 'business' }));
    const { business: _business, ...others } = FailureClass;
    for (const failure of Object.values(others)) {
      assert.ok(!isRefusedAs(asked, { failure, subCode: 'ACQ.TRADE_NOT_EXIST' }), failure);
    }
  });
  const words = { msg: 'Business Failed', sub_msg: '交易不存在' };
  it('that is signed tells its codes, Alipay’s words and what they officially mean', () => {
    const { meaning, ...told } = refusal(
      query,
      reply({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', ...words }),
      true,
    );
    assert.deepEqual(told, {
      failure: 'business',
      detail: 'answered 40004 ACQ.TRADE_NOT_EXIST: there is no such trade; right after a pay call it may still appear',
      signed: true,
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
      msg: 'Business Failed',
      subMsg: '交易不存在',
    });
    assert.equal(meaning?.chinese, '查询的交易不存在');
  });
  it('that is unsigned is no information, and is not told on in its own words: they could be anybody’s', () => {
    const { meaning: _meaning, ...told } = refusal(
      query,
      reply({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', ...words }),
      false,
    );
    assert.deepEqual(told, {
      failure: 'unsigned',
      detail: 'answered 40004 ACQ.TRADE_NOT_EXIST, unsigned: no information',
      signed: false,
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
    });
  });
  it('of a code that no row knows says just that code', () => {
    assert.deepEqual(refusal(query, reply({ code: '99999' }), true), {
      failure: 'unknown',
      detail: 'answered 99999',
      signed: true,
      code: '99999',
    });
  });
  it('without any code says so', () => {
    const told = { failure: 'unknown', detail: 'answered without a code', signed: true };
    assert.deepEqual(refusal(query, reply({}), true), told);
  });
});

describe('A failed call', () => {
  const merchant = createMerchant({
    appId: APP_ID,
    gateway: 'sandbox',
    privateKey: bare(APP.privateKey, 'pkcs8'),
    alipayPublicKey: bare(ALIPAY.publicKey, 'spki'),
  });
  const error: FailureError = { failure: 'unknown', detail: 'no answer within 8 s' };

  it('has no codes where none were answered', () => {
    const { problem, ...failed } = failedCall(merchant, query, error);
    assert.deepEqual(failed, { kind: 'failed', ...error });
    assert.equal(problem.error, error);
  });
  it('passes on what was answered', () => {
    const told = { ...error, code: '40004', subCode: 'ACQ.SYSTEM_ERROR', signed: true, traceId: 'a1b2' };
    const { problem: _problem, ...failed } = failedCall(merchant, query, told);
    assert.deepEqual(failed, { kind: 'failed', ...told });
  });
  it('carries the problem to put before Alipay: environment, interface, parameters, error', () => {
    const { problem } = failedCall(merchant, query, error);
    assert.deepEqual(problem.environment, { name: 'sandbox', host: new URL(merchant.gatewayUrl).host });
    assert.deepEqual(problem.interface, { english: 'alipay.trade.query', chinese: '统一收单交易查询接口' });
    assert.deepEqual(problem.parameters, { app_id: APP_ID, out_trade_no: 'T1' });
  });
});
