/** The limit of calls per second: what is asked of the task queue, and how one process spreads what arrives in a heap. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import fc from 'fast-check';

import { createMerchant, type Merchant } from '../../alipay/merchant.ts';
import { ATTEMPT_TIMEOUT_MS, CALL_DEADLINE_MS, CALL_TURN_MS } from '../../contract/timeouts.ts';
import { CallPace, queueRateOf } from '../../worker/call-rate.ts';
import { openGateways } from '../../worker/gateways.ts';
import { bare, ALIPAY, APP } from '../gateway/test-keys.ts';
import { LoopbackGateway, signedAnswer } from '../gateway/loopback-gateway.ts';

/**
 * Both limiters that Temporal's matching service has, asked without end after a long silence: the instants, in ms, of what they let
 * through in the first three seconds. `pri_matcher.go` (`simpleLimiter`, GCRA with a burst of one second); before it `rate.Limiter` with a
 * burst of the rate rounded up.
 */
const LIMITERS: Readonly<Record<string, (rate: number) => readonly number[]>> = {
  'the present one'(rate) {
    const apartMs = 1_000 / rate;
    const went: number[] = [];
    let readyMs = -1_000;
    while (readyMs < THREE_SECONDS_MS) {
      went.push(Math.max(readyMs, 0));
      readyMs += apartMs;
    }
    return went;
  },
  'the one before'(rate) {
    const atOnce = Array.from({ length: Math.ceil(rate) }, () => 0);
    const later = Array.from({ length: Math.floor((rate * THREE_SECONDS_MS) / 1_000) }, (_, index) => index + 1);
    return [...atOnce, ...later.map((count) => (count * 1_000) / rate)];
  },
};
const THREE_SECONDS_MS = 3_000;

/** Most of them within one second, its end left out; rounding errors of the instants do not count. */
function busiestSecond(atMs: readonly number[]): number {
  return Math.max(...atMs.map((from) => atMs.filter((ms) => ms >= from && ms < from + 999.999).length));
}

describe('The rate that is asked of the task queue', () => {
  for (const [name, limiter] of Object.entries(LIMITERS)) {
    it(`keeps every second within the limit, also when all saved allowance is spent: ${name}`, () => {
      const limits = fc.oneof(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0.01, max: 50, noNaN: true, noDefaultInfinity: true }),
      );
      fc.assert(
        fc.property(limits, (limit) => {
          const busiest = busiestSecond(limiter(queueRateOf(limit)));
          assert.ok(busiest <= Math.ceil(limit), `limit ${limit}: ${busiest} in one second`);
        }),
      );
    });
  }

  it('is half the limit, and the limit itself where that is less than a call in two seconds', () => {
    assert.deepEqual([0.2, 0.5, 1, 2, 3, 100].map(queueRateOf), [0.2, 0.5, 0.5, 1, 1.5, 50]);
  });
});

interface Course {
  at: number;
  readonly waits: readonly number[];
  readonly pace: CallPace;
}

describe('The pace of the calls of one process', () => {
  /** A clock that stands until a call waits, and the instants at which the calls went. */
  function paced(limit: number): Course {
    const time = { at: 0, waits: [] as number[] };
    const pause = (ms: number): Promise<unknown> => Promise.resolve(time.waits.push(ms));
    return Object.assign(time, { pace: new CallPace(limit, { nowMs: () => time.at, pause }) });
  }

  it('lets a call go at once that comes in its time', async () => {
    const course = paced(20);
    for (course.at = 0; course.at < 1_000; course.at += 100) assert.equal(await course.pace.turn(), true);
    assert.deepEqual(course.waits, []);
  });

  it('spreads calls that come in a heap', async () => {
    const course = paced(20);
    const went = await Promise.all(Array.from({ length: 5 }, () => course.pace.turn()));
    assert.deepEqual(went, [true, true, true, true, true]);
    assert.deepEqual(course.waits, [100, 200, 300, 400]);
  });

  it('saves nothing up in quiet times', async () => {
    const course = paced(20);
    await course.pace.turn();
    course.at = 60_000;
    await Promise.all([course.pace.turn(), course.pace.turn()]);
    assert.deepEqual(course.waits, [100]);
  });

  it('refuses a call whose turn is too far off, and that costs the next ones nothing', async () => {
    const course = paced(2);
    const went = await Promise.all(Array.from({ length: 5 }, () => course.pace.turn()));
    assert.deepEqual(went, [true, true, true, false, false]);
    course.at = 1_000;
    assert.equal(await course.pace.turn(), true);
    assert.deepEqual(course.waits, [1_000, 2_000, 2_000]);
  });

  it('leaves a whole call its time within the attempt', () => {
    assert.ok(CALL_TURN_MS + CALL_DEADLINE_MS < ATTEMPT_TIMEOUT_MS);
  });
});

describe('The gateways of a worker with a limit', () => {
  let alipay: LoopbackGateway;

  before(async () => {
    alipay = await LoopbackGateway.start();
    alipay.respond = (response, { content }) => {
      response.end(
        signedAnswer('alipay.trade.query', {
          code: '10000',
          msg: 'Success',
          trade_no: '2026112422001400000000000001',
          trade_status: 'WAIT_BUYER_PAY',
          total_amount: '1.00',
          ...content,
        }),
      );
    };
  });
  after(() => alipay?.stop());

  function merchantOf(appId: string): Merchant {
    return createMerchant({
      appId,
      gateway: alipay.url,
      privateKey: bare(APP.privateKey, 'pkcs8'),
      alipayPublicKey: bare(ALIPAY.publicKey, 'spki'),
    });
  }

  it('have one pace for each app, whatever merchants call under it', async () => {
    const merchants = new Map([
      ['one', merchantOf('2021000000000001')],
      ['two', merchantOf('2021000000000001')],
      ['other', merchantOf('2021000000000002')],
    ]);
    const gateways = openGateways(merchants, { callsPerSecondMax: 2 });
    try {
      const ask = async (merchant: string): Promise<unknown> => {
        const answer = await gateways.of(merchant)?.query({ outTradeNo: merchant });
        return answer?.kind === 'failed' ? answer.failure : answer?.kind;
      };
      const answers = await Promise.all(['one', 'two', 'one', 'two', 'other'].map(ask));
      assert.deepEqual(answers, ['answered', 'answered', 'answered', 'notSent', 'answered']);
      assert.equal(alipay.calls.length, 4, 'what is not sent does not arrive');
    } finally {
      await gateways.end();
    }
  });

  it('say of a call without a turn that it was not sent, and why', async () => {
    const gateways = openGateways(new Map([['one', merchantOf('2021000000000001')]]), { callsPerSecondMax: 0.1 });
    try {
      const gateway = gateways.of('one');
      await gateway?.query({ outTradeNo: 'a' });
      const arrived = alipay.calls.length;
      const cancelled = await gateway?.cancel({ outTradeNo: 'a' });
      assert.ok(cancelled?.kind === 'failed' && cancelled.failure === 'notSent');
      assert.match(cancelled.detail, /configured rate/);
      assert.match(cancelled.problem.interface.english, /alipay\.trade\.cancel/);
      assert.equal(alipay.calls.length, arrived);
    } finally {
      await gateways.end();
    }
  });
});
