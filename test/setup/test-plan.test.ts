/**
 * Goal: no test is lost between `npm test` and `npm run test:full`, and `test/README.md` says what each leaves out. Method: the set-up's
 * own lists beside the folder.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, it } from 'mocha';
import { tableOf } from '../docs/documents.ts';
import { repositoryRoot } from '../repository-root.ts';

interface Plan {
  readonly LEFT_TO_FULL: Readonly<Record<string, string>>;
  readonly STANDS_IN_FOR: Readonly<Record<string, string>>;
  readonly ON_ALL_CORES: readonly string[];
  readonly jobsOf: (files: readonly string[]) => readonly { readonly files: readonly string[] }[];
  readonly allTests: () => readonly string[];
  readonly ofEveryChange: (all: readonly string[]) => readonly string[];
  readonly ofFullRun: (all: readonly string[]) => readonly string[];
}

const folder = path.join(repositoryRoot, 'test');
const there = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
  .map((name) => path.posix.join('test', ...name.split(path.sep)));
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');

describe('the two lists of tests', () => {
  let plan: Plan;
  let everyChange: ReadonlySet<string>;
  let full: ReadonlySet<string>;

  before(async () => {
    plan = (await import(pathToFileURL(path.join(repositoryRoot, 'setup', 'test-plan.mjs')).href)) as Plan;
    everyChange = new Set(plan.ofEveryChange(plan.allTests()));
    full = new Set(plan.ofFullRun(plan.allTests()));
  });

  it('hold together every test that is in the folder', () => {
    assert.deepEqual(new Set(plan.allTests()), new Set(there));
    assert.deepEqual(new Set([...everyChange, ...full]), new Set(there));
  });

  it('differ by what takes long, and by what stands in for it', () => {
    const onlyFull = [...full].filter((file) => !everyChange.has(file));
    const onlyShort = [...everyChange].filter((file) => !full.has(file));
    assert.deepEqual(new Set(onlyFull), new Set(Object.keys(plan.LEFT_TO_FULL)));
    assert.deepEqual(new Set(onlyShort), new Set(Object.keys(plan.STANDS_IN_FOR)));
    for (const long of Object.values(plan.STANDS_IN_FOR)) assert.ok(full.has(long), long);
  });

  it('are run in jobs that leave out none and run none twice', () => {
    const run = plan.jobsOf([...full]).flatMap(({ files }) => files);
    assert.deepEqual(run.toSorted(), [...full].toSorted());
  });

  it('name only tests that are there', () => {
    for (const file of plan.ON_ALL_CORES) assert.ok(there.includes(file), file);
  });

  it('are those of test/README.md', () => {
    for (const file of [...Object.keys(plan.LEFT_TO_FULL), ...Object.keys(plan.STANDS_IN_FOR)]) {
      assert.ok(readme.includes(`\`${file}\``), file);
    }
  });

  it('are run whole by the whole check', () => {
    const check = readFileSync(path.join(repositoryRoot, '.ci', 'run'), 'utf8')
      .trimEnd()
      .split('\n');
    assert.equal(check.at(-1), 'npm run test:full');
  });
});

describe('test/README.md', () => {
  it('has a row for every folder of tests, and for no other', () => {
    const rows = [...readme.matchAll(/^\| `test\/([\w-]+)\/` \|/gm)].map(([, name]) => name);
    const modules = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(new Set(rows), new Set(modules.map(({ name }) => name)));
  });

  it('names for each folder the promises for which docs/correctness.md names it', () => {
    const held = tableOf('docs/correctness.md', '#', 'Promise', 'Held by').rows;
    for (const [module = '', , promises] of tableOf('test/README.md', 'Folder').rows) {
      const numbers = held.filter(([, , by = '']) => by.includes(module.replace(/`$/, ''))).map(([number]) => number);
      assert.equal(promises, numbers.length > 0 ? numbers.join(', ') : '–', module);
    }
  });
});
