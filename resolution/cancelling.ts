/**
 * The cancel, and what an answer to it means. It is repeated with the same number until a query says TRADE_CLOSED.
 *
 *   retry_flag   action           means                                        next
 *   N            close | refund   done, says Alipay                            look; TRADE_CLOSED → closed
 *   N            absent           Alipay has never seen the trade              watch: its pay may still arrive
 *   Y            any              try the same again                           back off, look, cancel again
 *   absent       any              unknown                                      back off, look, cancel again
 *   no answer, 20000, unsigned …  unknown: it may have been executed           back off, look, cancel again
 *   N with an error               refused                                      look, then a person decides
 *   Y with an error               try the same again; two codes that only a person can mend wait for one (operator-reasons.ts)
 *   "no such trade", and INVALID_PARAMETER of a trade never seen: as N without action
 *
 * D4 10000 is an answer, not a success: closed is what a query calls TRADE_CLOSED.
 * D5 The table above, in `afterCancel`. Sources: field docs of `retry_flag` and `action` (`AlipayTradeCancelResponse`),
 *    Alipay's own demo for "Y: again"; INVALID_PARAMETER for an unknown number: a log of others (2018). Everything left open counts as unknown.
 * D6 No cancel later than 24 h after the order's creation, less a margin ("轮询机制", 2021-07-07).
 * D7 No cancel once a refund may have reached Alipay: money goes back once.
 * D8 No cancel of a trade whose outTradeNo is not known: the run that has it must know of every cancel.
 * D9 No first cancel while nobody can read Alipay's answers: a wrong public key must not reverse paid sales. Nor of a sale
 *    that the service calls paid.
 */
