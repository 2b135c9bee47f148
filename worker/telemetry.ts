/**
 * One stream of JSON lines for the SDK's core, the workflows and the activities, with named fields only: a field that is not in
 * the list never reaches a log. Metrics for Prometheus where an address is given, under the names of Temporal's own dashboards.
 */
import process from 'node:process';
import { DefaultLogger, type LogEntry, Runtime, type RuntimeOptions } from '@temporalio/worker';

import type { Address, LogLevel } from './settings.ts';
import { StartProblem } from './start-problem.ts';

const FIELDS: readonly string[] = [
  'sdkComponent',
  'namespace',
  'taskQueue',
  'workflowType',
  'workflowId',
  'runId',
  'activityType',
  'activityId',
  'attempt',
  'isLocal',
  'durationMs',
  'state',
  'target',
];
const STACK_CHARACTERS_MAX = 4_000;

export interface TelemetryOptions {
  readonly logLevel: LogLevel;
  readonly metricsAddress?: Address;
}

export type Log = (level: LogLevel, message: string) => void;

/**
 * Once per process, before any connection. Signals are left to the process itself. What is returned is for its own lines: the SDK's
 * runtime ends with its last connection, and to ask for it again would start another, which keeps the process alive.
 */
export function installTelemetry({ logLevel, metricsAddress }: TelemetryOptions): Log {
  const logger = new DefaultLogger(logLevel, (entry) => void process.stderr.write(`${logLine(entry)}\n`));
  install(metricsAddress, {
    logger,
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(metricsAddress === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: bindAddress(metricsAddress) } } }),
    },
  });
  return (level, message) => logger.log(level, message);
}

/** @throws StartProblem where the metrics cannot be served */
function install(metricsAddress: Address | undefined, options: RuntimeOptions): void {
  try {
    Runtime.install(options);
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(
      `Metrics cannot be served at ${bindAddress(metricsAddress)}: ${reason}.`,
      'Give RESOLVER_METRICS_ADDRESS an IP address of this machine and a free port, such as 127.0.0.1:9464.',
      { cause: error },
    );
  }
}

/** Exported for its test. */
export function logLine({ level, message, timestampNanos, meta = {} }: LogEntry): string {
  const fields = FIELDS.filter((name) => Object.hasOwn(meta, name)).map((name) => [name, plain(meta[name])]);
  const error: unknown = meta['error'];
  return JSON.stringify({
    time: new Date(Number(timestampNanos / 1_000_000n)).toISOString(),
    level,
    ...Object.fromEntries(fields),
    message,
    ...(error instanceof Error ? { error: errorFields(error) } : {}),
  });
}

function plain(value: unknown): unknown {
  return ['string', 'number', 'boolean'].includes(typeof value) ? value : String(value);
}

/** Not the whole object: an error of a library may carry a request with it. */
function errorFields(error: Error): Record<string, unknown> {
  const type: unknown = 'type' in error ? error.type : undefined;
  return {
    name: error.name,
    ...(typeof type === 'string' ? { type } : {}),
    message: error.message,
    stack: error.stack?.slice(0, STACK_CHARACTERS_MAX),
  };
}

function bindAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
