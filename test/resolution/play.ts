/** Plays one trade against `decide`, by hand: each call feeds what was observed, `command` is what the rules want next. */
import assert from 'node:assert/strict';
import { parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import {
  wordOf,
  type CancelAnswer,
  type QueryAnswer,
  type RefundQueryAnswer,
  type RefundAnswer,
} from '../../contract/answers.ts';
import type { PollRecord } from '../../contract/activities.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import type { DecidedBy, OperatorReason, Outcome, PayAnswer, Resolution } from '../../contract/resolution.ts';
import { type CancelAction, RetryFlag, type TradeStatus } from '../../contract/trade.ts';
import { begin, decide, toResolution, type Command, type Decision, type Observation } from '../../resolution/index.ts';

export const START_MS: number = Date.parse('2026-11-24T10:00:00+08:00');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
const TRADE_NO = '2019032622001494891000009752';

export class Play {
  nowMs: number = START_MS;
  private decision: Decision;

  constructor(
    input: ResolutionInput = { outTradeNo: 'T1', totalAmount: '88.88', payRequestedAt: '2026-11-24T10:00:00+08:00' },
  ) {
    const parsed = parseResolutionInput(input, START_MS);
    assert.ok(parsed.kind === 'input', JSON.stringify(parsed));
    this.decision = begin(parsed.input, START_MS, START_MS);
  }

  get command(): Command {
    return this.decision.command;
  }

  get resolution(): Resolution {
    return toResolution(this.decision.state);
  }

  get state(): Decision['state'] {
    return this.decision.state;
  }

  /** The poll or query is answered now; the call was scheduled `ageMs` ago. At `askedSince` the poll was answered with what it knew. */
  queried(answer: QueryAnswer, { ageMs = 0, askedSince }: { ageMs?: number; askedSince?: number } = {}): this {
    assert.ok(this.command.kind === 'query', `a query was not what the rules wanted, but ${this.command.kind}`);
    const scheduledAtMs = this.nowMs - ageMs;
    const word = wordOf(answer);
    const known = this.command.poll?.known.word ?? word;
    const trail: readonly PollRecord[] = [
      ...(askedSince === undefined ? [] : [{ at: new Date(askedSince).toISOString(), answer: known }]),
      { at: new Date(scheduledAtMs).toISOString(), answer: word },
    ];
    return this.observe({
      kind: 'queried',
      report: { answer, scheduledAtMs, startedAtMs: askedSince ?? scheduledAtMs, polls: trail.length, trail },
    });
  }

  cancelled(answer: CancelAnswer): this {
    assert.equal(this.command.kind, 'cancel', 'a cancel was not what the rules wanted');
    return this.observe({ kind: 'cancelled', report: { answer, scheduledAtMs: this.nowMs } });
  }

  refundQueried(answer: RefundQueryAnswer): this {
    assert.equal(this.command.kind, 'queryRefund', 'a refund query was not what the rules wanted');
    return this.observe({ kind: 'refundQueried', report: { answer, scheduledAtMs: this.nowMs } });
  }

  /** A query of the kind that the rules ask once their wait is over. */
  askedAgain(answer: QueryAnswer): this {
    return this.waited().queried(answer);
  }

  /** Waits until the wait that the rules asked for is over. */
  waited(): this {
    assert.ok(this.command.kind === 'wait', 'a wait was not what the rules wanted');
    this.nowMs = Math.max(this.nowMs, this.command.untilMs);
    return this.observe({ kind: 'waited' });
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  at(ms: number): this {
    return this.after(ms - this.nowMs);
  }

  refunded(answer: RefundAnswer): this {
    assert.equal(this.command.kind, 'refund', 'a refund was not what the rules wanted');
    return this.observe({ kind: 'refunded', report: { answer, scheduledAtMs: this.nowMs } });
  }

  /** The answer to a query that was under way when something else ended the resolution. */
  seesLate(answer: QueryAnswer): this {
    return this.queriedAt(this.nowMs, answer);
  }

  /** The answer to a query of that instant, read now. */
  queriedAt(atMs: number, answer: QueryAnswer): this {
    const report = { answer, scheduledAtMs: atMs, startedAtMs: atMs, polls: 1, trail: [] };
    return this.observe({ kind: 'queried', report });
  }

  payAnswered(answer: PayAnswer): this {
    return this.observe({ kind: 'payAnswered', answer });
  }

  orderedRefund(who = 'Li Na', why = 'the sale is off'): this {
    return this.observe({ kind: 'decidedManually', manualDecision: { kind: 'refund', who, why } });
  }

  lookNow(): this {
    return this.observe({ kind: 'lookNow' });
  }

  cancelNow(): this {
    return this.observe({ kind: 'cancelNow' });
  }

  /** The decision is sent; it is judged by the answer to the fresh query that follows. */
  decidedManually(outcome: Outcome, who = 'Li Na', why = 'merchant portal'): this {
    return this.observe({ kind: 'decidedManually', manualDecision: { kind: 'outcome', outcome, who, why } });
  }

  /** A message ended the poll between two questions. */
  interrupted(questions: number, startedAtMs: number): this {
    assert.ok(this.command.kind === 'query' && this.command.poll !== undefined, 'no poll is under way');
    return this.observe({ kind: 'interrupted', questions, startedAtMs });
  }

  reset(): this {
    return this.observe({ kind: 'reset' });
  }

  /** As if so many calls had been made just now. */
  afterCalls(calls: number): this {
    const { memory, phase } = this.state;
    const state = { memory: { ...memory, pacedAtMs: this.nowMs + calls * 16_000 }, phase };
    this.decision = { ...this.decision, state };
    return this;
  }

  private observe(observation: Observation): this {
    this.decision = decide(this.decision.state, observation, this.nowMs);
    return this;
  }

  wants(command: Command['kind']): this {
    assert.equal(this.command.kind, command);
    return this;
  }

  isIn(phase: Resolution['phase']): this {
    assert.equal(this.resolution.phase, phase);
    return this;
  }

  isParkedFor(reason: OperatorReason): this {
    const { resolution } = this;
    assert.ok(resolution.phase === 'needs-operator', `phase is ${resolution.phase}`);
    assert.equal(resolution.reason, reason);
    return this;
  }

  ends(outcome: Outcome, decidedBy: DecidedBy = 'alipay'): void {
    const { resolution } = this;
    assert.ok(resolution.phase === 'done', `phase is ${resolution.phase}: ${resolution.summary}`);
    assert.equal(resolution.outcome, outcome);
    assert.equal(resolution.decidedBy, decidedBy);
    this.wants('finish');
  }
}

/** A trade whose poll budget is used up: the next inconclusive answer brings the cancel. */
export function uncertain(input?: ResolutionInput): Play {
  return new Play(input).after(30_000);
}

export function trade(
  tradeStatus: TradeStatus,
  more: { outTradeNo?: string; totalAmount?: string; tradeNo?: string; sendPayDate?: string } = {},
): QueryAnswer {
  return { kind: 'trade', outTradeNo: 'T1', tradeNo: TRADE_NO, tradeStatus, totalAmount: '88.88', ...more };
}

export const waiting: QueryAnswer = trade('WAIT_BUYER_PAY');
export const paid: QueryAnswer = trade('TRADE_SUCCESS');
export const closed: QueryAnswer = trade('TRADE_CLOSED');
export const notExist: QueryAnswer = { kind: 'tradeNotExist' };

export function failed(failure: FailureClass, subCode?: string): Extract<QueryAnswer, { kind: 'failed' }> {
  return {
    kind: 'failed',
    failure,
    detail: `${failure} in a test`,
    ...(subCode !== undefined && { code: '40004', subCode }),
  };
}

/** A signed refusal of a cancel. */
export function refused(
  subCode: string,
  retryFlag: RetryFlag = RetryFlag.N,
): ReturnType<typeof failed> & { retryFlag: RetryFlag } {
  return { ...failed(FailureClass.business, subCode), retryFlag };
}

export const noAnswer: ReturnType<typeof failed> = failed(FailureClass.unknown);

export function answered(retryFlag?: RetryFlag, action?: CancelAction): CancelAnswer {
  return { kind: 'answered', ...(retryFlag !== undefined && { retryFlag }), ...(action !== undefined && { action }) };
}
