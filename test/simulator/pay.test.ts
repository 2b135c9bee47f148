/**
 * Goal: pay and precreate make a trade as the field docs say, or refuse it as the error table says, and the ledger knows why.
 * Method: raw calls under a clock that the test moves; each answer must be signed.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { beijingTime } from '../../alipay/beijing-time.ts';
import { KEYS_TIMEOUT_MS, sale, type Biz } from './caller.ts';
import { type Counter, HOUR_MS, MINUTE_MS, openCounter } from './counter.ts';

describe('paying at the simulator', () => {
  let counter: Counter;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    counter = await openCounter();
  });
  after(() => counter.simulator.stop());

  describe('pay', () => {
    it('is paid at once where nothing is planned', async () => {
      const id = counter.fresh();
      const node = await counter.ask('pay', sale(id));
      assert.deepEqual(
        [node['code'], node['out_trade_no'], node['total_amount'], node['gmt_payment']],
        ['10000', id, '88.88', beijingTime(counter.clock.nowMs)],
      );
      assert.match(String(node['trade_no']), /^20260131\d{20}$/);
      const { truth, sellerHas } = counter.simulator.trade(id);
      assert.deepEqual([truth, sellerHas], ['PAID', '88.88']);
      assert.deepEqual(counter.causes(id), ['created by alipay.trade.pay, call n', 'paid by alipay.trade.pay, call n']);
    });

    it('answers 10003 while the buyer types, and the buyer pays after the time planned', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { buyerPaysAfterMs: 20_000 });
      assert.equal(await counter.codeOf('pay', sale(id)), '10003');
      counter.clock.nowMs += 19_999;
      assert.equal(await counter.statusOf(id), 'WAIT_BUYER_PAY');
      counter.clock.nowMs += 1;
      assert.equal(await counter.statusOf(id), 'TRADE_SUCCESS');
      assert.equal(counter.causes(id).at(-1), 'paid by buyer');
    });

    it('repeated, answers 10003 again while unpaid, and never pays twice', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { buyerPaysAfterMs: 'never' });
      assert.equal(await counter.codeOf('pay', sale(id)), '10003');
      assert.equal(await counter.codeOf('pay', sale(id)), '10003');
      counter.simulator.buyerPays(id);
      assert.equal(await counter.codeOf('pay', sale(id)), 'ACQ.TRADE_HAS_SUCCESS');
      assert.equal(await counter.codeOf('pay', sale(id, { total_amount: '88.89' })), 'ACQ.CONTEXT_INCONSISTENT');
      assert.equal(counter.simulator.trade(id).sellerHas, '88.88');
    });

    it('of a closed trade is refused', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { buyerPaysAfterMs: 'never' });
      await counter.ask('pay', sale(id));
      await counter.ask('cancel', { out_trade_no: id });
      assert.equal(await counter.codeOf('pay', sale(id)), 'ACQ.TRADE_HAS_CLOSE');
    });

    it('past time_expire is refused and makes no trade', async () => {
      const id = counter.fresh();
      const past = { time_expire: beijingTime(counter.clock.nowMs) };
      assert.equal(await counter.codeOf('pay', sale(id, past)), 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR');
      assert.equal(counter.simulator.trade(id).truth, 'NOT_CREATED');
    });

    const DEADLINES: readonly (readonly [what: string, fields: () => Biz, afterMs: number])[] = [
      ['3 h by default', () => ({}), 3 * HOUR_MS],
      ['timeout_express 5m', () => ({ timeout_express: '5m' }), 5 * MINUTE_MS],
      ['timeout_express 2h', () => ({ timeout_express: '2h' }), 2 * HOUR_MS],
      [
        'time_expire, which wins over timeout_express',
        () => ({ time_expire: beijingTime(counter.clock.nowMs + 10 * MINUTE_MS), timeout_express: '5m' }),
        10 * MINUTE_MS,
      ],
    ];
    for (const [what, fields, afterMs] of DEADLINES) {
      it(`leaves an unpaid trade open until its deadline: ${what}`, async () => {
        const id = counter.fresh();
        counter.clock.nowMs -= counter.clock.nowMs % 1_000;
        counter.simulator.plan(id, { buyerPaysAfterMs: 'never' });
        await counter.ask('pay', sale(id, fields()));
        counter.clock.nowMs += afterMs - 1;
        assert.equal(await counter.statusOf(id), 'WAIT_BUYER_PAY');
        counter.clock.nowMs += 1;
        assert.equal(await counter.statusOf(id), 'TRADE_CLOSED');
        assert.equal(counter.simulator.trade(id).truth, 'CLOSED');
        assert.equal(counter.causes(id).at(-1), 'closed by deadline');
      });
    }

    it('with timeout_express 1c stays open until the Beijing day ends', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { buyerPaysAfterMs: 'never' });
      await counter.ask('pay', sale(id, { timeout_express: '1c' }));
      const endOfDay = `${beijingTime(counter.clock.nowMs + 24 * HOUR_MS).slice(0, 10)}T00:00:00+08:00`;
      assert.equal(Date.parse(counter.simulator.trade(id).expiresAt ?? ''), Date.parse(endOfDay));
    });

    const INVALID: readonly (readonly [what: string, fields: Biz])[] = [
      ['no amount', { total_amount: '' }],
      ['an amount of three decimals', { total_amount: '1.001' }],
      ['no subject', { subject: '' }],
      ['no auth code', { auth_code: '' }],
      ['a timeout of another form', { timeout_express: '90s' }],
      ['a timeout beyond 15 days', { timeout_express: '16d' }],
      ['a time_expire of another form', { time_expire: '2026-01-31T12:00:00Z' }],
      ['a number of 65 characters', { out_trade_no: 'x'.repeat(65) }],
    ];
    for (const [what, fields] of INVALID) {
      it(`with ${what} is ACQ.INVALID_PARAMETER`, async () => {
        assert.equal(await counter.codeOf('pay', sale(counter.fresh(), fields)), 'ACQ.INVALID_PARAMETER');
      });
    }
  });

  describe('precreate', () => {
    it('makes a code and no trade until the buyer scans it', async () => {
      const id = counter.fresh();
      const node = await counter.ask('precreate', sale(id));
      assert.match(String(node['qr_code']), /^https:\/\/qr\.alipay\.com\//);
      assert.equal(await counter.statusOf(id), 'ACQ.TRADE_NOT_EXIST');
      counter.simulator.buyerPays(id);
      assert.equal(await counter.statusOf(id), 'TRADE_SUCCESS');
    });

    it('lets the code die after two hours', async () => {
      const id = counter.fresh();
      await counter.ask('precreate', sale(id));
      counter.clock.nowMs += 2 * HOUR_MS;
      assert.throws(() => counter.simulator.buyerPays(id), /not created: nothing to pay/);
    });

    it('has the buyer scan after the time planned', async () => {
      const id = counter.fresh();
      counter.simulator.plan(id, { buyerPaysAfterMs: 5_000 });
      await counter.ask('precreate', sale(id));
      counter.clock.nowMs += 5_000;
      assert.equal(await counter.statusOf(id), 'TRADE_SUCCESS');
    });
  });
});
