/**
 * Looks after the Temporal development server, which can fall ill for good: a call that is broken off by a network fault or by a
 * killed worker is cancelled in the middle of a statement, and now and then SQLite's connection then answers "interrupted (9)" to
 * everything ever after (seen with Temporal CLI 1.5.1, server 1.29.1; the in-memory database even loses its tables, temporalio/temporal
 * #8017). It is killed and started again on its database, as an orchestrator's health check would do.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';

export interface ServerWatchdog {
  /** How often the server had to be started again. */
  restarts(): number;
  end(): Promise<void>;
}

export interface Patient {
  /** Over a link without faults. */
  readonly connection: Connection;
  /** Nobody has killed it on purpose. */
  readonly isMeantToRun: () => boolean;
  readonly restart: () => Promise<void>;
}

export interface Rounds {
  /** @default 1_000 */
  readonly lookEveryMs?: number;
  /** @default 5_000 */
  readonly answerMsMax?: number;
}

/** In a row: a busy machine makes one look fail, not five. */
const FAILED_LOOKS_MAX = 5;

export function watchdog(patient: Patient, { lookEveryMs = 1_000, answerMsMax = 5_000 }: Rounds = {}): ServerWatchdog {
  const shift = new AbortController();
  let restarts = 0;
  const work = async (): Promise<void> => {
    for (let failed = 0; !shift.signal.aborted;) {
      await pause(lookEveryMs, undefined, { signal: shift.signal }).catch(() => undefined);
      failed = !patient.isMeantToRun() || (await isWell(patient.connection, answerMsMax)) ? 0 : failed + 1;
      if (failed < FAILED_LOOKS_MAX || shift.signal.aborted) continue;
      failed = 0;
      restarts += 1;
      await patient.restart();
    }
  };
  const working = work();
  return {
    restarts: () => restarts,
    async end() {
      shift.abort();
      await working;
    },
  };
}

/** Reads and lists, past the caches of the frontend. */
async function isWell(connection: Connection, answerMsMax: number): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + answerMsMax, async () => {
      await connection.workflowService.listNamespaces({ pageSize: 1 });
      await connection.workflowService.listWorkflowExecutions({ namespace: 'default', pageSize: 1 });
    });
    return true;
  } catch {
    return false;
  }
}
