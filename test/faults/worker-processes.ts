/**
 * Worker processes on one task queue, as an orchestrator runs them: `worker/main.js`, killed and started again. Each shares one log
 * file, which is a paper for the leak search, and serves its metrics.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ResolutionClient } from '../../client/resolution-client.ts';
import { startWorkers, type Workers } from '../../demo/worker-process.ts';
import { until } from '../shop.ts';
import { writeMerchantsFile } from '../worker/simulated-merchant.ts';
import { freePort } from './free-port.ts';
import type { Environment } from './environment.ts';

export interface WorkerProcesses extends Workers {
  /** The payment service's client of this task queue. */
  readonly client: ResolutionClient;
  /** Resolves when the worker started last says that it serves. */
  serving(): Promise<void>;
  log(): string;
  /** Prometheus text of the worker that runs now. */
  metrics(): Promise<string>;
}

export interface WorkerProcessesOptions {
  /** For the names of its files. */
  readonly name: string;
  readonly taskQueue: string;
  /** @default the bundle of the build */
  readonly bundle?: string;
  /** @default the simulator's own */
  readonly gatewayUrl?: string;
  /** More settings of the worker. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startWorkerProcesses(
  environment: Environment,
  options: WorkerProcessesOptions,
): Promise<WorkerProcesses> {
  const { folder, simulator } = environment;
  const { name, taskQueue, bundle, gatewayUrl = simulator.gatewayUrl, settings = {} } = options;
  const logFile = path.join(folder, `${name}.log`);
  const noProfile = path.join(folder, `${name}.toml`);
  writeFileSync(noProfile, '[profile.default]\n');
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  const others = Object.entries(process.env).filter(([variable]) => !/^(?:RESOLVER|TEMPORAL)_/.test(variable));
  const workers = await startWorkers({
    environment: {
      ...Object.fromEntries(others),
      TEMPORAL_ADDRESS: environment.address,
      TEMPORAL_CONFIG_FILE: noProfile,
      RESOLVER_MERCHANTS_FILE: writeMerchantsFile(path.join(folder, name), { ...simulator, gatewayUrl }),
      RESOLVER_TASK_QUEUE: taskQueue,
      RESOLVER_METRICS_ADDRESS: metricsAddress,
      ...(bundle === undefined ? {} : { RESOLVER_WORKFLOW_BUNDLE: bundle }),
      ...settings,
    },
    logFile,
  });
  const log = (): string => readFileSync(logFile, 'utf8');
  let starts = 1;
  return {
    ...workers,
    client: new ResolutionClient(environment.temporal, { taskQueue }),
    log,
    async startAgain() {
      starts += 1;
      await workers.startAgain();
    },
    async serving() {
      await until(() => Promise.resolve(log().split('"Serving ').length > starts ? true : undefined));
    },
    metrics: async () => (await fetch(`http://${metricsAddress}/metrics`)).text(),
  };
}
