/** One of our programs in a process of its own: what it says, what it is waited for, and its end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../repository-root.ts';

export interface Program {
  readonly pid: number;
  /** Everything said so far, both streams. */
  output(): string;
  /** Resolves when the output holds `text`. @throws Error with the whole output when the program ends first */
  says(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  ended(): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to this process's environment, without its RESOLVER_ and TEMPORAL_ settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that is asked for by its path inside the repository, such as `worker/main.js`. */
export function startProgram(name: string, options: ProgramOptions = {}): Program {
  return startScript(fileURLToPath(new URL(`../../${name}`, import.meta.url)), options);
}

/** `npm ARGS` in the root of the repository, with a set-up and a program behind it: `ended` waits for all that have its streams. */
export function startNpm(args: readonly string[], options: Omit<ProgramOptions, 'args'> = {}): Program {
  const npm = process.env['npm_execpath'];
  assert.ok(npm, 'tests are run by npm');
  return startScript(npm, { cwd: repositoryRoot, ...options, args });
}

function startScript(path: string, { args = [], cwd, env = {} }: ProgramOptions): Program {
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void closed.then(() => process.off('exit', endWithUs));
  return {
    pid: child.pid ?? 0,
    output: () => stdout + stderr,
    async says(text) {
      while (!(stdout + stderr).includes(text)) {
        const more = Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]).then(() => true);
        if (await Promise.race([more, closed.then(() => false)])) continue;
        if ((stdout + stderr).includes(text)) return;
        throw new Error(`${path} ended with ${child.exitCode} before it said "${text}":\n${stdout}${stderr}`);
      }
    },
    signal: (signal) => void child.kill(signal),
    ended: () => closed,
  };
}

/** The whole life of a program that ends by itself. */
export async function runProgram(name: string, options: ProgramOptions = {}): ReturnType<Program['ended']> {
  return await startProgram(name, options).ended();
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:RESOLVER|TEMPORAL)_/.test(name)));
}
