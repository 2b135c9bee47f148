/** Imports point one way. The table is the architecture; types count too. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../repository-root.ts';

/** Room → what it may import: our rooms, and packages (a trailing `*` matches a prefix). */
const MAY_IMPORT: {
  readonly [room: string]: { readonly rooms: readonly string[]; readonly packages: readonly string[] };
} = {
  contract: { rooms: [], packages: [] },
  resolution: { rooms: ['contract'], packages: [] },
  workflows: { rooms: ['contract', 'resolution'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  alipay: { rooms: ['contract'], packages: ['node:*', 'undici', 'node-forge'] },
  activities: { rooms: ['contract', 'alipay'], packages: ['@temporalio/activity', '@temporalio/common'] },
  simulator: { rooms: ['contract', 'alipay'], packages: ['node:*', 'node-forge'] },
  client: {
    // `alipay` for the notification receiver, which verifies what Alipay signed, and for the rules of proxies.
    rooms: ['contract', 'alipay'],
    packages: ['@temporalio/client', '@temporalio/common*', '@temporalio/envconfig', 'node:*'],
  },
  worker: {
    rooms: ['contract', 'alipay', 'activities'],
    packages: ['@temporalio/worker', '@temporalio/client', '@temporalio/common*', '@temporalio/envconfig', 'node:*'],
  },
  assumptions: { rooms: ['contract', 'alipay', 'worker', 'demo'], packages: ['node:*'] },
};

/** One file that crosses the table, and why. */
const EXCEPTIONS: { readonly [file: string]: readonly string[] } = {
  // `doctor` and `setup` of the command line look at a workplace: its merchants file, keys and server, which the worker checks too.
  'client/workplace-verbs.ts': ['worker'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function importsOf(room: string): Import[] {
  const files = readdirSync(path.join(repositoryRoot, room)).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) => {
    const text = readFileSync(path.join(repositoryRoot, room, name), 'utf8');
    const specifiers = text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;]*?from '([^']+)'|\bimport\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
    );
    return [...specifiers].map((match) => ({
      file: `${room}/${name}`,
      specifier: match[1] ?? match[2] ?? match[3] ?? '',
    }));
  });
}

function roomOf(specifier: string): string | undefined {
  return /^\.\.\/([a-z]+)\//.exec(specifier)?.[1];
}

function allowed(room: string, { file, specifier }: Import): boolean {
  if (specifier.startsWith('./')) return true;
  const { rooms, packages } = MAY_IMPORT[room] ?? { rooms: [], packages: [] };
  const other = roomOf(specifier);
  if (other !== undefined) return rooms.includes(other) || (EXCEPTIONS[file] ?? []).includes(other);
  return packages.some((name) => (name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name));
}

describe('Imports', () => {
  for (const room of Object.keys(MAY_IMPORT)) {
    it(`of ${room}/ stay within its row of the table`, () => {
      const imports = importsOf(room);
      assert.ok(room === 'contract' || imports.length > 0, 'no import was found: the test reads the files wrongly');
      const strangers = imports.filter((one) => !allowed(room, one));
      assert.deepEqual(strangers, []);
    });
  }

  it('cross the table only where it says so, and the exception is still needed', () => {
    for (const [file, rooms] of Object.entries(EXCEPTIONS)) {
      const crossing = importsOf(file.split('/')[0] ?? '').filter(
        (one) => one.file === file && rooms.includes(roomOf(one.specifier) ?? ''),
      );
      assert.ok(crossing.length > 0, `${file} needs no exception any more`);
    }
  });

  it('form no circle between rooms', () => {
    const reaches = (from: string, to: string, seen: readonly string[] = []): boolean =>
      (MAY_IMPORT[from]?.rooms ?? []).some(
        (next) => next === to || (!seen.includes(next) && reaches(next, to, [...seen, next])),
      );
    for (const room of Object.keys(MAY_IMPORT)) assert.ok(!reaches(room, room), `${room} reaches itself`);
  });
});
