/**
 * The worker process. It takes no work before everything that it needs has been checked, and ends on SIGTERM or SIGINT once the
 * calls under way have their answers.
 *
 * Exit code 0: ended in good order. 1: could not start, or broke down; stderr says why and what to do.
 */
import process from 'node:process';
import type { Worker } from '@temporalio/worker';

import { connectToTemporal, type TemporalConnection } from './connection.ts';
import { describeProxies, openGateways } from './gateways.ts';
import { type HealthServer, serveHealth } from './health.ts';
import { describeMerchants, loadMerchants } from './load-merchants.ts';
import type { Merchants } from './merchants-file.ts';
import { checkSearchAttributes } from './search-attributes.ts';
import { readSettings, type WorkerSettings } from './settings.ts';
import { StartProblem } from './start-problem.ts';
import { installTelemetry, type Log } from './telemetry.ts';
import { createResolverWorker } from './worker.ts';
import { findWorkflowCode } from './workflow-code.ts';

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

try {
  const settings = readSettings(process.env);
  const merchants = loadMerchants(settings.merchantsFile);
  await work(settings, merchants, installTelemetry(settings));
} catch (error) {
  if (!stopping.signal.aborted || error instanceof StartProblem) {
    process.stderr.write(`${error instanceof StartProblem ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}
// The SDK's runtime ends with its last connection: where there never was one, it would keep the process for ever.
process.stderr.write('', () => process.exit());

async function work(settings: WorkerSettings, merchants: Merchants, log: Log): Promise<void> {
  const temporal = await connectToTemporal({
    onRetry: (sentence) => log('WARN', sentence),
    signal: stopping.signal,
    proxies: settings.proxies,
  });
  const gateways = openGateways(merchants, settings);
  let health: HealthServer | undefined;
  let worker: Worker | undefined;
  try {
    // Before the worker: a connection that has one can be closed only after the worker has run.
    health = settings.healthAddress && (await serveHealth(settings.healthAddress, { worker: () => worker, temporal }));
    await refuseUnregistered(temporal, (warning) => log('WARN', warning));
    worker = await createResolverWorker({
      ...temporal,
      ...settings,
      gateways: gateways.of,
      workflowCode: findWorkflowCode(settings.workflowBundle),
    });
    log(
      'INFO',
      `Serving ${describeMerchants(merchants)} from task queue ${settings.taskQueue}, ` +
        `namespace ${temporal.namespace}, at Temporal ${temporal.address}`,
    );
    for (const sentence of describeProxies(merchants, settings.proxies)) log('INFO', sentence);
    await worker.runUntil(
      untilStopped(() => log('INFO', 'Stopping: calls under way may finish, no new ones are taken')),
    );
    log('INFO', 'Stopped');
  } finally {
    await health?.stop();
    await gateways.end();
    await temporal.connection.close();
  }
}

async function refuseUnregistered(
  { connection, namespace }: TemporalConnection,
  warn: (warning: string) => void,
): Promise<void> {
  const check = await checkSearchAttributes(connection, namespace);
  switch (check.kind) {
    case 'registered':
      return;
    case 'unknown':
      warn(`The search attributes cannot be checked: ${check.reason}`);
      return;
    case 'missing':
      throw new StartProblem(
        `Namespace ${namespace} lacks the search attributes ${check.names.join(', ')}: every resolution would stand still.`,
        check.remedy,
      );
    case 'wrongType':
      throw new StartProblem(
        `In namespace ${namespace} these search attributes are not of type Keyword: ${check.names.join(', ')}.`,
        check.remedy,
      );
  }
}

async function untilStopped(onStop: () => void): Promise<void> {
  if (!stopping.signal.aborted)
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }));
  onStop();
}

/** Not the whole object: an error of a library may carry a request with it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
