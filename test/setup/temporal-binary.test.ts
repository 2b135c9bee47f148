/**
 * Goal: a Temporal program comes from the first source that has one, and without any the user is told what to do.
 * Method: the demo of a small project prints what it was handed; `temporal`, `go` are scripts put on its PATH.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createSmallProject, finished } from './small-project.ts';
import type { SmallProject } from './small-project.ts';

const A_TEMPORAL = 'echo temporal version 1.5.1';
const GO_THAT_BUILDS = `[ "$1" = version ] && exit 0
printf '#!/bin/sh\\n${A_TEMPORAL}\\n' > "$GOBIN/temporal"
/bin/chmod 755 "$GOBIN/temporal"`;

describe('the Temporal program that the set-up hands on', () => {
  let project: SmallProject;

  beforeEach(() => {
    project = createSmallProject();
    project.write('demo/main.ts', "console.log(process.env['RESOLVER_TEMPORAL_BINARY'] ?? 'none');\n");
  });
  afterEach(() => project.remove());

  it('is the one that the user names', async () => {
    project.offer('temporal', A_TEMPORAL);
    const { stdout } = await project.run(['demo'], { RESOLVER_TEMPORAL_BINARY: '/opt/temporal' });
    assert.equal(stdout, '/opt/temporal\n');
  });

  it('is the one on the PATH, if that is the CLI of Temporal', async () => {
    project.offer('temporal', A_TEMPORAL);
    assert.equal((await project.run(['demo'])).stdout, `${join(project.folder, 'bin', 'temporal')}\n`);
    project.offer('temporal', 'echo another program of that name');
    assert.equal((await project.run(['demo'])).code, 1);
  });

  it('is built with Go where there is nothing else, and only once', async () => {
    project.offer('go', GO_THAT_BUILDS);
    const built = join(project.folder, 'cache', 'alipay-uncertain-payments', 'temporal-1.5.1', 'temporal');
    const first = await project.run(['demo']);
    assert.equal(first.stdout, `${built}\n`, first.stderr);
    assert.match(first.stderr, /building the Temporal CLI 1\.5\.1 with Go/);
    project.offer('go', 'exit 1');
    const second = await project.run(['demo']);
    assert.equal(second.stdout, `${built}\n`);
    assert.doesNotMatch(second.stderr, /building|downloading/);
  });

  it('that Go cannot build leaves nothing half-built, and what Go said is shown', async () => {
    project.offer(
      'go',
      '[ "$1" = version ] && exit 0; echo partial > "$GOBIN/temporal"; echo no space left >&2; exit 1',
    );
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { code, stderr } = await project.run(['demo']);
      assert.equal(code, 1);
      assert.match(stderr, /no space left/);
    }
  });

  it('that is being built when a signal ends the set-up leaves no process, no half-built folder and no lock', async () => {
    const portFile = join(project.folder, 'port');
    const listen = `const server = net.createServer().listen(0, () => fs.writeFileSync('${portFile}', String(server.address().port)))`;
    project.offer('go', `[ "$1" = version ] && exit 0; exec '${process.execPath}' -e "${listen}"`);
    const child = project.start(['demo']);
    const run = finished(child);
    await until(() => existsSync(portFile) && readFileSync(portFile, 'utf8') !== '');
    const port = Number(readFileSync(portFile, 'utf8'));
    assert.ok(await isListening(port));
    child.kill('SIGTERM');
    assert.equal((await run).code, 128 + 15);
    await until(async () => !(await isListening(port)));
    const left = readdirSync(join(project.folder, 'cache', 'alipay-uncertain-payments'));
    assert.deepEqual(
      left.filter((name) => !name.startsWith('temporal-of-sdk')),
      [],
    );
  });

  it('is not needed beside an existing server', async () => {
    const { stdout } = await project.run(['demo'], { TEMPORAL_ADDRESS: '127.0.0.1:7233' });
    assert.equal(stdout, 'none\n');
  });

  it('that cannot be had ends the demo with three ways out', async () => {
    const { code, stdout, stderr } = await project.run(['demo']);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    for (const way of ['TEMPORAL_ADDRESS', 'docs.temporal.io/cli', 'Go 1.24']) assert.ok(stderr.includes(way), stderr);
  });

  it('that is missing, as a missing Java, is an error of the tests under CI=true and a note elsewhere', async () => {
    project.write('test/resolution/some.test.ts', "import { it } from 'mocha';\nit('passes', () => {});\n");
    const elsewhere = await project.run(['test']);
    assert.match(elsewhere.stdout, /\n1 passed, 0 failed\n$/);
    assert.match(elsewhere.stderr, /The tests that need it are skipped/);
    assert.match(elsewhere.stderr, /There is no Java here/);
    const underCi = await project.run(['test'], { CI: 'true' });
    assert.equal(underCi.code, 1);
    const noJava = await project.run(['test'], { CI: 'true', RESOLVER_TEMPORAL_BINARY: '/opt/temporal' });
    assert.equal(noJava.code, 1);
    assert.match(noJava.stderr, /There is no Java here/);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const bound = AbortSignal.timeout(30_000);
  while (!(await holds())) await pause(50, undefined, { signal: bound });
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
