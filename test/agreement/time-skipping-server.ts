/**
 * Temporal's Java test server, which can skip time, as a process of our own. `TestWorkflowEnvironment` would start it too, but gives up
 * after five seconds, and a slow machine needs those for Java alone. It ends with `stop`, or with this process, however this process
 * ends (`setup/child-guard.mjs`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Connection, type TestService } from '@temporalio/client';
import { type InternalConnectionOptions, InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import { NativeConnection } from '@temporalio/worker';
import { freePort } from '../faults/free-port.ts';
import { repositoryRoot } from '../repository-root.ts';

export interface TimeSkippingServer {
  readonly connection: Connection;
  readonly nativeConnection: NativeConnection;
  /** Reads the server's clock and moves it. */
  readonly testService: TestService;
  stop(): Promise<void>;
}

/** Promises nothing about speed: a server that never comes is to be a failure with a name. */
export const START_MS_MAX = 120_000;

/** A free port can be taken between our asking and the server's binding it. */
const START_ATTEMPTS_MAX = 3;

/** `script` starts the server on the port that is its one argument. */
export async function startTimeSkippingServer(script: string): Promise<TimeSkippingServer> {
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt += 1) {
    const server = await startOnce(script);
    if (server !== undefined) return server;
  }
  throw new Error(
    `${script} ended by itself ${START_ATTEMPTS_MAX} times; what it said stands above. Does \`java -version\` work?`,
  );
}

async function startOnce(script: string): Promise<TimeSkippingServer | undefined> {
  const port = await freePort();
  const guard = spawn(process.execPath, [path.join(repositoryRoot, 'setup', 'child-guard.mjs'), script, String(port)], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  guard.stdin?.on('error', () => {});
  const gone = once(guard, 'exit').then(() => undefined);
  const address = `127.0.0.1:${port}`;
  // `TestWorkflowEnvironment` asks for the test service in the same way.
  const options: InternalConnectionOptions = {
    address,
    connectTimeout: START_MS_MAX,
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  };
  const connection = await Promise.race([Connection.connect(options), gone]);
  if (connection === undefined) return undefined;
  const { testService } = connection;
  if (testService === undefined) throw new Error('This version of the SDK gives no access to the test service.');
  const nativeConnection = await NativeConnection.connect({ address });
  return {
    connection,
    nativeConnection,
    testService,
    async stop() {
      await connection.close();
      await nativeConnection.close();
      guard.stdin?.end();
      await gone;
    },
  };
}
