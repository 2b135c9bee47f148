/** Reads a file with a key, a certificate or a token; one with a secret must be readable by its owner alone. */
import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import process from 'node:process';

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
    if (form === 'secretFile' && isReadByOthers(stats)) {
      return problem(path, `holds a secret and can be read by others than its owner: \`chmod 600 ${path}\``);
    }
    return { kind: 'bytes', bytes: readFileSync(file) };
  } catch (error) {
    return problem(path, `cannot be read (${codeOf(error)})`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const OTHERS = 0o007;
const GROUP_AND_OTHERS = 0o077;

/**
 * As ssh does it: a file of our own is for us alone. One that belongs to another user (a mounted secret belongs to root and is read
 * by way of the group) may be open to the group. Windows keeps no such bits.
 */
function isReadByOthers({ mode, uid }: Stats): boolean {
  if (process.getuid === undefined) return false;
  return (mode & (uid === process.getuid() ? GROUP_AND_OTHERS : OTHERS)) !== 0;
}

function problem(path: string, what: string): KeyFile {
  return { kind: 'problem', problem: `${path} ${what}` };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
}
