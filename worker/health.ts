/**
 * `/healthz`: the process works. `/readyz`: the worker polls, and Temporal has answered it lately. Liveness does not hang on Temporal:
 * restarting workers mends no server.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Worker } from '@temporalio/worker';

import type { TemporalConnection } from './connection.ts';
import type { Address } from './settings.ts';
import { StartProblem } from './start-problem.ts';
import { watchTemporal } from './temporal-answers.ts';

export interface HealthServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface HealthSources {
  /** `undefined`: there is none yet. */
  readonly worker: () => Pick<Worker, 'getStatus'> | undefined;
  readonly temporal: Pick<TemporalConnection, 'connection' | 'namespace'>;
}

/** @throws StartProblem when the address cannot be used */
export async function serveHealth({ host, port }: Address, { worker, temporal }: HealthSources): Promise<HealthServer> {
  const answers = watchTemporal(temporal.connection, temporal.namespace);
  const server = createServer((request, response) => {
    const status = worker()?.getStatus();
    const runState = status?.runState ?? 'INITIALIZED';
    const polling = status?.workflowPollerState === 'POLLING' && status.activityPollerState === 'POLLING';
    const ready = runState === 'RUNNING' && polling && answers.areFresh();
    const code = statusOf(request.url, { alive: runState !== 'FAILED', ready });
    const body = { runState, polling, temporalAnsweredAt: answers.latestAt() };
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    answers.stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(
      `Health cannot be served at ${host}:${port}: ${reason}.`,
      'Give RESOLVER_HEALTH_ADDRESS an address of this machine and a free port, such as 127.0.0.1:9080.',
      { cause: error },
    );
  }
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      answers.stop();
      await stop(server);
    },
  };
}

function statusOf(path: string | undefined, { alive, ready }: { alive: boolean; ready: boolean }): number {
  if (path === '/healthz') return alive ? 200 : 503;
  if (path === '/readyz') return ready ? 200 : 503;
  return 404;
}

async function stop(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
