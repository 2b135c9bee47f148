/** What cannot be right is refused before anything is sent, with a message that says what to change. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import type { AlipayGateway } from '../../alipay/gateway.ts';
import { GatewayMisuse } from '../../alipay/requests.ts';
import type { TradeIds } from '../../contract/trade.ts';
import { type LoopbackGateway, withLoopback } from './loopback-gateway.ts';

const SALE = { outTradeNo: 'T1', totalAmount: '88.88', subject: 'coffee', authCode: '28763443825664394' };
const REFUND = { outTradeNo: 'T1', refundAmount: '88.88', outRequestNo: 'r1' };

describe('a request is refused before any call', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  withLoopback((opened, itsClient) => {
    gateway = opened;
    client = itsClient;
  });

  const numberless: readonly (readonly [string, (ids: TradeIds) => Promise<unknown>])[] = [
    ['query', (ids) => client.query(ids)],
    ['cancel', (ids) => client.cancel(ids)],
    ['close', (ids) => client.close(ids)],
    ['refund', (ids) => client.refund({ ...ids, refundAmount: '1.00', outRequestNo: 'r1' })],
    ['refund query', (ids) => client.queryRefund({ ...ids, outRequestNo: 'r1' })],
  ];
  const wrongIds: readonly (readonly [string, TradeIds, RegExp])[] = [
    ['without any number', {}, /outTradeNo and tradeNo are both missing/],
    ['with an empty out_trade_no', { outTradeNo: '' }, /outTradeNo must be a text of 1 to 64/],
    ['with an empty out_trade_no beside a trade_no', { outTradeNo: ' ', tradeNo: '2026' }, /outTradeNo must be/],
    ['with a trade_no too long', { tradeNo: '2'.repeat(65) }, /tradeNo must be/],
  ];
  for (const [name, call] of numberless) {
    for (const [what, ids, message] of wrongIds) {
      it(`a ${name} ${what}`, async () => {
        await refusedWith(call(ids), message);
      });
    }
  }

  for (const amount of [
    '',
    '0',
    '0.00',
    '-1',
    '1.001',
    '1,00',
    ' 1.00',
    '1e2',
    '100000000.01',
    '99999999999',
    '٣',
    '0x10',
    'NaN',
  ]) {
    it(`a pay, a precreate and a refund of '${amount}'`, async () => {
      await refusedWith(client.pay({ ...SALE, totalAmount: amount }), /totalAmount must be yuan as a decimal string/);
      await refusedWith(client.precreate({ ...SALE, totalAmount: amount }), /totalAmount must be yuan/);
      await refusedWith(client.refund({ ...REFUND, refundAmount: amount }), /refundAmount must be yuan/);
    });
  }

  it('an amount that is a number, not a text', async () => {
    await refusedWith(client.pay({ ...SALE, totalAmount: 88.88 as unknown as string }), /totalAmount must be yuan/);
  });

  it('a pay without the buyer’s code', async () => {
    await refusedWith(client.pay({ ...SALE, authCode: '' }), /authCode must be/);
  });

  it('a pay without a subject', async () => {
    await refusedWith(client.pay({ ...SALE, subject: '' }), /subject must be a text of 1 to 256/);
  });

  it('a deadline that could be anybody’s', async () => {
    await refusedWith(
      client.pay({ ...SALE, timeExpire: '2026-01-31 12:00:00' }),
      /timeExpire must be RFC 3339 with an offset/,
    );
  });

  it('a refund without its own number', async () => {
    await refusedWith(client.refund({ ...REFUND, outRequestNo: '' }), /outRequestNo must be/);
    await refusedWith(client.queryRefund({ outTradeNo: 'T1', outRequestNo: '' }), /outRequestNo must be/);
  });

  async function refusedWith(call: Promise<unknown>, message: RegExp): Promise<void> {
    await assert.rejects(call, (error) => error instanceof GatewayMisuse && message.test(error.message));
    assert.equal(gateway.calls.length, 0);
  }
});
