/**
 * Goal: cancel and close do to each kind of trade what `AlipayTradeCancelResponse` and the error tables say, at most once.
 * Method: raw calls under a clock that the test moves; the money is looked for in the ledger.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { KEYS_TIMEOUT_MS, sale } from './caller.ts';
import { type Counter, HOUR_MS, openCounter } from './counter.ts';

describe('undoing at the simulator', () => {
  let counter: Counter;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    counter = await openCounter();
  });
  after(() => counter.simulator.stop());

  describe('cancel', () => {
    it('closes an unpaid trade: action close, no money moved', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { exists: 'WAIT_BUYER_PAY' });
      const node = await counter.ask('cancel', { out_trade_no: id });
      assert.deepEqual([node['code'], node['action'], node['retry_flag']], ['10000', 'close', 'N']);
      assert.equal(counter.simulator.trade(id).truth, 'CLOSED');
      assert.deepEqual(counter.causes(id), ['created by control', 'closed by alipay.trade.cancel, call n']);
    });

    it('refunds a paid trade whole: action refund', async () => {
      const id = counter.fresh();
      await counter.ask('pay', sale(id));
      const node = await counter.ask('cancel', { out_trade_no: id });
      assert.deepEqual([node['code'], node['action'], node['retry_flag']], ['10000', 'refund', 'N']);
      const { truth, tradeStatus, sellerHas, refundedAmount } = counter.simulator.trade(id);
      assert.deepEqual([truth, tradeStatus, sellerHas, refundedAmount], ['REFUNDED', 'TRADE_CLOSED', '0.00', '88.88']);
    });

    it('of an unknown out_trade_no succeeds without action and without trade_no, and does not block a later pay', async () => {
      const id = counter.fresh();
      assert.deepEqual(await counter.ask('cancel', { out_trade_no: id }), {
        code: '10000',
        msg: 'Success',
        out_trade_no: id,
        retry_flag: 'N',
      });
      assert.equal(await counter.codeOf('pay', sale(id)), '10000');
      assert.equal(counter.simulator.trade(id).truth, 'PAID');
    });

    it('of an unknown out_trade_no blocks a later pay where the plan says so', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { behaviour: { cancelBlocksLaterPay: true } });
      await counter.ask('cancel', { out_trade_no: id });
      assert.equal(await counter.codeOf('pay', sale(id)), 'ACQ.TRADE_HAS_CLOSE');
    });

    it('of an unknown trade_no is 40004', async () => {
      const node = await counter.ask('cancel', { trade_no: '2019032622001494891000000000' });
      assert.deepEqual([node['code'], node['retry_flag']], ['40004', 'N']);
    });

    it('of a closed trade does not say action again, unless the plan says it does', async () => {
      const [silent, closed, refunded] = [counter.fresh(), counter.fresh(), counter.fresh()];
      counter.simulator.plan(silent, { exists: 'WAIT_BUYER_PAY' });
      counter.simulator.plan(closed, { exists: 'WAIT_BUYER_PAY', behaviour: { cancelRepeatsAction: true } });
      counter.simulator.plan(refunded, { exists: 'TRADE_SUCCESS', behaviour: { cancelRepeatsAction: true } });
      for (const id of [silent, closed, refunded]) await counter.ask('cancel', { out_trade_no: id });
      const second = await Promise.all(
        [silent, closed, refunded].map((id) => counter.ask('cancel', { out_trade_no: id })),
      );
      assert.deepEqual(
        second.map((node) => [node['code'], node['action'], node['retry_flag']]),
        [
          ['10000', undefined, 'N'],
          ['10000', 'close', 'N'],
          ['10000', 'refund', 'N'],
        ],
      );
      assert.equal(counter.simulator.trade(refunded).refundedAmount, '88.88');
    });

    it('24 h after the creation is ACQ.TRADE_CANCEL_TIME_OUT, a millisecond before it is not', async () => {
      const [late, inTime] = [counter.fresh(), counter.fresh()];
      const createdAt = new Date(counter.clock.nowMs).toISOString();
      for (const id of [late, inTime]) counter.simulator.plan(id, { exists: 'TRADE_SUCCESS', createdAt });
      counter.clock.nowMs += 24 * HOUR_MS - 1;
      assert.equal(await counter.codeOf('cancel', { out_trade_no: inTime }), '10000');
      counter.clock.nowMs += 1;
      assert.equal(await counter.codeOf('cancel', { out_trade_no: late }), 'ACQ.TRADE_CANCEL_TIME_OUT');
      assert.equal(counter.simulator.trade(late).truth, 'PAID');
    });

    it('of a finished trade is ACQ.TRADE_HAS_FINISHED, of a partly refunded one ACQ.REASON_TRADE_REFUND_FEE_ERR', async () => {
      const [finished, partly] = [counter.fresh(), counter.fresh()];
      counter.simulator.plan(finished, { exists: 'TRADE_FINISHED' });
      counter.simulator.plan(partly, { exists: 'TRADE_SUCCESS' });
      await counter.ask('refund', { out_trade_no: partly, refund_amount: '1.00', out_request_no: 'r1' });
      assert.equal(await counter.codeOf('cancel', { out_trade_no: finished }), 'ACQ.TRADE_HAS_FINISHED');
      assert.equal(await counter.codeOf('cancel', { out_trade_no: partly }), 'ACQ.REASON_TRADE_REFUND_FEE_ERR');
    });

    it('of a paid trade waits for the top-up where the balance is short, of an unpaid one does not', async () => {
      const [paid, unpaid] = [counter.fresh(), counter.fresh()];
      counter.simulator.plan(paid, { exists: 'TRADE_SUCCESS', sellerBalanceShort: true });
      counter.simulator.plan(unpaid, { exists: 'WAIT_BUYER_PAY', sellerBalanceShort: true });
      assert.equal(await counter.codeOf('cancel', { out_trade_no: unpaid }), '10000');
      assert.equal(await counter.codeOf('cancel', { out_trade_no: paid }), 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
      assert.equal(counter.simulator.trade(paid).truth, 'PAID');
      counter.simulator.topUp(paid);
      assert.equal((await counter.ask('cancel', { out_trade_no: paid }))['action'], 'refund');
    });

    it('of a frozen trade is ACQ.REASON_TRADE_BEEN_FREEZEN until it is unfrozen', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { frozen: true });
      await counter.ask('pay', sale(id));
      assert.equal(await counter.codeOf('cancel', { out_trade_no: id }), 'ACQ.REASON_TRADE_BEEN_FREEZEN');
      assert.equal(
        await counter.codeOf('refund', { out_trade_no: id, refund_amount: '88.88' }),
        'ACQ.REASON_TRADE_BEEN_FREEZEN',
      );
      counter.simulator.unfreeze(id);
      assert.equal((await counter.ask('cancel', { out_trade_no: id }))['action'], 'refund');
    });
  });

  describe('close', () => {
    it('closes an unpaid trade and refuses every other', async () => {
      const [unpaid, paid] = [counter.fresh(), counter.fresh()];
      counter.simulator.plan(unpaid, { exists: 'WAIT_BUYER_PAY' });
      counter.simulator.plan(paid, { exists: 'TRADE_SUCCESS' });
      assert.equal(await counter.codeOf('close', { out_trade_no: unpaid }), '10000');
      assert.equal(await counter.codeOf('close', { out_trade_no: unpaid }), 'ACQ.REASON_TRADE_STATUS_INVALID');
      assert.equal(await counter.codeOf('close', { out_trade_no: paid }), 'ACQ.REASON_TRADE_STATUS_INVALID');
      assert.equal(await counter.codeOf('close', { out_trade_no: counter.fresh() }), 'ACQ.TRADE_NOT_EXIST');
      assert.deepEqual(
        [counter.simulator.trade(unpaid).truth, counter.simulator.trade(paid).truth],
        ['CLOSED', 'PAID'],
      );
    });
  });
});
