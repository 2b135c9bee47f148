/**
 * The published JSON Schema of a start input says what the code says: schema and guard agree on every input, wrong ones written down and
 * random ones near the edges.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import fc from 'fast-check';

import { DEFAULT_POLICY, POLICY_BOUNDS, type Policy } from '../../contract/policy.ts';
import { PayAnswer } from '../../contract/resolution.ts';
import { parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import { loadSchema } from './schema.ts';

const input = loadSchema('resolution-input.schema.json');

/** What the guard says, but for what JSON Schema cannot say: which of two times is the later one, and how far one is from the start. */
function guardTakes(raw: unknown): boolean {
  const parsed = parseResolutionInput(raw);
  return (
    parsed.kind === 'input' || parsed.problems.every(({ problem }) => problem === 'must be later than payRequestedAt')
  );
}

function assertAgreed(raw: unknown): void {
  assert.equal(
    input.validate(raw),
    guardTakes(raw),
    `${JSON.stringify(raw)}: ${JSON.stringify(input.validate.errors)}`,
  );
}

describe('The schema of a start input', () => {
  it('takes its own examples, and so does the guard', () => {
    assert.ok(input.schema.examples.length > 0);
    for (const example of input.schema.examples) {
      assert.ok(input.validate(example), JSON.stringify(example));
      assert.equal(parseResolutionInput(example).kind, 'input');
    }
  });

  const table: readonly (readonly [boolean, unknown])[] = [
    [true, { outTradeNo: 'T1' }],
    [true, { tradeNo: '2026112422001400' }],
    [true, { outTradeNo: 'T1', tradeNo: null, merchant: null, totalAmount: null, payRequestedAt: null, policy: null }],
    [true, { outTradeNo: 'T1', unheardOf: { of: 1 } }],
    [true, { outTradeNo: 'T1', totalAmount: '100000000.00', policy: {} }],
    [
      true,
      { outTradeNo: 'T1', payRequestedAt: '2026-11-24T24:00:00Z', payExpiresAt: '2026-11-25T23:59:59.123456789-11:30' },
    ],
    [true, { outTradeNo: 'T1', guardUntil: '2026-11-24T18:31:00+08:00', refundIfNotCancellable: true }],
    [false, { outTradeNo: 'T1', refundIfNotCancellable: 'yes' }],
    [true, { outTradeNo: 'T1', payAnswer: 'paid', cancelNow: true }],
    [true, { outTradeNo: 'T1', payAnswer: 'refused', cancelNow: false }],
    [true, { outTradeNo: 'T1', payAnswer: null, cancelNow: null }],
    [false, { outTradeNo: 'T1', payAnswer: 'PAID' }],
    [false, { outTradeNo: 'T1', payAnswer: true }],
    [false, { outTradeNo: 'T1', payAnswer: 'toString' }],
    [false, { outTradeNo: 'T1', cancelNow: 'true' }],
    [false, { outTradeNo: 'T1', guardUntil: 60 }],
    [false, {}],
    [false, 'T1'],
    [false, null],
    [false, [{ outTradeNo: 'T1' }]],
    [false, { outTradeNo: null, tradeNo: null }],
    [false, { outTradeNo: '' }],
    [false, { outTradeNo: 'T 1' }],
    [false, { outTradeNo: 'T1\n' }],
    [false, { outTradeNo: 'x'.repeat(65) }],
    [false, { outTradeNo: 7 }],
    [false, { tradeNo: '123' }],
    [false, { outTradeNo: 'T1', tradeNo: 'abc' }],
    [false, { outTradeNo: 'T1', merchant: 'a:b' }],
    [false, { outTradeNo: 'T1', totalAmount: 88.88 }],
    [false, { outTradeNo: 'T1', totalAmount: '0' }],
    [false, { outTradeNo: 'T1', totalAmount: '0.00' }],
    [false, { outTradeNo: 'T1', totalAmount: '00.01' }],
    [false, { outTradeNo: 'T1', totalAmount: '100000000.01' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '2026-11-24 18:30:00' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '2026-11-24T18:30:00' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '2026-11-24T18:60:00Z' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '2026-13-24T18:30:00Z' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '2026-02-30T18:30:00Z' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '2027-02-29T18:30:00Z' }],
    [true, { outTradeNo: 'T1', payRequestedAt: '2028-02-29T18:30:00Z' }],
    [false, { outTradeNo: 'T1', payRequestedAt: '1999-11-24T18:30:00Z' }],
    [false, { outTradeNo: 'T1', policy: { pollFirstMs: 999 } }],
    [false, { outTradeNo: 'T1', policy: { pollFirstMs: '1000' } }],
    [false, { outTradeNo: 'T1', policy: { pollFirstMs: null } }],
    [false, { outTradeNo: 'T1', policy: { patience: 1 } }],
    [false, { outTradeNo: 'T1', policy: [] }],
  ];
  for (const [taken, raw] of table) {
    it(`${taken ? 'takes' : 'refuses'} ${JSON.stringify(raw)} as the guard does`, () => {
      assert.equal(input.validate(raw), taken);
      assert.equal(guardTakes(raw), taken);
    });
  }

  it('agrees with the guard on inputs near every edge', () => {
    fc.assert(fc.property(nearlyAnInput, assertAgreed), { numRuns: 3_000 });
  });

  it('agrees with the guard on anything at all', () => {
    fc.assert(fc.property(fc.jsonValue(), assertAgreed), { numRuns: 300 });
  });

  const startMs = Date.parse('2026-11-24T10:30:00Z');
  const marginMs = DEFAULT_POLICY.marginMs;
  const dayMs = 24 * 3_600_000;
  const latest: readonly (readonly [field: keyof ResolutionInput, latestMs: number])[] = [
    ['payRequestedAt', startMs + marginMs],
    ['payExpiresAt', startMs + 15 * dayMs + marginMs],
    ['guardUntil', startMs + dayMs + marginMs],
  ];
  for (const [field, latestMs] of latest) {
    it(`leaves to the guard, as it says, how far ${field} may lie from the start`, () => {
      const at = (ms: number): unknown => ({ outTradeNo: 'T1', [field]: new Date(ms).toISOString() });
      assert.equal(parseResolutionInput(at(latestMs), startMs).kind, 'input');
      const late = parseResolutionInput(at(latestMs + 1), startMs);
      assert.ok(late.kind === 'problems');
      assert.deepEqual(
        late.problems.map((problem) => problem.field),
        [field],
      );
      assert.ok(input.validate(at(latestMs + 1)));
      assert.ok(input.schema.description.includes(field));
    });
  }

  it('has exactly the fields of the contract', () => {
    assert.deepEqual(new Set(Object.keys(input.schema.properties)), new Set(Object.keys(INPUT_FIELDS)));
  });

  it('states the bounds and defaults of the policy', () => {
    const stated = input.schema.properties['policy']?.properties ?? {};
    const expected = (Object.keys(POLICY_BOUNDS) as (keyof Policy)[]).map((name) => [
      name,
      { minimum: POLICY_BOUNDS[name][0], maximum: POLICY_BOUNDS[name][1], default: DEFAULT_POLICY[name] },
    ]);
    const found = Object.entries(stated).map(([name, { minimum, maximum, default: byDefault }]: [string, Bounds]) => [
      name,
      { minimum, maximum, default: byDefault },
    ]);
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected));
  });
});

