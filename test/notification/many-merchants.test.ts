/**
 * Goal: what a notification costs does not depend on the number of merchants, with or without their seller ids; and what is looked
 * for in Temporal's visibility store is neither missed because it is new nor looked for without end.
 * Method: the same notification to a handler of few merchants and to one of 10,000. Verifications and calls of Temporal are counted.
 */
import assert from 'node:assert/strict';
import { Client } from '@temporalio/client';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';

import {
  createNotificationHandler,
  type NotificationHandler,
  type NotificationHandlerOptions,
} from '../../client/notification.ts';
import type { NotifiedMerchant } from '../../client/notified-merchants.ts';
import { ResolutionClient, type TradeRef } from '../../client/resolution-client.ts';
import { Waker, type WakeResult } from '../../client/wake.ts';
import { workflowIdOf } from '../../contract/names.ts';
import { openShop, type Shop, until } from '../shop.ts';
import { type CountedConnection, countedConnection, countVerifications, type Verifications } from './counting.ts';
import { alipay, APP_ID, type Fields, posted, stranger } from './posted.ts';

const MANY = 10_000;
const FEW = 5;
const LAST = `m${MANY - 1}`;
const NOW = { gmt_create: '', gmt_payment: '' };

describe(`A notification to ${MANY} merchants of one app id`, () => {
  let shop: Shop;
  let counted: CountedConnection;
  let verifications: Verifications;
  let counting: ResolutionClient;
  let starting: ResolutionClient;
  let started: TradeRef[] = [];
  let tradeCount = 0;

  before(async () => {
    shop = await openShop();
    counted = await countedConnection(shop.server.address);
    verifications = countVerifications();
    counting = new ResolutionClient(new Client({ connection: counted.connection }));
    // Nobody works on these: what reaches them stands in their histories alone.
    starting = new ResolutionClient(shop.temporal, { taskQueue: 'nobody-serves-this' });
  });
  beforeEach(() => {
    tradeCount += 1;
    started = [];
  });
  afterEach(async () => {
    for (const trade of started) {
      const handle = shop.temporal.workflow.getHandle(workflowIdOf(trade));
      if ((await handle.describe()).status.name === 'RUNNING') await handle.terminate('no worker will come');
    }
  });
  after(async () => {
    verifications?.stop();
    await counted?.connection.close();
    await shop?.close();
  });

  const outTradeNo = (): string => `many_${tradeCount}`;
  const tradeNo = (): string => `20261124220014948910000${String(tradeCount).padStart(5, '0')}`;
  const body = (changes: Fields = {}): Buffer =>
    posted({ out_trade_no: outTradeNo(), trade_no: tradeNo(), ...NOW, ...changes });

  /** `count` merchants that end with the same one. */
  const handlerOf = (
    count: number,
    sellerIdOf: (index: number) => Partial<NotifiedMerchant>,
    options: Partial<NotificationHandlerOptions> = {},
  ): NotificationHandler =>
    createNotificationHandler({
      merchants: new Map(
        Array.from({ length: count }, (_, at) => MANY - count + at).map((index) => [
          `m${index}`,
          { appId: APP_ID, alipayPublicKey: alipay.publicKey, ...sellerIdOf(index) },
        ]),
      ),
      resolution: counting,
      ...options,
    });
  const withSeller = (index: number): Partial<NotifiedMerchant> => ({ sellerId: `2088${index}` });
  const withoutSeller = (): Partial<NotifiedMerchant> => ({});
  const namingTheLast = { seller_id: `2088${MANY - 1}` };

  const start = async (trade: TradeRef, totalAmount = '88.88'): Promise<void> => {
    await starting.start({ ...trade, totalAmount });
    started.push(trade);
  };
  /** What a run that has asked once stands in the store with. */
  const visible = async (trade: TradeRef): Promise<void> => {
    await until(async () => ((await starting.list({ ...trade, open: true })).length > 0 ? true : undefined));
  };
  const signalsOf = async (trade: TradeRef): Promise<readonly unknown[]> => {
    const { events } = await shop.temporal.workflow.getHandle(workflowIdOf(trade)).fetchHistory();
    return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
  };

  /** The answer, and its price. */
  const told = async (
    handle: NotificationHandler,
    form: Uint8Array,
  ): Promise<{ kind: string; merchant: unknown; status: number; verified: number; calls: readonly string[] }> => {
    counted.reset();
    let result: Awaited<ReturnType<NotificationHandler>> | undefined;
    const verified = await verifications.during(async () => (result = await handle(form)));
    assert.ok(result !== undefined);
    const merchant = 'merchant' in result ? result.merchant : undefined;
    return { kind: result.kind, merchant, status: result.status, verified, calls: counted.calls.toSorted() };
  };

  it('who have seller ids costs what it costs one merchant: one verification, and the calls for two workflow ids', async () => {
    await start({ merchant: LAST, outTradeNo: outTradeNo() });
    const one = await told(handlerOf(1, withSeller), body(namingTheLast));
    const many = await told(handlerOf(MANY, withSeller), body({ ...namingTheLast, notify_id: 'another' }));
    assert.deepEqual(many, one);
    assert.deepEqual([many.kind, many.merchant, many.verified], ['woken', LAST, 1]);
    assert.equal(many.calls.filter((call) => call === 'SignalWorkflowExecution').length, 1);
    assert.ok(many.calls.length <= 5, many.calls.join());
    assert.deepEqual(await signalsOf({ merchant: LAST, outTradeNo: outTradeNo() }), ['tradeNotified', 'tradeNotified']);
  });

  for (const [what, sellers, fields] of [
    ['who have no seller ids', withoutSeller, namingTheLast],
    ['who have seller ids, in which none is named,', withSeller, { seller_id: '' }],
    ['who all have the same seller id', () => ({ sellerId: namingTheLast.seller_id }), namingTheLast],
  ] as const) {
    it(`${what} costs what it costs ${FEW}: one verification, two searches, one run looked at`, async () => {
      const trade = { merchant: LAST, outTradeNo: outTradeNo() };
      await start(trade);
      await visible(trade);
      const few = await told(handlerOf(FEW, sellers), body(fields));
      const many = await told(handlerOf(MANY, sellers), body({ ...fields, notify_id: 'another' }));
      assert.deepEqual(many, few);
      assert.deepEqual([many.kind, many.merchant, many.verified], ['woken', LAST, 1]);
      assert.equal(many.calls.filter((call) => call === 'ListWorkflowExecutions').length, 2);
      assert.ok(many.calls.length <= 7, many.calls.join());
      assert.deepEqual(await signalsOf(trade), ['tradeNotified', 'tradeNotified']);
    });
  }

  it('finds a run that was started by trade_no alone, whatever the other number is', async () => {
    const trade = { merchant: LAST, tradeNo: tradeNo() };
    await start(trade);
    await visible(trade);
    const { kind, merchant } = await told(handlerOf(MANY, withoutSeller), body({ out_trade_no: '订单/1' }));
    assert.deepEqual([kind, merchant], ['woken', LAST]);
    assert.deepEqual(await signalsOf(trade), ['tradeNotified']);
  });

  it('wakes of the runs with the number the one of its amount, and none of a merchant that is not among them', async () => {
    const trades = [LAST, 'm1', 'm2', 'stranger'].map((merchant) => ({ merchant, outTradeNo: outTradeNo() }));
    for (const [index, trade] of trades.entries()) await start(trade, ['88.88', '1.00', '2.00', '88.88'][index]);
    for (const trade of trades) await visible(trade);
    const { kind, merchant } = await told(handlerOf(MANY, withoutSeller), body());
    assert.deepEqual([kind, merchant], ['woken', LAST]);
    assert.deepEqual(await Promise.all(trades.map(signalsOf)), [['tradeNotified'], [], [], []]);
  });

  it('wakes by the number of Alipay where more runs have the other number than are looked at', async () => {
    const trades = Array.from({ length: 6 }, (_, index) => ({ merchant: `m${index}`, outTradeNo: outTradeNo() }));
    for (const trade of trades) await start(trade);
    const known = { merchant: LAST, outTradeNo: outTradeNo(), tradeNo: tradeNo() };
    await start(known);
    for (const trade of [...trades, known]) await visible(trade);
    const { kind, merchant, calls } = await told(handlerOf(MANY, withoutSeller), body());
    assert.deepEqual([kind, merchant], ['woken', LAST]);
    assert.ok(calls.length <= 7, calls.join());
    assert.deepEqual(await signalsOf(known), ['tradeNotified']);
    assert.deepEqual((await Promise.all(trades.map(signalsOf))).flat(), []);
  });

  it('of a trade that is resolved by now is content at once', async () => {
    const trade = { merchant: LAST, outTradeNo: outTradeNo(), tradeNo: tradeNo() };
    await start(trade);
    await shop.temporal.workflow.getHandle(workflowIdOf(trade)).terminate('resolved');
    await until(async () => ((await starting.list({ ...trade, open: false })).length > 0 ? true : undefined));
    const { kind, status, calls } = await told(handlerOf(MANY, withoutSeller), body());
    assert.deepEqual([kind, status], ['nothingToWake', 200]);
    assert.equal(calls.filter((call) => call === 'ListWorkflowExecutions').length, 2);
  });

  it('finds a run that its first look did not see', async () => {
    const handle = handlerOf(MANY, withoutSeller, { visibilityLagMs: 6_000, temporalDeadlineMs: 60_000 });
    counted.reset();
    const answer = handle(body());
    await until(async () => (counted.calls.includes('ListWorkflowExecutions') ? true : undefined));
    // Whether this look sees it or the next, it is woken.
    await start({ merchant: LAST, outTradeNo: outTradeNo() });
    assert.equal((await answer).kind, 'woken');
    assert.deepEqual(await signalsOf({ merchant: LAST, outTradeNo: outTradeNo() }), ['tradeNotified']);
  });

  it('of a trade that nobody resolves is content after a few looks, and of an old one after the first', async () => {
    const handle = handlerOf(MANY, withoutSeller, { visibilityLagMs: 300 });
    const searches = async (fields: Fields): Promise<number> => {
      const { kind, status, merchant, calls } = await told(handle, body(fields));
      assert.deepEqual([kind, status, merchant], ['nothingToWake', 200, undefined]);
      return calls.filter((call) => call === 'ListWorkflowExecutions').length;
    };
    assert.equal(await searches({}), 6);
    assert.equal(await searches({ gmt_payment: '2020-01-01 10:00:00' }), 2);
  });

  it('of a trade that nobody resolves is told to come again where there is no time to be sure of that', async () => {
    const handle = handlerOf(MANY, withoutSeller, { visibilityLagMs: 600_000, temporalDeadlineMs: 20_000 });
    const { kind, status, calls } = await told(handle, body());
    assert.deepEqual([kind, status, calls.length], ['notRecorded', 503, 2]);
  });

  it('of a trade that nobody resolves is told to come again where too many wait already', async () => {
    const waker = new Waker(counting, { visibilityLagMs: 10_000, waitingMax: 1 });
    const names = new Set(Array.from({ length: MANY }, (_, index) => `m${index}`));
    const wake = (): Promise<WakeResult> => waker.wake({ names, trade: { tradeNo: tradeNo() }, deadlineMs: 4_000 });
    counted.reset();
    const first = wake();
    await until(async () => (counted.calls.length > 0 ? true : undefined));
    const second = wake();
    const ended = await Promise.race([first.then(() => 'first'), second.then(() => 'second')]);
    assert.equal(ended, 'second', 'it did not wait beside the first');
    assert.equal((await second).kind, 'notRecorded');
    assert.equal((await first).kind, 'notRecorded', 'its deadline comes before the end of the lag');
  });

  it('forged is refused after one verification, without a call', async () => {
    const handle = handlerOf(MANY, withoutSeller);
    const forged = await told(handle, posted({}, { key: stranger.privateKey }));
    assert.deepEqual(forged, { kind: 'refused', merchant: undefined, status: 403, verified: 1, calls: [] });
  });

  it('among a flood of forged ones is recorded, and each forged one leaves the event loop to others', async () => {
    const trade = { merchant: LAST, outTradeNo: outTradeNo() };
    await start(trade);
    const handle = handlerOf(MANY, withSeller);
    const FLOOD = 200;
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      ticking = setImmediate(turn);
    };
    let ticking = setImmediate(turn);
    const forged = Array.from({ length: FLOOD }, () => handle(posted(namingTheLast, { signature: 'wrong' })));
    const genuine = handle(body(namingTheLast));
    const refused = await Promise.all(forged);
    clearImmediate(ticking);
    assert.ok(
      refused.every(({ kind }) => kind === 'refused'),
      'each was judged',
    );
    assert.ok(turns >= FLOOD, `${turns} turns for ${FLOOD}: several were verified in one`);
    assert.equal((await genuine).kind, 'woken');
    assert.deepEqual(await signalsOf(trade), ['tradeNotified']);
  });
});
