/**
 * Goal: Stryker, in a package of its own, is there for the tests of a fresh clone, and is fetched once.
 * Method: a small project with that package; `npm` is a script put on its PATH, which leaves behind what it was told.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createSmallProject } from './small-project.ts';
import type { SmallProject } from './small-project.ts';

const NPM_THAT_INSTALLS = '/bin/mkdir -p node_modules && echo "$@" > node_modules/told';

describe('Stryker', () => {
  let project: SmallProject;
  const installed = (...parts: string[]): string => join(project.folder, '.cache', 'stryker', ...parts);
  const run = (env: Readonly<Record<string, string>> = {}): ReturnType<SmallProject['run']> =>
    project.run(['test'], { TEMPORAL_ADDRESS: '127.0.0.1:7233', ...env });

  beforeEach(() => {
    project = createSmallProject();
    project.write('test/resolution/some.test.ts', "import { it } from 'mocha';\nit('passes', () => undefined);\n");
    project.write('test/stryker/side-package/package.json', '{"name":"side"}');
    project.write('test/stryker/side-package/package-lock.json', '{"lockfileVersion":3}');
  });
  afterEach(() => project.remove());

  it('is installed from its own lock, beside the project, and only once', async () => {
    project.offer('npm', NPM_THAT_INSTALLS);
    const first = await run();
    assert.match(first.stderr, /installing Stryker with npm ci/);
    assert.match(readFileSync(installed('node_modules', 'told'), 'utf8'), /^ci --include=dev --ignore-scripts /);
    assert.equal(readFileSync(installed('package-lock.json'), 'utf8'), '{"lockfileVersion":3}');
    project.offer('npm', 'exit 1');
    const second = await run();
    assert.equal(second.code, 0, second.stderr);
    assert.doesNotMatch(second.stderr, /Stryker/);
  });

  it('is installed anew when its lock has changed', async () => {
    project.offer('npm', NPM_THAT_INSTALLS);
    await run();
    project.write('test/stryker/side-package/package-lock.json', '{"lockfileVersion":3,"packages":{}}');
    assert.match((await run()).stderr, /installing Stryker with npm ci/);
  });

  it('that cannot be had skips the tests that need it, in the words of npm', async () => {
    project.offer('npm', 'echo "the registry is away" >&2; exit 1');
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    for (const words of ['the registry is away', 'are skipped']) assert.ok(stderr.includes(words), stderr);
    assert.ok(!existsSync(installed('node_modules')));
  });
});
