/**
 * Where a resolution stands. The state comes from the workflow itself, which needs a worker; what is under way comes from the
 * server: the pending call, its attempts, and the trail of its poll, which a running activity leaves in its heartbeats.
 */
import {
  type Client,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';

import type { PollRecord, TradeActivities } from '../contract/activities.ts';
import { RESOLUTION_QUERY } from '../contract/names.ts';
import type { Resolution } from '../contract/resolution.ts';
import type { ResolutionError } from './errors.ts';
import { inWords } from './temporal-error.ts';
import { failureOf, notFound } from './wait.ts';

/** An Alipay call that is under way or waits for its next attempt. */
export interface PendingCall {
  readonly activity: keyof TradeActivities;
  /** Counts from 1. */
  readonly attempt: number;
  /** Why the latest attempt was not the last. */
  readonly lastFailure?: string;
  /** RFC 3339. */
  readonly nextAttemptAt?: string;
  /** Questions that this poll has asked so far, and the first and latest of their answers. */
  readonly polls?: number;
  readonly trail?: readonly PollRecord[];
}

interface Run {
  readonly workflowId: string;
  readonly runId: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

export type ResolutionStatus =
  | (Run & {
      readonly kind: 'open';
      /** Absent when no worker answered: `pending` is known all the same. */
      readonly resolution?: Resolution;
      readonly pending: readonly PendingCall[];
    })
  | (Run & { readonly kind: 'closed'; readonly closedAt: string; readonly resolution: Resolution })
  /** Ended without an outcome; `error` says why, and what to do. */
  | (Run & { readonly kind: 'failed'; readonly closedAt: string; readonly error: ResolutionError });

/** A query that no worker takes is given up after this: a live one answers in milliseconds. */
const QUERY_DEADLINE_MS = 5_000;

/** @throws ResolutionError NotFound, Unavailable */
export async function readStatus(client: Client, workflowId: string): Promise<ResolutionStatus> {
  return await inWords(client, `The look at workflow ${workflowId}`, () => look(client, workflowId));
}

async function look(client: Client, workflowId: string): Promise<ResolutionStatus> {
  const description = await describe(client, workflowId);
  const run = { workflowId, runId: description.runId, startedAt: description.startTime.toISOString() };
  if (description.closeTime === undefined) {
    const [resolution, pending] = await Promise.all([
      askWorkflow(client, workflowId),
      pendingCalls(client, description),
    ]);
    return { kind: 'open', ...run, ...(resolution === undefined ? {} : { resolution }), pending };
  }
  const closed = { ...run, closedAt: description.closeTime.toISOString() };
  try {
    const resolution = (await client.workflow.getHandle(workflowId).result()) as Resolution;
    return { kind: 'closed', ...closed, resolution };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { kind: 'failed', ...closed, error: failureOf(workflowId, error) };
  }
}

async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notFound(workflowId, error);
    throw error;
  }
}

async function askWorkflow(client: Client, workflowId: string): Promise<Resolution | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + QUERY_DEADLINE_MS, () => handle.query<Resolution>(RESOLUTION_QUERY));
  } catch {
    return undefined;
  }
}

async function pendingCalls(client: Client, { raw }: WorkflowExecutionDescription): Promise<readonly PendingCall[]> {
  return await Promise.all(
    (raw.pendingActivities ?? []).map(async (pending) => {
      const details = await decodeArrayFromPayloads(
        client.options.loadedDataConverter,
        pending.heartbeatDetails?.payloads,
      );
      const nextAttemptAt = optionalTsToDate(pending.nextAttemptScheduleTime);
      const lastFailure = pending.lastFailure?.message;
      return {
        activity: pending.activityType?.name as keyof TradeActivities,
        attempt: pending.attempt ?? 1,
        ...(lastFailure ? { lastFailure } : {}),
        ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: nextAttemptAt.toISOString() }),
        ...trailOf(details[0]),
      };
    }),
  );
}

/** Heartbeat details come from a worker of any version: what is not as expected is left out. */
function trailOf(details: unknown): Pick<PendingCall, 'polls' | 'trail'> {
  if (typeof details !== 'object' || details === null) return {};
  const { polls, trail } = details as { readonly polls?: unknown; readonly trail?: unknown };
  return {
    ...(typeof polls === 'number' ? { polls } : {}),
    ...(Array.isArray(trail) ? { trail: trail as readonly PollRecord[] } : {}),
  };
}
