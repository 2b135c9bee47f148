/**
 * Who may read a file with a secret, and what to do where too many may. `chmod 600` is the remedy only for a file of our own that can
 * be changed: a secret that Kubernetes or Docker mounts is read-only, and a file of somebody else is not ours to change.
 */
import { readFileSync } from 'node:fs';

/** Whoever reads it: user and group of this process. */
export interface Reader {
  readonly uid: number;
  readonly gid: number;
}

const OTHERS = 0o007;
const GROUP_AND_OTHERS = 0o077;

/**
 * As ssh does it: a file of our own is for us alone. One that belongs to another user (a mounted secret belongs to root and is read
 * by way of the group) may be open to the group.
 */
export function isReadByOthers(
  { mode, uid }: { readonly mode: number; readonly uid: number },
  reader: Reader,
): boolean {
  return (mode & (uid === reader.uid ? GROUP_AND_OTHERS : OTHERS)) !== 0;
}

/** `path`: with every link followed. `mountInfo`: what {@link readMountInfo} gives. */
export function remedyFor(
  { path, uid }: { readonly path: string; readonly uid: number },
  reader: Reader,
  mountInfo: string,
): string {
  if (isReadOnly(path, mountInfo))
    return `it lies on a read-only mount, so whoever mounts it sets that: ${forMounts(reader)}`;
  if (uid === reader.uid) return `\`chmod 600 ${path}\``;
  return (
    `it belongs to user ${uid}: as that user or root, \`chown ${reader.uid} ${path} && chmod 600 ${path}\`, or let only the ` +
    `group of the worker read it, \`chgrp ${reader.gid} ${path} && chmod 640 ${path}\``
  );
}

/** Sources: Kubernetes "Secrets" and "Configure a Security Context" (a group of `fsGroup` may read); Docker "secrets, long syntax". */
function forMounts({ uid, gid }: Reader): string {
  const kubernetes =
    uid === 0
      ? 'in Kubernetes `defaultMode: 0400` at the volume, without `fsGroup`'
      : `in Kubernetes \`defaultMode: 0440\` at the volume, and \`fsGroup: ${gid === 0 ? 'a group of the worker alone' : gid}\` in the securityContext of the pod`;
  return `${kubernetes}; in Docker \`uid: "${uid}"\` and \`mode: 0400\` in the long form of \`secrets\`, or that owner and mode of the file on the host`;
}

/** The text of Linux's table of mounts (proc(5)); empty where there is none. */
export function readMountInfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

/** `36 35 98:0 /root /mount/point ro,noatime shared:1 - tmpfs tmpfs rw`: of the mounts above the file the lowest, and there the latest. */
function isReadOnly(path: string, mountInfo: string): boolean {
  let lowest = '';
  let options: readonly string[] = [];
  for (const line of mountInfo.split('\n')) {
    const [ofMount = '', ofFileSystem = ''] = line.split(' - ');
    const [, , , , point = '', mountOptions = ''] = ofMount.split(' ');
    const place = unescaped(point);
    if (!isAbove(place, path) || place.length < lowest.length) continue;
    lowest = place;
    options = [...mountOptions.split(','), ...(ofFileSystem.split(' ')[2] ?? '').split(',')];
  }
  return options.includes('ro');
}

function isAbove(place: string, path: string): boolean {
  return place === '/' || path === place || (place !== '' && path.startsWith(`${place}/`));
}

/** Blanks stand there in octal: `\040`. */
function unescaped(point: string): string {
  return point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
