/** Updates and signals to a run, each bounded in time, each refusal in words. */
import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

import type { Resolution } from '../contract/resolution.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { deadlineAfter } from './patience.ts';
import { inWords } from './temporal-error.ts';
import { notFound } from './wait.ts';

/** Longer than the call that may be under way when the message arrives (its attempt is bounded at 15 s). */
const UPDATE_DEADLINE_MS = 60_000;
const SIGNAL_DEADLINE_MS = 10_000;

export async function sendUpdate(
  client: Client,
  workflowId: string,
  name: string,
  args: readonly unknown[],
): Promise<Resolution> {
  const handle = client.workflow.getHandle(workflowId);
  return await inWords(client, `The update ${name} of workflow ${workflowId}`, async () => {
    try {
      return await client.withDeadline(Date.now() + UPDATE_DEADLINE_MS, () =>
        handle.executeUpdate<Resolution, [unknown]>(name, { args: args as [unknown] }),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) {
        throw new ResolutionError(ResolutionErrorCode.NotNow, error.cause?.message ?? error.message, { cause: error });
      }
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw noWorker(workflowId, name, error);
      return await rethrowFor(client, workflowId, error);
    }
  });
}

export async function sendSignal(
  client: Client,
  workflowId: string,
  name: string,
  {
    args = [],
    deadlineMs = SIGNAL_DEADLINE_MS,
  }: { readonly args?: readonly unknown[]; readonly deadlineMs?: number | undefined } = {},
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const deadline = deadlineAfter(deadlineMs);
  await inWords(client, `The signal ${name} to workflow ${workflowId}`, async () => {
    try {
      await client.withDeadline(deadline, () => handle.signal(name, ...args));
    } catch (error) {
      await rethrowFor(client, workflowId, error);
    }
  });
}

function noWorker(workflowId: string, name: string, cause: unknown): ResolutionError {
  return new ResolutionError(
    ResolutionErrorCode.NoWorker,
    `No worker took ${name} to workflow ${workflowId} in ${UPDATE_DEADLINE_MS / 1_000} s: it may or may not still arrive. ` +
      'See that a worker serves the task queue, then look at the status.',
    { cause },
  );
}

/** The server says "not found" of a closed run too. */
async function rethrowFor(client: Client, workflowId: string, error: unknown): Promise<never> {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
  const status = await statusNameOf(client, workflowId);
  if (status === undefined) throw notFound(workflowId, error);
  throw new ResolutionError(
    ResolutionErrorCode.NotNow,
    `Workflow ${workflowId} is closed (${status}): nothing can be sent to it any more. Its status says what came out.`,
    { cause: error },
  );
}

async function statusNameOf(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || isGrpcServiceError(error)) return undefined;
    throw error;
  }
}
