/** Bad input is refused before anything is called: one message that names every wrong field. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { workflowIdOf } from '../../contract/names.ts';
import { DEFAULT_POLICY } from '../../contract/policy.ts';
import { describeProblems, parseResolutionInput } from '../../contract/resolution-input.ts';

function problemsOf(raw: unknown): string {
  const parsed = parseResolutionInput(raw);
  return parsed.kind === 'problems' ? describeProblems(parsed.problems) : 'none';
}

describe('A start input', () => {
  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['that is a string', 'T1', /^input must be one JSON object/],
    ['that is an array', [{ outTradeNo: 'T1' }], /^input must be one JSON object/],
    ['that is null', null, /^input must be one JSON object/],
    ['without a number', { merchant: 'default' }, /outTradeNo is missing, and so is tradeNo/],
    ['with an empty outTradeNo', { outTradeNo: '' }, /outTradeNo must be 1-64/],
    ['with an outTradeNo of 65 characters', { outTradeNo: 'x'.repeat(65) }, /outTradeNo must be 1-64/],
    ['with a slash in outTradeNo', { outTradeNo: 'a/b' }, /outTradeNo must be 1-64/],
    ['with an outTradeNo that is a number', { outTradeNo: 20190326 }, /outTradeNo must be a string/],
    ['with a tradeNo of letters', { tradeNo: 'abc' }, /tradeNo must be Alipay's number/],
    ['with a merchant that holds a colon', { outTradeNo: 'T1', merchant: 'a:b' }, /merchant must be 1-64/],
    [
      'with an amount that is a number',
      { outTradeNo: 'T1', totalAmount: 88.88 },
      /totalAmount must be yuan as a decimal string/,
    ],
    ['with an amount of zero', { outTradeNo: 'T1', totalAmount: '0.00' }, /totalAmount/],
    ['with a negative amount', { outTradeNo: 'T1', totalAmount: '-1.00' }, /totalAmount/],
    ['with an amount in three decimals', { outTradeNo: 'T1', totalAmount: '1.005' }, /totalAmount/],
    ['with an amount over the limit', { outTradeNo: 'T1', totalAmount: '100000000.01' }, /totalAmount/],
    ['with an amount in exponent form', { outTradeNo: 'T1', totalAmount: '1e3' }, /totalAmount/],
    ['with an amount in full-width digits', { outTradeNo: 'T1', totalAmount: '８８' }, /totalAmount/],
    [
      'with a time without an offset',
      { outTradeNo: 'T1', payRequestedAt: '2026-11-24T10:00:00' },
      /payRequestedAt must be RFC 3339 with an offset/,
    ],
    [
      "with a time in Alipay's own form",
      { outTradeNo: 'T1', payExpiresAt: '2026-11-24 10:00:00' },
      /payExpiresAt must be RFC 3339/,
    ],
    ['with a day that does not exist', { outTradeNo: 'T1', payRequestedAt: '2026-13-24T10:00:00Z' }, /payRequestedAt/],
    [
      'that expires before it was requested',
      { outTradeNo: 'T1', payRequestedAt: '2026-11-24T10:00:00Z', payExpiresAt: '2026-11-24T09:00:00Z' },
      /later than payRequestedAt/,
    ],
    ['with a guard that is no time', { outTradeNo: 'T1', guardUntil: 30 }, /guardUntil must be RFC 3339/],
    [
      'with a yes for true',
      { outTradeNo: 'T1', refundIfNotCancellable: 'yes' },
      /refundIfNotCancellable must be true or false/,
    ],
    [
      'with an unknown policy field',
      { outTradeNo: 'T1', policy: { pollSeconds: 2 } },
      /policy\.pollSeconds is unknown; known: pollFirstMs/,
    ],
    [
      'with __proto__ as a policy field',
      JSON.parse('{"outTradeNo":"T1","policy":{"__proto__":1}}'),
      /policy\.__proto__ is unknown/,
    ],
    [
      'with a policy out of bounds',
      { outTradeNo: 'T1', policy: { pollFirstMs: 10 } },
      /policy\.pollFirstMs must be a number from 1000/,
    ],
    ['with a policy that is a list', { outTradeNo: 'T1', policy: [] }, /policy must be an object/],
  ];
  for (const [what, raw, message] of refused) {
    it(`${what} is refused`, () => assert.match(problemsOf(raw), message));
  }

  it('with several wrong fields gets one message about all of them', () => {
    const message = problemsOf({ totalAmount: 1, payRequestedAt: 'now', policy: { slowMs: 'x' } });
    for (const field of ['outTradeNo', 'totalAmount', 'payRequestedAt', 'policy.slowMs'])
      assert.ok(message.includes(field), message);
  });

  it('is read into fen, instants and a whole policy', () => {
    const parsed = parseResolutionInput({
      outTradeNo: 'T1',
      totalAmount: '88.8',
      payRequestedAt: '2026-11-24T10:00:00+08:00',
      policy: { slowMs: 60_000 },
    });
    assert.deepEqual(parsed, {
      kind: 'input',
      input: {
        merchant: 'default',
        outTradeNo: 'T1',
        totalFen: 8880,
        payRequestedAtMs: Date.UTC(2026, 10, 24, 2),
        callerSaysPaid: false,
        hurried: false,
        refundIfNotCancellable: false,
        policy: { ...DEFAULT_POLICY, slowMs: 60_000 },
      },
    });
  });

  it('may name fields of a later version: they are ignored', () => {
    assert.equal(problemsOf({ outTradeNo: 'T1', futureField: true }), 'none');
  });

  it('may say null for a field that is not given, as many languages do', () => {
    assert.equal(problemsOf({ outTradeNo: 'T1', tradeNo: null, totalAmount: null, policy: null }), 'none');
  });
});

describe('The workflow id', () => {
  it("is the merchant and the merchant's number", () =>
    assert.equal(workflowIdOf({ merchant: 'shop-7', outTradeNo: 'T1' }), 'alipay:shop-7:T1'));
  it("is Alipay's number only where nothing else is known", () => {
    assert.equal(
      workflowIdOf({ tradeNo: '2019032622001494891000009752' }),
      'alipay:default:trade:2019032622001494891000009752',
    );
  });
  it("prefers the merchant's number where both are known", () =>
    assert.equal(workflowIdOf({ outTradeNo: 'T1', tradeNo: '2'.repeat(28) }), 'alipay:default:T1'));
});
