/** What an answer of Alipay becomes as an observation: narrowed, dated by when its call was scheduled, and nothing made of it. */
import assert from 'node:assert/strict';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { after, before, beforeEach, describe, it } from 'mocha';
import { idsOf } from '../../activities/gateway-of.ts';
import { createActivities } from '../../activities/index.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import type { PollPlan, QueryCall, QueryReport, TradeActivities } from '../../contract/activities.ts';
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
  });

  const environment = (heartbeatDetails?: unknown): MockActivityEnvironment =>
    new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: SCHEDULED_MS, heartbeatDetails });
  const query = (call: QueryCall, heartbeatDetails?: unknown): Promise<QueryReport> =>
    environment(heartbeatDetails).run(activities.queryTrade, call);
  const answersWith = (method: string, node: Readonly<Record<string, unknown>>): void =>
    gateway.answer(signedAnswer(`alipay.trade.${method}`, node), { trace_id: 'a1b2' });
  const contents = (): unknown => gateway.calls.map(({ content }) => content);

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

  describe('a poll', () => {
    const KNOWN = { word: 'WAIT_BUYER_PAY', tradeNo: OURS.trade_no, totalAmount: '88.88', hasPayDate: false } as const;
    const poll: PollPlan = {
      known: KNOWN,
      asked: 0,
      quickMax: 17,
      pacedMs: 16_000,
      limitedMs: 60_000,
      firstMs: 5_000,
      factor: 2,
      capMs: 60_000,
      untilMs: SCHEDULED_MS + 600_000,
    };
    const notFinal = async (
      plan: PollPlan,
      before?: unknown,
    ): Promise<{ failure: ApplicationFailure; beats: readonly unknown[] }> => {
      const beats: unknown[] = [];
      const mocked = environment(before);
      mocked.on('heartbeat', (details) => beats.push(details));
      try {
        await mocked.run(activities.queryTrade, { ...TRADE, poll: plan });
      } catch (error) {
        assert.ok(error instanceof ApplicationFailure, String(error));
        return { failure: error, beats };
      }
      throw new assert.AssertionError({ message: 'the poll ended' });
    };
    const reportIn = ({ details }: ApplicationFailure): QueryReport => details?.[0] as QueryReport;
    const asked = (polls: number): QueryReport => ({
      answer: { kind: 'tradeNotExist' },
      scheduledAtMs: SCHEDULED_MS - 1_000,
      startedAtMs: SCHEDULED_MS - 60_000,
      polls,
      trail: Array.from({ length: Math.min(polls, 20) }, (_, index) => ({
        at: `question ${index + 1}`,
        answer: 'TRADE_NOT_EXIST' as const,
      })),
    });

    it('asks again by failing harmlessly, with its report in the failure and in the heartbeat', async () => {
      answersWith('query', SEEN);
      const { failure, beats } = await notFinal(poll);
      assert.equal(failure.type, 'NotFinalYet');
      assert.equal(failure.category, ApplicationFailureCategory.BENIGN);
      assert.equal(failure.nonRetryable, false);
      assert.equal(failure.nextRetryDelay, 5_000);
      assert.equal(failure.message, 'WAIT_BUYER_PAY (query 1); asking again in 5 s');
      assert.equal(failure.stack, '');
      assert.equal(reportIn(failure).polls, 1);
      assert.deepEqual(beats, failure.details);
    });
    it('goes on with the trail of the questions before', async () => {
      answersWith('query', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' });
      const { failure } = await notFinal({ ...poll, known: { word: 'TRADE_NOT_EXIST' } }, asked(2));
      const { polls, trail, startedAtMs } = reportIn(failure);
      assert.equal(polls, 3);
      assert.equal(startedAtMs, SCHEDULED_MS - 60_000, 'its first question was the first of all');
      assert.deepEqual(
        trail.map(({ at }) => at),
        ['question 1', 'question 2', '2026-01-31T16:00:00.000Z'],
      );
      assert.match(failure.message, /^TRADE_NOT_EXIST \(query 3\); asking again in 20 s$/);
    });
    it('keeps the first ten and the latest ten questions', async () => {
      answersWith('query', SEEN);
      const { trail, polls } = reportIn((await notFinal(poll, asked(20))).failure);
      assert.equal(polls, 21);
      assert.equal(trail.length, 20);
      assert.deepEqual([trail[9]?.at, trail[10]?.at], ['question 10', 'question 12']);
    });
    it('waits longer each time, up to the cap, and puts its last question on the end', async () => {
      answersWith('query', SEEN);
      const delayOf = async (polls: number, plan: PollPlan = poll): Promise<unknown> =>
        (await notFinal(plan, asked(polls))).failure.nextRetryDelay;
      assert.equal(await delayOf(3), 40_000);
      assert.equal(await delayOf(4), 60_000);
      assert.equal(await delayOf(5_000), 60_000, 'a factor of a long poll is still a number');
      const beganMs = performance.now();
      const leftMs = Number(await delayOf(4, { ...poll, untilMs: SCHEDULED_MS + 30_000 }));
      const tookMs = performance.now() - beganMs;
      assert.ok(leftMs < 30_000 && leftMs >= 30_000 - tookMs, `${leftMs} ms were left after ${tookMs} ms`);
      assert.equal(await delayOf(4, { ...poll, untilMs: SCHEDULED_MS + 1 }), 1_000);
    });
    it('goes on with the delays of the questions that were asked before this activity', async () => {
      answersWith('query', SEEN);
      assert.equal((await notFinal({ ...poll, asked: 2 })).failure.nextRetryDelay, 20_000);
      assert.equal((await notFinal({ ...poll, asked: 2 }, asked(1))).failure.nextRetryDelay, 40_000);
    });
    it('keeps to the slower pace once its quick questions are used up', async () => {
      answersWith('query', SEEN);
      const paced: PollPlan = { ...poll, firstMs: 1_000, factor: 1, capMs: 1_000, quickMax: 3 };
      assert.equal((await notFinal(paced, asked(1))).failure.nextRetryDelay, 1_000);
      assert.equal((await notFinal(paced, asked(2))).failure.nextRetryDelay, 16_000);
      assert.equal(
        (await notFinal({ ...paced, capMs: 60_000, firstMs: 20_000 }, asked(2))).failure.nextRetryDelay,
        20_000,
      );
      assert.equal((await notFinal({ ...paced, quickMax: 0 })).failure.nextRetryDelay, 16_000);
    });
    it('slows down while Alipay says 40005, too many calls', async () => {
      answersWith('query', { code: '40005', sub_code: 'isv.app-call-limited' });
      const limited = { ...poll, known: { word: 'limited', subCode: 'isv.app-call-limited' } } as const;
      assert.equal((await notFinal(limited)).failure.nextRetryDelay, 60_000);
      assert.equal((await notFinal({ ...limited, firstMs: 90_000, capMs: 90_000 })).failure.nextRetryDelay, 90_000);
    });
    it('says in a failure that is asked about again what failed', async () => {
      answersWith('query', { code: '20000', sub_code: 'isp.unknow-error' });
      const { failure } = await notFinal({ ...poll, known: { word: 'unknown', subCode: 'isp.unknow-error' } });
      assert.match(failure.message, /^unknown isp\.unknow-error: answered 20000 .* \(query 1\); asking again in 5 s$/);
      answersWith('query', { code: '20000' });
      const { failure: bare } = await notFinal({ ...poll, known: { word: 'unknown' } });
      assert.match(bare.message, /^unknown: answered 20000: /);
      assert.deepEqual(reportIn(bare).trail, [{ at: '2026-01-31T16:00:00.000Z', answer: 'unknown' }]);
    });
    for (const [what, node] of [
      ['another status', { ...SEEN, trade_status: 'TRADE_SUCCESS' }],
      ['another amount', { ...SEEN, total_amount: '88.80' }],
      ['another tradeNo', { ...SEEN, trade_no: '2026012822001494891000000001' }],
      ['the day the money went to the seller', { ...SEEN, send_pay_date: '2026-02-01 00:00:02' }],
      ['"no such trade"', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }],
      ['a failure', { code: '20000' }],
    ] as const) {
      it(`ends with ${what}: it says something new`, async () => {
        answersWith('query', node);
        const { polls, trail } = await query({ ...TRADE, poll }, asked(2));
        assert.deepEqual([polls, trail.length], [3, 3]);
      });
    }
    it('ends with another code of the same failure', async () => {
      answersWith('query', { code: '20000', sub_code: 'isp.unknow-error' });
      const { answer } = await query({ ...TRADE, poll: { ...poll, known: { word: 'unknown' } } });
      assert.ok(answer.kind === 'failed' && answer.failure === 'unknown');
    });
    it('ends with any answer that was asked for at its end, or later', async () => {
      answersWith('query', SEEN);
      assert.equal((await query({ ...TRADE, poll: { ...poll, untilMs: SCHEDULED_MS } })).answer.kind, 'trade');
      assert.equal((await query({ ...TRADE, poll: { ...poll, untilMs: SCHEDULED_MS - 1 } })).answer.kind, 'trade');
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
