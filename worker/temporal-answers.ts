/**
 * When Temporal last answered this worker. The SDK's own status goes on saying that it polls while the server is gone: a poll that
 * waits for work and one that nobody hears look the same from here. So a small question is asked every few seconds, over the very
 * connection that the worker polls on.
 */
import type { ConnectionLike } from '@temporalio/client';

export interface TemporalAnswers {
  /** Whether there was an answer lately. */
  readonly areFresh: () => boolean;
  /** RFC 3339; undefined: never. */
  readonly latestAt: () => string | undefined;
  stop(): void;
}

const ASK_EVERY_MS = 5_000;
const DEADLINE_MS = 5_000;
/** Two questions may stay without an answer: a server that is restarted node by node makes nobody unready. */
const FRESH_MS = 15_000;

/** Asks about the namespace, as the worker did before it started: the server reads that from its store. */
export function watchTemporal(connection: ConnectionLike, namespace: string): TemporalAnswers {
  let latest: { readonly at: Date; readonly atMs: number } | undefined;
  let next: NodeJS.Timeout | undefined;
  let isOver = false;

  async function ask(): Promise<void> {
    try {
      await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      noteAnswer();
    } catch (error) {
      if (isBusy(error)) noteAnswer();
    }
    if (!isOver) next = setTimeout(() => void ask(), ASK_EVERY_MS).unref();
  }

  function noteAnswer(): void {
    latest = { at: new Date(), atMs: performance.now() };
  }

  void ask();
  return {
    areFresh: () => latest !== undefined && performance.now() - latest.atMs <= FRESH_MS,
    latestAt: () => latest?.at.toISOString(),
    stop() {
      isOver = true;
      clearTimeout(next);
    },
  };
}

/** The gRPC status of too many questions at once: of all refusals the one that says nothing against polling. */
const RESOURCE_EXHAUSTED = 8;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === RESOURCE_EXHAUSTED;
}
