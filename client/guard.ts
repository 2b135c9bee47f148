/**
 * A pay call that cannot be forgotten: the resolution is started BEFORE it.
 *
 * 1. The workflow is started and sleeps until `guardUntil`. If that fails, pay is not called.
 * 2. The service's own pay call runs.
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
  readonly payAnswer: PayAnswer;
}

export interface GuardOptions {
  /** How long the pay call may take before silence begins the resolution, in ms. @default 60 s, above any HTTP timeout in use */
  readonly guardMs?: number;
}

export type GuardedPay<T extends PayResult> =
  | { readonly kind: 'answered'; readonly answer: T; readonly run: StartedRun }
  /** The pay call itself threw: the trade is uncertain and is being resolved. */
  | { readonly kind: 'threw'; readonly error: unknown; readonly run: StartedRun };

const GUARD_MS = 60_000;

/** @throws ResolutionError InvalidInput, AnotherTrade, AlreadyStarted: pay was not called then */
export async function guardPay<T extends PayResult>(
  client: Client,
  start: { readonly taskQueue: string; readonly input: ResolutionInput },
  pay: () => Promise<T>,
  { guardMs = GUARD_MS }: GuardOptions,
): Promise<GuardedPay<T>> {
  const now = Date.now();
  const run = await startRun(client, start.taskQueue, {
    payRequestedAt: new Date(now).toISOString(),
    guardUntil: new Date(now + guardMs).toISOString(),
    ...start.input,
  });
  if (!run.isNew) {
    throw new ResolutionError(
      ResolutionErrorCode.AlreadyStarted,
      `Workflow ${run.workflowId} resolves this trade already, perhaps by cancelling it. Pay was not called: wait for its outcome, or take payment under a new outTradeNo.`,
    );
  }
  try {
    const answer = await pay();
    await tell(client, run, answer.payAnswer);
    return { kind: 'answered', answer, run };
  } catch (error) {
    await tell(client, run, PayAnswer.uncertain);
    return { kind: 'threw', error, run };
  }
}

/** Words that do not arrive are made up for by the end of the guard: the query then finds what the service knows already. */
async function tell(client: Client, { workflowId }: StartedRun, payAnswer: PayAnswer): Promise<void> {
  await sendSignal(client, workflowId, Signals.payAnswered, { args: [payAnswer] }).catch(() => undefined);
}
