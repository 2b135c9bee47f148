/**
 * Goal: Toxiproxy is there for the tests wherever Go is, and where it cannot be had nobody is left to guess.
 * Method: the one test of a small project prints what it was handed; `go` and `toxiproxy-server` are scripts put on its PATH.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createSmallProject } from './small-project.ts';
import type { SmallProject } from './small-project.ts';

const A_TOXIPROXY = 'echo toxiproxy-server version 2.12.0';
const GO_THAT_BUILDS = `[ "$1" = version ] && exit 0
printf '#!/bin/sh\\n${A_TOXIPROXY}\\n' > "$GOBIN/server"
/bin/chmod 755 "$GOBIN/server"`;

describe('the Toxiproxy that the set-up hands on to the tests', () => {
  let project: SmallProject;

  beforeEach(() => {
    project = createSmallProject();
    project.write(
      'test/resolution/some.test.ts',
      "import { it } from 'mocha';\nit('prints', () => console.log(`<${process.env['RESOLVER_TOXIPROXY'] ?? 'none'}>`));\n",
    );
  });
  afterEach(() => project.remove());

  const run = (env: Readonly<Record<string, string>> = {}): ReturnType<SmallProject['run']> =>
    project.run(['test', 'test/resolution/some.test.ts'], {
      INIT_CWD: project.folder,
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      ...env,
    });

  it('is the one that the user names', async () => {
    project.offer('toxiproxy-server', A_TOXIPROXY);
    assert.match((await run({ RESOLVER_TOXIPROXY: '/opt/toxiproxy' })).stdout, /<\/opt\/toxiproxy>/);
  });

  it('is the one on the PATH, if that is Toxiproxy', async () => {
    project.offer('toxiproxy-server', A_TOXIPROXY);
    assert.ok((await run()).stdout.includes(`<${join(project.folder, 'bin', 'toxiproxy-server')}>`));
    project.offer('toxiproxy-server', 'echo another program of that name');
    assert.match((await run()).stdout, /<none>/);
  });

  it('is built with Go where there is nothing else, and only once', async () => {
    project.offer('go', GO_THAT_BUILDS);
    const built = join(project.folder, 'cache', 'alipay-uncertain-payments', 'toxiproxy-2.12.0', 'server');
    const first = await run();
    assert.ok(first.stdout.includes(`<${built}>`), first.stderr);
    assert.match(first.stderr, /building Toxiproxy 2\.12\.0 with Go/);
    project.offer('go', 'exit 1');
    const second = await run();
    assert.ok(second.stdout.includes(`<${built}>`), second.stderr);
    assert.doesNotMatch(second.stderr, /building/);
  });

  it('that cannot be had skips the tests that need it, in words that say what to do', async () => {
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    for (const way of ['github.com/Shopify/toxiproxy', 'Go 1.24', 'are skipped'])
      assert.ok(stderr.includes(way), stderr);
  });
});
