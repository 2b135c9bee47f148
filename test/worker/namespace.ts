/** A fresh Temporal namespace, in which nothing is registered yet. */
import { randomBytes } from 'node:crypto';
import type { ConnectionLike } from '@temporalio/client';

const DAY_SECONDS = 86_400;
const USABLE_MS_MAX = 30_000;

/** Resolves with its name once the server knows it everywhere. */
export async function createNamespace(connection: ConnectionLike): Promise<string> {
  const namespace = `fresh-${randomBytes(6).toString('hex')}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: DAY_SECONDS as never },
  });
  const deadlineMs = Date.now() + USABLE_MS_MAX;
  for (;;) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace });
      await connection.workflowService.listWorkflowExecutions({ namespace });
      return namespace;
    } catch (error) {
      // The server's own registry is refreshed now and then.
      if (Date.now() > deadlineMs) throw error;
    }
  }
}
