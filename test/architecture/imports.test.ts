/** Imports point one way. The table is the architecture; types count too. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../repository-root.ts';

/** Module → what it may import: our modules, and packages (a trailing `*` matches a prefix). */
const MAY_IMPORT: {
  readonly [module: string]: { readonly modules: readonly string[]; readonly packages: readonly string[] };
} = {
  contract: { modules: [], packages: [] },
  resolution: { modules: ['contract'], packages: [] },
  workflows: { modules: ['contract', 'resolution'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  alipay: { modules: ['contract'], packages: ['node:*', 'undici', 'node-forge'] },
  activities: { modules: ['contract', 'alipay'], packages: ['@temporalio/activity', '@temporalio/common'] },
  simulator: { modules: ['contract', 'alipay'], packages: ['node:*', 'node-forge'] },
  client: {
    // `alipay` for the notification receiver, which verifies what Alipay signed, and for the rules of proxies.
    modules: ['contract', 'alipay'],
    packages: ['@temporalio/client', '@temporalio/common*', '@temporalio/envconfig', 'node:*'],
  },
  worker: {
    modules: ['contract', 'alipay', 'activities'],
    packages: ['@temporalio/worker', '@temporalio/client', '@temporalio/common*', '@temporalio/envconfig', 'node:*'],
  },
  assumptions: { modules: ['contract', 'alipay', 'worker', 'demo'], packages: ['node:*'] },
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

function importsOf(module: string): Import[] {
  const files = readdirSync(path.join(repositoryRoot, module)).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) => {
    const text = readFileSync(path.join(repositoryRoot, module, name), 'utf8');
    const specifiers = text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;]*?from '([^']+)'|\bimport\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
    );
    return [...specifiers].map((match) => ({
      file: `${module}/${name}`,
      specifier: match[1] ?? match[2] ?? match[3] ?? '',
    }));
  });
}

function moduleOf(specifier: string): string | undefined {
  return /^\.\.\/([a-z]+)\//.exec(specifier)?.[1];
}

function allowed(module: string, { file, specifier }: Import): boolean {
  if (specifier.startsWith('./')) return true;
  const { modules, packages } = MAY_IMPORT[module] ?? { modules: [], packages: [] };
  const other = moduleOf(specifier);
  if (other !== undefined) return modules.includes(other) || (EXCEPTIONS[file] ?? []).includes(other);
  return packages.some((name) => (name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name));
}

describe('Imports', () => {
  for (const module of Object.keys(MAY_IMPORT)) {
    it(`of ${module}/ stay within its row of the table`, () => {
      const imports = importsOf(module);
      assert.ok(module === 'contract' || imports.length > 0, 'no import was found: the test reads the files wrongly');
      const strangers = imports.filter((one) => !allowed(module, one));
      assert.deepEqual(strangers, []);
    });
  }

  it('cross the table only where it says so, and the exception is still needed', () => {
    for (const [file, modules] of Object.entries(EXCEPTIONS)) {
      const crossing = importsOf(file.split('/')[0] ?? '').filter(
        (one) => one.file === file && modules.includes(moduleOf(one.specifier) ?? ''),
      );
      assert.ok(crossing.length > 0, `${file} needs no exception any more`);
    }
  });

  it('form no circle between modules', () => {
    const reaches = (from: string, to: string, seen: readonly string[] = []): boolean =>
      (MAY_IMPORT[from]?.modules ?? []).some(
        (next) => next === to || (!seen.includes(next) && reaches(next, to, [...seen, next])),
      );
    for (const module of Object.keys(MAY_IMPORT)) assert.ok(!reaches(module, module), `${module} reaches itself`);
  });
});
