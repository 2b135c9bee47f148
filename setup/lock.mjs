// @ts-check
/**
 * One process at a time: two terminals that start at once must not install, compile or build into the same folder
 * together. The lock is a file that names its holder; a holder that is gone, or older than `heldMsMax`, counts for nothing.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atExit } from './at-exit.mjs';
import { say } from './say.mjs';

const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 15_000;

/**
 * Does `work` while holding the lock file `path`. Every wait ends: at the latest after `heldMsMax`.
 * @template T
 * @param {string} path
 * @param {{ readonly heldMsMax: number, readonly forWhat: string }} how
 * @param {() => Promise<T>} work
 */
export async function whileLocked(path, { heldMsMax, forWhat }, work) {
  mkdirSync(dirname(path), { recursive: true });
  let saidAtMs = 0;
  while (!take(path)) {
    if (isAbandoned(path, heldMsMax)) {
      rmSync(path, { force: true });
      continue;
    }
    if (Date.now() - saidAtMs >= SAY_EVERY_MS) {
      say(`waiting for another process that ${forWhat} (${path})`);
      saidAtMs = Date.now();
    }
    await pause(LOOK_EVERY_MS);
  }
  const release = () => rmSync(path, { force: true });
  const forget = atExit(release);
  try {
    return await work();
  } finally {
    forget();
    release();
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @param {number} heldMsMax
 */
function isAbandoned(path, heldMsMax) {
  try {
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (ageMs > heldMsMax) return true;
    const holder = Number(readFileSync(path, 'utf8'));
    // An empty file is a lock that its holder is writing this moment.
    return holder > 0 ? !isAlive(holder) : ageMs > 5_000;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error of the file system, or of a signal */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
