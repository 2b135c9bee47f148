/** A poll is one activity whose attempts are the questions: how it asks again by its plan, and which answer ends it. */
import assert from 'node:assert/strict';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { after, before, beforeEach, describe, it } from 'mocha';
import { createActivities } from '../../activities/index.ts';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import type { PollPlan, QueryCall, QueryReport, TradeActivities } from '../../contract/activities.ts';
import { clientOf, LoopbackGateway, signedAnswer } from './loopback-gateway.ts';

const SCHEDULED_MS = Date.parse('2026-01-31T16:00:00Z');
const OURS = { out_trade_no: 'T1', trade_no: '2026012822001494891000009752' };
const SEEN = { code: '10000', ...OURS, trade_status: 'WAIT_BUYER_PAY', total_amount: '88.88' };
const TRADE = { merchant: 'default', outTradeNo: 'T1' } as const;

describe('A poll', () => {
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
  const logger = new DefaultLogger('WARN', ({ message }) => logged.push(message));
  const environment = (heartbeatDetails?: unknown): MockActivityEnvironment =>
    new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: SCHEDULED_MS, heartbeatDetails }, { logger });
  const query = (call: QueryCall, heartbeatDetails?: unknown): Promise<QueryReport> =>
    environment(heartbeatDetails).run(activities.queryTrade, call);
  const answersWith = (method: string, node: Readonly<Record<string, unknown>>): void =>
    gateway.answer(signedAnswer(`alipay.trade.${method}`, node), { trace_id: 'a1b2' });

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
  it('logs a failed call once, and not again while it fails in the same way', async () => {
    answersWith('query', { code: '20000', sub_code: 'isp.unknow-error' });
    await query({ ...TRADE, poll });
    assert.equal(logged.length, 1);
    await notFinal({ ...poll, known: { word: 'unknown', subCode: 'isp.unknow-error' } });
    assert.equal(logged.length, 1);
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
  it('keeps that pace even where its end comes sooner: the answer that ends it may be later', async () => {
    answersWith('query', { code: '40005' });
    const ends: PollPlan = { ...poll, known: { word: 'limited' }, untilMs: SCHEDULED_MS + 20_000 };
    assert.equal((await notFinal(ends)).failure.nextRetryDelay, 60_000);
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
