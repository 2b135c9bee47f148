/** What each of the seven interfaces sends and what it reads from a good answer; samples after the official documents. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import type { AlipayGateway } from '../../alipay/gateway.ts';
import { clientOf, LoopbackGateway, signedAnswer } from './loopback-gateway.ts';

const OUT_TRADE_NO = 'sao201881610515614521';
const TRADE_NO = '2019032622001494891000009752';
const BUYER = {
  buyer_logon_id: '159****5620',
  buyer_user_id: '2088101117955611',
  buyer_open_id: '074a1CcTG1LelxKe4xQC0',
};

describe('the interface', () => {
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

  it('pay sends the sale and reads what was paid when, and nothing of the buyer or of how', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.pay', {
        code: '10000',
        msg: 'Success',
        ...BUYER,
        trade_no: TRADE_NO,
        out_trade_no: OUT_TRADE_NO,
        total_amount: '120.88',
        receipt_amount: '88.88',
        gmt_payment: '2014-11-27 15:45:57',
        store_name: '证大五道口店',
        fund_bill_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: 10, real_amount: '11.21', bank_code: 'CEB' }],
      }),
      { trace_id: '0a0a0a0a17000000000001' },
    );
    const answer = await client.pay({
      outTradeNo: OUT_TRADE_NO,
      totalAmount: '120.8',
      subject: '咖啡',
      authCode: '28763443825664394',
      timeExpire: '2026-01-31T16:05:00Z',
    });
    assert.deepEqual(gateway.lastCall.content, {
      out_trade_no: OUT_TRADE_NO,
      total_amount: '120.80',
      subject: '咖啡',
      auth_code: '28763443825664394',
      scene: 'bar_code',
      time_expire: '2026-02-01 00:05:00',
      seller_id: '2088102146225135',
    });
    assert.ok(gateway.lastCall.isSignatureGood);
    assert.deepEqual(answer, {
      kind: 'answered',
      code: '10000',
      traceId: '0a0a0a0a17000000000001',
      tradeNo: TRADE_NO,
      outTradeNo: OUT_TRADE_NO,
      totalAmount: '120.88',
      gmtPayment: '2014-11-27T15:45:57+08:00',
    });
  });

  it('pay reads 10003 as answered: the buyer is asked for a password', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.pay', {
        code: '10003',
        msg: ' order success pay inprocess',
        ...BUYER,
        trade_no: TRADE_NO,
        out_trade_no: OUT_TRADE_NO,
      }),
    );
    const answer = await client.pay({
      outTradeNo: OUT_TRADE_NO,
      totalAmount: '1',
      subject: 'x',
      authCode: '28763443825664394',
    });
    assert.deepEqual(answer, { kind: 'answered', code: '10003', tradeNo: TRADE_NO, outTradeNo: OUT_TRADE_NO });
  });

  it('query reads the status, the amount and when the seller was paid', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.query', {
        code: '10000',
        msg: 'Success',
        ...BUYER,
        trade_no: TRADE_NO,
        out_trade_no: OUT_TRADE_NO,
        trade_status: 'TRADE_CLOSED',
        total_amount: '88.80',
        buyer_pay_amount: '0.00',
        send_pay_date: '2014-11-27 15:45:57',
        point_amount: '',
        invoice_amount: null,
      }),
    );
    const answer = await client.query({ outTradeNo: OUT_TRADE_NO, tradeNo: TRADE_NO });
    assert.deepEqual(gateway.lastCall.content, {
      out_trade_no: OUT_TRADE_NO,
      trade_no: TRADE_NO,
    });
    assert.deepEqual(answer, {
      kind: 'answered',
      code: '10000',
      tradeNo: TRADE_NO,
      outTradeNo: OUT_TRADE_NO,
      tradeStatus: 'TRADE_CLOSED',
      totalAmount: '88.80',
      sendPayDate: '2014-11-27T15:45:57+08:00',
    });
  });

  it('cancel reads the answer of the integration guide', async () => {
    const node = `{"code":"10000","msg":"Success","action":"close","out_trade_no":"${OUT_TRADE_NO}","retry_flag":"N","trade_no":"${TRADE_NO}"}`;
    gateway.answer(signedAnswer('alipay.trade.cancel', node));
    const answer = await client.cancel({ outTradeNo: OUT_TRADE_NO });
    assert.deepEqual(gateway.lastCall.content, { out_trade_no: OUT_TRADE_NO });
    assert.deepEqual(answer, {
      kind: 'answered',
      code: '10000',
      action: 'close',
      outTradeNo: OUT_TRADE_NO,
      retryFlag: 'N',
      tradeNo: TRADE_NO,
    });
  });

  it('cancel answered without action has no action', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.cancel', {
        code: '10000',
        msg: 'Success',
        out_trade_no: OUT_TRADE_NO,
        retry_flag: 'N',
      }),
    );
    assert.deepEqual(await client.cancel({ outTradeNo: OUT_TRADE_NO }), {
      kind: 'answered',
      code: '10000',
      outTradeNo: OUT_TRADE_NO,
      retryFlag: 'N',
    });
  });

  it('refund reads whether this call moved money, and how much was refunded in all', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.refund', {
        code: '10000',
        ...BUYER,
        trade_no: TRADE_NO,
        out_trade_no: OUT_TRADE_NO,
        fund_change: 'N',
        refund_fee: '88.88',
        gmt_refund_pay: '2014-11-27 15:45:57',
      }),
    );
    const answer = await client.refund({
      tradeNo: TRADE_NO,
      refundAmount: '88.88',
      outRequestNo: 'r1',
    });
    assert.deepEqual(gateway.lastCall.content, {
      trade_no: TRADE_NO,
      refund_amount: '88.88',
      out_request_no: 'r1',
    });
    assert.deepEqual(answer, {
      kind: 'answered',
      code: '10000',
      tradeNo: TRADE_NO,
      outTradeNo: OUT_TRADE_NO,
      fundChange: 'N',
      refundFee: '88.88',
      gmtRefundPay: '2014-11-27T15:45:57+08:00',
    });
  });

  it('refund query reads a refund, and an answer without one as nothing found', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.fastpay.refund.query', {
        code: '10000',
        trade_no: TRADE_NO,
        out_trade_no: OUT_TRADE_NO,
        out_request_no: 'r1',
        refund_status: 'REFUND_SUCCESS',
        refund_amount: '12.33',
        total_amount: '88.88',
      }),
    );
    assert.deepEqual(await client.queryRefund({ tradeNo: TRADE_NO, outRequestNo: 'r1' }), {
      kind: 'answered',
      code: '10000',
      tradeNo: TRADE_NO,
      outTradeNo: OUT_TRADE_NO,
      outRequestNo: 'r1',
      refundStatus: 'REFUND_SUCCESS',
      refundAmount: '12.33',
      totalAmount: '88.88',
    });
    gateway.answer(signedAnswer('alipay.trade.fastpay.refund.query', { code: '10000', msg: 'Success' }));
    assert.deepEqual(await client.queryRefund({ tradeNo: TRADE_NO, outRequestNo: 'r2' }), {
      kind: 'answered',
      code: '10000',
    });
  });

  it('close reads which trade it closed', async () => {
    gateway.answer(
      signedAnswer('alipay.trade.close', { code: '10000', trade_no: TRADE_NO, out_trade_no: OUT_TRADE_NO }),
    );
    const answer = await client.close({ outTradeNo: OUT_TRADE_NO });
    assert.deepEqual(gateway.lastCall.content, { out_trade_no: OUT_TRADE_NO });
    assert.deepEqual(answer, { kind: 'answered', code: '10000', tradeNo: TRADE_NO, outTradeNo: OUT_TRADE_NO });
  });

  it('precreate reads the code to scan, escaped slashes and all', async () => {
    const node = `{"code":"10000","out_trade_no":"${OUT_TRADE_NO}","qr_code":"https:\\/\\/qr.alipay.com\\/bavh4wjlxf12tper3a"}`;
    gateway.answer(signedAnswer('alipay.trade.precreate', node));
    const answer = await client.precreate({
      outTradeNo: OUT_TRADE_NO,
      totalAmount: '88.88',
      subject: 'x',
    });
    assert.deepEqual(gateway.lastCall.content, {
      out_trade_no: OUT_TRADE_NO,
      total_amount: '88.88',
      subject: 'x',
      seller_id: '2088102146225135',
    });
    assert.deepEqual(answer, {
      kind: 'answered',
      code: '10000',
      outTradeNo: OUT_TRADE_NO,
      qrCode: 'https://qr.alipay.com/bavh4wjlxf12tper3a',
    });
  });
});
