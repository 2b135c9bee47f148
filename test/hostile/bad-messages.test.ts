/**
 * Goal: no message to a resolution, however wrong, stops it, ends it, moves money or is believed. A workflow task that fails for
 * ever counts as stopped.
 * Method: on real parts, byte by byte, as clients in other languages can send. After each message the workflow still answers, no
 * task of it has failed, the simulator has received no call because of it, and the trade is resolved as if nothing had been sent.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { RESOLUTION_QUERY, Signals, Updates } from '../../contract/names.ts';
import { openShop, parkedFor, reached, decideWhenAllowed, type Shop, until } from '../shop.ts';
import { BYTES, encoded, json, NOTHING, type Payload, queryRaw, signalRaw, taskFailures } from './payloads.ts';
import { text, UNDECODABLE, updateRaw } from './payloads.ts';

/** So patient that nothing but a message can move it within the test. */
const PATIENT = {
  pollFirstMs: 600_000,
  pollCapMs: 600_000,
  pollBudgetMs: 3_600_000,
  cancelFirstMs: 600_000,
  slowMs: 3_600_000,
};

const HUGE = json('x'.repeat(1_000_000));
const DEEP = text(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

type Row = readonly [what: string, name: string, payloads: readonly Payload[]];

/** None of these is a word about the pay call: each can only mean "find out". */
const PAY_ANSWERED: readonly Row[] = (
  [
    ['no word', []],
    ['a word that nobody knows', [json('PAID')]],
    ['an empty word', [json('')]],
    ['a name of Object.prototype', [json('constructor')]],
    ['__proto__', [json('__proto__')]],
    ['a lone surrogate', [text('"\\ud800"')]],
    ['a NUL', [text('"paid\\u0000"')]],
    ['a number', [json(1)]],
    ['true', [json(true)]],
    ['null', [json(null)]],
    ['nothing, as Go sends nil', [NOTHING]],
    ['a list around the word', [json(['paid'])]],
    ['an object around the word', [json({ payAnswer: 'paid' })]],
    ['the word in bytes', [encoded('binary/plain', 'paid')]],
    ['a megabyte', [HUGE]],
    ['brackets a hundred thousand deep', [DEEP]],
    ...UNDECODABLE.map(([what, payload]) => [what, [payload]] as const),
    ['the word second', [json('uncertain'), json('paid')]],
    ['the word before something that cannot be decoded', [json('uncertain'), ...UNDECODABLE.map(([, one]) => one)]],
  ] satisfies readonly (readonly [string, readonly Payload[]])[]
).map(([what, payloads]) => [what, Signals.payAnswered, payloads]);

const LOOK: readonly Row[] = [
  ['an argument', Signals.tradeNotified, [json({ trade_status: 'TRADE_SUCCESS' })]],
  ['bytes', Signals.tradeNotified, [BYTES]],
  ['a hundred arguments', Signals.retryNow, Array.from({ length: 100 }, (_, index) => json(index))],
  ...UNDECODABLE.flatMap(([what, payload]): Row[] => [
    [what, Signals.tradeNotified, [payload]],
    [what, Signals.retryNow, [payload]],
  ]),
];

const UNKNOWN_SIGNALS: readonly Row[] = [
  ['nobody knows', 'cancel', [json(1)]],
  ['is that of an update', Updates.cancelNow, []],
  ['is that of another update', Updates.resolveManually, [json({ outcome: 'PAID', who: 'a', why: 'b' })]],
  ['is that of the query', RESOLUTION_QUERY, []],
  ['is a name of Object.prototype', 'constructor', [BYTES]],
  ['is __proto__', '__proto__', []],
  ['is reserved by the SDK', '__temporal_x', []],
  ['differs in case', 'PayAnswered', [json('paid')]],
];

describe('A wrong message', function () {
  this.timeout(40_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  let count = 0;
  const calls = (outTradeNo: string): string[] =>
    shop.simulator
      .ledger()
      .calls.filter((call) => call.outTradeNo === outTradeNo)
      .map((call) => call.method.replace('alipay.trade.', ''));

  async function begun(guarded: boolean): Promise<{ outTradeNo: string; workflowId: string }> {
    count += 1;
    const outTradeNo = `wrong_message_${count}`;
    const guardUntil = new Date(Date.now() + 3_600_000).toISOString();
    const input = { policy: PATIENT, ...(guarded ? { guardUntil } : {}) };
    const { workflowId } = await shop.client.start(shop.uncertain(outTradeNo, { exists: 'WAIT_BUYER_PAY' }, input));
    if (!guarded) await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
    return { outTradeNo, workflowId };
  }

  /** A server that is short of time drops a query now and then: it is asked again. */
  async function answered(workflowId: string): Promise<string> {
    return await until(async () => {
      const answer = await queryRaw(shop.temporal, workflowId, RESOLUTION_QUERY);
      return answer.startsWith('rejected: Deadline exceeded') ? undefined : answer;
    });
  }

  /** It answers, no task has failed, and it is resolved when the buyer pays. */
  async function goesOn({ outTradeNo, workflowId }: { outTradeNo: string; workflowId: string }): Promise<void> {
    const answer = await answered(workflowId);
    assert.deepEqual(await taskFailures(shop.temporal, workflowId), []);
    assert.match(answer, /"phase":"querying"|"phase":"guarding"/);
    shop.simulator.buyerPays(outTradeNo);
    await shop.client.notified({ outTradeNo });
    const { outcome, decidedBy } = await shop.client.wait({ outTradeNo });
    assert.deepEqual([outcome, decidedBy], ['PAID', 'alipay']);
    assert.ok(!calls(outTradeNo).includes('cancel'));
  }

  describe('payAnswered is not believed, and Alipay is asked, with', () => {
    for (const [what, name, payloads] of PAY_ANSWERED) {
      it(what, async () => {
        const trade = await begun(true);
        await signalRaw(shop.temporal, trade.workflowId, name, payloads);
        await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo: trade.outTradeNo });
        await goesOn(trade);
      });
    }
  });

  describe('a signal to look is only that, with', () => {
    for (const [what, name, payloads] of LOOK) {
      it(`${what} (${name})`, async () => {
        const trade = await begun(false);
        await signalRaw(shop.temporal, trade.workflowId, name, payloads);
        await shop.simulator.callReceived({
          method: 'alipay.trade.query',
          outTradeNo: trade.outTradeNo,
          count: 2,
        });
        await goesOn(trade);
      });
    }
  });

  describe('a signal changes nothing whose name', () => {
    for (const [what, name, payloads] of UNKNOWN_SIGNALS) {
      it(what, async () => {
        const trade = await begun(false);
        await signalRaw(shop.temporal, trade.workflowId, name, payloads);
        await queryRaw(shop.temporal, trade.workflowId, RESOLUTION_QUERY);
        assert.deepEqual(calls(trade.outTradeNo), ['query']);
        await goesOn(trade);
      });
    }
  });

  describe('an update or a query is refused in words', () => {
    const refused: readonly (readonly [string, string, readonly Payload[], RegExp])[] = [
      ['of a name that nobody knows', 'cancel', [], /cancel/],
      ['by the name of a signal', Signals.retryNow, [], /retryNow/],
      ['by a name of Object.prototype', 'constructor', [json(1)], /constructor/],
      ...UNDECODABLE.map(
        ([what, payload]) => [`cancelNow with ${what}`, Updates.cancelNow, [payload], /rejected: ./] as const,
      ),
      [
        'resolveManually before anybody is needed',
        Updates.resolveManually,
        [json({ outcome: 'PAID', who: 'a', why: 'b' })],
        /querying/,
      ],
    ];
    for (const [what, name, payloads, message] of refused) {
      it(what, async () => {
        const trade = await begun(false);
        const answer = await updateRaw(shop.temporal, trade.workflowId, name, payloads);
        assert.match(answer, /^rejected: /);
        assert.match(answer, message);
        assert.deepEqual(calls(trade.outTradeNo), ['query']);
        await goesOn(trade);
      });
    }

    it('queries of names that nobody knows; the one query is answered, whatever its arguments', async () => {
      const trade = await begun(false);
      for (const name of ['state', Updates.resolveManually, '__proto__', 'constructor'])
        assert.match(await queryRaw(shop.temporal, trade.workflowId, name), /^rejected: .*resolution/);
      for (const payload of [json(1), BYTES, ...UNDECODABLE.map(([, one]) => one)])
        assert.match(
          await queryRaw(shop.temporal, trade.workflowId, RESOLUTION_QUERY, [payload, payload]),
          /"phase":"querying"/,
        );
      await goesOn(trade);
    });
  });

  describe('a decision of a person', () => {
    const trade = { outTradeNo: 'decided_wrongly' };
    const who = 'Li Na';
    const why = 'the buyer keeps the goods';
    let workflowId: string;
    before(async () => {
      const plan = { exists: 'WAIT_BUYER_PAY', frozen: true, cancel: [{ buyerPays: 'beforeExecution' }] } as const;
      ({ workflowId } = await shop.client.start(shop.uncertain(trade.outTradeNo, plan)));
      await reached(shop, trade, parkedFor('frozen'));
    });

    const OUTCOME = /outcome must be one of PAID, CLOSED, REFUNDED, NOT_CREATED/;
    const refused: readonly (readonly [string, readonly Payload[], RegExp])[] = [
      ['nothing', [], OUTCOME],
      ['null', [json(null)], OUTCOME],
      ['nothing, as Go sends nil', [NOTHING], OUTCOME],
      ['a word', [json('PAID')], OUTCOME],
      ['a number', [json(7)], OUTCOME],
      ['a list', [json([{ outcome: 'PAID', who, why }])], OUTCOME],
      ['bytes', [BYTES], OUTCOME],
      ['three arguments for one', [json('PAID'), json(who), json(why)], OUTCOME],
      ['no outcome', [json({ who, why })], OUTCOME],
      ['an outcome that nobody knows', [json({ outcome: 'VOID', who, why })], OUTCOME],
      ['an outcome in small letters', [json({ outcome: 'paid', who, why })], OUTCOME],
      ['an outcome of Object.prototype', [json({ outcome: 'constructor', who, why })], OUTCOME],
      ['an outcome in a list', [json({ outcome: ['PAID'], who, why })], OUTCOME],
      ['an outcome in __proto__', [text(`{"__proto__":{"outcome":"PAID"},"who":"a","why":"b"}`)], OUTCOME],
      ['a refund instead of an outcome', [json({ refund: true, who, why })], /takes no refund/],
      ['outcome and refund', [json({ outcome: 'PAID', refund: true, who, why })], /takes no refund/],
      ['nobody', [json({ outcome: 'PAID', why })], /who is required/],
      ['a nameless who', [json({ outcome: 'PAID', who: ' ', why })], /who is required/],
      ['a who that is a list', [json({ outcome: 'PAID', who: [who], why })], /who is required/],
      ['no reason', [json({ outcome: 'PAID', who })], /why is required/],
      ['a reason that is a number', [json({ outcome: 'PAID', who, why: 1 })], /why is required/],
      ['a reason as long as a book', [json({ outcome: 'PAID', who, why: 'x'.repeat(100_000) })], /why is required/],
      ...UNDECODABLE.map(([what, payload]) => [what, [payload], /./] as const),
    ];
    for (const [what, payloads, message] of refused) {
      it(`by resolveManually is refused with ${what}`, async () => {
        const answer = await updateRaw(shop.temporal, workflowId, Updates.resolveManually, payloads);
        assert.match(answer, /^rejected: /);
        assert.match(answer, message);
        assert.deepEqual(await taskFailures(shop.temporal, workflowId), []);
      });
    }

    const refusedOrders: readonly (readonly [string, readonly Payload[], RegExp])[] = [
      ['nothing', [], /who is required/],
      ['null', [json(null)], /who is required/],
      ['a word', [json('yes')], /who is required/],
      ['true', [json(true)], /who is required/],
      ['a list', [json([{ who, why }])], /who is required/],
      ['bytes', [BYTES], /who is required/],
      ['no reason', [json({ who })], /why is required/],
      ['an outcome', [json({ outcome: 'REFUNDED', who, why })], /takes no outcome/],
      ['an outcome that is null', [json({ outcome: null, who, why })], /takes no outcome/],
      ...UNDECODABLE.map(([what, payload]) => [what, [payload], /./] as const),
    ];
    for (const [what, payloads, message] of refusedOrders) {
      it(`by orderRefund is refused with ${what}`, async () => {
        const answer = await updateRaw(shop.temporal, workflowId, Updates.orderRefund, payloads);
        assert.match(answer, /^rejected: /);
        assert.match(answer, message);
        assert.deepEqual(await taskFailures(shop.temporal, workflowId), []);
      });
    }

    it('that was refused has left no trace, and one with more fields than it needs keeps none of them', async () => {
      const { events } = await shop.temporal.workflow.getHandle(workflowId).fetchHistory();
      assert.ok(!(events ?? []).some((event) => event.workflowExecutionUpdateAcceptedEventAttributes));
      const surplus = { outcome: 'PAID', who, why, auth_code: '286401', refund_amount: '1.00' } as const;
      await decideWhenAllowed(shop, trade, surplus);
      const done = await shop.client.wait(trade);
      assert.equal(done.outcome, 'PAID');
      assert.deepEqual(done.manualDecision, { kind: 'outcome', outcome: 'PAID', who, why });
    });
  });
});
