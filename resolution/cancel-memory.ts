/** What a cancel and its answer add to the memory of a trade. */
import type { CancelReport } from '../contract/activities.ts';
import type { CancelAnswer } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { firstAndLatest } from '../contract/first-and-latest.ts';
import type { CancelRecord } from '../contract/resolution.ts';
import { CancelAction, RetryFlag } from '../contract/trade.ts';
import { FAILED_CALLS } from './failed-calls.ts';
import { heard, said } from './memory.ts';
import { spend } from './pace.ts';
import { hintsAtPayment, saidByCancel } from './signed.ts';
import type { Memory } from './state.ts';

export function rememberCancel(before: Memory, report: CancelReport, nowMs: number): Memory {
  const { answer, scheduledAtMs } = report;
  const says = saidByCancel(answer);
  const memory = said(spend(before, 1, scheduledAtMs), says, scheduledAtMs);
  const attempt = memory.cancelCount + 1;
  const { action } = answer;
  return {
    ...memory,
    ...heard(memory, answer, undefined, nowMs),
    cancelCount: attempt,
    cancels: firstAndLatest([...memory.cancels, recordOf(attempt, report)], CANCELS_KEPT_AT_EACH_END),
    actions: action === undefined || memory.actions.includes(action) ? memory.actions : [...memory.actions, action],
    closedByFirstCancel: memory.closedByFirstCancel || (action === CancelAction.close && !memory.cancelMayHaveReached),
    cancelDenied: memory.cancelDenied || says === 'absent',
    seen: memory.seen || (says !== undefined && says !== 'absent'),
    maybePaid: memory.maybePaid || hintsAtPayment(answer),
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
