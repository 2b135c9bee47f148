/** Waits for the result of a run, through continue-as-new, and says why where there is none. */
import { once } from 'node:events';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';

import { FailureTypes } from '../contract/names.ts';
import type { DoneResolution } from '../contract/resolution.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { patienceOf } from './patience.ts';
import { inWords } from './temporal-error.ts';

export async function waitForOutcome(
  client: Client,
  workflowId: string,
  { timeoutMs = Infinity }: { readonly timeoutMs?: number } = {},
): Promise<DoneResolution> {
  const patience = patienceOf(timeoutMs);
  const { signal } = patience;
  try {
    return await inWords(client, `The wait for workflow ${workflowId}`, async () => {
      const handle = client.workflow.getHandle(workflowId);
      const result = client
        .withAbortSignal(signal, () => handle.result() as Promise<DoneResolution>)
        .catch((error: unknown) => rethrow(workflowId, error));
      // The SDK hears the signal late while it tries again to reach a server that is away.
      return await Promise.race([result, overOf(signal)]);
    });
  } catch (error) {
    throw signal.aborted ? stillOpen(timeoutMs) : error;
  } finally {
    patience.end();
  }
}

/** Rejects when the time is over. */
async function overOf(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

function stillOpen(timeoutMs: number): ResolutionError {
  return new ResolutionError(
    ResolutionErrorCode.StillOpen,
    `No outcome in ${timeoutMs / 1_000} s of waiting: the trade is not resolved yet, or Temporal does not answer. The resolution goes on ` +
      'by itself. Wait again, or look at its status.',
  );
}

function rethrow(workflowId: string, error: unknown): never {
  if (error instanceof WorkflowNotFoundError) throw notFound(workflowId, error);
  if (error instanceof WorkflowFailedError) throw failureOf(workflowId, error);
  throw error;
}

export function notFound(workflowId: string, cause: unknown): ResolutionError {
  return new ResolutionError(
    ResolutionErrorCode.NotFound,
    `There is no workflow ${workflowId}: check the number, the merchant and the Temporal namespace. Runs closed longer ago than the ` +
      "namespace's retention are gone too.",
    { cause },
  );
}

/** What a run that ended without a result means for the caller. */
export function failureOf(workflowId: string, { cause, message }: WorkflowFailedError): ResolutionError {
  if (cause instanceof ApplicationFailure && cause.type === FailureTypes.invalidInput) {
    return new ResolutionError(
      ResolutionErrorCode.InvalidInput,
      `${cause.message} Nothing was called; start again with the right input.`,
      { cause },
    );
  }
  if (cause instanceof ApplicationFailure && cause.type === FailureTypes.alreadyResolving) {
    return new ResolutionError(ResolutionErrorCode.AlreadyResolving, cause.message, { cause });
  }
  return new ResolutionError(
    ResolutionErrorCode.EndedUnresolved,
    `Workflow ${workflowId} ${endOf(cause)}: the trade is NOT resolved (${cause?.message ?? message}). Query it at Alipay by hand.`,
    { cause },
  );
}

function endOf(cause: Error | undefined): string {
  if (cause instanceof TerminatedFailure) return 'was terminated';
  if (cause instanceof TimeoutFailure) return 'ran into a timeout that its start set';
  return 'failed';
}
