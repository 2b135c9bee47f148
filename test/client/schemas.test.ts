/**
 * The published JSON Schemas say what the code says: the schema and the guard of a start input agree on every input, wrong ones
 * written down and random ones near the edges; and what the brain shows at each step fits the schema of a resolution.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';

import { FailureClass } from '../../contract/failure-class.ts';
import { DEFAULT_POLICY, POLICY_BOUNDS, type Policy } from '../../contract/policy.ts';
import {
  DecidedBy,
  OperatorReason,
  Outcome,
  PayAnswer,
  type Phase,
  type Resolution,
} from '../../contract/resolution.ts';
import { parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import { CancelAction, RetryFlag, TradeStatus } from '../../contract/trade.ts';
import { begin, decide, toResolution } from '../../resolution/index.ts';
import { repositoryRoot } from '../repository-root.ts';

interface Schema {
  readonly examples: readonly unknown[];
  readonly properties: Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, object>>; readonly enum?: readonly string[] }>
  >;
  readonly oneOf: readonly { readonly properties: object }[];
  readonly $defs: Readonly<Record<string, { readonly enum: readonly string[] }>>;
}

function load(name: string): { readonly schema: Schema; readonly validate: ValidateFunction } {
  const schema = JSON.parse(readFileSync(path.join(repositoryRoot, 'contract', name), 'utf8')) as Schema;
  return { schema, validate: new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema) };
}

const input = load('resolution-input.schema.json');
const resolution = load('resolution.schema.json');

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

/** The compiler finds a field or a phase that is missing here. */
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
type FieldOf<R> = R extends Resolution ? keyof R : never;
const RESOLUTION_FIELDS: { readonly [F in FieldOf<Resolution>]: true } = {
  merchant: true,
  outTradeNo: true,
  tradeNo: true,
  totalAmount: true,
  payRequestedAt: true,
  payDeadline: true,
  payAnswer: true,
  notes: true,
  polls: true,
  lastAnswer: true,
  tradeStatus: true,
  tradeStatusAt: true,
  cancelCount: true,
  cancels: true,
  actions: true,
  summary: true,
  phase: true,
  provisional: true,
  nextCheckAt: true,
  reason: true,
  remedy: true,
  resolvedBy: true,
  outcome: true,
  decidedBy: true,
  evidence: true,
  decidedAt: true,
  settlement: true,
};
const PHASES: { readonly [P in Phase]: true } = {
  guarding: true,
  querying: true,
  cancelling: true,
  watching: true,
  closing: true,
  refunding: true,
  'needs-operator': true,
  'handed-over': true,
  done: true,
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

describe('The schema of a resolution', () => {
  it('takes its own examples, one for the open, the parked and the done', () => {
    const phases = (resolution.schema.examples as readonly Resolution[]).map((example) => {
      assert.ok(resolution.validate(example), JSON.stringify(resolution.validate.errors));
      return example.phase;
    });
    assert.deepEqual(phases.toSorted(), ['done', 'needs-operator', 'querying']);
  });

  it('refuses a resolution that is done without an outcome, and an outcome that nobody knows', () => {
    const [done] = resolution.schema.examples as readonly Resolution[];
    assert.ok(done?.phase === 'done');
    const { outcome, ...without } = done;
    assert.ok(resolution.validate({ ...without, outcome }));
    assert.ok(!resolution.validate(without));
    assert.ok(!resolution.validate({ ...done, outcome: 'UNKNOWN' }));
    assert.ok(!resolution.validate({ ...done, phase: 'asleep' }));
  });

  it('has exactly the fields of the contract', () => {
    const { properties, oneOf } = resolution.schema;
    const fields = [properties, ...oneOf.map((branch) => branch.properties)].flatMap((some) => Object.keys(some));
    assert.deepEqual(new Set(fields), new Set(Object.keys(RESOLUTION_FIELDS)));
  });

  it('names exactly the words of the contract', () => {
    const text = JSON.stringify(resolution.schema);
    const enumOf = (name: string): readonly string[] => resolution.schema.$defs[name]?.enum ?? [];
    assert.deepEqual(enumOf('outcome'), Object.values(Outcome));
    assert.deepEqual(resolution.schema.properties['phase']?.enum, Object.keys(PHASES));
    assert.deepEqual(enumOf('action'), Object.values(CancelAction));
    assert.deepEqual(enumOf('answer'), [
      ...Object.values(TradeStatus),
      'TRADE_NOT_EXIST',
      ...Object.values(FailureClass),
    ]);
    for (const words of [OperatorReason, DecidedBy, RetryFlag, TradeStatus]) {
      assert.ok(text.includes(JSON.stringify(Object.values(words))), Object.values(words).join(', '));
    }
  });

  it('takes what the brain shows, from the start to the outcome', () => {
    const startMs = Date.UTC(2026, 10, 24);
    const parsed = parseResolutionInput({ outTradeNo: 'T1', totalAmount: '88.88' });
    assert.ok(parsed.kind === 'input');
    let decision = begin(parsed.input, startMs, startMs);
    const phases: string[] = [];
    for (let step = 1; step <= 20 && decision.command.kind !== 'finish'; step += 1) {
      const nowMs = startMs + step * 10_000;
      const shown = toResolution(decision.state);
      assert.ok(resolution.validate(shown), `${JSON.stringify(shown)}: ${JSON.stringify(resolution.validate.errors)}`);
      phases.push(shown.phase);
      decision = decide(decision.state, observationAfter(decision.command.kind, nowMs), nowMs);
    }
    const outcome = toResolution(decision.state);
    assert.ok(resolution.validate(outcome), JSON.stringify(resolution.validate.errors));
    assert.equal(outcome.phase, 'done');
    assert.deepEqual([...new Set(phases)], ['querying', 'cancelling']);
  });

  it('takes what the brain shows of a start that it believes in part', () => {
    const startMs = Date.UTC(2026, 10, 24);
    const times = { payRequestedAt: '2026-11-23T23:00:00Z', payExpiresAt: '2026-11-23T23:05:00Z' };
    const parsed = parseResolutionInput({ outTradeNo: 'T1', payAnswer: 'paid', ...times }, startMs);
    assert.ok(parsed.kind === 'input');
    const shown = toResolution(begin(parsed.input, startMs, startMs).state);
    assert.ok(resolution.validate(shown), JSON.stringify(resolution.validate.errors));
    assert.equal(shown.payAnswer, 'paid');
    assert.equal(shown.notes?.length, 1);
    assert.ok(!resolution.validate({ ...shown, payAnswer: 'refused' }));
    assert.ok(!resolution.validate({ ...shown, notes: 'late' }));
  });
});

type Observed = Parameters<typeof decide>[1];

/** A buyer who never pays, and a cancel that closes the trade. */
function observationAfter(command: string, nowMs: number): Observed {
  const tradeStatus = nowMs % 86_400_000 >= 50_000 ? TradeStatus.TRADE_CLOSED : TradeStatus.WAIT_BUYER_PAY;
  if (command === 'cancel') {
    const answer = { kind: 'answered', retryFlag: RetryFlag.N, action: CancelAction.close } as const;
    return { kind: 'cancelled', report: { answer, scheduledAtMs: nowMs } };
  }
  if (command === 'wait') return { kind: 'waited' };
  const trade = {
    kind: 'trade',
    outTradeNo: 'T1',
    tradeNo: '2026112422001400',
    tradeStatus,
    totalAmount: '88.88',
  } as const;
  const report = { answer: trade, scheduledAtMs: nowMs, startedAtMs: nowMs, polls: 1, trail: [] };
  return { kind: 'queried', report };
}
