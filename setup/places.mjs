// @ts-check
/** Where things are: the project itself, and the user's cache folder for programs that take long to get. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * A path inside the project.
 * @param {string[]} parts
 */
export function inProject(...parts) {
  return join(projectRoot, ...parts);
}

/**
 * A path inside the cache folder, which outlives clones: a second clone builds and downloads nothing again.
 * @param {string[]} parts
 */
export function inCache(...parts) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'alipay-uncertain-payments', ...parts);
}
