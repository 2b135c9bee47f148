/**
 * The rules: every rule about money stands in this module, pure. `decide(state, observation, now)` gives the next state and
 * the one command to perform; the workflow performs it and brings back what it observed.
 *
 *   guarding ─silence─▶ querying ──paid──▶ PAID           asking.ts      how often a question is asked
 *                          │ nothing final                cancelling.ts  what an answer to a cancel means
 *                          ▼                              closure.ts     CLOSED or REFUNDED
 *                      cancelling ◀──appeared── watching  absence.ts     NOT_CREATED
 *                          │ TRADE_CLOSED          │      refunding.ts   a refund where no cancel is possible
 *                          ▼                       ▼      parked.ts      trades that need a person
 *                       closing             NOT_CREATED   wishes.ts      what services and operators may want
 *                          ▼                              evidence.ts    what an answer to a query is worth
 *                  CLOSED | REFUNDED                      patience.ts    when a person is told
 *                                                         pace.ts        how many calls are made at most
 *                  needs-operator: from any phase; heals by itself or is decided by a person
 *
 * D1 A cancel follows an inconclusive query at once: nothing, not even a timer, stands between them.
 * D2 A first cancel never follows a final status.
 * D3 Once a cancel may have reached Alipay, "paid" is no outcome: the cancel can still land.
 */
import type { QueryReport } from '../contract/activities.ts';
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { DEFAULT_POLICY } from '../contract/policy.ts';
import { Outcome } from '../contract/resolution.ts';
import type { ParsedInput } from '../contract/resolution-input.ts';
import { afterDenials } from './absence.ts';
import { afterInterruption, keepQuerying, keepWatching, startQuerying } from './asking.ts';
import { afterCancel, backOff, cancelOrPark } from './cancelling.ts';
import { afterRefundQuery, afterTradeClosed } from './closure.ts';
import { judge, type Inconclusive, type Verdict } from './evidence.ts';
import { assertInvariant } from './invariant.ts';
import { newMemory, rememberQuery, shownIn } from './memory.ts';
import { commandFor, movesMoney } from './next-command.ts';
import type { Observation } from './observation.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import { park } from './park.ts';
import { stillParked } from './parked.ts';
import { leavingQuerying, tellAPerson } from './patience.ts';
import { proven } from './proven.ts';
import { afterCheck, afterRefund } from './refunding.ts';
import { afterReset } from './run-reset.ts';
import { decideOrGoOn } from './manual-check.ts';
import type { Decision, Memory, PhaseState, State } from './state.ts';
import { afterPay, checkDecision, hurry, lookNow, waitIsOver } from './wishes.ts';

/**
 * `startedAtMs`: when the service started the workflow. `nowMs` is later where no worker was there to hear it. `known`: what the run by `tradeNo`
 * knew that has handed over to this one.
 */
export function begin(input: ParsedInput, startedAtMs: number, nowMs: number, known?: Memory): Decision {
  const fresh = newMemory(input, startedAtMs, nowMs);
  const memory = known === undefined ? fresh : { ...fresh, ...shownIn(known) };
  const { guardUntilMs = 0 } = input;
  // Who knows the answer is in no pay call any more. Who gives up waiting may be in it until the guard ends.
  const guarded = nowMs < guardUntilMs && !input.callerSaysPaid;
  return decided(
    guarded
      ? { memory, phase: { kind: 'guarding', untilMs: guardUntilMs, step: 'wait' } }
      : startQuerying(memory, nowMs),
    nowMs,
  );
}

export function decide(state: State, observation: Observation, nowMs: number): Decision {
  // A word may have ended it while a call was under way.
  if (state.phase.kind === 'done') return decided(state, nowMs);
  const after = leavingQuerying(state, next(state, observation, nowMs), nowMs);
  return decided(isReport(observation) ? tellAPerson(after, nowMs) : after, nowMs);
}

function isReport({ kind }: Observation): boolean {
  return kind === 'queried' || kind === 'cancelled' || kind === 'refunded' || kind === 'refundQueried';
}

/** Goes on with a state that was carried through continue-as-new, perhaps by an older version of this program. */
export function resume(carried: State, nowMs: number): Decision {
  const { memory, phase } = carried;
  const bare = { merchant: memory.merchant, refundIfNotCancellable: false, callerSaysPaid: false, hurried: false };
  const fresh = newMemory({ ...bare, policy: DEFAULT_POLICY }, nowMs, nowMs);
  const policy = { ...DEFAULT_POLICY, ...memory.policy };
  return decided({ memory: { ...fresh, ...memory, policy }, phase }, nowMs);
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
    case 'refunded':
      return afterRefund(state, observation.report, nowMs);
    case 'refundQueried':
      return afterRefundQuery(state, observation.report, nowMs);
    case 'waited':
      return state.phase.kind === 'guarding' ? startQuerying(state.memory, nowMs) : waitIsOver(state);
    case 'lookNow':
      return lookNow(state);
    case 'payAnswered':
      return afterPay(state, observation.answer, nowMs);
    case 'cancelNow':
      return hurry(state, nowMs);
    case 'decidedManually':
      return checkDecision(state, observation.manualDecision, nowMs);
    case 'interrupted':
      return afterInterruption(state, observation, nowMs);
    case 'reset':
      return afterReset(state, nowMs);
  }
}

