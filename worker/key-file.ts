/** Reads a file with a key, a certificate or a token; one with a secret must be readable by its owner alone. */
import { closeSync, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import process from 'node:process';

import { isReadByOthers, readMountInfo, type Reader, remedyFor } from './secret-file-mode.ts';

export type KeyFile =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A sentence that begins with the path. */
  | { readonly kind: 'problem'; readonly problem: string };

/** Alipay's root bundle, the largest, has some 10 kB. */
const BYTES_MAX = 256 * 1024;

export function readKeyFile(path: string, form: 'file' | 'secretFile'): KeyFile {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const stats = fstatSync(file);
    if (!stats.isFile()) return problem(path, 'is not a file');
    if (stats.size > BYTES_MAX) return problem(path, 'is too large for a key or a certificate: is it the right file?');
    if (stats.size === 0) return problem(path, 'is empty');
    const us = reader();
    if (form === 'secretFile' && us !== undefined && isReadByOthers(stats, us)) {
      const remedy = remedyFor({ path: realpathSync(path), uid: stats.uid }, us, readMountInfo());
      return problem(path, `holds a secret and can be read by others than its owner: ${remedy}`);
    }
    return { kind: 'bytes', bytes: readFileSync(file) };
  } catch (error) {
    return problem(path, `cannot be read (${codeOf(error)})${whoMayNot(error)}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Windows keeps no such bits. */
function reader(): Reader | undefined {
  const { getuid, getgid } = process;
  return getuid === undefined || getgid === undefined ? undefined : { uid: getuid(), gid: getgid() };
}

function whoMayNot(error: unknown): string {
  const us = reader();
  return codeOf(error) === 'EACCES' && us !== undefined
    ? `: let user ${us.uid} or group ${us.gid}, as which this runs, read it and enter its folder`
    : '';
}

function problem(path: string, what: string): KeyFile {
  return { kind: 'problem', problem: `${path} ${what}` };
}

/** Node's name of what went wrong, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
}