/** The compiler finds a field that is missing here. */
const INPUT_FIELDS: { readonly [F in keyof Required<ResolutionInput>]: true } = {
  merchant: true,
  outTradeNo: true,
  tradeNo: true,
  totalAmount: true,
  payRequestedAt: true,
  payExpiresAt: true,
  guardUntil: true,
  payAnswer: true,
  cancelNow: true,
  refundIfNotCancellable: true,
  policy: true,
};

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
}

const two = (greatest: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: greatest }).map((value) => String(value).padStart(2, '0'));
const nearlyAnInstant = fc
  .tuple(
    two(14),
    two(33),
    two(25),
    two(61),
    two(61),
    fc.constantFrom('', '.0', '.5', '.123456789', '.1234567890'),
    two(25),
    two(61),
  )
  .chain(([month, day, hour, minute, second, fraction, offsetHour, offsetMinute]) =>
    fc
      .constantFrom('Z', '', `+${offsetHour}:${offsetMinute}`, `-${offsetHour}:${offsetMinute}`)
      .map((zone) => `2026-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`),
  );
const nearlyAnAmount = fc.oneof(
  fc.stringMatching(/^\d{0,10}\.?\d{0,3}$/),
  fc.integer({ min: 0, max: 100_000_000_05 }).map((fen) => (fen / 100).toFixed(2)),
  fc.constantFrom('0', '0.0', '0.01', '100000000', '100000000.0', '100000000.1', '1e3', '+1', '-1', ' 1'),
);
const anything = fc.oneof(fc.constant(null), fc.jsonValue());
const usually = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: values }, { weight: 1, arbitrary: anything });
const nearlyAPolicy = fc.dictionary(
  fc.constantFrom(...Object.keys(POLICY_BOUNDS), 'pollSeconds', '__proto__'),
  usually(fc.oneof(fc.constantFrom(0, 1, 10, 10.5, 999, 1_000, 3_600_000, 3_600_001, 86_400_000), fc.integer())),
  { maxKeys: 3 },
);
const nearlyAnInput = fc.record(
  {
    merchant: usually(fc.stringMatching(/^[A-Za-z0-9_.:-]{0,65}$/)),
    outTradeNo: usually(fc.stringMatching(/^[A-Za-z0-9_/-]{0,65}$/)),
    tradeNo: usually(fc.stringMatching(/^\d{14,65}$/)),
    totalAmount: usually(nearlyAnAmount),
    payRequestedAt: usually(nearlyAnInstant),
    payExpiresAt: usually(nearlyAnInstant),
    guardUntil: usually(nearlyAnInstant),
    payAnswer: usually(fc.constantFrom(...Object.values(PayAnswer), 'Paid', '')),
    cancelNow: usually(fc.boolean()),
    refundIfNotCancellable: usually(fc.boolean()),
    policy: usually(nearlyAPolicy),
  },
  { requiredKeys: [] },
);
