/**
 * Goal: files run two at a time where they may, and a run of many says as much as a run of one. Method: real runs of a small project,
 * whose tests meet each other in its folder; what they share is seen in files, never in times.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createSmallProject, finished, type Run, type SmallProject } from './small-project.ts';

const HEAD = `import { describe, it } from 'mocha';
import { existsSync, writeFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
void [describe, existsSync, writeFileSync, rmSync, pause];
`;
const PASSES = "it('passes', () => console.log('said in passing'));";
const FAILS = "it('fails', () => { console.log('said before it failed'); throw new Error('on purpose'); });";
const HANGS = "writeFileSync('under-way', ''); for (;;) await pause(50);";
/** Nobody asks this server anything. */
const EXISTING = { TEMPORAL_ADDRESS: '127.0.0.1:7233' };

describe('a run of many test files', function () {
  this.timeout(90_000);
  let project: SmallProject;
  beforeEach(() => {
    project = createSmallProject();
  });
  afterEach(() => project.remove());

  const write = (file: string, tests: string): void => project.write(file, `${HEAD}${tests}\n`);
  const run = (env: Readonly<Record<string, string>>, command = 'test'): Promise<Run> => project.run([command], env);
  /** As if there were a Temporal CLI. */
  const WITH_CLI = { RESOLVER_TEMPORAL_BINARY: '/bin/true' };

  it('has two of them under way at once: each of these waits for the other', async () => {
    for (const [mine, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      write(
        `test/${mine}/waits.test.ts`,
        `it('sees the other', async () => { writeFileSync('${mine}.here', ''); while (!existsSync('${other}.here')) await pause(20); });`,
      );
    }
    const { code, stdout } = await run(WITH_CLI);
    assert.match(stdout, /\n2 passed, 0 failed\n$/);
    assert.equal(code, 0);
  });

  it('has one that computes on all cores alone', async () => {
    const alone = "writeFileSync('alone', ''); await pause(1_000); rmSync('alone');";
    write('test/model/seeds.test.ts', `it('computes', async () => { ${alone} });`);
    const notBeside = "if (existsSync('alone')) throw new Error('it was not alone');";
    for (const module of ['a', 'b'])
      write(`test/${module}/some.test.ts`, `it('is not beside it', () => { ${notBeside} });`);
    const { code, stdout } = await run(WITH_CLI);
    assert.match(stdout, /\n3 passed, 0 failed\n$/, stdout);
    assert.equal(code, 0);
  });

  it('has one at a time on a server that was there already, where all share a task queue', async () => {
    for (const module of ['a', 'b']) {
      const alone = "if (existsSync('one')) throw new Error('two at once'); writeFileSync('one', '');";
      write(
        `test/${module}/some.test.ts`,
        `it('is alone', async () => { ${alone} await pause(1_000); rmSync('one'); });`,
      );
    }
    const { code, stdout } = await run(EXISTING);
    assert.match(stdout, /\n2 passed, 0 failed\n$/, stdout);
    assert.equal(code, 0);
  });

  it('prints the whole output of a file that failed, one line of one that passed, and counts all', async () => {
    write('test/a/good.test.ts', PASSES);
    write('test/b/bad.test.ts', `${PASSES.replace('said in passing', 'said beside it')}\n${FAILS}`);
    const { code, stdout } = await run(WITH_CLI);
    assert.match(stdout, /said beside it[^]*said before it failed[^]*on purpose/);
    assert.match(stdout, /^ok +\S+ s {2}test\/a\/good\.test\.ts: 1 passed, 0 failed$/m);
    assert.match(stdout, /^FAILED +\S+ s {2}test\/b\/bad\.test\.ts: 1 passed, 1 failed$/m);
    assert.doesNotMatch(stdout, /said in passing/);
    assert.match(stdout, /\n2 passed, 1 failed\n$/);
    assert.notEqual(code, 0);
  });

  it('fails where a file ends its process before its tests have ended', async () => {
    write('test/a/good.test.ts', PASSES);
    write('test/b/gone.test.ts', "it('is gone', () => process.exit(0));");
    const { code, stdout } = await run(WITH_CLI);
    assert.match(stdout, /^FAILED .*gone\.test\.ts: mocha ended before the tests did$/m);
    assert.match(stdout, /\n1 passed, 1 failed\n$/);
    assert.notEqual(code, 0);
  });

  it('that is told to end ends the files under way and begins no other', async () => {
    for (const module of ['a', 'b']) write(`test/${module}/hangs.test.ts`, `it('hangs', async () => { ${HANGS} });`);
    write('test/c/later.test.ts', "it('is late', () => writeFileSync('too-late', ''));");
    const child = project.start(['test'], WITH_CLI);
    const over = finished(child);
    while (!existsSync(join(project.folder, 'under-way'))) await pause(50);
    child.kill('SIGTERM');
    assert.notEqual((await over).code, 0);
    assert.ok(!existsSync(join(project.folder, 'too-late')));
  });

  it('shows the slowest files before the last line', async () => {
    for (const module of ['a', 'b']) write(`test/${module}/some.test.ts`, `describe('a suite', () => { ${PASSES} });`);
    const { stdout } = await run(WITH_CLI);
    assert.match(
      stdout,
      /The 2 slowest files:\n +[\d.]+ s {2}test\/[ab]\/some\.test\.ts\n +[\d.]+ s {2}test\/[ab]\/some\.test\.ts\n\n2 passed, 0 failed\n$/,
    );
  });

  it('leaves to test:full what takes long, and test:full leaves out only what a longer test does', async () => {
    write('test/mutation/mutation.test.ts', "it('is long', () => console.log('the long one'));");
    write('test/model/some-worlds.test.ts', "it('is a part', () => undefined);");
    write('test/a/good.test.ts', PASSES);
    const short = (await run(WITH_CLI)).stdout;
    assert.match(short, /some-worlds/);
    assert.doesNotMatch(short, /mutation\.test/);
    const full = (await run(WITH_CLI, 'test:full')).stdout;
    assert.match(full, /mutation\.test/);
    assert.doesNotMatch(full, /some-worlds/);
    for (const stdout of [short, full]) assert.match(stdout, /\n2 passed, 0 failed\n$/);
  });
});
