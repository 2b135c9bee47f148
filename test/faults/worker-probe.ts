/**
 * Loaded into a worker process (`NODE_OPTIONS=--import=…`), where it writes down every few seconds what the process holds: one JSON line
 * each into the file that `WORKER_PROBE_FILE` names. It changes nothing but that the heap is collected before it is measured.
 */
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';
import { isMainThread } from 'node:worker_threads';

export interface Sample {
  readonly atMs: number;
  /** Of the whole process, the workflow threads included, in bytes. */
  readonly rss: number;
  /** Of the main thread after a collection, in bytes. */
  readonly heap: number;
  /** What keeps the event loop alive, by kind: sockets, timers, requests. */
  readonly resources: Readonly<Record<string, number>>;
  /** Open file descriptors; undefined where the system does not tell. */
  readonly descriptors?: number;
}

const SAMPLE_EVERY_MS = 2_000;
const DESCRIPTORS = '/proc/self/fd';

const file = process.env['WORKER_PROBE_FILE'];
// Whoever starts the worker inherits the option too; only the worker itself is measured.
const isWorker = process.argv[1]?.endsWith(path.join('worker', 'main.js')) === true;
if (file !== undefined && isWorker && isMainThread) {
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  setInterval(() => {
    if (typeof collect === 'function') collect();
    appendFileSync(file, `${JSON.stringify(sample())}\n`);
  }, SAMPLE_EVERY_MS).unref();
}

function sample(): Sample {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    atMs: Date.now(),
    rss: process.memoryUsage.rss(),
    heap: process.memoryUsage().heapUsed,
    resources,
    ...(existsSync(DESCRIPTORS) ? { descriptors: readdirSync(DESCRIPTORS).length } : {}),
  };
}
