/**
 * The brain: every rule about money stands here, pure. `decide(state, observation, now)` gives the next state and the
 * one command to perform; the workflow performs it and brings back what it observed.
 *
 *   querying ──paid──▶ PAID                    cancel answered:  action, N   → look; TRADE_CLOSED → CLOSED | REFUNDED
 *      │ nothing final                                           no action, N → watching: the pay may still arrive
 *      ▼                                                         Y | unknown  → back off, look, cancel again
 *   cancelling ◀──appeared── watching                            refused      → look, then needs-operator
 *      │ TRADE_CLOSED           │ deadline + margin, still absent
 *      ▼                        ▼
 *   closing ─▶ CLOSED|REFUNDED  NOT_CREATED    needs-operator: from any phase; heals by itself or is settled
 *
 * D1 A cancel follows an inconclusive query at once: nothing, not even a timer, stands between them.
 * D2 A first cancel never follows a final status.
 * D3 Once a cancel may have reached Alipay, "paid" is no outcome: the cancel can still land.
 * D4 10000 is an answer, not a success: closed is what a query calls TRADE_CLOSED.
 * D5 retry_flag: Y → the same cancel again; N with an error → look, then decide; absent → unknown.
 * D6 No cancel later than 24 h after the order's creation, less a margin.
 */
import type { CancelReport, QueryReport } from '../contract/activities.ts';
import { CANCEL_WINDOW_MS } from '../contract/policy.ts';
import { DecidedBy, OperatorReason, Outcome } from '../contract/resolution.ts';
import type { ParsedInput } from '../contract/resolution-input.ts';
import { RetryFlag } from '../contract/trade.ts';
import { afterRefundQuery, close } from './closure.ts';
import { judge, type Verdict } from './evidence.ts';
import { hold } from './invariant.ts';
import { newMemory, rememberCancel, rememberQuery } from './memory.ts';
import { commandFor } from './next-command.ts';
import type { Observation } from './observation.ts';
import { cancelRefusal, OPERATOR_REASONS } from './operator-reasons.ts';
import { settleRefusal } from './settle.ts';
import type { Decision, Memory, ParkedPhase, PhaseState, Refusal, State } from './state.ts';

/** `startedAtMs`: when the service started the workflow. `nowMs` is later where no worker was there to hear it. */
export function begin(input: ParsedInput, startedAtMs: number, nowMs: number): Decision {
  const memory = newMemory(input, startedAtMs);
  return decided({ memory, phase: { kind: 'querying', untilMs: nowMs + memory.policy.pollBudgetMs } }, nowMs);
}

export function decide(state: State, observation: Observation, nowMs: number): Decision {
  return decided(next(state, observation, nowMs), nowMs);
}

/** Goes on with a state that was carried through continue-as-new. */
export function resume(state: State, nowMs: number): Decision {
  return decided(state, nowMs);
}

function decided(state: State, nowMs: number): Decision {
  return { state, command: commandFor(state, nowMs) };
}

function next(state: State, observation: Observation, nowMs: number): State {
  switch (observation.kind) {
    case 'queried':
      return afterQuery(state, observation.report, nowMs);
    case 'cancelled':
      return afterCancel(state, observation.report, nowMs);
    case 'refundQueried':
      return afterRefundQuery(state, observation.report, nowMs);
    case 'waited':
    case 'lookNow':
      return { ...state, phase: lookAgain(state.phase) };
    case 'cancelNow':
      return hurry(state, nowMs);
    case 'settled':
      hold(
        settleRefusal(state, observation.settlement, nowMs) === undefined,
        'A settlement is applied only where it is allowed',
      );
      return {
        ...state,
        phase: {
          kind: 'done',
          outcome: observation.settlement.outcome,
          decidedBy: DecidedBy.operator,
          evidence: `${observation.settlement.who} decided: ${observation.settlement.why}`,
          atMs: nowMs,
          settlement: observation.settlement,
        },
      };
  }
}

