/**
 * The worker's connection to Temporal. Where and how is the SDK's own matter (`@temporalio/envconfig`): the `TEMPORAL_*`
 * variables and TOML profiles that the Temporal CLI reads too, with TLS and API keys.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions, TransportError } from '@temporalio/worker';

import { authorityOf } from '../alipay/dial.ts';
import type { Proxies } from '../alipay/proxy-rules.ts';
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
  /** @default it goes straight to the server */
  readonly proxies?: Proxies | undefined;
}

const PATIENCE_MS = 60_000;
const RETRY_AFTER_MS = 2_000;
const ADDRESS_DEFAULT = 'localhost:7233';

/** @throws StartProblem when the configuration is wrong, or no server answers in time */
export async function connectToTemporal({
  onRetry,
  signal,
  patienceMs = PATIENCE_MS,
  proxies,
}: ConnectOptions): Promise<TemporalConnection> {
  const { connectionOptions, namespace = 'default' } = loadConfig();
  const address = connectionOptions.address ?? ADDRESS_DEFAULT;
  const options = { ...connectionOptions, ...through(proxies, address), address };
  const place = options.proxy ? `${address} through the proxy ${options.proxy.targetHost} (grpc_proxy)` : address;
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return { connection: await NativeConnection.connect(options), address, namespace };
    } catch (error) {
      const isAway = error instanceof TransportError;
      if (!isAway || performance.now() + RETRY_AFTER_MS > deadlineMs) throw unusable(place, error);
    }
    onRetry(`No Temporal server answers at ${place} yet; trying again in ${RETRY_AFTER_MS / 1_000} s`);
    await pause(RETRY_AFTER_MS, undefined, { signal });
  }
}

function through(proxies: Proxies | undefined, address: string): Pick<NativeConnectionOptions, 'proxy'> {
  const proxy = proxies?.forTemporal(address);
  if (proxy === undefined) return {};
  const { credentials } = proxy;
  const basicAuth = credentials && { username: credentials.user, password: credentials.password.reveal() };
  return {
    proxy: { type: 'http-connect', targetHost: authorityOf(proxy), ...(basicAuth === undefined ? {} : { basicAuth }) },
  };
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

function unusable(place: string, error: unknown): StartProblem {
  return new StartProblem(
    `The Temporal server at ${place} cannot be used: ${reasonOf(error)}`,
    'Set TEMPORAL_ADDRESS (host:port) to yours, check TEMPORAL_TLS* and TEMPORAL_API_KEY, or start one: `temporal server start-dev`.',
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