function afterQuery(state: State, report: QueryReport, nowMs: number): State {
  const { memory, phase } = state;
  if (phase.kind === 'needs-operator' && phase.step.kind === 'checkDecision') {
    const { manualDecision } = phase.step;
    const undecided: State = { memory, phase: { ...phase, step: { kind: 'query' } } };
    const after = judged(undecided, report, nowMs);
    if (isStale(report, nowMs)) {
      // What it says is remembered, and why the trade is parked; the manual decision is judged by a fresh answer.
      if (after.phase.kind === 'needs-operator') {
        return { memory: after.memory, phase: { ...after.phase, step: phase.step } };
      }
      if (movesMoney(commandFor(after, nowMs))) return { memory: after.memory, phase };
    }
    return decideOrGoOn(told(after), manualDecision, nowMs);
  }
  const after = judged(state, report, nowMs);
  return isStale(report, nowMs) && movesMoney(commandFor(after, nowMs))
    ? { memory: after.memory, phase: askedAgain(phase) }
    : told(after);
}

/** The answer was judged as it stands: a parked trade need not be told the same again. */
function told({ memory, phase }: State): State {
  return { memory, phase: phase.kind === 'needs-operator' ? { ...phase, told: true } : phase };
}

/**
 * No worker was there to read the answer for so long that the buyer may have paid since: ask again before money moves.
 * Well above the waiting in a queue that is merely long.
 */
const ANSWER_STALE_MS = 300_000;

function isStale({ scheduledAtMs }: QueryReport, nowMs: number): boolean {
  return nowMs - scheduledAtMs > ANSWER_STALE_MS;
}

/** Of a trade that was seen meanwhile nothing is left to watch; and the next answer is judged though it says the same. */
function askedAgain(phase: PhaseState): PhaseState {
  if (phase.kind === 'watching') return { kind: 'cancelling', step: { kind: 'query', then: 'cancel' } };
  return phase.kind === 'needs-operator' ? { ...phase, told: false } : phase;
}

function judged({ memory: before, phase }: State, report: QueryReport, nowMs: number): State {
  const verdict = judge(before, report);
  const memory = rememberQuery(before, report, !isStranger(verdict, report), nowMs);
  switch (verdict.kind) {
    case 'paid':
      // D3. Nor where a refund was decided on: the sale is off, whether or not the refund goes through.
      return memory.cancelMayHaveReached || memory.refundBegun
        ? inconclusive(memory, phase, verdict, report, nowMs)
        : proven(memory, Outcome.PAID, `a signed query says ${memory.tradeStatus}, and no cancel was sent`, nowMs);
    case 'closed':
      return afterTradeClosed(memory, nowMs);
    case 'absentTwice':
      return afterDenials(memory, phase, nowMs);
    case 'identified':
      return { memory, phase: { kind: 'handed-over', outTradeNo: verdict.outTradeNo, tradeNo: verdict.tradeNo } };
    case 'park':
      return report.answer.kind === 'failed' && isPassedOver(memory, phase, report.answer, nowMs)
        ? inconclusive(memory, phase, { kind: 'noInformation' }, report, nowMs)
        : park(memory, verdict.refusal, nowMs);
    case 'unpaid':
    case 'notYet':
    case 'noInformation':
      return inconclusive(memory, phase, verdict, report, nowMs);
  }
}

/**
 * Of two workers one may be misconfigured: that changes nothing about why a trade is parked, costs no more than a question of the buyer's time, and
 * does not end a guard.
 */
function isPassedOver(memory: Memory, phase: PhaseState, { failure }: FailedCall, nowMs: number): boolean {
  switch (phase.kind) {
    case 'needs-operator':
      return !OPERATOR_REASONS[phase.reason].endsWithAnAnswer;
    case 'querying':
      return failure === FailureClass.configuration && !memory.hurried && nowMs < phase.untilMs;
    case 'guarding':
      return true;
    case 'cancelling':
    case 'watching':
    case 'closing':
    case 'refunding':
    case 'handed-over':
    case 'done':
      return false;
  }
}

/** A trade that is shown, and parks this one: it has another amount or number (E4). */
function isStranger(verdict: Verdict, { answer }: QueryReport): boolean {
  return verdict.kind === 'park' && answer.kind === 'trade';
}

/** The answer decides nothing: go on asking, or cancel, as the phase has it. */
function inconclusive(
  memory: Memory,
  phase: PhaseState,
  verdict: Inconclusive,
  { polls }: QueryReport,
  nowMs: number,
): State {
  switch (phase.kind) {
    case 'guarding':
      return { memory, phase: { ...phase, step: 'wait' } };
    case 'querying':
      if (!memory.hurried && nowMs < phase.untilMs) return keepQuerying(memory, phase, polls, nowMs);
      return cancelOrPark(memory, verdict, nowMs);
    case 'cancelling':
      if (phase.step.kind === 'query' && phase.step.then === 'wait') return backOff(memory, nowMs);
      if (phase.step.kind === 'query' && phase.step.then === 'park') return park(memory, phase.step.refusal, nowMs);
      return cancelOrPark(memory, verdict, nowMs);
    case 'watching':
      // Only a trade that appeared is cancelled: repeating a cancel of nothing proves nothing.
      if (verdict.kind === 'notYet' || verdict.kind === 'noInformation') {
        return keepWatching(memory, phase, polls, nowMs);
      }
      return cancelOrPark(memory, verdict, nowMs);
    case 'refunding':
      return afterCheck(memory, phase, verdict, nowMs);
    case 'needs-operator':
      return stillParked(memory, phase, verdict, nowMs);
    case 'closing':
    case 'handed-over':
    case 'done':
      assertInvariant(false, `No query is asked in phase ${phase.kind}`);
  }
}
