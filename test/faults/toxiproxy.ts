/**
 * Toxiproxy as a process of our own, and its proxies: real sockets between two parts of ours, broken on demand. It ends with
 * `stop`, or with this process, however this process ends (`setup/child-guard.mjs`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { repositoryRoot } from '../repository-root.ts';
import { freePort } from './free-port.ts';

/** `upstream`: what the caller sends; `downstream`: what it is answered. */
export type Direction = 'upstream' | 'downstream';

/** One toxic of Toxiproxy, its attributes as documented there (ms, bytes, KB/s, µs for the slicer's delay). */
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'slow_close' | 'timeout' | 'reset_peer' | 'slicer' | 'limit_data';
  readonly attributes: Readonly<Record<string, number>>;
}

export interface Link {
  /** `host:port` to connect to instead of the real one. */
  readonly address: string;
  poison(toxic: Toxic, direction: Direction): Promise<void>;
  /** Every connection breaks, and no new one is taken. */
  cut(): Promise<void>;
  /** Without toxics, and up. */
  heal(): Promise<void>;
}

export interface Toxiproxy {
  /** A link to `upstream` (`host:port`). */
  link(name: string, upstream: string): Promise<Link>;
  stop(): Promise<void>;
}

const START_ATTEMPTS_MAX = 100;
const LOOK_EVERY_MS = 50;

/** Whether the set-up has found one. */
export function hasToxiproxy(): boolean {
  return Boolean(process.env['RESOLVER_TOXIPROXY']);
}

export async function startToxiproxy(): Promise<Toxiproxy> {
  const port = await freePort();
  const guard = startGuarded(port);
  const call = async (method: string, at: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${at}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Toxiproxy answers ${method} ${at} with ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call('GET', '/version');
      break;
    } catch (error) {
      if (attempt === START_ATTEMPTS_MAX || guard.exitCode !== null) throw error;
      await pause(LOOK_EVERY_MS);
    }
  }
  return {
    link: (name, upstream) => openLink(call, name, upstream),
    async stop() {
      const gone = once(guard, 'exit');
      guard.stdin?.end();
      await gone;
    },
  };
}

type Call = (method: string, at: string, body?: unknown) => Promise<unknown>;

async function openLink(call: Call, name: string, upstream: string): Promise<Link> {
  const created = await call('POST', '/proxies', { name, upstream, listen: '127.0.0.1:0', enabled: true });
  const { listen: address } = created as { readonly listen: string };
  const at = `/proxies/${name}`;
  let toxics: readonly string[] = [];
  return {
    address,
    async poison({ type, attributes }, stream) {
      const toxic = `${type}-${stream}-${toxics.length}`;
      await call('POST', `${at}/toxics`, { name: toxic, type, stream, toxicity: 1, attributes });
      toxics = [...toxics, toxic];
    },
    async cut() {
      await call('POST', at, { enabled: false });
    },
    async heal() {
      const added = toxics;
      toxics = [];
      for (const toxic of added) await call('DELETE', `${at}/toxics/${toxic}`);
      // A listener that was cut comes back on the port that it had.
      await call('POST', at, { enabled: true, listen: address });
    },
  };
}

function startGuarded(port: number): ChildProcess {
  const program = process.env['RESOLVER_TOXIPROXY'] ?? 'toxiproxy-server';
  const guardPath = path.join(repositoryRoot, 'setup', 'child-guard.mjs');
  const guard = spawn(process.execPath, [guardPath, program, '-host', '127.0.0.1', '-port', String(port)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.stdin?.on('error', () => {});
  return guard;
}
