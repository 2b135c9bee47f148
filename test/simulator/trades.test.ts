/**
 * Goal: pay, query, cancel, close, refund, refund query and precreate do to a trade what Alipay's field docs and error tables
 * say, and the ledger shows each effect with its cause. Method: raw calls under a clock that the test moves.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { beijingTime } from '../../alipay/beijing-time.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type Biz, call, KEYS_TIMEOUT_MS, sale, startForTest } from './caller.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const clock = { nowMs: Date.parse('2026-01-31T12:00:00+08:00') };

describe('a trade at the simulator', () => {
  let simulator: Simulator;
  let made = 0;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest({ now: () => clock.nowMs });
  });
  after(() => simulator.stop());

  const fresh = (): string => `trade_${(made += 1)}`;
  const ask = async (method: string, biz: Biz): Promise<Biz> => {
    const answer = await call(simulator, method, biz);
    assert.ok(answer.signed, answer.text);
    return answer.node;
  };
  /** code, or sub_code where there is one. */
  const codeOf = async (method: string, biz: Biz): Promise<unknown> => {
    const node = await ask(method, biz);
    return node['sub_code'] ?? node['code'];
  };
  const statusOf = async (outTradeNo: string): Promise<unknown> => {
    const node = await ask('query', { out_trade_no: outTradeNo });
    return node['trade_status'] ?? node['sub_code'];
  };
  const causes = (outTradeNo: string): readonly string[] =>
    simulator.trade(outTradeNo).effects.map(({ kind, cause }) => `${kind} by ${cause.replace(/\d+$/, 'n')}`);

  describe('pay', () => {
    it('is paid at once where nothing is planned', async () => {
      const id = fresh();
      const node = await ask('pay', sale(id));
      assert.deepEqual(
        [node['code'], node['out_trade_no'], node['total_amount'], node['gmt_payment']],
        ['10000', id, '88.88', beijingTime(clock.nowMs)],
      );
      assert.match(String(node['trade_no']), /^20260131\d{20}$/);
      const { truth, sellerHas } = simulator.trade(id);
      assert.deepEqual([truth, sellerHas], ['PAID', '88.88']);
      assert.deepEqual(causes(id), ['created by alipay.trade.pay, call n', 'paid by alipay.trade.pay, call n']);
    });

    it('answers 10003 while the buyer types, and the buyer pays after the time planned', async () => {
      const id = fresh();
      simulator.plan(id, { buyerPaysAfterMs: 20_000 });
      assert.equal(await codeOf('pay', sale(id)), '10003');
      clock.nowMs += 19_999;
      assert.equal(await statusOf(id), 'WAIT_BUYER_PAY');
      clock.nowMs += 1;
      assert.equal(await statusOf(id), 'TRADE_SUCCESS');
      assert.equal(causes(id).at(-1), 'paid by buyer');
    });

    it('repeated, answers 10003 again while unpaid, and never pays twice', async () => {
      const id = fresh();
      simulator.plan(id, { buyerPaysAfterMs: 'never' });
      assert.equal(await codeOf('pay', sale(id)), '10003');
      assert.equal(await codeOf('pay', sale(id)), '10003');
      simulator.buyerPays(id);
      assert.equal(await codeOf('pay', sale(id)), 'ACQ.TRADE_HAS_SUCCESS');
      assert.equal(await codeOf('pay', sale(id, { total_amount: '88.89' })), 'ACQ.CONTEXT_INCONSISTENT');
      assert.equal(simulator.trade(id).sellerHas, '88.88');
    });

    it('of a closed trade is refused', async () => {
      const id = fresh();
      simulator.plan(id, { buyerPaysAfterMs: 'never' });
      await ask('pay', sale(id));
      await ask('cancel', { out_trade_no: id });
      assert.equal(await codeOf('pay', sale(id)), 'ACQ.TRADE_HAS_CLOSE');
    });

    it('past time_expire is refused and makes no trade', async () => {
      const id = fresh();
      const past = { time_expire: beijingTime(clock.nowMs) };
      assert.equal(await codeOf('pay', sale(id, past)), 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR');
      assert.equal(simulator.trade(id).truth, 'NOT_CREATED');
    });

    const DEADLINES: readonly (readonly [what: string, fields: () => Biz, afterMs: number])[] = [
      ['3 h by default', () => ({}), 3 * HOUR_MS],
      ['timeout_express 5m', () => ({ timeout_express: '5m' }), 5 * MINUTE_MS],
      ['timeout_express 2h', () => ({ timeout_express: '2h' }), 2 * HOUR_MS],
      [
        'time_expire, which wins over timeout_express',
        () => ({ time_expire: beijingTime(clock.nowMs + 10 * MINUTE_MS), timeout_express: '5m' }),
        10 * MINUTE_MS,
      ],
    ];
    for (const [what, fields, afterMs] of DEADLINES) {
      it(`leaves an unpaid trade open until its deadline: ${what}`, async () => {
        const id = fresh();
        clock.nowMs -= clock.nowMs % 1_000;
        simulator.plan(id, { buyerPaysAfterMs: 'never' });
        await ask('pay', sale(id, fields()));
        clock.nowMs += afterMs - 1;
        assert.equal(await statusOf(id), 'WAIT_BUYER_PAY');
        clock.nowMs += 1;
        assert.equal(await statusOf(id), 'TRADE_CLOSED');
        assert.equal(simulator.trade(id).truth, 'CLOSED');
        assert.equal(causes(id).at(-1), 'closed by deadline');
      });
    }

    it('with timeout_express 1c stays open until the Beijing day ends', async () => {
      const id = fresh();
      simulator.plan(id, { buyerPaysAfterMs: 'never' });
      await ask('pay', sale(id, { timeout_express: '1c' }));
      const endOfDay = `${beijingTime(clock.nowMs + 24 * HOUR_MS).slice(0, 10)}T00:00:00+08:00`;
      assert.equal(Date.parse(simulator.trade(id).expiresAt ?? ''), Date.parse(endOfDay));
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
        assert.equal(await codeOf('pay', sale(fresh(), fields)), 'ACQ.INVALID_PARAMETER');
      });
    }
  });

  describe('query', () => {
    it('shows no money before the buyer has paid, and send_pay_date after', async () => {
      const id = fresh();
      simulator.plan(id, { exists: 'WAIT_BUYER_PAY', totalAmount: '0.01' });
      const before_ = await ask('query', { out_trade_no: id });
      assert.deepEqual(
        [before_['trade_status'], before_['total_amount'], before_['receipt_amount'], before_['send_pay_date']],
        ['WAIT_BUYER_PAY', '0.01', '0.00', undefined],
      );
      simulator.buyerPays(id);
      const after_ = await ask('query', { out_trade_no: id });
      assert.deepEqual(
        [after_['trade_status'], after_['receipt_amount'], after_['send_pay_date']],
        ['TRADE_SUCCESS', '0.01', beijingTime(clock.nowMs)],
      );
    });

    it('keeps send_pay_date after the refund, unless the plan says it does not', async () => {
      const [kept, left] = [fresh(), fresh()];
      simulator.plan(kept, { exists: 'TRADE_SUCCESS' });
      simulator.plan(left, { exists: 'TRADE_SUCCESS', behaviour: { querySaysSendPayDate: false } });
      for (const id of [kept, left]) await ask('cancel', { out_trade_no: id });
      assert.ok((await ask('query', { out_trade_no: kept }))['send_pay_date']);
      assert.equal((await ask('query', { out_trade_no: left }))['send_pay_date'], undefined);
    });

    it('looks at trade_no alone where both numbers are sent', async () => {
      const [id, other] = [fresh(), fresh()];
      const { tradeNo } = simulator.plan(id, { exists: 'WAIT_BUYER_PAY' });
      simulator.plan(other, { exists: 'TRADE_SUCCESS' });
      const node = await ask('query', { out_trade_no: other, trade_no: tradeNo });
      assert.deepEqual([node['out_trade_no'], node['trade_status']], [id, 'WAIT_BUYER_PAY']);
    });

    it('of nothing is ACQ.TRADE_NOT_EXIST, without any number ACQ.INVALID_PARAMETER', async () => {
      assert.equal(await codeOf('query', { out_trade_no: fresh() }), 'ACQ.TRADE_NOT_EXIST');
      assert.equal(await codeOf('query', {}), 'ACQ.INVALID_PARAMETER');
    });
  });

  describe('cancel', () => {
    it('closes an unpaid trade: action close, no money moved', async () => {
      const id = fresh();
      simulator.plan(id, { exists: 'WAIT_BUYER_PAY' });
      const node = await ask('cancel', { out_trade_no: id });
      assert.deepEqual([node['code'], node['action'], node['retry_flag']], ['10000', 'close', 'N']);
      assert.equal(simulator.trade(id).truth, 'CLOSED');
      assert.deepEqual(causes(id), ['created by control', 'closed by alipay.trade.cancel, call n']);
    });

    it('refunds a paid trade whole: action refund', async () => {
      const id = fresh();
      await ask('pay', sale(id));
      const node = await ask('cancel', { out_trade_no: id });
      assert.deepEqual([node['code'], node['action'], node['retry_flag']], ['10000', 'refund', 'N']);
      const { truth, tradeStatus, sellerHas, refundedAmount } = simulator.trade(id);
      assert.deepEqual([truth, tradeStatus, sellerHas, refundedAmount], ['REFUNDED', 'TRADE_CLOSED', '0.00', '88.88']);
    });

    it('of an unknown out_trade_no succeeds without action and without trade_no, and does not block a later pay', async () => {
      const id = fresh();
      assert.deepEqual(await ask('cancel', { out_trade_no: id }), {
        code: '10000',
        msg: 'Success',
        out_trade_no: id,
        retry_flag: 'N',
      });
      assert.equal(await codeOf('pay', sale(id)), '10000');
      assert.equal(simulator.trade(id).truth, 'PAID');
    });

    it('of an unknown out_trade_no blocks a later pay where the plan says so', async () => {
      const id = fresh();
      simulator.plan(id, { behaviour: { cancelBlocksLaterPay: true } });
      await ask('cancel', { out_trade_no: id });
      assert.equal(await codeOf('pay', sale(id)), 'ACQ.TRADE_HAS_CLOSE');
    });

    it('of an unknown trade_no is 40004', async () => {
      const node = await ask('cancel', { trade_no: '2019032622001494891000000000' });
      assert.deepEqual([node['code'], node['retry_flag']], ['40004', 'N']);
    });

    it('of a closed trade does not say action again, unless the plan says it does', async () => {
      const [silent, closed, refunded] = [fresh(), fresh(), fresh()];
      simulator.plan(silent, { exists: 'WAIT_BUYER_PAY' });
      simulator.plan(closed, { exists: 'WAIT_BUYER_PAY', behaviour: { cancelRepeatsAction: true } });
      simulator.plan(refunded, { exists: 'TRADE_SUCCESS', behaviour: { cancelRepeatsAction: true } });
      for (const id of [silent, closed, refunded]) await ask('cancel', { out_trade_no: id });
      const second = await Promise.all([silent, closed, refunded].map((id) => ask('cancel', { out_trade_no: id })));
      assert.deepEqual(
        second.map((node) => [node['code'], node['action'], node['retry_flag']]),
        [
          ['10000', undefined, 'N'],
          ['10000', 'close', 'N'],
          ['10000', 'refund', 'N'],
        ],
      );
      assert.equal(simulator.trade(refunded).refundedAmount, '88.88');
    });

    it('24 h after the creation is ACQ.TRADE_CANCEL_TIME_OUT, a millisecond before it is not', async () => {
      const [late, inTime] = [fresh(), fresh()];
      const createdAt = new Date(clock.nowMs).toISOString();
      for (const id of [late, inTime]) simulator.plan(id, { exists: 'TRADE_SUCCESS', createdAt });
      clock.nowMs += 24 * HOUR_MS - 1;
      assert.equal(await codeOf('cancel', { out_trade_no: inTime }), '10000');
      clock.nowMs += 1;
      assert.equal(await codeOf('cancel', { out_trade_no: late }), 'ACQ.TRADE_CANCEL_TIME_OUT');
      assert.equal(simulator.trade(late).truth, 'PAID');
    });

    it('of a finished trade is ACQ.TRADE_HAS_FINISHED, of a partly refunded one ACQ.REASON_TRADE_REFUND_FEE_ERR', async () => {
      const [finished, partly] = [fresh(), fresh()];
      simulator.plan(finished, { exists: 'TRADE_FINISHED' });
      simulator.plan(partly, { exists: 'TRADE_SUCCESS' });
      await ask('refund', { out_trade_no: partly, refund_amount: '1.00', out_request_no: 'r1' });
      assert.equal(await codeOf('cancel', { out_trade_no: finished }), 'ACQ.TRADE_HAS_FINISHED');
      assert.equal(await codeOf('cancel', { out_trade_no: partly }), 'ACQ.REASON_TRADE_REFUND_FEE_ERR');
    });

    it('of a paid trade waits for the top-up where the balance is short, of an unpaid one does not', async () => {
      const [paid, unpaid] = [fresh(), fresh()];
      simulator.plan(paid, { exists: 'TRADE_SUCCESS', sellerBalanceShort: true });
      simulator.plan(unpaid, { exists: 'WAIT_BUYER_PAY', sellerBalanceShort: true });
      assert.equal(await codeOf('cancel', { out_trade_no: unpaid }), '10000');
      assert.equal(await codeOf('cancel', { out_trade_no: paid }), 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
      assert.equal(simulator.trade(paid).truth, 'PAID');
      simulator.topUp(paid);
      assert.equal((await ask('cancel', { out_trade_no: paid }))['action'], 'refund');
    });

    it('of a frozen trade is ACQ.REASON_TRADE_BEEN_FREEZEN until it is unfrozen', async () => {
      const id = fresh();
      simulator.plan(id, { frozen: true });
      await ask('pay', sale(id));
      assert.equal(await codeOf('cancel', { out_trade_no: id }), 'ACQ.REASON_TRADE_BEEN_FREEZEN');
      assert.equal(
        await codeOf('refund', { out_trade_no: id, refund_amount: '88.88' }),
        'ACQ.REASON_TRADE_BEEN_FREEZEN',
      );
      simulator.unfreeze(id);
      assert.equal((await ask('cancel', { out_trade_no: id }))['action'], 'refund');
    });
  });

  describe('close', () => {
    it('closes an unpaid trade and refuses every other', async () => {
      const [unpaid, paid] = [fresh(), fresh()];
      simulator.plan(unpaid, { exists: 'WAIT_BUYER_PAY' });
      simulator.plan(paid, { exists: 'TRADE_SUCCESS' });
      assert.equal(await codeOf('close', { out_trade_no: unpaid }), '10000');
      assert.equal(await codeOf('close', { out_trade_no: unpaid }), 'ACQ.REASON_TRADE_STATUS_INVALID');
      assert.equal(await codeOf('close', { out_trade_no: paid }), 'ACQ.REASON_TRADE_STATUS_INVALID');
      assert.equal(await codeOf('close', { out_trade_no: fresh() }), 'ACQ.TRADE_NOT_EXIST');
      assert.deepEqual([simulator.trade(unpaid).truth, simulator.trade(paid).truth], ['CLOSED', 'PAID']);
    });
  });

  describe('refund', () => {
    it('moves money once for one out_request_no, however often it is sent', async () => {
      const id = fresh();
      simulator.plan(id, { exists: 'TRADE_SUCCESS' });
      const biz = { out_trade_no: id, refund_amount: '80.00', out_request_no: 'r1' };
      const first = await ask('refund', biz);
      const second = await ask('refund', biz);
      assert.deepEqual([first['fund_change'], first['refund_fee']], ['Y', '80.00']);
      assert.deepEqual([second['code'], second['fund_change'], second['refund_fee']], ['10000', 'N', '80.00']);
      assert.equal(await codeOf('refund', { ...biz, refund_amount: '1.00' }), 'ACQ.DISCORDANT_REPEAT_REQUEST');
      assert.equal(simulator.trade(id).sellerHas, '8.88');
      const rest = await ask('refund', { ...biz, refund_amount: '8.88', out_request_no: 'r2' });
      assert.deepEqual([rest['fund_change'], rest['refund_fee']], ['Y', '88.88']);
      assert.equal(simulator.trade(id).truth, 'REFUNDED');
      assert.equal((await ask('refund', biz))['fund_change'], 'N');
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
        const id = fresh();
        simulator.plan(id, { exists });
        assert.equal(await codeOf('refund', { out_trade_no: id, refund_amount: '88.88' }), subCode);
      });
    }

    it('of more than is left, in part without a number, or of nothing is refused', async () => {
      const id = fresh();
      simulator.plan(id, { exists: 'TRADE_SUCCESS', sellerBalanceShort: true });
      const biz = { out_trade_no: id, out_request_no: 'r1' };
      assert.equal(await codeOf('refund', { ...biz, refund_amount: '88.89' }), 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
      assert.equal(await codeOf('refund', { out_trade_no: id, refund_amount: '1.00' }), 'ACQ.INVALID_PARAMETER');
      assert.equal(await codeOf('refund', { ...biz, refund_amount: '1.00' }), 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
      assert.equal(await codeOf('refund', { out_trade_no: fresh(), refund_amount: '1.00' }), 'ACQ.TRADE_NOT_EXIST');
      assert.equal(simulator.trade(id).refundedAmount, '0.00');
    });
  });

  describe('refund query', () => {
    const refundQuery = 'alipay.trade.fastpay.refund.query';

    it('knows a refund by its out_request_no, and of another number says 10000 and nothing more', async () => {
      const id = fresh();
      simulator.plan(id, { exists: 'TRADE_SUCCESS' });
      await ask('refund', { out_trade_no: id, refund_amount: '1.00', out_request_no: 'r1' });
      const found = await ask(refundQuery, {
        out_trade_no: id,
        out_request_no: 'r1',
        query_options: ['gmt_refund_pay'],
      });
      assert.deepEqual(
        [found['refund_status'], found['refund_amount'], found['total_amount'], found['gmt_refund_pay']],
        ['REFUND_SUCCESS', '1.00', '88.88', beijingTime(clock.nowMs)],
      );
      const wrong = await ask(refundQuery, { out_trade_no: id, out_request_no: 'r2' });
      assert.deepEqual(wrong, { code: '10000', msg: 'Success' });
    });

    it("shows a cancel's refund under the trade's own number, unless the plan says it does not", async () => {
      const [shown, hidden] = [fresh(), fresh()];
      simulator.plan(shown, { exists: 'TRADE_SUCCESS' });
      simulator.plan(hidden, { exists: 'TRADE_SUCCESS', behaviour: { refundQueryShowsCancel: false } });
      for (const id of [shown, hidden]) await ask('cancel', { out_trade_no: id });
      const statuses = await Promise.all(
        [shown, hidden].map((id) => ask(refundQuery, { out_trade_no: id, out_request_no: id })),
      );
      assert.deepEqual(
        statuses.map((node) => node['refund_status']),
        ['REFUND_SUCCESS', undefined],
      );
    });
  });

  describe('precreate', () => {
    it('makes a code and no trade until the buyer scans it', async () => {
      const id = fresh();
      const node = await ask('precreate', sale(id));
      assert.match(String(node['qr_code']), /^https:\/\/qr\.alipay\.com\//);
      assert.equal(await statusOf(id), 'ACQ.TRADE_NOT_EXIST');
      simulator.buyerPays(id);
      assert.equal(await statusOf(id), 'TRADE_SUCCESS');
    });

    it('lets the code die after two hours', async () => {
      const id = fresh();
      await ask('precreate', sale(id));
      clock.nowMs += 2 * HOUR_MS;
      assert.throws(() => simulator.buyerPays(id), /not created: nothing to pay/);
    });

    it('has the buyer scan after the time planned', async () => {
      const id = fresh();
      simulator.plan(id, { buyerPaysAfterMs: 5_000 });
      await ask('precreate', sale(id));
      clock.nowMs += 5_000;
      assert.equal(await statusOf(id), 'TRADE_SUCCESS');
    });
  });
});
