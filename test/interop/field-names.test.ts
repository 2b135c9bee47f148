/**
 * Goal: every name that we write into `biz_content` or read from an answer is one that Alipay's interface has: a misspelled optional field
 * would be ignored in silence.
 * Method: each request with every field set, and each table of answer fields, against the annotations of the Java SDK's generated classes.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as answers from '../../alipay/answer-fields.ts';
import * as requests from '../../alipay/requests.ts';
import { fieldsQuestion } from './java-questions.ts';
import { javaSdkOrSkip, type JavaSdk } from './java-sdk.ts';

const ids = { outTradeNo: '1', tradeNo: '2' } as const;
/** `Required`: a field added to a request later does not compile here until it is set. */
type Full<T> = { readonly [K in keyof Required<T>]: NonNullable<T[K]> };

const newTrade: Full<requests.NewTrade> = {
  outTradeNo: '1',
  totalAmount: '88.88',
  subject: 's',
  timeExpire: '2026-01-31T12:00:00+08:00',
};
const pay: Full<requests.PayRequest> = { ...newTrade, authCode: '28' };
const refund: Full<requests.RefundRequest> = { ...ids, refundAmount: '1.00', outRequestNo: 'r' };
const queryRefund: Full<requests.QueryRefundRequest> = { ...ids, outRequestNo: 'r' };

const WRITTEN: readonly (readonly [javaClass: string, content: requests.BizContent])[] = [
  ['domain.AlipayTradePayModel', requests.payContent(pay, '2088102146225135')],
  ['domain.AlipayTradePrecreateModel', requests.newTradeContent(newTrade, '2088102146225135')],
  ['domain.AlipayTradeQueryModel', requests.idsContent(ids)],
  ['domain.AlipayTradeCancelModel', requests.idsContent(ids)],
  ['domain.AlipayTradeRefundModel', requests.refundContent(refund)],
  ['domain.AlipayTradeFastpayRefundQueryModel', requests.queryRefundContent(queryRefund)],
  ['domain.AlipayTradeCloseModel', requests.idsContent(ids)],
];

const READ: readonly (readonly [javaClass: string, table: object])[] = [
  ['response.AlipayTradePayResponse', answers.PAY_FIELDS],
  ['response.AlipayTradePayResponse', answers.AWAITING_BUYER_FIELDS],
  ['response.AlipayTradePrecreateResponse', answers.PRECREATE_FIELDS],
  ['response.AlipayTradeQueryResponse', answers.QUERY_TRADE_FIELDS],
  ['response.AlipayTradeCancelResponse', answers.CANCEL_FIELDS],
  ['response.AlipayTradeCancelResponse', answers.FAILED_CANCEL_FIELDS],
  ['response.AlipayTradeRefundResponse', answers.REFUND_FIELDS],
  ['response.AlipayTradeFastpayRefundQueryResponse', answers.QUERY_REFUND_FIELDS],
  ['response.AlipayTradeCloseResponse', answers.CLOSE_FIELDS],
];

describe('names of fields in the official Java SDK', function () {
  this.timeout(60_000);
  let java: JavaSdk;

  before(async function () {
    java = await javaSdkOrSkip(this);
  });

  it('every field that we write is in the interface', async () => {
    await assertKnown(WRITTEN.map(([javaClass, content]) => ({ javaClass, names: Object.keys(content) })));
  });

  it('every field that we read is in the interface', async () => {
    const wireNames = (table: object): string[] =>
      Object.values(table as Readonly<Record<string, { readonly wireName: string }>>).map(({ wireName }) => wireName);
    await assertKnown(READ.map(([javaClass, table]) => ({ javaClass, names: wireNames(table) })));
  });

  async function assertKnown(
    used: readonly { readonly javaClass: string; readonly names: readonly string[] }[],
  ): Promise<void> {
    const known = await java.run({
      program: 'SdkQuestions',
      inputLines: used.map(({ javaClass }) => fieldsQuestion(javaClass)),
    });
    assert.equal(known.length, used.length);
    used.forEach(({ javaClass, names }, index) => {
      const unknown = names.filter((name) => !(known[index] ?? '').split(',').includes(name));
      assert.deepEqual({ javaClass, unknown }, { javaClass, unknown: [] });
      assert.notEqual(names.length, 0, javaClass);
    });
  }
});
