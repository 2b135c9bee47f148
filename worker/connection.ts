/**
 * The worker's connection to Temporal. Where and how is the SDK's own matter (`@temporalio/envconfig`): the `TEMPORAL_*`
 * variables and TOML profiles that the Temporal CLI reads too, with TLS and API keys.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, TransportError } from '@temporalio/worker';

import { StartProblem } from './start-problem.ts';

export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly address: string;
  readonly namespace: string;
}

export interface ConnectOptions {
  /** Called before each further attempt: the server may still be starting. */
  readonly onRetry: (sentence: string) => void;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
  /** @default 60_000: longer than a Temporal server with its database takes to start */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;
const RETRY_AFTER_MS = 2_000;
const ADDRESS_DEFAULT = 'localhost:7233';

/** @throws StartProblem when the configuration is wrong, or no server answers in time */
export async function connectToTemporal({
  onRetry,
  signal,
  patienceMs = PATIENCE_MS,
}: ConnectOptions): Promise<TemporalConnection> {
  const { connectionOptions, namespace = 'default' } = loadConfig();
  const address = connectionOptions.address ?? ADDRESS_DEFAULT;
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return { connection: await NativeConnection.connect({ ...connectionOptions, address }), address, namespace };
    } catch (error) {
      const isAway = error instanceof TransportError;
      if (!isAway || performance.now() + RETRY_AFTER_MS > deadlineMs) throw unusable(address, error);
    }
    onRetry(`No Temporal server answers at ${address} yet; trying again in ${RETRY_AFTER_MS / 1_000} s`);
    await pause(RETRY_AFTER_MS, undefined, { signal });
  }
}

function loadConfig(): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    const what = `Temporal's configuration cannot be read: ${reasonOf(error)}`;
    throw new StartProblem(what, 'Mend the TEMPORAL_* variables, or the file that TEMPORAL_CONFIG_FILE names.', {
      cause: error,
    });
  }
}

function unusable(address: string, error: unknown): StartProblem {
  return new StartProblem(
    `The Temporal server at ${address} cannot be used: ${reasonOf(error)}`,
    'Set TEMPORAL_ADDRESS (host:port) to yours, check TEMPORAL_TLS* and TEMPORAL_API_KEY, or start one: `temporal server start-dev`.',
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