function afterQuery({ memory: before, phase }: State, report: QueryReport, nowMs: number): State {
  const verdict = judge(before, report);
  const memory = rememberQuery(before, report, !isStranger(verdict));
  switch (verdict.kind) {
    case 'paid':
      // D3
      return memory.cancelMayHaveReached
        ? inconclusive(memory, phase, verdict, nowMs)
        : done(memory, Outcome.PAID, `a signed query says ${memory.tradeStatus}, and no cancel was sent`, nowMs);
    case 'closed':
      return close(memory, nowMs);
    case 'neverCreated':
      return done(
        memory,
        Outcome.NOT_CREATED,
        'Alipay has no such trade, asked after its pay deadline plus the margin',
        nowMs,
      );
    case 'identified':
      return { memory, phase: { kind: 'handed-over', outTradeNo: verdict.outTradeNo, tradeNo: verdict.tradeNo } };
    case 'park':
      return park(memory, verdict.refusal, nowMs);
    case 'unpaid':
    case 'notYet':
    case 'noInformation':
      return inconclusive(memory, phase, verdict, nowMs);
  }
}

function isStranger(verdict: Verdict): boolean {
  if (verdict.kind !== 'park') return false;
  const { reason } = verdict.refusal;
  return reason === OperatorReason.amountMismatch || reason === OperatorReason.tradeNoMismatch;
}

type Inconclusive = Extract<Verdict, { kind: 'paid' | 'unpaid' | 'notYet' | 'noInformation' }>;

/** The answer settles nothing: go on asking, or cancel, as the phase has it. */
function inconclusive(memory: Memory, phase: PhaseState, verdict: Inconclusive, nowMs: number): State {
  switch (phase.kind) {
    case 'querying':
      if (!memory.hurried && nowMs < phase.untilMs) return { memory, phase };
      return cancelOrPark(memory, verdict, 1, nowMs);
    case 'cancelling':
      if (phase.step.kind === 'confirm') {
        return phase.step.refusal === undefined
          ? backOff(memory, phase.round, nowMs)
          : park(memory, phase.step.refusal, nowMs);
      }
      return cancelOrPark(memory, verdict, phase.round + 1, nowMs);
    case 'watching':
      // Only a trade that appeared is cancelled: repeating a cancel of nothing proves nothing.
      if (verdict.kind === 'notYet' || verdict.kind === 'noInformation') return { memory, phase };
      return cancelOrPark(memory, verdict, 1, nowMs);
    case 'needs-operator':
      return stillParked(memory, phase, verdict, nowMs);
    case 'closing':
    case 'handed-over':
    case 'done':
      hold(false, `No query is asked in phase ${phase.kind}`);
  }
}

function cancelOrPark(memory: Memory, verdict: Inconclusive, round: number, nowMs: number): State {
  hold(memory.cancelMayHaveReached || verdict.kind !== 'paid', 'D2 A first cancel never follows a final status');
  if (nowMs < cancelWindowEndMs(memory))
    return { memory, phase: { kind: 'cancelling', step: { kind: 'cancel' }, round } };
  if (verdict.kind === 'notYet') return { memory, phase: { kind: 'watching' } };
  return park(
    memory,
    { reason: OperatorReason.cancelWindowOver, detail: 'the 24 h in which Alipay cancels are over' },
    nowMs,
  );
}

/** D6. The order cannot be older than the pay request, so this errs on the early side. */
export function cancelWindowEndMs(memory: Memory): number {
  return memory.payRequestedAtMs + CANCEL_WINDOW_MS - memory.policy.marginMs;
}

/** D4, D5: the rule for `retry_flag` and `action`. */
function afterCancel({ memory: before, phase }: State, report: CancelReport, nowMs: number): State {
  const memory = rememberCancel(before, report, nowMs);
  const round = phase.kind === 'cancelling' ? phase.round : 1;
  const confirm = (refusal?: Refusal): State => ({
    memory,
    phase: { kind: 'cancelling', step: { kind: 'confirm', ...(refusal !== undefined && { refusal }) }, round },
  });
  const { answer } = report;
  if (answer.kind === 'failed') {
    const refusal = cancelRefusal(answer);
    if (refusal === undefined) return backOff(memory, round, nowMs);
    // Refused again for the reason that parked it: the query that D5 asks for has just been read.
    const asBefore = phase.kind === 'needs-operator' && phase.reason === refusal.reason;
    return asBefore ? park(memory, refusal, nowMs) : confirm(refusal);
  }
  if (answer.retryFlag !== RetryFlag.N) return backOff(memory, round, nowMs);
  if (answer.action !== undefined) return confirm();
  // No action: Alipay has never seen the trade, unless a signed answer has shown it before: then the call failed inside.
  return memory.tradeStatus === undefined ? { memory, phase: { kind: 'watching' } } : backOff(memory, round, nowMs);
}

