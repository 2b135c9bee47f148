/**
 * Goal: `node setup/run.mjs COMMAND` behaves like the command itself, and what it compiles is what is there.
 * Method: the whole set-up on a small project; only what the command line shows is looked at.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createSmallProject, finished } from './small-project.ts';
import type { SmallProject } from './small-project.ts';

describe('a command run through the set-up', () => {
  let project: SmallProject;

  before(() => {
    project = createSmallProject();
    project.write('client/main.ts', 'console.log(JSON.stringify(process.argv.slice(2)));\nprocess.exitCode = 3;\n');
  });
  after(() => project.remove());

  it('has stdout, the arguments and the exit code to itself, whatever folder it is called from', async () => {
    const { code, stdout, stderr } = await project.run(['cli', '--', 'status', '--json']);
    assert.equal(stdout, '["status","--json"]\n');
    assert.match(stderr, /^set-up: compiling/m);
    assert.equal(code, 3);
  });

  it('compiles nothing anew when no source has changed', async () => {
    await project.run(['cli']);
    assert.equal((await project.run(['cli'])).stderr, '');
  });

  it('does not run when a source does not compile, and says where', async () => {
    project.write('client/wrong.ts', 'export const amountFen: number = "88";\n');
    const { code, stdout, stderr } = await project.run(['cli']);
    rmSync(join(project.folder, 'client', 'wrong.ts'));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /client\/wrong\.ts/);
  });

  it('leaves no compiled module behind whose source is gone', async () => {
    project.write('client/gone.ts', 'export const one: number = 1;\n');
    await project.run(['cli']);
    const compiled = join(project.folder, 'dist', 'client', 'gone.js');
    assert.ok(existsSync(compiled));
    rmSync(join(project.folder, 'client', 'gone.ts'));
    await project.run(['cli']);
    assert.ok(!existsSync(compiled));
  });

  it('gets the signal that ends it, and its own exit code counts', async () => {
    project.write(
      'client/main.ts',
      `process.on('SIGTERM', () => { clearInterval(running); process.exitCode = 5; });
       const running = setInterval(() => {}, 1_000);
       console.log('running');\n`,
    );
    const child = project.start(['cli']);
    const run = finished(child);
    assert.ok(child.stdout);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    assert.equal((await run).code, 5);
  });

  it('that does not exist is answered with those that do', async () => {
    const { code, stdout, stderr } = await project.run(['dmeo']);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, /demo, test, /);
  });
});

describe('the set-up of two processes at once', () => {
  it('compiles once, and both run', async () => {
    const project = createSmallProject();
    try {
      project.write('client/main.ts', "console.log('ran');\n");
      const runs = await Promise.all([project.run(['cli']), project.run(['cli'])]);
      assert.deepEqual(
        runs.map((run) => run.stdout),
        ['ran\n', 'ran\n'],
      );
      assert.equal(runs.filter((run) => run.stderr.includes('compiling')).length, 1);
    } finally {
      project.remove();
    }
  });

  it('is not held up by a lock whose holder is gone', async () => {
    const project = createSmallProject();
    try {
      project.write('client/main.ts', "console.log('ran');\n");
      // Above the largest process id that Linux gives (2^22).
      project.write('.cache/setup.lock', '9999999');
      assert.equal((await project.run(['cli'])).stdout, 'ran\n');
    } finally {
      project.remove();
    }
  });
});
