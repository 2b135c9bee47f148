/**
 * Goal: every fault that a plan can name happens as named, and the ledger tells the truth meanwhile. Method: raw calls with one
 * planned step each; the effect is looked for in the ledger, never in the answer.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import type { FaultStep, TradePlan } from '../../simulator/fault-plan.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { call, type CallOptions, KEYS_TIMEOUT_MS, type ReceivedAnswer, sale, startForTest } from './caller.ts';

const clock = { offsetMs: 0 };

describe('a planned fault', () => {
  let simulator: Simulator;
  let made = 0;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest({ now: () => Date.now() + clock.offsetMs });
  });
  after(() => simulator.stop());

  const planned = (plan: TradePlan): string => {
    const outTradeNo = `fault_${(made += 1)}`;
    simulator.plan(outTradeNo, plan);
    return outTradeNo;
  };
  const cancelMeeting = (step: FaultStep, options?: CallOptions): { id: string; answer: Promise<ReceivedAnswer> } => {
    const id = planned({ exists: 'TRADE_SUCCESS', cancel: [step] });
    return { id, answer: call(simulator, 'cancel', { out_trade_no: id }, options) };
  };
  const lastCall = (): unknown => {
    const { executed, answered } = simulator.ledger().calls.at(-1) ?? {};
    return { executed, answered };
  };

  const BROKEN: readonly (readonly [step: FaultStep, executed: boolean])[] = [
    [{ delivery: 'requestLost' }, false],
    [{ delivery: 'answerLost' }, true],
    [{ delivery: 'answerLost', executed: false }, false],
    [{ delivery: 'reset' }, true],
    [{ delivery: 'truncated' }, true],
  ];
  for (const [step, executed] of BROKEN) {
    it(`${JSON.stringify(step)} breaks the connection, ${executed ? 'after' : 'without'} the effect`, async () => {
      const { id, answer } = cancelMeeting(step);
      await assert.rejects(answer);
      assert.equal(simulator.trade(id).truth, executed ? 'REFUNDED' : 'PAID');
      assert.deepEqual(lastCall(), { executed, answered: false });
    });
  }

  it('http500, html, garbage and redirect say nothing about the trade, after the effect', async () => {
    const location = 'http://127.0.0.1:1/elsewhere';
    const steps: readonly FaultStep[] = [
      { delivery: 'http500' },
      { delivery: 'html' },
      { delivery: 'garbage' },
      { delivery: 'redirect', location },
    ];
    const seen = [];
    for (const step of steps) {
      const { id, answer } = cancelMeeting(step);
      const { status, signed, headers } = await answer;
      seen.push([status, signed, headers.get('location')]);
      assert.equal(simulator.trade(id).truth, 'REFUNDED');
    }
    assert.deepEqual(seen, [
      [500, false, null],
      [200, false, null],
      [200, false, null],
      [302, false, location],
    ]);
  });

  it('oversized hides a true answer behind more than 8 MiB', async () => {
    const { bytes } = await cancelMeeting({ delivery: 'oversized' }).answer;
    assert.ok(bytes.length > 8 * 1024 * 1024);
    assert.ok(bytes.subarray(-1000).includes('alipay_trade_cancel_response'));
  });

  it('trickle and delayMs outlast the caller, who leaves without an answer; the effect is there at once', async () => {
    for (const step of [{ delivery: 'trickle' }, { delayMs: 60_000 }] as const) {
      const caller = new AbortController();
      const { id, answer } = cancelMeeting(step, { signal: caller.signal });
      await simulator.callReceived({ outTradeNo: id, method: 'alipay.trade.cancel' });
      assert.equal(simulator.trade(id).truth, 'REFUNDED');
      caller.abort();
      await assert.rejects(answer);
      assert.deepEqual(lastCall(), { executed: true, answered: false });
    }
  });

  it('delayMs gives the true answer in the end', async () => {
    const { signed, node } = await cancelMeeting({ delayMs: 20 }).answer;
    assert.deepEqual([signed, node['action']], [true, 'refund']);
  });

  const WORDS: readonly (readonly [step: FaultStep, code: string, subCode: string])[] = [
    [{ answer: 'code20000' }, '20000', 'isp.unknow-error'],
    [{ answer: 'systemError' }, '40004', 'ACQ.SYSTEM_ERROR'],
    [{ answer: 'notExist' }, '40004', 'ACQ.TRADE_NOT_EXIST'],
    [{ answer: 'limited' }, '40005', 'isv.method-call-limited'],
    [{ answer: 'refused', subCode: 'ACQ.CANCEL_NOT_ALLOWED' }, '40004', 'ACQ.CANCEL_NOT_ALLOWED'],
    [{ answer: 'refused', subCode: 'AQC.SYSTEM_ERROR' }, '40004', 'AQC.SYSTEM_ERROR'],
  ];
  for (const [step, code, subCode] of WORDS) {
    for (const executed of [false, true]) {
      it(`${JSON.stringify(step)} is signed, and ${executed ? 'hides an effect where executed' : 'has no effect'}`, async () => {
        const { id, answer } = cancelMeeting(executed ? { ...step, executed } : step);
        const { node, signed } = await answer;
        assert.deepEqual([node['code'], node['sub_code'], signed], [code, subCode, true]);
        assert.equal(node['retry_flag'], code === '40004' ? 'N' : undefined);
        assert.equal(simulator.trade(id).truth, executed ? 'REFUNDED' : 'PAID');
      });
    }
  }

  it('a retry_flag Y can be said with the effect and without it', async () => {
    const without = cancelMeeting({ executed: false, with: { retry_flag: 'Y' } });
    const with_ = cancelMeeting({ with: { retry_flag: 'Y' }, without: ['action', 'trade_no'] });
    const said = { code: '10000', msg: 'Success', retry_flag: 'Y' };
    assert.deepEqual((await without.answer).node, { ...said, out_trade_no: without.id });
    assert.deepEqual((await with_.answer).node, { ...said, out_trade_no: with_.id });
    assert.deepEqual([simulator.trade(without.id).truth, simulator.trade(with_.id).truth], ['PAID', 'REFUNDED']);
  });

  it('an answer about another trade, or with another amount, is signed as validly as the truth', async () => {
    const id = planned({
      exists: 'TRADE_SUCCESS',
      query: [{ with: { out_trade_no: 'another' } }, { with: { total_amount: '0.01' } }],
    });
    const first = await call(simulator, 'query', { out_trade_no: id });
    const second = await call(simulator, 'query', { out_trade_no: id });
    assert.deepEqual([first.node['out_trade_no'], first.signed], ['another', true]);
    assert.deepEqual([second.node['total_amount'], second.signed], ['0.01', true]);
  });

  it('a wrong signature and a missing one do not verify', async () => {
    const wrong = await cancelMeeting({ signature: 'wrong' }).answer;
    assert.match(wrong.text, /"sign":"[A-Za-z0-9+/]{342}=="/);
    assert.equal(wrong.signed, false);
    const missing = await cancelMeeting({ signature: 'missing' }).answer;
    assert.ok(!missing.text.includes('"sign"'));
  });

  it('a duplicate node puts a forged one behind the signed one, which a careless reader takes', async () => {
    const id = planned({ exists: 'WAIT_BUYER_PAY', query: [{ signature: 'duplicateNode' }] });
    const { text } = await call(simulator, 'query', { out_trade_no: id });
    assert.equal(text.split('"alipay_trade_query_response":').length, 3);
    assert.ok(text.indexOf('WAIT_BUYER_PAY') < text.indexOf('"sign"'));
    const careless = JSON.parse(text) as { alipay_trade_query_response: { trade_status: string } };
    assert.equal(careless.alipay_trade_query_response.trade_status, 'TRADE_SUCCESS');
  });

  it('20000 can come unsigned and in GBK though utf-8 was asked for', async () => {
    const { bytes, signed } = await cancelMeeting({ answer: 'code20000', signature: 'missing', charset: 'gbk' }).answer;
    assert.equal(signed, false);
    assert.ok(bytes.includes(Buffer.from('cfb5cdb3b7b1c3a6', 'hex')), 'the GBK bytes of 系统繁忙');
  });

  it('a GBK answer can be signed over its GBK bytes', async () => {
    const { signed, bytes } = await cancelMeeting({ answer: 'code20000', charset: 'gbk' }).answer;
    assert.ok(signed);
    assert.ok(bytes.includes(Buffer.from('cfb5cdb3b7b1c3a6', 'hex')));
  });

  it('steps are met in their order and as often as they say, then the truth', async () => {
    const id = planned({
      exists: 'WAIT_BUYER_PAY',
      query: [{ times: 2, answer: 'code20000' }, {}, { answer: 'notExist' }],
    });
    const codes = [];
    for (let n = 0; n < 6; n += 1) {
      const { node } = await call(simulator, 'query', { out_trade_no: id });
      codes.push(node['sub_code'] ?? node['trade_status']);
    }
    const truth = 'WAIT_BUYER_PAY';
    assert.deepEqual(codes, ['isp.unknow-error', 'isp.unknow-error', truth, 'ACQ.TRADE_NOT_EXIST', truth, truth]);
  });

  it('one step object may stand in a plan several times, and in several plans', async () => {
    const busy: FaultStep = { answer: 'code20000' };
    const ids = [1, 2].map(() => planned({ exists: 'WAIT_BUYER_PAY', query: [busy, busy] }));
    for (const id of ids) {
      const codes = [];
      for (let n = 0; n < 3; n += 1) codes.push((await call(simulator, 'query', { out_trade_no: id })).node['code']);
      assert.deepEqual(codes, ['20000', '20000', '10000']);
    }
  });

  it("a step 'always' ends only with healing, which leaves the trade as it stands", async () => {
    const id = planned({ exists: 'TRADE_SUCCESS', frozen: true, query: [{ times: 'always', answer: 'code20000' }] });
    for (let n = 0; n < 3; n += 1) {
      assert.equal((await call(simulator, 'query', { out_trade_no: id })).node['code'], '20000');
    }
    simulator.heal();
    assert.equal((await call(simulator, 'query', { out_trade_no: id })).node['trade_status'], 'TRADE_SUCCESS');
    assert.equal(simulator.trade(id).frozen, true);
  });

  it('finds the plan of a trade by its trade_no too', async () => {
    const id = planned({ exists: 'WAIT_BUYER_PAY', cancel: [{ answer: 'systemError' }] });
    const answer = await call(simulator, 'cancel', { trade_no: simulator.trade(id).tradeNo });
    assert.equal(answer.node['sub_code'], 'ACQ.SYSTEM_ERROR');
  });

  it('the buyer pays before the call takes effect, or right after: two truths, and each answer is true', async () => {
    const before_ = planned({ exists: 'WAIT_BUYER_PAY', query: [{ buyerPays: 'beforeExecution' }] });
    const after_ = planned({ exists: 'WAIT_BUYER_PAY', query: [{ buyerPays: 'afterExecution' }] });
    const cancelled = planned({ exists: 'WAIT_BUYER_PAY', cancel: [{ buyerPays: 'beforeExecution' }] });
    const tooLate = planned({ exists: 'WAIT_BUYER_PAY', cancel: [{ buyerPays: 'afterExecution' }] });
    assert.equal((await call(simulator, 'query', { out_trade_no: before_ })).node['trade_status'], 'TRADE_SUCCESS');
    assert.equal((await call(simulator, 'query', { out_trade_no: after_ })).node['trade_status'], 'WAIT_BUYER_PAY');
    assert.equal((await call(simulator, 'cancel', { out_trade_no: cancelled })).node['action'], 'refund');
    assert.equal((await call(simulator, 'cancel', { out_trade_no: tooLate })).node['action'], 'close');
    assert.deepEqual(
      [before_, after_, cancelled, tooLate].map((id) => simulator.trade(id).truth),
      ['PAID', 'PAID', 'REFUNDED', 'CLOSED'],
    );
  });

  describe('to a pay request', () => {
    it('that is lost leaves no trade', async () => {
      const id = planned({ pay: [{ delivery: 'requestLost' }] });
      await assert.rejects(call(simulator, 'pay', sale(id)));
      assert.equal(simulator.trade(id).truth, 'NOT_CREATED');
    });

    it('whose answer is lost leaves a paid trade', async () => {
      const id = planned({ pay: [{ delivery: 'answerLost' }] });
      await assert.rejects(call(simulator, 'pay', sale(id)));
      assert.equal(simulator.trade(id).truth, 'PAID');
    });

    it('that sits in a queue is shown as pending and lands after its time', async () => {
      const id = planned({ pay: [{ answer: 'code20000', executed: { afterMs: 5_000 } }] });
      assert.equal((await call(simulator, 'pay', sale(id))).node['code'], '20000');
      assert.equal(simulator.trade(id).truth, 'NOT_CREATED');
      assert.equal(simulator.trade(id).pending[0]?.what, 'alipay.trade.pay lands');
      clock.offsetMs += 5_000;
      const { truth, pending, effects } = simulator.trade(id);
      assert.deepEqual([truth, pending], ['PAID', []]);
      assert.match(effects[0]?.cause ?? '', /^alipay\.trade\.pay, call \d+$/);
    });

    it('that sits in a queue lands right after the next cancel, which had found nothing', async () => {
      const id = planned({ pay: [{ delivery: 'answerLost', executed: 'afterNextCancel' }], buyerPaysAfterMs: 'never' });
      await assert.rejects(call(simulator, 'pay', sale(id)));
      assert.deepEqual(simulator.trade(id).pending, [{ what: 'alipay.trade.pay lands' }]);
      const first = await call(simulator, 'cancel', { out_trade_no: id });
      assert.deepEqual([first.node['code'], first.node['action']], ['10000', undefined]);
      assert.equal(simulator.trade(id).truth, 'OPEN');
      const second = await call(simulator, 'cancel', { out_trade_no: id });
      assert.equal(second.node['action'], 'close');
      assert.equal(simulator.trade(id).truth, 'CLOSED');
    });

    it('that leaves its queue past the pay deadline creates nothing', async () => {
      const id = planned({ pay: [{ delivery: 'answerLost', executed: { afterMs: 10 * 60_000 } }] });
      await assert.rejects(call(simulator, 'pay', sale(id, { timeout_express: '5m' })));
      clock.offsetMs += 10 * 60_000;
      assert.deepEqual([simulator.trade(id).truth, simulator.trade(id).pending], ['NOT_CREATED', []]);
    });
  });

  it('a cancel that sits in a queue lands later, whatever its answer said', async () => {
    const id = planned({ exists: 'TRADE_SUCCESS', cancel: [{ answer: 'code20000', executed: { afterMs: 3_000 } }] });
    await call(simulator, 'cancel', { out_trade_no: id });
    assert.equal(simulator.trade(id).truth, 'PAID');
    clock.offsetMs += 3_000;
    assert.equal(simulator.trade(id).truth, 'REFUNDED');
  });
});