import type { CancelReport } from '../contract/activities.ts';
import type { CancelAnswer, FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { CANCEL_WINDOW_MS } from '../contract/policy.ts';
import { OperatorReason } from '../contract/resolution.ts';
import { RetryFlag, TradeStatus } from '../contract/trade.ts';
import { startWatching } from './asking.ts';
import { rememberCancel } from './cancel-memory.ts';
import type { Inconclusive } from './evidence.ts';
import { assertInvariant } from './invariant.ts';
import { isReadable } from './memory.ts';
import { parkReasonOfCancel } from './operator-reasons.ts';
import { CANCEL_ROUND, roomAtMs } from './pace.ts';
import { park } from './park.ts';
import { toldByMs } from './patience.ts';
import { payAnswerMismatch } from './pay-answer.ts';
import { RUN_RESET } from './run-reset.ts';
import type { CancellingStep, Memory, ParkedPhase, ParkReason, State } from './state.ts';

/** D1: called with the inconclusive query in hand. */
export function cancelOrPark(memory: Memory, verdict: Inconclusive, nowMs: number): State {
  const isFirst = !memory.cancelMayHaveReached;
  assertInvariant(!isFirst || verdict.kind !== 'paid', 'D2 A first cancel never follows a final status');
  assertInvariant(!memory.refundMayHaveReached, 'D7 A cancel never runs beside a refund');
  const whyNot = memory.wasReset ? RUN_RESET : isFirst ? whyNoFirstCancel(memory) : undefined;
  if (whyNot !== undefined) return park(memory, whyNot, nowMs);
  if (nowMs >= cancelWindowEndMs(memory)) {
    return verdict.kind === 'notYet' ? startWatching(memory) : park(memory, tooLate(memory), nowMs);
  }
  // The query has just been made; where there is no room for what follows it, the next round waits until there is room for all of it.
  const hasRoom = nowMs >= roomAtMs(memory, CANCEL_ROUND - 1);
  const step = hasRoom ? ({ kind: 'cancel' } as const) : waitForRoom(memory);
  return { memory, phase: { kind: 'cancelling', step } };
}

function waitForRoom(memory: Memory): CancellingStep {
  return { kind: 'wait', untilMs: roomAtMs(memory, CANCEL_ROUND) };
}

/** D8, D9 */
export function whyNoFirstCancel(memory: Memory): ParkReason | undefined {
  if (memory.callerSaysPaid) return payAnswerMismatch(memory);
  if (memory.everPaid || memory.tradeStatus === TradeStatus.TRADE_CLOSED)
    return { reason: OperatorReason.noReadableAnswer, detail: FINAL_BEFORE };
  if (memory.unverified) return { reason: OperatorReason.configuration, detail: UNREADABLE };
  if (memory.outTradeNo === undefined) {
    return { reason: OperatorReason.noReadableAnswer, detail: 'no signed answer has named its outTradeNo yet' };
  }
  return undefined;
}

const FINAL_BEFORE = 'Alipay has signed before that the trade is paid or closed, and does not say so now';
const UNREADABLE =
  "Alipay's answers did not verify with the configured public key or certificate, or were about other trades";

function tooLate(memory: Memory): ParkReason {
  return memory.signed === undefined
    ? { reason: OperatorReason.noReadableAnswer, detail: 'Alipay has given no readable answer about this trade yet' }
    : {
        reason: OperatorReason.cancelWindowOver,
        detail: 'the 24 h after the pay request, in which Alipay cancels, are over',
      };
}

/** D6. The order cannot be older than the pay request, so this errs on the early side. */
export function cancelWindowEndMs(memory: Memory): number {
  return memory.payRequestedAtMs + CANCEL_WINDOW_MS - memory.policy.marginMs;
}

/** D4, D5 */
export function afterCancel({ memory: before, phase }: State, report: CancelReport, nowMs: number): State {
  const memory = rememberCancel(before, report, nowMs);
  // A parked trade stays parked while its cancel brings nothing new.
  const again = (): State =>
    phase.kind === 'needs-operator' && !isReadAgain(phase, report)
      ? park(memory, phase, nowMs)
      : backOff(memory, nowMs);
  const look = (refusal?: ParkReason): State => ({
    memory,
    phase: {
      kind: 'cancelling',
      step: refusal === undefined ? { kind: 'query', then: 'wait' } : { kind: 'query', then: 'park', refusal },
    },
  });
  const { answer } = report;
  if (answer.kind === 'answered' && answer.action !== undefined && answer.retryFlag === RetryFlag.N) return look();
  if (deniesTheTrade(answer) && !memory.seen) return startWatching(memory);
  // A denial of a trade that was shown before: the call failed inside.
  if (answer.kind === 'answered' || isDenial(answer)) return again();
  const refusal = parkReasonOfCancel(answer);
  if (refusal === undefined) return again();
  // Refused again for the reason that parked it: the query that D5 asks for has just been read.
  const asBefore = phase.kind === 'needs-operator' && phase.reason === refusal.reason;
  return asBefore ? park(memory, refusal, nowMs) : look(refusal);
}

function isReadAgain({ reason }: ParkedPhase, { answer }: CancelReport): boolean {
  return reason === OperatorReason.noReadableAnswer && isReadable(answer);
}

function deniesTheTrade(answer: CancelAnswer): boolean {
  if (answer.kind === 'answered') return answer.retryFlag === RetryFlag.N;
  if (answer.retryFlag === RetryFlag.Y) return false;
  return isDenial(answer) || (answer.failure === FailureClass.rejected && answer.subCode === 'ACQ.INVALID_PARAMETER');
}

function isDenial({ failure, subCode }: FailedCall): boolean {
  return failure === FailureClass.business && subCode === 'ACQ.TRADE_NOT_EXIST';
}

export function backOff(memory: Memory, nowMs: number): State {
  const untilMs = Math.max(nowMs, Math.min(backOffUntilMs(memory, memory.cancelCount, nowMs), toldByMs(memory)));
  const roomMs = roomAtMs(memory, CANCEL_ROUND);
  return { memory, phase: { kind: 'cancelling', step: { kind: 'wait', untilMs: Math.max(untilMs, roomMs) } } };
}

/** `round` counts from 1. */
export function backOffUntilMs({ policy }: Memory, round: number, nowMs: number): number {
  const { cancelFirstMs, cancelFactor, cancelCapMs } = policy;
  return nowMs + Math.min(cancelCapMs, cancelFirstMs * cancelFactor ** Math.min(Math.max(round - 1, 0), 30));
}
