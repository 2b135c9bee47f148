/** The published JSON Schema of a resolution: its words and fields are those of the contract, and what the rules show at each step fits it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { FailureClass } from '../../contract/failure-class.ts';
import { DecidedBy, OperatorReason, Outcome, type Phase, type Resolution } from '../../contract/resolution.ts';
import { parseResolutionInput } from '../../contract/resolution-input.ts';
import { CancelAction, RetryFlag, TradeStatus } from '../../contract/trade.ts';
import { begin, decide, toResolution } from '../../resolution/index.ts';
import { loadSchema } from './schema.ts';

const resolution = loadSchema('resolution.schema.json');

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

  it('takes what the rules show, from the start to the outcome', () => {
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

  it('takes what the rules show of a start that it believes in part', () => {
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

/** The compiler finds a field or a phase that is missing here. */
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
  manualDecision: true,
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

type AnyObservation = Parameters<typeof decide>[1];

/** A buyer who never pays, and a cancel that closes the trade. */
function observationAfter(command: string, nowMs: number): AnyObservation {
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