function backOff(memory: Memory, round: number, nowMs: number): State {
  const { cancelFirstMs, cancelFactor, cancelCapMs } = memory.policy;
  const delayMs = Math.min(cancelCapMs, cancelFirstMs * cancelFactor ** Math.min(round - 1, 30));
  return { memory, phase: { kind: 'cancelling', step: { kind: 'backOff', untilMs: nowMs + delayMs }, round } };
}

/** What a parked trade does with an answer that settles nothing. */
function stillParked(memory: Memory, phase: ParkedPhase, verdict: Inconclusive, nowMs: number): State {
  switch (OPERATOR_REASONS[phase.reason].meanwhile) {
    case 'recancel':
      if (nowMs >= cancelWindowEndMs(memory)) return cancelOrPark(memory, verdict, 1, nowMs);
      return { memory, phase: { ...phase, step: { kind: 'cancel' } } };
    case 'askRefund':
      return park(memory, phase, nowMs);
    case 'ask':
      return mended(phase.reason) && verdict.kind !== 'noInformation'
        ? goOn(memory, verdict, nowMs)
        : park(memory, phase, nowMs);
  }
}

/** These two end as soon as Alipay gives a signed answer about the trade. */
function mended(reason: OperatorReason): boolean {
  return reason === OperatorReason.configuration || reason === OperatorReason.queryRefused;
}

function goOn(memory: Memory, verdict: Inconclusive, nowMs: number): State {
  if (memory.cancelMayHaveReached || memory.hurried) return cancelOrPark(memory, verdict, 1, nowMs);
  return { memory, phase: { kind: 'querying', untilMs: nowMs + memory.policy.pollBudgetMs } };
}

/** A machine cannot decide this. The trade stays open, is looked at slowly, and a person can see why. */
export function park(memory: Memory, { reason, detail }: Refusal, nowMs: number): State {
  const later = { kind: 'wait', untilMs: nowMs + memory.policy.slowMs } as const;
  const step = OPERATOR_REASONS[reason].meanwhile === 'ask' ? ({ kind: 'query' } as const) : later;
  return { memory, phase: { kind: 'needs-operator', reason, detail, step } };
}

/** A wait is over, or someone wants a look now. Where a query is under way already, a fresh one takes its place. */
function lookAgain(phase: PhaseState): PhaseState {
  switch (phase.kind) {
    case 'cancelling':
      return phase.step.kind === 'backOff' ? { ...phase, step: { kind: 'recheck' } } : phase;
    case 'closing':
      return phase.step.kind === 'backOff' ? { ...phase, step: { kind: 'ask' } } : phase;
    case 'needs-operator':
      if (phase.step.kind !== 'wait') return phase;
      return {
        ...phase,
        step: { kind: OPERATOR_REASONS[phase.reason].meanwhile === 'askRefund' ? 'askRefund' : 'query' },
      };
    case 'querying':
    case 'watching':
    case 'handed-over':
    case 'done':
      return phase;
  }
}

/** One more query at once; the cancel follows if that is inconclusive. A trade that turns out paid IS paid. */
function hurry(state: State, nowMs: number): State {
  const { phase } = state;
  const memory = { ...state.memory, hurried: true };
  switch (phase.kind) {
    case 'querying':
      return { memory, phase: { ...phase, untilMs: Math.min(phase.untilMs, nowMs) } };
    case 'needs-operator':
      if (!OPERATOR_REASONS[phase.reason].cancelAllowed) return { ...state, memory };
      return { memory, phase: { kind: 'cancelling', step: { kind: 'recheck' }, round: 0 } };
    case 'cancelling':
    case 'watching':
    case 'closing':
    case 'handed-over':
    case 'done':
      return state;
  }
}

function done(memory: Memory, outcome: Outcome, evidence: string, nowMs: number): State {
  return { memory, phase: { kind: 'done', outcome, decidedBy: DecidedBy.alipay, evidence, atMs: nowMs } };
}
