// @ts-check
/** A program that this machine has already: the one that the environment names, on the PATH, or in our cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a program's file is called ends with this. */
export const exe = process.platform === 'win32' ? '.exe' : '';

/**
 * `variable`: a path in it is believed. `name`: looked for on the PATH. A file counts when it says of itself that it is that program.
 * @typedef {{ readonly variable: string, readonly name: string, readonly asked: string, readonly says: string }} Program
 */

/**
 * Its path; undefined where it is not. `cached`: where our cache folder would hold it.
 * @param {Program} program
 * @param {readonly string[]} cached
 */
export function programAtHand(program, cached) {
  const named = process.env[program.variable];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return firstThatIs(program, [...folders.map((folder) => join(folder, `${program.name}${exe}`)), ...cached]);
}

/**
 * @param {Program} program
 * @param {readonly string[]} paths
 */
export function firstThatIs({ asked, says }, paths) {
  return paths.find((path) => {
    if (!existsSync(path)) return false;
    const { status, stdout } = spawnSync(path, [asked], { encoding: 'utf8', timeout: 10_000 });
    return status === 0 && stdout.startsWith(says);
  });
}
