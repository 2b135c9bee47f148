/** When the real workflow decided and when Alipay was asked, by the clock of the server. */
import type { WorkflowHandle } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';

export interface Timeline {
  /** Just before the start: the scenario's own times count from here. */
  readonly writtenAtMs: number;
  readonly startedAtMs: number;
  /** One for each workflow task that the worker completed: what `Date.now()` said in workflow code meanwhile. */
  readonly turnsMs: readonly number[];
  readonly attempts: readonly Attempt[];
  /** What the whole scenario took by the clock on the wall. */
  readonly wallMs: number;
}

/** One attempt of an activity. */
export interface Attempt {
  /** In the server's words: the test server gives the end of the attempt before, the real one the time it is due. */
  readonly scheduledAtMs: number;
  readonly askedAtMs: number;
}

/** @throws Error when it was continued as new: no scenario is that long, and a history that is not whole would tell a wrong story */
export async function readTurns(handle: WorkflowHandle): Promise<Pick<Timeline, 'startedAtMs' | 'turnsMs'>> {
  const [started, ...events] = (await handle.fetchHistory()).events ?? [];
  if (started?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId)
    throw new Error(`${handle.workflowId} was continued as new; teach timeline.ts to read all its runs.`);
  const turnsMs: number[] = [];
  let begunAtMs = Number.NaN;
  for (const event of events) {
    // A task that failed or timed out was begun again.
    if (event.workflowTaskStartedEventAttributes) begunAtMs = tsToMs(event.eventTime);
    if (event.workflowTaskCompletedEventAttributes) turnsMs.push(begunAtMs);
  }
  return { startedAtMs: tsToMs(started?.eventTime), turnsMs };
}
