/**
 * The clock of the scenarios. It is the test server's, which the SDK's client sets free for as long as a result is awaited. Free, it
 * leaps to whatever timer is next, and once the workflow has ended that is its own execution timeout, ten years away.
 *
 * Here it is never free. It is moved in steps, each of which ends in a lock, and only while the scenario's workflow is open. A step
 * passes over waiting alone: what is in progress, on the server or in the worker, takes its time by the clock on the wall.
 */
import type { TestService, WorkflowHandle } from '@temporalio/client';
import { msNumberToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { RESOLUTION_QUERY } from '../../contract/names.ts';

export interface ScenarioClock {
  nowMs(): Promise<number>;
  /** @throws Error when the workflow stays open for longer than any scenario is */
  moveUntilClosed(handle: WorkflowHandle): Promise<void>;
  /** Since this was asked last. */
  passed(): Promise<ElapsedTime>;
}

/** How far the clock went; it may go as far as it was moved and, beyond that, as the clock on the wall went. */
export interface ElapsedTime {
  readonly clockMs: number;
  readonly movedMs: number;
  readonly wallMs: number;
}

/** Each step is twice as long as the one before, so that a scenario of days needs a dozen of them. */
const FIRST_STEP_MS = 60_000;

/** Far beyond every scenario: a trade that is stuck is looked after by somebody in the end (`scenario.ts`). */
const LONGEST_MS = 20 * 24 * 3_600_000;

export async function openClock(testService: TestService): Promise<ScenarioClock> {
  let movedMs = 0;
  // First the wall, then the server; at the end the other way round. So the wall's share is never too small.
  let before = { wallMs: Date.now(), clockMs: await nowMs(), movedMs };
  return { nowMs, moveUntilClosed, passed };

  async function nowMs(): Promise<number> {
    return tsToMs((await testService.getCurrentTime({})).time);
  }

  async function moveUntilClosed(handle: WorkflowHandle): Promise<void> {
    const fromMs = movedMs;
    for (let stepMs = FIRST_STEP_MS; await isOpen(handle); stepMs *= 2) {
      if (movedMs - fromMs > LONGEST_MS) {
        const state = JSON.stringify(await handle.query(RESOLUTION_QUERY));
        throw new Error(
          `${handle.workflowId} is open although the clock was moved by ${movedMs - fromMs} ms: ${state}`,
        );
      }
      await testService.unlockTimeSkippingWithSleep({ duration: msNumberToTs(stepMs) });
      movedMs += stepMs;
    }
  }

  async function passed(): Promise<ElapsedTime> {
    const wallMs = Date.now();
    const clockMs = await nowMs();
    const since = before;
    before = { wallMs, clockMs, movedMs };
    return {
      clockMs: clockMs - since.clockMs,
      movedMs: movedMs - since.movedMs,
      wallMs: Date.now() - since.wallMs,
    };
  }
}

async function isOpen(handle: WorkflowHandle): Promise<boolean> {
  return (await handle.describe()).status.name === 'RUNNING';
}
