/**
 * The worker as a process of its own, which can be killed and started again. It ends with `stop`, or with this process, however
 * this process ends: a guard process holds the other end of a pipe from us.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Workers {
  /** Of the worker that runs now. */
  pid(): number;
  /** SIGKILL, as a machine that loses its power; resolves when the process is gone. */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
  /** SIGTERM; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Rejects when a worker ends that nobody killed or stopped; the message holds the end of its log. */
  readonly broken: Promise<never>;
}

export interface WorkerOptions {
  /** The whole environment of the process. */
  readonly environment: NodeJS.ProcessEnv;
  /** What the worker says is appended to it. */
  readonly logFile: string;
}

const guardPath = fileURLToPath(new URL('../../setup/child-guard.mjs', import.meta.url));
const workerPath = fileURLToPath(new URL('../worker/main.js', import.meta.url));
const LOG_LINES_SHOWN = 15;

export async function startWorkers(options: WorkerOptions): Promise<Workers> {
  let breaks: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => (breaks = reject));
  // Whoever waits for the play hears of it; nobody waits before the play and after it.
  broken.catch(() => {});
  let ended = Promise.resolve();
  let isExpected = false;
  let { guard, pid } = await begin();

  async function begin(): Promise<{ guard: ChildProcess; pid: number }> {
    const started = await startGuarded(options);
    isExpected = false;
    ended = once(started.guard, 'exit').then(() => {
      if (!isExpected) breaks(new Error(`The worker has ended by itself:\n${endOf(options.logFile)}`));
    });
    return started;
  }

  return {
    broken,
    pid: () => pid,
    async kill() {
      isExpected = true;
      process.kill(pid, 'SIGKILL');
      await ended;
    },
    async startAgain() {
      ({ guard, pid } = await begin());
    },
    async stop() {
      isExpected = true;
      guard.stdin?.end();
      await ended;
    },
  };
}

async function startGuarded({ environment, logFile }: WorkerOptions): Promise<{ guard: ChildProcess; pid: number }> {
  const log = openSync(logFile, 'a');
  const guard = spawn(process.execPath, [guardPath, process.execPath, '--enable-source-maps', workerPath], {
    stdio: ['pipe', 'pipe', log],
    env: environment,
    // A process group of its own: Ctrl-C on the terminal is for us, and we decide when the worker ends.
    detached: true,
  });
  closeSync(log);
  // The pipe may break while we close it: the guard is gone then, which is what we want.
  guard.stdin?.on('error', () => {});
  return { guard, pid: await pidFrom(guard) };
}

/** The guard says the worker's process id on its first line. */
async function pidFrom(guard: ChildProcess): Promise<number> {
  if (guard.stdout === null) throw new Error('the guard has no stdout');
  const [line]: unknown[] = await Promise.race([once(guard.stdout, 'data'), once(guard, 'exit').then(() => ['{}'])]);
  const said: unknown = JSON.parse(String(line));
  if (typeof said === 'object' && said !== null && 'pid' in said && typeof said.pid === 'number') return said.pid;
  throw new Error('the worker process could not be started');
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
}
