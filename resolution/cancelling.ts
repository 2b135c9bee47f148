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
 *
 * D4 10000 is an answer, not a success: closed is what a query calls TRADE_CLOSED.
 * D5 The table above, in `afterCancel`. Sources: field docs of `retry_flag` and `action` (`AlipayTradeCancelResponse`),
 *    Alipay's own demo for "Y: again"; everything it leaves open counts as unknown.
 * D6 No cancel later than 24 h after the order's creation, less a margin ("轮询机制", 2021-07-07).
 * D7 No cancel once a refund may have reached Alipay: money goes back once.
 * D8 No cancel of a trade whose outTradeNo is not known: the run that has it must know of every cancel.
 * D9 No first cancel while nobody can read Alipay's answers: a wrong public key must not reverse paid sales. Nor of a sale
 *    that the service calls paid, without a signed answer.
 */
import type { CancelReport } from '../contract/activities.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { CANCEL_WINDOW_MS } from '../contract/policy.ts';
import { OperatorReason } from '../contract/resolution.ts';
import { RetryFlag } from '../contract/trade.ts';
import type { Inconclusive } from './evidence.ts';
import { hold } from './invariant.ts';
import { rememberCancel } from './memory.ts';
import { cancelRefusal } from './operator-reasons.ts';
import { park } from './park.ts';
import { startQuerying } from './querying.ts';
import type { Memory, Refusal, State } from './state.ts';

/** D1: called with the inconclusive query in hand. */
export function cancelOrPark(memory: Memory, verdict: Inconclusive, round: number, nowMs: number): State {
  hold(memory.cancelMayHaveReached || verdict.kind !== 'paid', 'D2 A first cancel never follows a final status');
  hold(!memory.refundMayHaveReached, 'D7 A cancel never runs beside a refund');
  if (!memory.cancelMayHaveReached && unreadable(memory)) {
    return park(memory, { reason: OperatorReason.configuration, detail: UNREADABLE }, nowMs);
  }
  if (!memory.cancelMayHaveReached && memory.callerSaysPaid && verdict.kind === 'noInformation')
    return startQuerying({ ...memory, hurried: false }, nowMs);
  if (memory.outTradeNo === undefined) {
    return park(
      memory,
      { reason: OperatorReason.tradeNoUnknown, detail: 'no signed answer has named its outTradeNo yet' },
      nowMs,
    );
  }
  if (nowMs < cancelWindowEndMs(memory))
    return { memory, phase: { kind: 'cancelling', step: { kind: 'cancel' }, round } };
  if (verdict.kind === 'notYet') return { memory, phase: { kind: 'watching' } };
  return park(
    memory,
    { reason: OperatorReason.cancelWindowOver, detail: 'the 24 h in which Alipay cancels are over' },
    nowMs,
  );
}

function unreadable({ lastAnswer }: Memory): boolean {
  return lastAnswer?.word === FailureClass.forged || lastAnswer?.word === FailureClass.notOurs;
}

const UNREADABLE =
  "Alipay's answers do not verify with the configured public key or certificate, or are about other trades";

/** D6. The order cannot be older than the pay request, so this errs on the early side. */
export function cancelWindowEndMs(memory: Memory): number {
  return memory.payRequestedAtMs + CANCEL_WINDOW_MS - memory.policy.marginMs;
}

/** D4, D5 */
export function afterCancel({ memory: before, phase }: State, report: CancelReport, nowMs: number): State {
  const memory = rememberCancel(before, report, nowMs);
  const round = phase.kind === 'cancelling' ? phase.round : 1;
  const look = (refusal?: Refusal): State => ({
    memory,
    phase: { kind: 'cancelling', step: { kind: 'confirm', ...(refusal !== undefined && { refusal }) }, round },
  });
  const { answer } = report;
  if (answer.kind === 'failed') {
    const refusal = cancelRefusal(answer);
    if (refusal === undefined) return backOff(memory, round, nowMs);
    // Refused again for the reason that parked it: the query that D5 asks for has just been read.
    const asBefore = phase.kind === 'needs-operator' && phase.reason === refusal.reason;
    return asBefore ? park(memory, refusal, nowMs) : look(refusal);
  }
  if (answer.retryFlag !== RetryFlag.N) return backOff(memory, round, nowMs);
  if (answer.action !== undefined) return look();
  // Never seen, unless a signed answer has shown the trade before: then the call failed inside.
  return memory.tradeStatus === undefined ? { memory, phase: { kind: 'watching' } } : backOff(memory, round, nowMs);
}

export function backOff(memory: Memory, round: number, nowMs: number): State {
  return {
    memory,
    phase: { kind: 'cancelling', step: { kind: 'backOff', untilMs: backOffUntilMs(memory, round, nowMs) }, round },
  };
}

/** `round` counts from 1. */
export function backOffUntilMs({ policy }: Memory, round: number, nowMs: number): number {
  const { cancelFirstMs, cancelFactor, cancelCapMs } = policy;
  return nowMs + Math.min(cancelCapMs, cancelFirstMs * cancelFactor ** Math.min(round - 1, 30));
}
