/** What must never happen stops the workflow task: the trade stays open and visible, and nothing is guessed. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { cancelOrPark } from '../../resolution/cancelling.ts';
import { afterCheck } from '../../resolution/refunding.ts';
import { decide, InvariantViolation, resume, type Observation, type State } from '../../resolution/index.ts';
import { noAnswer, paid, Play, START_MS, uncertain, waiting } from './play.ts';

const seen = (): State['memory'] => new Play().queried(waiting).state.memory;
const done = (): State => new Play().queried(paid).state;
const cancelling = (): State => uncertain().queried(waiting).cancelled(noAnswer).state;
const watching = (): State => ({ memory: seen(), phase: { kind: 'watching', step: { kind: 'query' }, asked: 0 } });
const refunding = (step: 'query' | 'refund'): State => ({
  memory: { ...seen(), refundBegun: true },
  phase: { kind: 'refunding', step: { kind: step }, round: 1 },
});
const queried: Observation = {
  kind: 'queried',
  report: { answer: noAnswer, scheduledAtMs: START_MS, startedAtMs: START_MS, polls: 1, trail: [] },
};
const refunded: Observation = {
  kind: 'refunded',
  report: { answer: { kind: 'answered', fundChange: true }, scheduledAtMs: START_MS },
};
const refundQueried: Observation = {
  kind: 'refundQueried',
  report: { answer: { kind: 'refund', found: 'done' }, scheduledAtMs: START_MS },
};
const decided: Observation = {
  kind: 'decidedManually',
  manualDecision: { kind: 'outcome', outcome: 'PAID', who: 'Li Na', why: 'x' },
};

function stops(act: () => unknown, invariant: RegExp): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof InvariantViolation);
    assert.equal(error.name, 'InvariantViolation');
    assert.match(error.message, invariant);
    assert.match(error.message, /The trade stays open; report this with its history\.$/);
    return true;
  });
}

describe('The rules stops at', () => {
  it('a first cancel after a final status', () =>
    stops(() => cancelOrPark(seen(), { kind: 'paid' }, START_MS), /^D2 /));
  it('a cancel beside a refund', () =>
    stops(
      () => cancelOrPark({ ...seen(), refundMayHaveReached: true }, { kind: 'unpaid' }, START_MS),
      /^D7 A cancel never runs beside a refund/,
    ));
  it('an answer to a query that no phase asks for', () => {
    const memory = seen();
    const { outTradeNo = '', tradeNo = '' } = memory;
    const asksNothing: readonly State[] = [
      { memory, phase: { kind: 'handed-over', outTradeNo, tradeNo } },
      { memory, phase: { kind: 'closing', step: { kind: 'queryRefund' }, round: 1 } },
    ];
    for (const state of asksNothing) {
      stops(() => decide(state, queried, START_MS), new RegExp(`^No query is asked in phase ${state.phase.kind}`));
    }
  });
  it('the answer of a refund that was not sent', () => {
    for (const state of [cancelling(), watching(), refunding('query')])
      stops(() => decide(state, refunded, START_MS), /^A refund is answered only where one was sent/);
  });
  it('the answer of a refund query in a phase that asks none', () => {
    const handedOver = new Play({ tradeNo: '2019032622001494891000009752' }).queried(paid).state;
    const guarding = new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00' }).state;
    for (const state of [new Play().state, cancelling(), handedOver, guarding])
      stops(
        () => decide(state, refundQueried, START_MS),
        new RegExp(`^No refund query is asked in phase ${state.phase.kind}`),
      );
  });
  it('an answer to a query in the middle of a refund', () => {
    const { phase } = refunding('refund');
    assert.ok(phase.kind === 'refunding');
    stops(() => afterCheck(seen(), phase, { kind: 'paid' }, START_MS), /^A query is asked only before a refund/);
  });
  it('a refund of a trade whose number or amount no signed answer has named', () => {
    const { seenFen: _seen, ...unseen } = seen();
    const { outTradeNo: _named, ...unnamed } = seen();
    for (const incomplete of [unseen, unnamed]) {
      const state: State = { memory: incomplete, phase: refunding('refund').phase };
      stops(() => resume(state, START_MS), /^Only a trade that was seen is refunded/);
    }
  });
  it('a manual decision that is not allowed', () =>
    stops(() => decide(cancelling(), decided, START_MS), /^A manual decision is taken only where it is allowed/));
});

describe('The end of a wait', () => {
  it('changes nothing where no wait was asked for', () => {
    const state = refunding('query');
    assert.deepEqual(decide(state, { kind: 'waited' }, START_MS).state, state);
  });
});

describe('What arrives after the end', () => {
  it('changes nothing: a word may have ended it while a call was under way', () => {
    const state = done();
    for (const observation of [queried, refunded, refundQueried, decided, { kind: 'reset' } as const])
      assert.deepEqual(decide(state, observation, START_MS), { state, command: { kind: 'finish', done: state.phase } });
  });
});
