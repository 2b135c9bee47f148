/**
 * Goal: query tells how the trade stands; refund moves money once for one request number, and refund query finds it again.
 * Method: raw calls under a clock that the test moves; the money is looked for in the ledger.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { beijingTime } from '../../alipay/beijing-time.ts';
import { KEYS_TIMEOUT_MS } from './caller.ts';
import { type Counter, openCounter } from './counter.ts';

describe('asking and refunding at the simulator', () => {
  let counter: Counter;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    counter = await openCounter();
  });
  after(() => counter.simulator.stop());

  describe('query', () => {
    it('shows no money before the buyer has paid, and send_pay_date after', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { exists: 'WAIT_BUYER_PAY', totalAmount: '0.01' });
      const before_ = await counter.ask('query', { out_trade_no: id });
      assert.deepEqual(
        [before_['trade_status'], before_['total_amount'], before_['receipt_amount'], before_['send_pay_date']],
        ['WAIT_BUYER_PAY', '0.01', '0.00', undefined],
      );
      counter.simulator.buyerPays(id);
      const after_ = await counter.ask('query', { out_trade_no: id });
      assert.deepEqual(
        [after_['trade_status'], after_['receipt_amount'], after_['send_pay_date']],
        ['TRADE_SUCCESS', '0.01', beijingTime(counter.clock.nowMs)],
      );
    });

    it('keeps send_pay_date after the refund, unless the plan says it does not', async () => {
      const [kept, left] = [counter.fresh(), counter.fresh()];
      counter.simulator.plan(kept, { exists: 'TRADE_SUCCESS' });
      counter.simulator.plan(left, { exists: 'TRADE_SUCCESS', behaviour: { querySaysSendPayDate: false } });
      for (const id of [kept, left]) await counter.ask('cancel', { out_trade_no: id });
      assert.ok((await counter.ask('query', { out_trade_no: kept }))['send_pay_date']);
      assert.equal((await counter.ask('query', { out_trade_no: left }))['send_pay_date'], undefined);
    });

    it('looks at trade_no alone where both numbers are sent', async () => {
      const [id, other] = [counter.fresh(), counter.fresh()];
      const { tradeNo } = counter.simulator.plan(id, { exists: 'WAIT_BUYER_PAY' });
      counter.simulator.plan(other, { exists: 'TRADE_SUCCESS' });
      const node = await counter.ask('query', { out_trade_no: other, trade_no: tradeNo });
      assert.deepEqual([node['out_trade_no'], node['trade_status']], [id, 'WAIT_BUYER_PAY']);
    });

    it('of nothing is ACQ.TRADE_NOT_EXIST, without any number ACQ.INVALID_PARAMETER', async () => {
      assert.equal(await counter.codeOf('query', { out_trade_no: counter.fresh() }), 'ACQ.TRADE_NOT_EXIST');
      assert.equal(await counter.codeOf('query', {}), 'ACQ.INVALID_PARAMETER');
    });
  });

  describe('refund', () => {
    it('moves money once for one out_request_no, however often it is sent', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { exists: 'TRADE_SUCCESS' });
      const biz = { out_trade_no: id, refund_amount: '80.00', out_request_no: 'r1' };
      const first = await counter.ask('refund', biz);
      const second = await counter.ask('refund', biz);
      assert.deepEqual([first['fund_change'], first['refund_fee']], ['Y', '80.00']);
      assert.deepEqual([second['code'], second['fund_change'], second['refund_fee']], ['10000', 'N', '80.00']);
      assert.equal(await counter.codeOf('refund', { ...biz, refund_amount: '1.00' }), 'ACQ.DISCORDANT_REPEAT_REQUEST');
      assert.equal(counter.simulator.trade(id).sellerHas, '8.88');
      const rest = await counter.ask('refund', { ...biz, refund_amount: '8.88', out_request_no: 'r2' });
      assert.deepEqual([rest['fund_change'], rest['refund_fee']], ['Y', '88.88']);
      assert.equal(counter.simulator.trade(id).truth, 'REFUNDED');
      assert.equal((await counter.ask('refund', biz))['fund_change'], 'N');
    });

    const REFUSED: readonly (readonly [
      exists: 'WAIT_BUYER_PAY' | 'TRADE_CLOSED' | 'TRADE_FINISHED',
      subCode: string,
    ])[] = [
      ['WAIT_BUYER_PAY', 'ACQ.TRADE_STATUS_ERROR'],
      ['TRADE_CLOSED', 'ACQ.TRADE_HAS_CLOSE'],
      ['TRADE_FINISHED', 'ACQ.TRADE_HAS_FINISHED'],
    ];
    for (const [exists, subCode] of REFUSED) {
      it(`of a trade in ${exists} is ${subCode}`, async () => {
        const id = counter.fresh();
        counter.simulator.plan(id, { exists });
        assert.equal(await counter.codeOf('refund', { out_trade_no: id, refund_amount: '88.88' }), subCode);
      });
    }

    it('of more than is left, in part without a number, or of nothing is refused', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { exists: 'TRADE_SUCCESS', sellerBalanceShort: true });
      const biz = { out_trade_no: id, out_request_no: 'r1' };
      assert.equal(
        await counter.codeOf('refund', { ...biz, refund_amount: '88.89' }),
        'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
      );
      assert.equal(
        await counter.codeOf('refund', { out_trade_no: id, refund_amount: '1.00' }),
        'ACQ.INVALID_PARAMETER',
      );
      assert.equal(await counter.codeOf('refund', { ...biz, refund_amount: '1.00' }), 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
      assert.equal(
        await counter.codeOf('refund', { out_trade_no: counter.fresh(), refund_amount: '1.00' }),
        'ACQ.TRADE_NOT_EXIST',
      );
      assert.equal(counter.simulator.trade(id).refundedAmount, '0.00');
    });
  });

  describe('refund query', () => {
    const refundQuery = 'alipay.trade.fastpay.refund.query';

    it('knows a refund by its out_request_no, and of another number says 10000 and nothing more', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { exists: 'TRADE_SUCCESS' });
      await counter.ask('refund', { out_trade_no: id, refund_amount: '1.00', out_request_no: 'r1' });
      const found = await counter.ask(refundQuery, {
        out_trade_no: id,
        out_request_no: 'r1',
        query_options: ['gmt_refund_pay'],
      });
      assert.deepEqual(
        [found['refund_status'], found['refund_amount'], found['total_amount'], found['gmt_refund_pay']],
        ['REFUND_SUCCESS', '1.00', '88.88', beijingTime(counter.clock.nowMs)],
      );
      const wrong = await counter.ask(refundQuery, { out_trade_no: id, out_request_no: 'r2' });
      assert.deepEqual(wrong, { code: '10000', msg: 'Success' });
    });

    it("shows a cancel's refund under the trade's own number, unless the plan says it does not", async () => {
      const [shown, hidden] = [counter.fresh(), counter.fresh()];
      counter.simulator.plan(shown, { exists: 'TRADE_SUCCESS' });
      counter.simulator.plan(hidden, { exists: 'TRADE_SUCCESS', behaviour: { refundQueryShowsCancel: false } });
      for (const id of [shown, hidden]) await counter.ask('cancel', { out_trade_no: id });
      const statuses = await Promise.all(
        [shown, hidden].map((id) => counter.ask(refundQuery, { out_trade_no: id, out_request_no: id })),
      );
      assert.deepEqual(
        statuses.map((node) => node['refund_status']),
        ['REFUND_SUCCESS', undefined],
      );
    });
  });
});
