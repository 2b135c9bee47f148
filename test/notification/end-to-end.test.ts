/**
 * Goal: a notification shortens the waiting and changes nothing else: the query decides. And `success` means that Temporal has it.
 * Method: all real parts; resolutions so patient that only a notification can move them within the test. The simulator's ledger
 * says how often Alipay was asked, the history what Temporal has recorded.
 */
import assert from 'node:assert/strict';
import { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { after, before, describe, it } from 'mocha';

import { readPublicKey } from '../../alipay/keys.ts';
import {
  type NotificationReceiver,
  type Reception,
  startNotificationReceiver,
} from '../../client/notification-receiver.ts';
import { createNotificationHandler } from '../../client/notification.ts';
import { ResolutionClient, type TradeRef } from '../../client/resolution-client.ts';
import { workflowIdOf } from '../../contract/names.ts';
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import { BUYER } from '../../simulator/method.ts';
import { SELLER_ID } from '../../simulator/notification.ts';
import type { NotificationOrder } from '../../simulator/notifier.ts';
import { openShop, type Shop, until } from '../shop.ts';
import { APP_ID, stranger } from './posted.ts';

const PATIENT = {
  pollFirstMs: 600_000,
  pollCapMs: 600_000,
  pollBudgetMs: 3_600_000,
  cancelFirstMs: 60_000,
  slowMs: 600_000,
};
const SUCCESS = { status: 200, body: 'success' };

describe('A notification, from Alipay to the outcome', () => {
  let shop: Shop;
  let receiver: NotificationReceiver;
  let receptions: Reception[] = [];

  const receive = (client = shop.client): Promise<NotificationReceiver> => {
    const { appId, alipayPublicKey } = shop.simulator.credentials;
    const merchants = new Map([
      ['default', { appId, sellerId: SELLER_ID, alipayPublicKey: readPublicKey(alipayPublicKey) }],
      ['elsewhere', { appId: APP_ID, alipayPublicKey: stranger.publicKey }],
    ]);
    const handler = createNotificationHandler({ merchants, resolution: client });
    return startNotificationReceiver({ handler, onReception: (reception) => receptions.push(reception) });
  };

  before(async () => {
    shop = await openShop();
    receiver = await receive();
  });
  after(async () => {
    await receiver?.stop();
    await shop?.close();
  });

  const calls = (outTradeNo: string): string[] =>
    shop.simulator
      .ledger()
      .calls.filter((call) => call.outTradeNo === outTradeNo)
      .map((call) => call.method.replace('alipay.trade.', ''));

  /** Signals in the history of the trade, as Temporal has recorded them. */
  const signals = async (outTradeNo: string, merchant = 'default'): Promise<readonly string[]> =>
    signalsOf({ merchant, outTradeNo });
  const signalsOf = async (trade: TradeRef): Promise<readonly string[]> => {
    const { events } = await shop.temporal.workflow.getHandle(workflowIdOf(trade)).fetchHistory();
    return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
  };

  /** Open runs that nobody works on: what reaches them stands in their histories alone. */
  const unattended = (client = shop.temporal): ResolutionClient =>
    new ResolutionClient(client, { taskQueue: 'nobody-serves-this' });
  const terminate = async (...trades: readonly TradeRef[]): Promise<void> => {
    for (const trade of trades)
      await shop.temporal.workflow.getHandle(workflowIdOf(trade)).terminate('no worker will come');
  };

  const notify = async (outTradeNo: string, order: Partial<NotificationOrder> = {}): Promise<readonly unknown[]> => {
    receptions = [];
    return (await shop.simulator.notify(outTradeNo, { url: receiver.url, ...order })).answers;
  };

  /** A trade whose resolution has asked once and now waits for a long time. */
  const waiting = async (
    outTradeNo: string,
    input: Partial<ResolutionInput> = {},
    plan: TradePlan = { exists: 'WAIT_BUYER_PAY' },
  ): ReturnType<ResolutionClient['start']> => {
    const started = await shop.client.start(shop.uncertain(outTradeNo, plan, { policy: PATIENT, ...input }));
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
    await until(async () => {
      const status = await shop.client.status({ outTradeNo });
      const resolution = status.kind === 'open' ? status.resolution : undefined;
      return resolution?.lastAnswer !== undefined && 'nextCheckAt' in resolution ? true : undefined;
    });
    return started;
  };

  it('the buyer pays, Alipay notifies: one more query, and the trade is PAID', async () => {
    const { wait } = await waiting('notified_paid');
    shop.simulator.buyerPays('notified_paid');
    assert.deepEqual(await notify('notified_paid'), [SUCCESS]);
    const { outcome, decidedBy } = await wait();
    assert.deepEqual([outcome, decidedBy], ['PAID', 'alipay']);
    assert.deepEqual(calls('notified_paid'), ['query', 'query']);
    assert.deepEqual(receptions, [{ kind: 'woken', merchant: 'default', outTradeNo: 'notified_paid', ...SUCCESS }]);
  });

  it('a notification that says paid of a trade that is not is asked about, and not believed', async () => {
    await waiting('notified_lie');
    assert.deepEqual(await notify('notified_lie', { with: { trade_status: 'TRADE_SUCCESS' } }), [SUCCESS]);
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo: 'notified_lie', count: 2 });
    const status = await shop.client.status({ outTradeNo: 'notified_lie' });
    assert.equal(status.kind === 'open' && status.resolution?.phase, 'querying');
    await shop.client.cancelNow({ outTradeNo: 'notified_lie' });
    assert.equal((await shop.client.wait({ outTradeNo: 'notified_lie' })).outcome, 'CLOSED');
  });

  it('forged, unsigned, foreign or oversized is refused, of another seller or amount is content: no signal, no query', async () => {
    const outTradeNo = 'notified_falsely';
    const tradeNo = '2026112422001494891000000055';
    await waiting(outTradeNo, { totalAmount: '88.88', tradeNo }, { exists: 'WAIT_BUYER_PAY', tradeNo });
    shop.simulator.buyerPays(outTradeNo);
    const failure = (status: number): object => ({ status, body: 'failure' });
    const ANSWERS: readonly (readonly [order: Partial<NotificationOrder>, answer: object, reason: string])[] = [
      [{ signature: 'wrong' }, failure(403), 'notVerified'],
      [{ signature: 'missing' }, failure(403), 'notVerified'],
      [{ with: { app_id: '2021000000000009' } }, failure(403), 'notVerified'],
      [{ with: { app_id: APP_ID } }, failure(403), 'notVerified'],
      [{ with: { body: 'x'.repeat(64 * 1024) } }, failure(413), 'oversized'],
      [{ url: `${receiver.url}/else` }, failure(404), 'path'],
      [{ with: { seller_id: '2088000000000009' } }, SUCCESS, 'otherSeller'],
      [{ with: { total_amount: '0.01' } }, SUCCESS, 'otherTrade'],
      [{ with: { trade_no: '2026112422001494890000000000' } }, SUCCESS, 'otherTrade'],
      [{ with: { out_trade_no: '订单/1', trade_no: '' } }, SUCCESS, 'noSuchTrade'],
    ];
    for (const [order, answer, reason] of ANSWERS) {
      assert.deepEqual(await notify(outTradeNo, order), [answer], JSON.stringify(order).slice(0, 80));
      assert.deepEqual(
        receptions.map((reception) => 'reason' in reception && reception.reason),
        [reason],
      );
    }
    assert.deepEqual(await signals(outTradeNo), []);
    assert.deepEqual(calls(outTradeNo), ['query']);

    assert.deepEqual(await notify(outTradeNo), [SUCCESS]);
    assert.equal((await shop.client.wait({ outTradeNo })).outcome, 'PAID');
    assert.deepEqual(calls(outTradeNo), ['query', 'query']);
  });

  it('delivered again and again, wakes once; delivered again after a restart of the receiver, costs one query', async () => {
    const outTradeNo = 'notified_repeatedly';
    await waiting(outTradeNo);
    const notifyId = { with: { notify_id: '2026112400222100000000000000000001' } };
    assert.deepEqual(
      await notify(outTradeNo, { times: 5, ...notifyId }),
      Array.from({ length: 5 }, () => SUCCESS),
    );
    assert.deepEqual(
      receptions.map(({ kind }) => kind),
      ['woken', 'repeated', 'repeated', 'repeated', 'repeated'],
    );
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo, count: 2 });
    assert.deepEqual(await signals(outTradeNo), ['tradeNotified']);

    const restarted = await receive();
    assert.deepEqual(await notify(outTradeNo, { url: restarted.url, ...notifyId }), [SUCCESS]);
    await restarted.stop();
    await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo, count: 3 });
    assert.deepEqual(await signals(outTradeNo), ['tradeNotified', 'tradeNotified']);
    assert.deepEqual(new Set(calls(outTradeNo)), new Set(['query']));
  });

  it('of a trade that nobody resolves, or that is resolved already, is content: there is nothing to wake', async () => {
    shop.simulator.plan('notified_unknown', { exists: 'TRADE_SUCCESS' });
    assert.deepEqual(await notify('notified_unknown'), [SUCCESS]);
    assert.deepEqual(
      receptions.map(({ kind }) => kind),
      ['nothingToWake'],
    );

    const { wait } = await shop.client.start(shop.uncertain('notified_late', { exists: 'TRADE_SUCCESS' }));
    assert.equal((await wait()).outcome, 'PAID');
    assert.deepEqual(await notify('notified_late'), [SUCCESS]);
    assert.deepEqual(
      receptions.map(({ kind }) => kind),
      ['nothingToWake'],
    );
    assert.deepEqual(calls('notified_late'), ['query']);
  });

  it('without any worker, is answered success as soon as the signal stands in the history', async () => {
    const outTradeNo = 'notified_unattended';
    await unattended().start(shop.uncertain(outTradeNo, { exists: 'TRADE_SUCCESS' }));
    assert.deepEqual(await notify(outTradeNo), [SUCCESS]);
    assert.deepEqual(await signals(outTradeNo), ['tradeNotified']);
    await terminate({ outTradeNo });
  });

  for (const [what, changes] of [
    ['', {}],
    [', though no start would have been accepted with its out_trade_no', { out_trade_no: '订单/1' }],
  ] as const) {
    it(`of a trade that is resolved by its trade_no alone, wakes that resolution${what}`, async () => {
      const tradeNo = `2026112422001494891000000${Object.keys(changes).length}77`;
      shop.simulator.plan(`notified_by_trade_no${tradeNo}`, { exists: 'TRADE_SUCCESS', tradeNo });
      await unattended().start({ tradeNo });
      assert.deepEqual(await notify(`notified_by_trade_no${tradeNo}`, { with: changes }), [SUCCESS]);
      assert.deepEqual(
        receptions.map(({ kind }) => kind),
        ['woken'],
      );
      assert.deepEqual(await signalsOf({ tradeNo }), ['tradeNotified']);
      await terminate({ tradeNo });
    });
  }

  it('of a trade that was started under both numbers, wakes both runs, whatever became of one', async () => {
    const tradeNo = '2026112422001494891000000078';
    const outTradeNo = 'notified_twice';
    shop.simulator.plan(outTradeNo, { exists: 'TRADE_SUCCESS', tradeNo });
    await unattended().start({ outTradeNo });
    await unattended().start({ tradeNo });
    assert.deepEqual(await notify(outTradeNo), [SUCCESS]);
    assert.deepEqual(
      [await signalsOf({ outTradeNo }), await signalsOf({ tradeNo })],
      [['tradeNotified'], ['tradeNotified']],
    );
    await terminate({ outTradeNo });
    assert.deepEqual(await notify(outTradeNo), [SUCCESS]);
    assert.deepEqual(await signalsOf({ tradeNo }), ['tradeNotified', 'tradeNotified']);
    await terminate({ tradeNo });
  });

  it('of a trade whose start its service has encrypted, wakes it without comparing the amount', async () => {
    const encrypted: PayloadCodec = {
      encode: async (payloads) =>
        payloads.map(() => ({ metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('secret') })),
      decode: async (payloads) => payloads,
    };
    const { connection } = shop.temporal;
    const outTradeNo = 'notified_encrypted';
    shop.simulator.plan(outTradeNo, { exists: 'TRADE_SUCCESS' });
    await unattended(new Client({ connection, dataConverter: { payloadCodecs: [encrypted] } })).start({ outTradeNo });
    assert.deepEqual(await notify(outTradeNo), [SUCCESS]);
    assert.deepEqual(await signalsOf({ outTradeNo }), ['tradeNotified']);
    await terminate({ outTradeNo });
  });

  it('of an app id that several merchants share, wakes the trade of the seller named, and without one each trade of that number', async () => {
    const { appId, alipayPublicKey } = shop.simulator.credentials;
    const shared = { appId, alipayPublicKey: readPublicKey(alipayPublicKey) };
    const handle = createNotificationHandler({
      merchants: new Map([
        ['north', { ...shared, sellerId: SELLER_ID }],
        ['south', { ...shared, sellerId: '2088000000000003' }],
      ]),
      resolution: unattended(),
    });
    const third = await startNotificationReceiver({ handler: handle });
    const outTradeNo = 'notified_shared';
    shop.simulator.plan(outTradeNo, { exists: 'TRADE_SUCCESS' });
    for (const merchant of ['north', 'south']) await unattended().start({ merchant, outTradeNo });
    const signalled = async (): Promise<readonly number[]> =>
      Promise.all(['north', 'south'].map(async (merchant) => (await signals(outTradeNo, merchant)).length));

    assert.deepEqual(await notify(outTradeNo, { url: third.url, with: { seller_id: '2088000000000003' } }), [SUCCESS]);
    assert.deepEqual(await signalled(), [0, 1]);
    assert.deepEqual(await notify(outTradeNo, { url: third.url, with: { seller_id: '' } }), [SUCCESS]);
    assert.deepEqual(await signalled(), [1, 2]);
    assert.deepEqual(await notify(outTradeNo, { url: third.url, with: { seller_id: '2088000000000004' } }), [SUCCESS]);
    assert.deepEqual(await signalled(), [1, 2]);
    await third.stop();
    await terminate({ merchant: 'north', outTradeNo }, { merchant: 'south', outTradeNo });
  });

  it('to a receiver of a namespace that is not there is answered failure, not "nothing to wake"', async () => {
    const lost = await receive(
      new ResolutionClient(new Client({ connection: shop.temporal.connection, namespace: 'nowhere' })),
    );
    shop.simulator.plan('notified_nowhere', { exists: 'TRADE_SUCCESS' });
    assert.deepEqual(await notify('notified_nowhere', { url: lost.url }), [{ status: 503, body: 'failure' }]);
    await lost.stop();
  });

  it('leaves nothing of the buyer, the signature or the body in any history', async () => {
    const { events } = await shop.temporal.workflow
      .getHandle(workflowIdOf({ outTradeNo: 'notified_paid' }))
      .fetchHistory();
    const payloads = JSON.stringify(events, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
    );
    assert.ok(payloads.includes('notified_paid'));
    for (const secret of [BUYER.buyer_user_id, BUYER.buyer_logon_id, 'passback', 'notify_id', 'two cups', SELLER_ID])
      assert.ok(!payloads.includes(secret), secret);
  });
});
