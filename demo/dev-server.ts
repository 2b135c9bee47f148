/**
 * A Temporal dev server with its Web UI, owned by the process that starts it: for the demo and the tests.
 *
 * 1. `TEMPORAL_ADDRESS` set: that server is used, nothing is started, and nothing here ends it.
 * 2. Otherwise the program that the set-up found (`RESOLVER_TEMPORAL_BINARY`), else `temporal` on the PATH, is started
 *    on ports of our own choice, and awaited until its namespace and search attributes are there.
 * 3. It ends with `stop`, with `kill`, or with this process, however this process ends: a guard process
 *    (`setup/child-guard.mjs`) holds the other end of a pipe from us and ends the server when the pipe breaks.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { STRAIGHT } from '../client/connection.ts';

export type DevServerOptions = {
  /** SQLite file that keeps the state over a restart; without it all is lost with the process. */
  readonly dbFile?: string;
  /** Port of the gRPC frontend; default: a free one. */
  readonly port?: number;
  /** Port of the Web UI; default: a free one. */
  readonly uiPort?: number;
  /** Port of the HTTP API; default: a free one. */
  readonly httpPort?: number;
  /** Name → type (`Keyword`, `Text`, `Int`, ...) of the custom search attributes to register. */
  readonly searchAttributes: Readonly<Record<string, string>>;
  /** Server settings by name, each value as JSON. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  /** File that the server's own log is appended to. */
  readonly logFile: string;
};

export type DevServer = {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  /** Base URL of the Web UI; undefined for a server that was there already. */
  readonly uiUrl: string | undefined;
  /** Base URL of the HTTP API; undefined for a server that was there already. */
  readonly httpUrl: string | undefined;
  /** Process id of the server itself; undefined for a server that was there already. */
  readonly pid: number | undefined;
  /** Ends the server in good order and resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends the server as a crash would (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>;
};

const READY_MS_MAX = 30_000;
const LOOK_EVERY_MS = 100;
/** A free port can be taken between our asking and the server's binding it. */
const START_ATTEMPTS_MAX = 3;
const LOG_LINES_SHOWN = 15;

/** @throws Error when no server can be started within 30 s; the message holds the end of its log. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const existing = process.env['TEMPORAL_ADDRESS'];
  if (existing) return existingServer(existing);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      const isOurChoice = [options.port, options.uiPort, options.httpPort].every((port) => port === undefined);
      if (attempt === START_ATTEMPTS_MAX || !isOurChoice) throw error;
    }
  }
}

function existingServer(address: string): DevServer {
  const nothing = async (): Promise<void> => {};
  return { address, uiUrl: undefined, httpUrl: undefined, pid: undefined, stop: nothing, kill: nothing };
}

async function startOnce(options: DevServerOptions): Promise<DevServer> {
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort ?? (await freePort());
  const httpPort = options.httpPort ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const guard = startGuarded(serverArguments(options, { port, uiPort, httpPort }), options.logFile);
  try {
    const pid = await pidFrom(guard);
    await untilReady(address, Object.keys(options.searchAttributes), guard);
    letUsEnd(guard);
    return {
      address,
      uiUrl: `http://127.0.0.1:${uiPort}`,
      httpUrl: `http://127.0.0.1:${httpPort}`,
      pid,
      stop: () => end(guard, () => guard.stdin?.end()),
      kill: () => end(guard, () => process.kill(pid, 'SIGKILL')),
    };
  } catch (error) {
    await end(guard, () => guard.stdin?.end());
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The Temporal dev server did not start: ${reason}\n${endOfLog(options.logFile)}`, { cause: error });
  }
}

type Ports = Required<Pick<DevServerOptions, 'port' | 'uiPort' | 'httpPort'>>;

function serverArguments(options: DevServerOptions, { port, uiPort, httpPort }: Ports): readonly string[] {
  const args = ['server', 'start-dev', '--headless=false', '--ip', '127.0.0.1', '--log-level', 'error'];
  args.push('--port', String(port), '--ui-port', String(uiPort), '--http-port', String(httpPort));
  args.push('--dynamic-config-value', 'frontend.enableServerVersionCheck=false');
  for (const [name, value] of Object.entries(options.dynamicConfig ?? {})) {
    args.push('--dynamic-config-value', `${name}=${value}`);
  }
  if (options.dbFile !== undefined) args.push('--db-filename', options.dbFile, ...DB_PRAGMAS);
  for (const [name, type] of Object.entries(options.searchAttributes))
    args.push('--search-attribute', `${name}=${type}`);
  return args;
}

/** As safe against the death of the process as SQLite's own defaults, with fewer writes a transaction. */
const DB_PRAGMAS = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];

function startGuarded(args: readonly string[], logFile: string): ChildProcess {
  const temporal = process.env['RESOLVER_TEMPORAL_BINARY'] || 'temporal';
  const log = openSync(logFile, 'a');
  // A process group of its own: Ctrl-C on the terminal is for us, and we decide when the server ends.
  const guard = spawn(process.execPath, [join(projectRoot(), 'setup', 'child-guard.mjs'), temporal, ...args], {
    stdio: ['pipe', 'pipe', log],
    detached: true,
  });
  closeSync(log);
  // The pipe may break while we close it: the guard is gone then, which is what we want.
  guard.stdin?.on('error', () => {});
  return guard;
}

/** A server that nobody stopped must not keep this process running: the end of this process ends the server. */
function letUsEnd(guard: ChildProcess): void {
  guard.unref();
  for (const stream of [guard.stdin, guard.stdout]) {
    if (stream instanceof Socket) stream.unref();
  }
}

/** The guard says the server's process id on its first line. */
async function pidFrom(guard: ChildProcess): Promise<number> {
  const { stdout } = guard;
  if (!stdout) throw new Error('the guard has no stdout');
  const [line]: unknown[] = await Promise.race([once(stdout, 'data'), once(guard, 'exit').then(() => [''])]);
  const said: unknown = String(line).trim() === '' ? undefined : JSON.parse(String(line));
  if (typeof said === 'object' && said !== null && 'pid' in said && typeof said.pid === 'number') return said.pid;
  throw new Error('there is no `temporal` program; run it by npm, whose set-up finds or builds one');
}

/** Ready means: it answers, its namespace exists, and the search attributes can be used. */
async function untilReady(address: string, attributes: readonly string[], guard: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + READY_MS_MAX;
  let last = 'no answer';
  while (Date.now() < deadlineMs) {
    if (guard.exitCode !== null) throw new Error(`it ended with exit code ${guard.exitCode}`);
    try {
      await checkReady(address, attributes);
      return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      await pause(LOOK_EVERY_MS);
    }
  }
  throw new Error(`not ready after ${READY_MS_MAX / 1000} s: ${last}`);
}

async function checkReady(address: string, attributes: readonly string[]): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000, channelArgs: STRAIGHT });
  try {
    await connection.withDeadline(Date.now() + 5_000, async () => {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      const missing = attributes.filter((name) => !Object.hasOwn(customAttributes, name));
      if (missing.length > 0) throw new Error(`search attributes not registered yet: ${missing.join(', ')}`);
    });
  } finally {
    await connection.close();
  }
}

async function end(guard: ChildProcess, how: () => void): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const gone = once(guard, 'exit');
  guard.ref();
  how();
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function endOfLog(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
}

/** The folder that holds package.json: this module runs from a folder of compiled code inside it. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json is not found above this module');
    folder = parent;
  }
  return folder;
}
