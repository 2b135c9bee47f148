/** Goal: a test run that proves nothing is never a success, and its last line is its result. Method: real mocha runs. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import { createSmallProject } from './small-project.ts';
import type { SmallProject } from './small-project.ts';

const PASSES = "it('passes', () => {});";
const FAILS = "it('fails', () => { throw new Error('on purpose'); });";
const IS_ONLY = "it.only('passes alone', () => {});";
const IS_SKIPPED = "it('is skipped', function () { this.skip(); });";

describe('a test run', () => {
  let project: SmallProject;

  before(() => {
    project = createSmallProject();
  });
  beforeEach(() => {
    project.write('test/architecture/only.test.ts', `import { it } from 'mocha';\n${PASSES}\n`);
  });
  after(() => project.remove());

  const rows: readonly (readonly [string, string, Record<string, string>, string, boolean])[] = [
    ['that passes',                    PASSES,               {},             '1 passed, 0 failed',            true],
    ['with a failure',                 PASSES + FAILS,       {},             '1 passed, 1 failed',            false],
    ['with a skip',                    PASSES + IS_SKIPPED,  {},             '1 passed, 0 failed, 1 skipped', true],
    ['with a skip under CI=true',      PASSES + IS_SKIPPED,  { CI: 'true' }, '1 passed, 0 failed, 1 skipped', false],
    ['without a test',                 '',                   {},             '0 passed, 0 failed',            false],
    ['with only skips',                IS_SKIPPED,           {},             '0 passed, 0 failed, 1 skipped', false],
    ['that left an it.only',           IS_ONLY,              {},             '',                              false],
  ]; // prettier-ignore

  for (const [what, tests, env, lastLine, succeeds] of rows) {
    it(`${what} ${succeeds ? 'succeeds' : 'fails'}, closing line "${lastLine}"`, async () => {
      project.write('test/resolution/some.test.ts', `import { it } from 'mocha';\nvoid it;\n${tests}\n`);
      const { code, stdout } = await project.run(['unit', 'test/resolution/some.test.ts'], {
        INIT_CWD: project.folder,
        ...env,
      });
      assert.equal(code === 0, succeeds, stdout);
      if (lastLine !== '') assert.equal(stdout.trimEnd().split('\n').at(-1), lastLine);
    });
  }

  it('of the fast part takes in every fast module and no other', async () => {
    project.write('test/resolution/some.test.ts', `import { it } from 'mocha';\n${PASSES}\n`);
    project.write('test/replay/slow.test.ts', `import { it } from 'mocha';\n${FAILS}\n`);
    const { code, stdout } = await project.run(['unit']);
    assert.match(stdout, /\n2 passed, 0 failed\n$/);
    assert.equal(code, 0);
  });
});
