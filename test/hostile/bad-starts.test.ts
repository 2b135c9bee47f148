/**
 * Goal: of a wrong start nothing is called, nothing is lost, and one clear message names every wrong field.
 * Method: what `test/contract/resolution-input.test.ts` has no row for, first by the parser, by which every start goes, and then on real
 * parts, byte by byte, as clients in other languages can start.
 */
import assert from 'node:assert/strict';
import { WorkflowFailedError } from '@temporalio/client';
import { after, before, describe, it } from 'mocha';

import { ResolutionError, ResolutionErrorCode } from '../../client/errors.ts';
import { FailureTypes, workflowIdOf } from '../../contract/names.ts';
import { describeProblems, parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import { openShop, type Shop } from '../shop.ts';
import { BYTES, json, NOTHING, type Payload, startRaw, taskFailures, text, UNDECODABLE } from './payloads.ts';

const WRONG: readonly (readonly [what: string, input: unknown, message: RegExp])[] = [
  ['nothing', undefined, /^input must be one JSON object/],
  ['true', true, /^input must be one JSON object/],
  ['a number', 20190326, /^input must be one JSON object/],
  ['an object without a field', {}, /outTradeNo is missing/],
  ['wire names', { out_trade_no: 'T1', total_amount: '1.00' }, /outTradeNo is missing/],
  ['a name in other letters', { outtradeno: 'T1' }, /outTradeNo is missing/],
  ['a number in __proto__', JSON.parse('{"__proto__":{"outTradeNo":"T1"}}'), /outTradeNo is missing/],
  ['an outTradeNo with a line end', { outTradeNo: 'T1\n' }, /outTradeNo must be 1-64/],
  ['an outTradeNo with a space before it', { outTradeNo: ' T1' }, /outTradeNo must be 1-64/],
  ['an outTradeNo with a NUL', { outTradeNo: 'T1\0' }, /outTradeNo must be 1-64/],
  ['an outTradeNo with a colon', { outTradeNo: 'a:b' }, /outTradeNo must be 1-64/],
  ['an outTradeNo in Chinese', { outTradeNo: '订单1' }, /outTradeNo must be 1-64/],
  ['an outTradeNo in full-width digits', { outTradeNo: '１２' }, /outTradeNo must be 1-64/],
  ['an outTradeNo of half a character', { outTradeNo: '\ud800' }, /outTradeNo must be 1-64/],
  ['an outTradeNo in a list', { outTradeNo: ['T1'] }, /outTradeNo must be a string/],
  ['an outTradeNo that is true', { outTradeNo: true }, /outTradeNo must be a string/],
  ['an outTradeNo of a megabyte', { outTradeNo: 'x'.repeat(1_000_000) }, /^outTradeNo must be 1-64[^x]*$/],
  [
    'a tradeNo in digits without quotes',
    JSON.parse('{"tradeNo":2019032622001494891000009752}'),
    /tradeNo must be a string/,
  ],
  ['a tradeNo of 15 digits', { tradeNo: '2'.repeat(15) }, /tradeNo must be Alipay's number/],
  ['a tradeNo of 65 digits', { tradeNo: '2'.repeat(65) }, /tradeNo must be Alipay's number/],
  ['a tradeNo in Arabic digits', { tradeNo: '٢'.repeat(20) }, /tradeNo must be Alipay's number/],
  ['an empty tradeNo beside a good outTradeNo', { outTradeNo: 'T1', tradeNo: '' }, /tradeNo must be Alipay's number/],
  ['an empty merchant', { outTradeNo: 'T1', merchant: '' }, /merchant must be 1-64/],
  ['a merchant of 65 characters', { outTradeNo: 'T1', merchant: 'm'.repeat(65) }, /merchant must be 1-64/],
  ['a merchant with a slash', { outTradeNo: 'T1', merchant: '../other' }, /merchant must be 1-64/],
  ['a merchant that is a number', { outTradeNo: 'T1', merchant: 2088 }, /merchant must be a string/],
  ['an empty amount', { outTradeNo: 'T1', totalAmount: '' }, /totalAmount must be yuan/],
  ['an amount with a comma', { outTradeNo: 'T1', totalAmount: '1,00' }, /totalAmount must be yuan/],
  ['an amount with a sign of currency', { outTradeNo: 'T1', totalAmount: '¥1.00' }, /totalAmount must be yuan/],
  ['an amount with a plus', { outTradeNo: 'T1', totalAmount: '+1.00' }, /totalAmount must be yuan/],
  ['an amount with a space', { outTradeNo: 'T1', totalAmount: '1.00 ' }, /totalAmount must be yuan/],
  ['an amount without its yuan', { outTradeNo: 'T1', totalAmount: '.50' }, /totalAmount must be yuan/],
  ['an amount that ends in its point', { outTradeNo: 'T1', totalAmount: '1.' }, /totalAmount must be yuan/],
  ['an amount with zeros before it', { outTradeNo: 'T1', totalAmount: '01.00' }, /totalAmount must be yuan/],
  ['an amount in hexadecimal', { outTradeNo: 'T1', totalAmount: '0x10' }, /totalAmount must be yuan/],
  ['an amount that is NaN', { outTradeNo: 'T1', totalAmount: 'NaN' }, /totalAmount must be yuan/],
  ['an amount that is an object', { outTradeNo: 'T1', totalAmount: { yuan: '1.00' } }, /totalAmount must be yuan/],
  [
    'a time in milliseconds',
    { outTradeNo: 'T1', payRequestedAt: 1_790_000_000_000 },
    /payRequestedAt must be RFC 3339/,
  ],
  ['a time in words', { outTradeNo: 'T1', payRequestedAt: 'Tue Nov 24 2026' }, /payRequestedAt must be RFC 3339/],
  ['a day without a time', { outTradeNo: 'T1', payExpiresAt: '2026-11-24' }, /payExpiresAt must be RFC 3339/],
  ['the twenty-fifth hour', { outTradeNo: 'T1', payExpiresAt: '2026-11-24T25:00:00Z' }, /payExpiresAt must be RFC/],
  [
    'an offset without its colon',
    { outTradeNo: 'T1', payExpiresAt: '2026-11-24T10:00:00+0800' },
    /payExpiresAt must be/,
  ],
  [
    'an offset of a hundred hours',
    { outTradeNo: 'T1', payExpiresAt: '2026-11-24T10:00:00+99:99' },
    /payExpiresAt must be/,
  ],
  ['the thirtieth of February', { outTradeNo: 'T1', payExpiresAt: '2026-02-30T10:00:00Z' }, /payExpiresAt must be/],
  [
    'the thirty-first of November',
    { outTradeNo: 'T1', payExpiresAt: '2026-11-31T10:00:00+08:00' },
    /payExpiresAt must/,
  ],
  ['an empty time', { outTradeNo: 'T1', payExpiresAt: '' }, /payExpiresAt must be RFC 3339/],
  ['a time in a list', { outTradeNo: 'T1', guardUntil: ['2026-11-24T10:00:00Z'] }, /guardUntil must be RFC 3339/],
  [
    'an end at the moment of its beginning',
    { outTradeNo: 'T1', payRequestedAt: '2026-11-24T10:00:00Z', payExpiresAt: '2026-11-24T18:00:00+08:00' },
    /payExpiresAt must be later than payRequestedAt/,
  ],
  ['a 1 for true', { outTradeNo: 'T1', refundIfNotCancellable: 1 }, /refundIfNotCancellable must be true or false/],
  ['"true" for true', { outTradeNo: 'T1', refundIfNotCancellable: 'true' }, /refundIfNotCancellable must be true or/],
  ['a policy by name', { outTradeNo: 'T1', policy: 'patient' }, /policy must be an object/],
  ['a policy that is true', { outTradeNo: 'T1', policy: true }, /policy must be an object/],
  ['a policy of text', { outTradeNo: 'T1', policy: { slowMs: '60000' } }, /policy\.slowMs must be a number from/],
  ['a policy of null', { outTradeNo: 'T1', policy: { slowMs: null } }, /policy\.slowMs must be a number from/],
  ['a policy below zero', { outTradeNo: 'T1', policy: { pollBudgetMs: -1 } }, /policy\.pollBudgetMs must be a number/],
  ['a policy above all bounds', { outTradeNo: 'T1', policy: { pollBudgetMs: 1e308 } }, /policy\.pollBudgetMs must be/],
  ['a policy within itself', { outTradeNo: 'T1', policy: { policy: { slowMs: 60_000 } } }, /policy\.policy is unknown/],
  ['a policy of Object.prototype', { outTradeNo: 'T1', policy: { constructor: 1 } }, /policy\.constructor is unknown/],
  ['a policy that shrinks its waits', { outTradeNo: 'T1', policy: { pollFactor: 0.5 } }, /policy\.pollFactor must be/],
];

const EVERY_FIELD: readonly (keyof ResolutionInput)[] = [
  'merchant',
  'outTradeNo',
  'tradeNo',
  'totalAmount',
  'payRequestedAt',
  'payExpiresAt',
  'guardUntil',
  'refundIfNotCancellable',
  'policy',
];

const MANY = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`f${index}`, 1]));

/** What would be this very trade's end, if a caller's state were believed. */
const ALREADY_PAID = {
  memory: {
    merchant: 'default',
    outTradeNo: 'T1',
    payRequestedAtMs: 0,
    payDeadlineAtMs: 0,
    policy: {},
    polls: 0,
    cancelCount: 0,
    cancels: [],
    actions: [],
  },
  phase: { kind: 'done', outcome: 'PAID', decidedBy: 'alipay', evidence: 'none', atMs: 0 },
};

describe('A wrong start', () => {
  describe('is refused, and its message says what must be, with', () => {
    for (const [what, input, message] of WRONG) {
      it(what, () => {
        const parsed = parseResolutionInput(input);
        assert.ok(parsed.kind === 'problems', 'it was taken');
        assert.match(describeProblems(parsed.problems), message);
      });
    }
  });

  describe('on real parts', function () {
    this.timeout(30_000);
    let shop: Shop;
    before(async () => {
      shop = await openShop();
    });
    after(() => shop.close());

    const raw: readonly (readonly [what: string, payloads: readonly Payload[], message: RegExp])[] = [
      ['no argument', [], /input must be one JSON object/],
      ['nothing, as Go sends nil', [NOTHING], /input must be one JSON object/],
      ['null', [json(null)], /input must be one JSON object/],
      ['bytes', [BYTES], /outTradeNo is missing/],
      ['the fields one by one', [json('T1'), json('88.88')], /input must be one JSON object/],
      ['a list around it', [json([{ outTradeNo: 'T1' }])], /input must be one JSON object/],
      ['its JSON as text', [json('{"outTradeNo":"T1"}')], /input must be one JSON object/],
      ['half a character in the name of a field', [text('{"outTradeNo":"T1","policy":{"\\ud800":1}}')], /is unknown/],
      ['a NUL in the name of a field', [text('{"outTradeNo":"T1","policy":{"\\u0000":1}}')], /is unknown/],
      ...UNDECODABLE.map(([what, payload]) => [what, [payload], /input must be one JSON object/] as const),
      [
        'twenty thousand fields of policy',
        [json({ outTradeNo: 'T1', policy: MANY })],
        /policy\.f0 is unknown, as are 19999/,
      ],
      [
        'a field of policy as long as a book',
        [json({ outTradeNo: 'T1', policy: { ['x'.repeat(1e6)]: 1 } })],
        /unknown/,
      ],
      ['two of one field', [text('{"outTradeNo":"T1","outTradeNo":7}')], /outTradeNo must be a string/],
      [
        'every field wrong',
        [json(Object.fromEntries(EVERY_FIELD.map((name) => [name, []])))],
        /tradeNo.*guardUntil.*policy/,
      ],
    ];
    for (const [index, [what, payloads, message]] of raw.entries()) {
      it(`fails at once, and calls nothing, with ${what}`, async () => {
        const workflowId = `wrong-start-${index}`;
        await startRaw(shop.temporal, workflowId, payloads);
        const reason: unknown = await shop.temporal.workflow
          .getHandle(workflowId)
          .result()
          .catch((error: unknown) => error);
        assert.ok(reason instanceof WorkflowFailedError, 'it was taken');
        assert.equal((reason.cause as { type?: string } | undefined)?.type, FailureTypes.invalidInput);
        assert.match(reason.cause?.message ?? '', message);
        assert.deepEqual(await taskFailures(shop.temporal, workflowId), []);
        assert.deepEqual(shop.simulator.ledger().calls, []);
      });
    }

    it('by our own client starts nothing, and lists what is wrong', async () => {
      for (const [, input, message] of WRONG.filter(([, candidate]) => typeof candidate === 'object')) {
        const reason: unknown = await shop.client.start(input as ResolutionInput).catch((error: unknown) => error);
        assert.ok(reason instanceof ResolutionError && reason.code === ResolutionErrorCode.InvalidInput);
        assert.match(reason.message, new RegExp(message.source.replace(/^\^/, '')));
      }
      assert.deepEqual(shop.simulator.ledger().calls, []);
    });

    const seconds: readonly (readonly [what: string, payload: Payload])[] = [
      ['null', json(null)],
      ['an empty object', json({})],
      ['a state that is done', json(ALREADY_PAID)],
      ...UNDECODABLE,
    ];
    describe('with a second argument', () => {
      const inputs: ResolutionInput[] = [];

      // All at once: each waits before it asks whether money went back.
      before(async () => {
        for (const [index, [, second]] of seconds.entries()) {
          const input = shop.uncertain(`second_argument_${index}`, { exists: 'TRADE_CLOSED' });
          inputs.push(input);
          await startRaw(shop.temporal, workflowIdOf(input), [json(input), second]);
        }
      });
      after(() => shop.simulator.reset());

      for (const [index, [what]] of seconds.entries()) {
        it(`that is ${what} is resolved as if it were not there`, async () => {
          const input = inputs[index];
          assert.ok(input);
          assert.equal((await shop.client.wait(input)).outcome, 'CLOSED');
          assert.deepEqual(await taskFailures(shop.temporal, workflowIdOf(input)), []);
        });
      }
    });
  });
});
