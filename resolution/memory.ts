/** What each report adds to the memory of a trade. Facts only; what they mean is decided in `decide.ts`. */
import { wordOf, type CancelAnswer } from '../contract/answers.ts';
import type { CancelReport, QueryReport } from '../contract/activities.ts';
import { firstAndLatest } from '../contract/first-and-latest.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { fenFromYuan } from '../contract/money.ts';
import { DEFAULT_PAY_VALIDITY_MS } from '../contract/policy.ts';
import type { CancelRecord } from '../contract/resolution.ts';
import type { ParsedInput } from '../contract/resolution-input.ts';
import { RetryFlag, TradeStatus } from '../contract/trade.ts';
import { absenceProvenAtMs } from './evidence.ts';
import { FAILED_CALLS } from './failed-calls.ts';
import type { Memory } from './state.ts';

export function newMemory(input: ParsedInput, startedAtMs: number): Memory {
  const payRequestedAtMs = input.payRequestedAtMs ?? startedAtMs;
  return {
    merchant: input.merchant,
    ...(input.outTradeNo !== undefined && { outTradeNo: input.outTradeNo }),
    ...(input.tradeNo !== undefined && { tradeNo: input.tradeNo }),
    ...(input.totalFen !== undefined && { totalFen: input.totalFen }),
    startedAtMs,
    payRequestedAtMs,
    payDeadlineAtMs: input.payExpiresAtMs ?? payRequestedAtMs + DEFAULT_PAY_VALIDITY_MS,
    policy: input.policy,
    polls: 0,
    everPaid: false,
    strangerSeen: false,
    cancelCount: 0,
    cancels: [],
    actions: [],
    cancelMayHaveReached: false,
    refundIfNotCancellable: input.refundIfNotCancellable,
    refundBegun: false,
    refundMayHaveReached: false,
    callerSaysPaid: false,
    hurried: false,
  };
}

/** `ours` is false for an answer about a trade of another number or amount: nothing of it may become a fact of this one. */
export function rememberQuery(memory: Memory, report: QueryReport, ours: boolean, nowMs: number): Memory {
  const { answer } = report;
  const failed = answer.kind === 'failed' ? answer : undefined;
  return {
    ...memory,
    polls: memory.polls + report.polls,
    lastAnswer: {
      atMs: report.scheduledAtMs,
      word: wordOf(answer),
      ...(failed?.subCode !== undefined && { subCode: failed.subCode }),
      ...(failed !== undefined && { detail: failed.detail }),
    },
    strangerSeen: memory.strangerSeen || !ours,
    ...provenAbsence(memory, report, nowMs),
    ...(answer.kind === 'trade' &&
      ours && {
        outTradeNo: memory.outTradeNo ?? answer.outTradeNo,
        tradeNo: answer.tradeNo,
        tradeStatus: answer.tradeStatus,
        tradeStatusAtMs: report.scheduledAtMs,
        ...seenAmount(answer.totalAmount),
        everPaid: memory.everPaid || provesPayment(answer.tradeStatus, answer.sendPayDate),
      }),
  };
}

/** By the time of reading: the call may have been scheduled long before it was answered. */
function provenAbsence(
  memory: Memory,
  { answer, scheduledAtMs }: QueryReport,
  nowMs: number,
): { provenAbsenceAtMs?: number } {
  const first =
    memory.provenAbsenceAtMs === undefined &&
    answer.kind === 'tradeNotExist' &&
    scheduledAtMs >= absenceProvenAtMs(memory);
  return first ? { provenAbsenceAtMs: nowMs } : {};
}

function seenAmount(totalAmount: string): { seenFen?: number } {
  const seenFen = fenFromYuan(totalAmount);
  return seenFen === undefined ? {} : { seenFen };
}

function provesPayment(status: TradeStatus, sendPayDate: string | undefined): boolean {
  return status === TradeStatus.TRADE_SUCCESS || status === TradeStatus.TRADE_FINISHED || sendPayDate !== undefined;
}

export function rememberCancel(memory: Memory, report: CancelReport, nowMs: number): Memory {
  const { answer } = report;
  const attempt = memory.cancelCount + 1;
  const { action } = answer;
  return {
    ...memory,
    cancelCount: attempt,
    cancels: firstAndLatest([...memory.cancels, recordOf(attempt, report)], CANCELS_KEPT_AT_EACH_END),
    actions: action === undefined || memory.actions.includes(action) ? memory.actions : [...memory.actions, action],
    cancelMayHaveReached: memory.cancelMayHaveReached || !surelyNotSent(answer),
    ...(!surelyNotSent(answer) && {
      cancelMayLandUntilMs: Math.max(
        memory.cancelMayLandUntilMs ?? 0,
        nowMs + landsWithinMs(answer, memory.policy.marginMs),
      ),
    }),
  };
}

function recordOf(attempt: number, { answer, scheduledAtMs }: CancelReport): CancelRecord {
  return {
    attempt,
    at: new Date(scheduledAtMs).toISOString(),
    answer: answer.kind === 'answered' ? 'answered' : answer.failure,
    ...(answer.retryFlag !== undefined && { retryFlag: answer.retryFlag }),
    ...(answer.action !== undefined && { action: answer.action }),
    ...(answer.kind === 'failed' && answer.subCode !== undefined && { subCode: answer.subCode }),
  };
}

function surelyNotSent(answer: CancelAnswer): boolean {
  return answer.kind === 'failed' && answer.failure === FailureClass.notSent;
}

/** A request that was answered for good may still have a second copy somewhere (a proxy that repeats it): not for long. */
export const ECHO_MS = 60_000;

function landsWithinMs(answer: CancelAnswer, marginMs: number): number {
  return mayStillLand(answer) ? marginMs : Math.min(marginMs, ECHO_MS);
}

/** Its effect may come after its answer, or without one. */
function mayStillLand(answer: CancelAnswer): boolean {
  if (answer.kind === 'answered') return answer.retryFlag !== RetryFlag.N;
  return FAILED_CALLS[answer.failure].mayHaveBeenExecuted || answer.retryFlag === RetryFlag.Y;
}

/** A long resolution repeats a cancel hundreds of times: the first and the latest tell the story, every `action` is kept apart. */
const CANCELS_KEPT_AT_EACH_END = 5;
