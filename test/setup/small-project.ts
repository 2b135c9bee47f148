/**
 * A project of a few lines with this project's own `setup/`, so that the set-up is run whole, by its commands, without
 * touching the real one. Its node_modules is the real one.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../repository-root.ts';

const MODULES = ['client', 'demo', 'test'] as const;
const RUN_MS_MAX = 45_000;

export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type SmallProject = {
  readonly folder: string;
  /** Writes a file of the project. */
  write(path: string, text: string): void;
  /** A program named `name` on the PATH of every run: a shell script with this body. */
  offer(name: string, body: string): void;
  /** Starts `node setup/run.mjs ...args`, in a folder that is not the project's. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** Starts it and waits for its end. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Run>;
  remove(): void;
};

export function createSmallProject(): SmallProject {
  const folder = mkdtempSync(join(tmpdir(), 'small-project-'));
  const bin = join(folder, 'bin');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess =>
    spawn(process.execPath, [join(folder, 'setup', 'run.mjs'), ...args], {
      cwd: tmpdir(),
      env: { ...bareEnvironment(folder), PATH: bin, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  cpSync(join(repositoryRoot, 'setup'), join(folder, 'setup'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.mocharc.json'])
    cpSync(join(repositoryRoot, file), join(folder, file));
  const config: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'tsconfig.json'), 'utf8'));
  write('tsconfig.json', JSON.stringify({ ...(config as object), include: MODULES }));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(bin);
  return {
    folder,
    write,
    offer: (name, body) => {
      write(join('bin', name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    start,
    run: (args, env) => finished(start(args, env)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Waits for the end of a run, with a bound. */
export async function finished(child: ChildProcess): Promise<Run> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (said.stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (said.stderr += String(chunk)));
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS_MAX);
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, ...said };
}

/** No server, no cache, no network: nothing of the machine's own decides a test. */
function bareEnvironment(folder: string): Record<string, string> {
  return {
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    HTTPS_PROXY: 'http://127.0.0.1:9',
    HTTP_PROXY: 'http://127.0.0.1:9',
  };
}
