/**
 * The brain: every rule about money stands in this room, pure. `decide(state, observation, now)` gives the next state and
 * the one command to perform; the workflow performs it and brings back what it observed.
 *
 *   guarding ─silence─▶ querying ──paid──▶ PAID
 *                          │ nothing final                      cancelling.ts  what an answer to a cancel means
 *                          ▼                                    closure.ts     CLOSED or REFUNDED
 *                      cancelling ◀──appeared── watching        refunding.ts   a refund where no cancel is possible
 *                          │ TRADE_CLOSED          │            parked.ts      trades that need a person
 *                          ▼                       ▼            wishes.ts      what services and operators may want
 *                       closing             NOT_CREATED         evidence.ts    what an answer to a query is worth
 *                          ▼
 *                  CLOSED | REFUNDED        needs-operator: from any phase; heals by itself or is settled
 *
 * D1 A cancel follows an inconclusive query at once: nothing, not even a timer, stands between them.
 * D2 A first cancel never follows a final status.
 * D3 Once a cancel may have reached Alipay, "paid" is no outcome: the cancel can still land.
 */
import type { QueryReport } from '../contract/activities.ts';
import { DEFAULT_POLICY } from '../contract/policy.ts';
import { Outcome } from '../contract/resolution.ts';
import type { ParsedInput } from '../contract/resolution-input.ts';
import { afterCancel, backOff, cancelOrPark } from './cancelling.ts';
import { afterRefundQuery, close } from './closure.ts';
import { judge, type Inconclusive, type Verdict } from './evidence.ts';
import { hold } from './invariant.ts';
import { newMemory, rememberQuery } from './memory.ts';
import { commandFor, movesMoney } from './next-command.ts';
import type { Observation } from './observation.ts';
import { park } from './park.ts';
import { stillParked } from './parked.ts';
import { proven } from './proven.ts';
import { startQuerying } from './querying.ts';
import { afterCheck, afterRefund } from './refunding.ts';
import type { Decision, Memory, PhaseState, State } from './state.ts';
import { afterPay, hurry, lookNow, settle, waitIsOver } from './wishes.ts';

/** `startedAtMs`: when the service started the workflow. `nowMs` is later where no worker was there to hear it. */
export function begin(input: ParsedInput, startedAtMs: number, nowMs: number): Decision {
  const memory = newMemory(input, startedAtMs);
  const { guardUntilMs = 0 } = input;
  const guarded = nowMs < guardUntilMs;
  return decided(
    guarded
      ? { memory, phase: { kind: 'guarding', untilMs: guardUntilMs, step: 'wait' } }
      : startQuerying(memory, nowMs),
    nowMs,
  );
}

export function decide(state: State, observation: Observation, nowMs: number): Decision {
  return decided(next(state, observation, nowMs), nowMs);
}

/** Goes on with a state that was carried through continue-as-new, perhaps by an older version of this program. */
export function resume(carried: State, nowMs: number): Decision {
  const { memory, phase } = carried;
  const fresh = newMemory({ merchant: memory.merchant, refundIfNotCancellable: false, policy: DEFAULT_POLICY }, nowMs);
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
    case 'settled':
      return settle(state, observation.settlement, nowMs);
  }
}

function afterQuery(state: State, report: QueryReport, nowMs: number): State {
  const after = judged(state, report, nowMs);
  const stale = nowMs - report.scheduledAtMs > ANSWER_STALE_MS;
  return stale && movesMoney(commandFor(after, nowMs)) ? { memory: after.memory, phase: state.phase } : after;
}

/**
 * D4 No worker was there to read the answer for so long that the buyer may have paid since: ask again before money moves.
 * Well above the waiting in a queue that is merely long.
 */
const ANSWER_STALE_MS = 300_000;

function judged({ memory: before, phase }: State, report: QueryReport, nowMs: number): State {
  const verdict = judge(before, report);
  const memory = rememberQuery(before, report, !isStranger(verdict, report), nowMs);
  switch (verdict.kind) {
    case 'paid':
      // D3
      return memory.cancelMayHaveReached || phase.kind === 'refunding'
        ? inconclusive(memory, phase, verdict, nowMs)
        : proven(memory, Outcome.PAID, `a signed query says ${memory.tradeStatus}, and no cancel was sent`, nowMs);
    case 'closed':
      return close(memory, nowMs);
    case 'neverCreated':
      return proven(
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

/** A trade that is shown, and parks this one: it has another amount or number (E4). */
function isStranger(verdict: Verdict, { answer }: QueryReport): boolean {
  return verdict.kind === 'park' && answer.kind === 'trade';
}

/** The answer settles nothing: go on asking, or cancel, as the phase has it. */
function inconclusive(memory: Memory, phase: PhaseState, verdict: Inconclusive, nowMs: number): State {
  switch (phase.kind) {
    case 'guarding':
      return { memory, phase: { ...phase, step: 'wait' } };
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
    case 'refunding':
      return afterCheck(memory, phase, verdict, nowMs);
    case 'needs-operator':
      return stillParked(memory, phase, verdict, nowMs);
    case 'closing':
    case 'handed-over':
    case 'done':
      hold(false, `No query is asked in phase ${phase.kind}`);
  }
}
