/**
 * Goal: whoever is told that others can read a secret is told what helps where it lies. Method: the table of mounts as Kubernetes, Docker
 * and a plain machine show it, each kind of owner, and a real read-only mount where the machine lets its users make one.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';

import { isReadByOthers, type Reader, remedyFor } from '../../worker/secret-file-mode.ts';
import { repositoryRoot } from '../repository-root.ts';

const WORKER: Reader = { uid: 1000, gid: 1000 };
const ROOT: Reader = { uid: 0, gid: 0 };

/** As in a pod: the secret's own tmpfs, mounted read-only below a writable root. */
const POD = `1 0 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/a
2 1 0:60 / /etc/alipay ro,relatime - tmpfs tmpfs rw,size=524288k
3 1 0:61 / /etc/alipay/writable rw,relatime - tmpfs tmpfs rw`;
/** A secret of Docker: one file, mounted by itself. */
const DOCKER = `1 0 0:50 / / rw,relatime - overlay overlay rw
2 1 8:1 /var/lib/key.txt /run/secrets/key.txt ro,relatime - ext4 /dev/sda1 rw`;
const PLAIN = '1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';

describe('A secret that others can read', () => {
  it('is told by its bits: of a file of our own the group counts, of another’s only the others', () => {
    const read = (mode: number, uid: number): boolean => isReadByOthers({ mode, uid }, WORKER);
    assert.deepEqual(
      [0o600, 0o400, 0o640, 0o604].map((mode) => read(mode, 1000)),
      [false, false, true, true],
    );
    assert.deepEqual(
      [0o600, 0o440, 0o640, 0o444].map((mode) => read(mode, 0)),
      [false, false, false, true],
    );
  });

  const remedies: readonly (readonly [
    what: string,
    file: string,
    uid: number,
    by: Reader,
    mounts: string,
    remedy: RegExp,
  ])[] = [
    ['is ours to change: chmod', '/home/w/key.txt', 1000, WORKER, PLAIN, /^`chmod 600 \/home\/w\/key\.txt`$/],
    ['is ours, and nobody tells of mounts: chmod', '/home/w/key.txt', 1000, WORKER, '', /^`chmod 600 /],
    [
      'belongs to somebody else: its owner, or its group',
      '/srv/key.txt',
      0,
      WORKER,
      PLAIN,
      /^it belongs to user 0: .*`chown 1000 \/srv\/key\.txt && chmod 600 .*`chgrp 1000 \/srv\/key\.txt && chmod 640/,
    ],
    [
      'is mounted into a pod: mode and group of the volume',
      '/etc/alipay/..2026_11_24/key.txt',
      0,
      WORKER,
      POD,
      /^it lies on a read-only mount.*`defaultMode: 0440` at the volume, and `fsGroup: 1000`/,
    ],
    [
      'is mounted into a pod that runs as root: the mode, and no group',
      '/etc/alipay/key.txt',
      0,
      ROOT,
      POD,
      /read-only mount.*`defaultMode: 0400` at the volume, without `fsGroup`/,
    ],
    [
      'is a secret of Docker: owner and mode',
      '/run/secrets/key.txt',
      0,
      WORKER,
      DOCKER,
      /in Docker `uid: "1000"` and `mode: 0400`/,
    ],
    [
      'lies on a writable mount inside a read-only one: chmod',
      '/etc/alipay/writable/key.txt',
      1000,
      WORKER,
      POD,
      /^`chmod 600/,
    ],
    ['lies beside a read-only mount of a like name: chmod', '/etc/alipay-2/key.txt', 1000, WORKER, POD, /^`chmod 600/],
    [
      'lies on a file system that is read-only as a whole',
      '/key.txt',
      1000,
      WORKER,
      PLAIN.replace(/rw$/, 'ro'),
      /read-only mount/,
    ],
    [
      'lies under a name with a blank',
      '/my keys/key.txt',
      1000,
      WORKER,
      `${PLAIN}\n2 1 8:1 / /my\\040keys ro - ext4 /dev/b rw`,
      /read-only mount/,
    ],
  ];
  for (const [what, file, uid, by, mounts, remedy] of remedies) {
    it(`and ${what}`, () => assert.match(remedyFor({ path: file, uid }, by, mounts), remedy));
  }

  describe('on a real read-only mount', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'mounted-'));
      mkdirSync(path.join(folder, 'mounted'));
      writeFileSync(path.join(folder, 'mounted', 'key.txt'), 'x');
      chmodSync(path.join(folder, 'mounted', 'key.txt'), 0o644);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('is not told to be changed there', function () {
      const script = `import { readKeyFile } from ${JSON.stringify(path.join(repositoryRoot, 'dist/worker/key-file.js'))};
        process.stdout.write(readKeyFile('mounted/key.txt', 'secretFile').problem);`;
      const mount = 'mount --bind mounted mounted && mount -o remount,bind,ro mounted && exec "$0" "$@"';
      const inside = ['-rm', 'sh', '-c', mount];
      // Where users may make no mounts of their own, the table above has to do.
      if (spawnSync('unshare', [...inside, 'true'], { cwd: folder }).status !== 0) this.skip();
      const asked = spawnSync('unshare', [...inside, process.execPath, '--input-type=module', '-e', script], {
        cwd: folder,
      });
      const told = String(asked.stdout);
      assert.match(told, /can be read by others than its owner: it lies on a read-only mount/, String(asked.stderr));
      assert.ok(!told.includes('chmod'), told);
    });
  });
});
