/**
 * A pay call that cannot be forgotten: the resolution is started BEFORE it.
 *
 * 1. The workflow is started and sleeps until `guardUntil`. If that fails, pay is not called.
 * 2. The service's own pay call runs, if the guard is not over by then: after it the trade may be cancelled at any moment.
 * 3. Its word ends the resolution (paid), or begins it (uncertain, refused). If the service dies anywhere in between,
 *    the silence past `guardUntil` begins it.
 *
 * Costs one timer and two workflow tasks for a sale that is paid at once.
 */
import type { Client } from '@temporalio/client';

import { Signals } from '../contract/names.ts';
import { PayAnswer } from '../contract/resolution.ts';
import type { ResolutionInput } from '../contract/resolution-input.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { sendSignal } from './messages.ts';
import { type StartedRun, startRun } from './start.ts';

/** What the service's pay call came to; it may carry whatever else the service wants to keep of it. */
export interface PayResult {
  /** `payVerdict` of `alipay/pay-verdict.ts` says it of an answer; few refusals are `refused`. */
  readonly payAnswer: PayAnswer;
}

export interface GuardOptions {
  /** How long the pay call may take before silence begins the resolution, in ms. @default 60 s, above any HTTP timeout in use */
  readonly guardMs?: number;
}

export type GuardedPay<T extends PayResult> =
  | (PayReport & { readonly kind: 'answered'; readonly answer: T; readonly run: StartedRun })
  /** The pay call itself threw: the trade is uncertain and is being resolved. */
  | (PayReport & { readonly kind: 'threw'; readonly error: unknown; readonly run: StartedRun });

interface PayReport {
  /**
   * Whether the resolution has heard the word; never rejects. False: it did not by the end of the guard, so the trade is being
   * resolved by queries, which find what the service knows already. Await it before the process ends.
   */
  readonly told: Promise<boolean>;
}

const GUARD_MS = 60_000;

/** @throws ResolutionError InvalidInput, AnotherTrade, AlreadyStarted: pay was not called then */
export async function guardPay<T extends PayResult>(
  client: Client,
  start: { readonly taskQueue: string; readonly input: ResolutionInput },
  pay: () => Promise<T>,
  { guardMs = GUARD_MS }: GuardOptions,
): Promise<GuardedPay<T>> {
  const now = Date.now();
  const guardUntil = start.input.guardUntil ?? endOfGuard(now, guardMs);
  const untilMs = Date.parse(guardUntil);
  if (untilMs <= now) throw invalid(`guardUntil must lie in the future; it is ${guardUntil}`);
  const run = await startRun(client, start.taskQueue, {
    payRequestedAt: new Date(now).toISOString(),
    ...start.input,
    guardUntil,
  });
  if (!run.isNew) {
    throw new ResolutionError(
      ResolutionErrorCode.AlreadyStarted,
      `Workflow ${run.workflowId} resolves this trade already, perhaps by cancelling it. Pay was not called: wait for its outcome, or take payment under a new outTradeNo.`,
    );
  }
  if (Date.now() >= untilMs) {
    throw new ResolutionError(
      ResolutionErrorCode.AlreadyStarted,
      `The start of workflow ${run.workflowId} was acknowledged only after the guard's end (${guardUntil}): it resolves the trade already, ` +
        'perhaps by cancelling it. Pay was not called: take payment under a new outTradeNo.',
    );
  }
  const tellIt = (payAnswer: PayAnswer): Promise<boolean> => tell(client, run, payAnswer, untilMs);
  try {
    const answer = await pay();
    return { kind: 'answered', answer, run, told: tellIt(answer.payAnswer) };
  } catch (error) {
    return { kind: 'threw', error, run, told: tellIt(PayAnswer.uncertain) };
  }
}

/** @throws ResolutionError InvalidInput */
function endOfGuard(nowMs: number, guardMs: number): string {
  const end = new Date(nowMs + guardMs);
  if (!(guardMs > 0) || Number.isNaN(end.getTime()))
    throw invalid(`guardMs must be a number of milliseconds above 0; it is ${guardMs}`);
  return end.toISOString();
}

function invalid(problem: string): ResolutionError {
  return new ResolutionError(ResolutionErrorCode.InvalidInput, `Nothing was started: ${problem}.`);
}

const PAUSE_MS = 1_000;
const NOT_HEARD: readonly ResolutionErrorCode[] = [ResolutionErrorCode.NoWorker, ResolutionErrorCode.Unavailable];

/** Temporal may be away for a moment: the word is repeated until the guard ends. Twice heard is as good as once. */
async function tell(
  client: Client,
  { workflowId }: StartedRun,
  payAnswer: PayAnswer,
  untilMs: number,
): Promise<boolean> {
  for (;;) {
    try {
      await sendSignal(client, workflowId, Signals.payAnswered, { args: [payAnswer] });
      return true;
    } catch (error) {
      const isAnswer = error instanceof ResolutionError && !NOT_HEARD.includes(error.code);
      if (isAnswer || Date.now() + PAUSE_MS >= untilMs) return false;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
