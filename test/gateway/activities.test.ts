/** What an answer of Alipay becomes as an observation: narrowed, dated by when its call was scheduled, and nothing made of it. */
import assert from 'node:assert/strict';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { after, before, beforeEach, describe, it } from 'mocha';
import { idsOf } from '../../activities/gateway-of.ts';
import { createActivities } from '../../activities/index.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import type { QueryCall, QueryReport, TradeActivities } from '../../contract/activities.ts';
import { clientOf, LoopbackGateway, signedAnswer, unsignedAnswer } from './loopback-gateway.ts';

const SCHEDULED_MS = Date.parse('2026-01-31T16:00:00Z');
const OURS = { out_trade_no: 'T1', trade_no: '2026012822001494891000009752' };
const SEEN = { code: '10000', ...OURS, trade_status: 'WAIT_BUYER_PAY', total_amount: '88.88' };
const TRADE = { merchant: 'default', outTradeNo: 'T1' } as const;
const BUYER = { buyer_logon_id: '159****5620', buyer_user_id: '2088101117955611' };
const UNKNOWN_MERCHANT = `merchant "nobody" is not in this worker's merchants file: add it and restart the workers`;

describe('An activity', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  let activities: TradeActivities;
  before(async () => {
    gateway = await LoopbackGateway.start();
    client = clientOf(gateway.url);
    activities = createActivities((merchant) => (merchant === 'default' ? client : undefined));
  });
  after(async () => {
    await client.end();
    await gateway.stop();
  });
  beforeEach(() => {
    gateway.calls.length = 0;
    logged.length = 0;
  });

  const logged: string[] = [];
  const logger = new DefaultLogger('WARN', ({ level, message }) => logged.push(`${level} ${message}`));
  const environment = (heartbeatDetails?: unknown): MockActivityEnvironment =>
    new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: SCHEDULED_MS, heartbeatDetails }, { logger });
  const query = (call: QueryCall, heartbeatDetails?: unknown): Promise<QueryReport> =>
    environment(heartbeatDetails).run(activities.queryTrade, call);
  const answersWith = (method: string, node: Readonly<Record<string, unknown>>): void =>
    gateway.answer(signedAnswer(`alipay.trade.${method}`, node), { trace_id: 'a1b2' });
  const contents = (): unknown => gateway.calls.map(({ content }) => content);

  describe('whose call failed', () => {
    const REFUND = { ...TRADE, outRequestNo: 'T1', refundAmount: '88.88' };
    const METHODS = {
      queryTrade: 'query',
      cancelTrade: 'cancel',
      refundTrade: 'refund',
      queryRefund: 'fastpay.refund.query',
    } as const;
    for (const name of ['queryTrade', 'cancelTrade', 'refundTrade', 'queryRefund'] as const) {
      const method = METHODS[name];
      it(`${name} puts the question to Alipay into the log: environment, interface, parameters, error, trace id`, async () => {
        answersWith(method, { code: '40004', sub_code: 'ACQ.SOMETHING_NEW', sub_msg: '新的错误', ...BUYER });
        await environment().run(activities[name] as (call: typeof REFUND) => Promise<unknown>, REFUND);
        const [question = '', ...others] = logged;
        assert.deepEqual(others, []);
        assert.match(question, /^WARN alipay\.trade\./);
        for (const part of [gateway.url.slice(7, 20), `alipay.trade.${method}`, 'out_trade_no=T1', '新的错误', 'a1b2'])
          assert.ok(question.includes(part), `${part} in ${question}`);
        for (const secret of Object.values(BUYER)) assert.ok(!question.includes(secret));
      });
    }

    it('logs nothing of an answer, nor of "no such trade"', async () => {
      answersWith('query', SEEN);
      await query(TRADE);
      answersWith('cancel', { code: '10000', ...OURS, retry_flag: 'N' });
      await environment().run(activities.cancelTrade, TRADE);
      answersWith('refund', { code: '10000', ...OURS, refund_fee: '88.88' });
      await environment().run(activities.refundTrade, REFUND);
      answersWith('fastpay.refund.query', { code: '10000' });
      await environment().run(activities.queryRefund, TRADE);
      for (const [method, name] of [
        ['query', 'queryTrade'],
        ['fastpay.refund.query', 'queryRefund'],
      ] as const) {
        answersWith(method, { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' });
        await environment().run(activities[name], TRADE);
      }
      assert.deepEqual(logged, []);
    });
  });

  describe('queryTrade', () => {
    it('brings the signed answer without the buyer, as of when the call was scheduled', async () => {
      answersWith('query', { ...SEEN, ...BUYER, send_pay_date: '2026-02-01 00:00:02' });
      assert.deepEqual(await query(TRADE), {
        answer: {
          kind: 'trade',
          outTradeNo: 'T1',
          tradeNo: OURS.trade_no,
          tradeStatus: 'WAIT_BUYER_PAY',
          totalAmount: '88.88',
          sendPayDate: '2026-02-01T00:00:02+08:00',
        },
        scheduledAtMs: SCHEDULED_MS,
        startedAtMs: SCHEDULED_MS,
        polls: 1,
        trail: [{ at: '2026-01-31T16:00:00.000Z', answer: 'WAIT_BUYER_PAY' }],
      });
    });
    it('asks by the numbers that it was given', async () => {
      answersWith('query', SEEN);
      const { answer } = await query(TRADE);
      assert.ok(!('sendPayDate' in answer));
      await query({ merchant: 'default', tradeNo: OURS.trade_no });
      await query({ ...TRADE, tradeNo: OURS.trade_no });
      assert.deepEqual(contents(), [{ out_trade_no: 'T1' }, { trade_no: OURS.trade_no }, OURS]);
    });
    it('passes on no number that it was not given', () => {
      assert.deepEqual(idsOf({ outTradeNo: 'T1' }), { outTradeNo: 'T1' });
      assert.deepEqual(idsOf({ tradeNo: '2026' }), { tradeNo: '2026' });
    });
    it('takes a signed ACQ.TRADE_NOT_EXIST, and nothing else, for "no such trade"', async () => {
      answersWith('query', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' });
      assert.deepEqual((await query(TRADE)).answer, { kind: 'tradeNotExist' });
      answersWith('query', { code: '40004', sub_code: 'ACQ.SOMETHING_NEW' });
      assert.equal((await query(TRADE)).answer.kind, 'failed');
      answersWith('query', { code: '20000', sub_code: 'ACQ.TRADE_NOT_EXIST' });
      assert.equal((await query(TRADE)).answer.kind, 'failed');
      gateway.answer(unsignedAnswer('alipay.trade.query', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }));
      const { answer, trail } = await query(TRADE);
      assert.deepEqual(answer.kind === 'failed' && answer.failure, 'unsigned');
      assert.deepEqual(trail, [{ at: '2026-01-31T16:00:00.000Z', answer: 'unsigned', subCode: 'ACQ.TRADE_NOT_EXIST' }]);
    });
    it('narrows a failure to its class, the codes, our sentence and the trace id', async () => {
      answersWith('query', { code: '20000', msg: 'x', sub_code: 'isp.unknow-error', sub_msg: 'y' });
      assert.deepEqual((await query(TRADE)).answer, {
        kind: 'failed',
        failure: 'unknown',
        code: '20000',
        subCode: 'isp.unknow-error',
        detail: 'answered 20000 isp.unknow-error: service unavailable for the moment; the call may have been executed',
        traceId: 'a1b2',
      });
      gateway.respond = (response) => response.destroy();
      const { answer } = await query(TRADE);
      assert.deepEqual(Object.keys(answer), ['kind', 'failure', 'detail']);
    });
    it('sends nothing for a merchant that this worker does not know, and says what to do', async () => {
      assert.deepEqual((await query({ ...TRADE, merchant: 'nobody' })).answer, {
        kind: 'failed',
        failure: 'configuration',
        detail: UNKNOWN_MERCHANT,
      });
      assert.equal(gateway.calls.length, 0);
    });
  });

  describe('cancelTrade', () => {
    const cancel = (call = TRADE as Parameters<TradeActivities['cancelTrade']>[0]): Promise<unknown> =>
      environment().run(activities.cancelTrade, call);
    const reported = (answer: unknown): unknown => ({ answer, scheduledAtMs: SCHEDULED_MS });

    it('passes a 10000 on as an answer, with what it says and no more', async () => {
      answersWith('cancel', { code: '10000', ...OURS, retry_flag: 'N', action: 'refund', gmt_refund_pay: '' });
      assert.deepEqual(
        await cancel(),
        reported({ kind: 'answered', retryFlag: 'N', action: 'refund', tradeNo: OURS.trade_no }),
      );
      answersWith('cancel', { code: '10000', out_trade_no: 'T1', retry_flag: 'Y' });
      assert.deepEqual(await cancel(), reported({ kind: 'answered', retryFlag: 'Y' }));
      assert.deepEqual(contents(), [{ out_trade_no: 'T1' }, { out_trade_no: 'T1' }]);
    });
    it('keeps what a refusal says of retry_flag, action and trade_no', async () => {
      const refusal = { code: '40004', sub_code: 'ACQ.CANCEL_NOT_ALLOWED' };
      answersWith('cancel', { ...refusal, retry_flag: 'N', action: 'close', trade_no: OURS.trade_no });
      const { answer } = (await cancel()) as { answer: Record<string, unknown> };
      assert.deepEqual(
        [answer['kind'], answer['failure'], answer['retryFlag'], answer['action'], answer['tradeNo']],
        ['failed', 'business', 'N', 'close', OURS.trade_no],
      );
      answersWith('cancel', refusal);
      const { answer: bare } = (await cancel()) as { answer: Record<string, unknown> };
      assert.deepEqual(Object.keys(bare), ['kind', 'failure', 'code', 'subCode', 'detail', 'traceId']);
    });
    it('counts as never sent where this worker does not know the merchant: another one may', async () => {
      const unsent = { kind: 'failed', failure: 'notSent', detail: UNKNOWN_MERCHANT };
      assert.deepEqual(await cancel({ ...TRADE, merchant: 'nobody' }), reported(unsent));
      assert.equal(gateway.calls.length, 0);
    });
  });

  describe('refundTrade', () => {
    const call = { ...TRADE, outRequestNo: 'T1', refundAmount: '88.88' };
    const refund = (given = call): Promise<unknown> => environment().run(activities.refundTrade, given);
    const accepted = { code: '10000', ...OURS, refund_fee: '88.88' };

    it('is a success only where this very call moved money', async () => {
      for (const [told, fundChange] of [
        [{ fund_change: 'Y' }, true],
        [{ fund_change: 'N' }, false],
        [{}, false],
      ] as const) {
        answersWith('refund', { ...accepted, ...told });
        assert.deepEqual(await refund(), { answer: { kind: 'answered', fundChange }, scheduledAtMs: SCHEDULED_MS });
      }
      assert.deepEqual(gateway.lastCall.content, { out_trade_no: 'T1', out_request_no: 'T1', refund_amount: '88.88' });
    });
    it('narrows a refusal, and sends nothing for a merchant it does not know', async () => {
      answersWith('refund', { code: '40004', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' });
      const { answer } = (await refund()) as { answer: Record<string, unknown> };
      assert.deepEqual(Object.keys(answer), ['kind', 'failure', 'code', 'subCode', 'detail', 'traceId']);
      assert.equal(answer['failure'], 'business');
      const { answer: unsent } = (await refund({ ...call, merchant: 'nobody' as never })) as { answer: unknown };
      assert.deepEqual(unsent, { kind: 'failed', failure: 'notSent', detail: UNKNOWN_MERCHANT });
      assert.equal(gateway.calls.length, 1);
    });
  });

  describe('queryRefund', () => {
    const ask = (call = TRADE as Parameters<TradeActivities['queryRefund']>[0]): Promise<unknown> =>
      environment().run(activities.queryRefund, call);
    const reported = (answer: unknown): unknown => ({ answer, scheduledAtMs: SCHEDULED_MS });

    it('asks under the trade’s own number', async () => {
      answersWith('fastpay.refund.query', { code: '10000' });
      await ask();
      await ask({ merchant: 'default', tradeNo: OURS.trade_no });
      assert.deepEqual(contents(), [
        { out_trade_no: 'T1', out_request_no: 'T1' },
        { trade_no: OURS.trade_no, out_request_no: OURS.trade_no },
      ]);
    });
    it('takes REFUND_SUCCESS, and nothing else, for a refund that is done, with its amount', async () => {
      const refund = { code: '10000', out_trade_no: 'T1', out_request_no: 'T1' };
      answersWith('fastpay.refund.query', { ...refund, refund_status: 'REFUND_SUCCESS', refund_amount: '88.88' });
      assert.deepEqual(await ask(), reported({ kind: 'refund', found: 'done', refundAmount: '88.88' }));
      answersWith('fastpay.refund.query', { ...refund, refund_status: 'REFUND_SUCCESS' });
      assert.deepEqual(await ask(), reported({ kind: 'refund', found: 'done' }));
    });
    it('takes another status, or an amount without any, for a refund that is shown and not said to be done', async () => {
      const refund = { code: '10000', out_trade_no: 'T1', out_request_no: 'T1' };
      answersWith('fastpay.refund.query', { ...refund, refund_status: 'REFUND_PROCESSING' });
      assert.deepEqual(await ask(), reported({ kind: 'refund', found: 'notSaid' }));
      answersWith('fastpay.refund.query', { ...refund, refund_amount: '88.88' });
      assert.deepEqual(await ask(), reported({ kind: 'refund', found: 'notSaid', refundAmount: '88.88' }));
    });
    it('takes an answer without either for "no refund under this number"', async () => {
      answersWith('fastpay.refund.query', { code: '10000' });
      assert.deepEqual(await ask(), reported({ kind: 'refund', found: 'nothing' }));
    });
    it('passes on the trade_no of the answer, whatever it says of a refund: Alipay knows the trade', async () => {
      answersWith('fastpay.refund.query', { code: '10000', ...OURS, out_request_no: 'T1' });
      assert.deepEqual(await ask(), reported({ kind: 'refund', found: 'nothing', tradeNo: OURS.trade_no }));
    });
    for (const subCode of ['ACQ.TRADE_NOT_EXIST', 'TRADE_NOT_EXIST']) {
      it(`takes a signed ${subCode} for "no such trade"`, async () => {
        answersWith('fastpay.refund.query', { code: '40004', sub_code: subCode });
        assert.deepEqual(await ask(), reported({ kind: 'tradeNotExist' }));
      });
      it(`takes an unsigned ${subCode}, and one beside 20000, for no information`, async () => {
        gateway.answer(unsignedAnswer('alipay.trade.fastpay.refund.query', { code: '40004', sub_code: subCode }));
        const { answer: unsigned } = (await ask()) as { answer: Record<string, unknown> };
        assert.deepEqual([unsigned['kind'], unsigned['failure']], ['failed', 'unsigned']);
        answersWith('fastpay.refund.query', { code: '20000', sub_code: subCode });
        const { answer: unknown } = (await ask()) as { answer: Record<string, unknown> };
        assert.deepEqual([unknown['kind'], unknown['failure']], ['failed', 'unknown']);
      });
    }
    it('narrows any other failure, and sends nothing for a merchant it does not know', async () => {
      answersWith('fastpay.refund.query', { code: '40004' });
      const { answer } = (await ask()) as { answer: Record<string, unknown> };
      assert.deepEqual(Object.keys(answer), ['kind', 'failure', 'code', 'detail', 'traceId']);
      const unknown = { kind: 'failed', failure: 'configuration', detail: UNKNOWN_MERCHANT };
      assert.deepEqual(await ask({ ...TRADE, merchant: 'nobody' }), reported(unknown));
      assert.equal(gateway.calls.length, 1);
    });
  });
});
