/**
 * The simulator as a reader of the README starts it: its own process, a free port, a credentials folder made afresh.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface SimulatorProcess {
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  readonly appId: string;
  readonly credentialsFolder: string;
  /** The text of one file of the credentials folder, without the line break at its end. */
  credential(file: string): Promise<string>;
  /** One call of the control endpoint. @throws Error with its answer when it refuses. */
  control(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Resolves when the simulator listens. @throws Error when it ends before that. */
export async function startSimulatorProcess(): Promise<SimulatorProcess> {
  const credentialsFolder = await mkdtemp(join(tmpdir(), 'alipay-simulator-'));
  const main = fileURLToPath(new URL('../../simulator/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--credentials', credentialsFolder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const addresses = await firstJsonLine(child.stdout);
  if (addresses === undefined) throw new Error(`The simulator ended before it printed its addresses:\n${errors}`);
  return {
    ...addresses,
    credentialsFolder,
    credential: async (file) => (await readFile(join(credentialsFolder, file), 'utf8')).trim(),
    control: async (method, path, body) => {
      const answer = await fetch(`${addresses.controlUrl}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`The simulator refused ${method} ${path}: ${answer.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    stop: async () => {
      if (child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await rm(credentialsFolder, { recursive: true, force: true });
    },
  };
}

type Addresses = Pick<SimulatorProcess, 'gatewayUrl' | 'controlUrl' | 'appId'>;

async function firstJsonLine(output: Readable): Promise<Addresses | undefined> {
  for await (const line of createInterface({ input: output })) {
    if (line.startsWith('{')) return JSON.parse(line) as Addresses;
  }
  return undefined;
}
