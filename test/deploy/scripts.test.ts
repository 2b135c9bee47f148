/** Goal: the jobs of the deployment do their work. Method: the shell reads them all; the namespace job runs for real. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { after, before, describe, it } from 'mocha';
import { SearchAttributes } from '../../contract/names.ts';
import { startDevServer } from '../../demo/dev-server.ts';
import type { DevServer } from '../../demo/dev-server.ts';
import { openCredentials } from '../../simulator/credential-files.ts';
import { readMerchantsFile } from '../../worker/merchants-file.ts';
import { repositoryRoot } from '../repository-root.ts';

const RUN_MS_MAX = 50_000;
const ATTEMPTS_ALLOWED = { ATTEMPTS_MAX: '10', PAUSE_S: '1' };
const scripts = readdirSync(join(repositoryRoot, 'deploy'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.sh'),
);
const namespaceJob = join(repositoryRoot, 'deploy', 'temporal', 'create-namespace.sh');
const withSimulatedMerchant = join(repositoryRoot, 'deploy', 'simulator', 'with-simulated-merchant.sh');

describe('the scripts of the deployment', () => {
  for (const name of scripts) {
    it(`${name} is a shell script that a POSIX shell reads`, () => {
      const { status, stderr } = spawnSync('sh', ['-n', join(repositoryRoot, 'deploy', name)], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });

    it(`${name} says which setting it lacks`, () => {
      const { status, stderr } = spawnSync('sh', [join(repositoryRoot, 'deploy', name)], { encoding: 'utf8', env: {} });
      assert.notEqual(status, 0);
      assert.match(stderr, /is needed/);
    });
  }
});

describe('the script that gives a worker the simulated merchant', () => {
  it('writes a merchants file that the worker takes, and becomes the command', async () => {
    const credentials = mkdtempSync(join(tmpdir(), 'credentials-'));
    try {
      await openCredentials(credentials);
      const merchantsFile = join(credentials, 'merchants.json');
      const gateway = 'http://127.0.0.1:8089/gateway.do';
      const command = [withSimulatedMerchant, credentials, gateway, 'echo', 'started'];
      const env = { ...process.env, RESOLVER_MERCHANTS_FILE: merchantsFile };
      const { stdout, stderr } = spawnSync('sh', command, { encoding: 'utf8', env });
      assert.equal(stdout, 'started\n', stderr);
      const read = readMerchantsFile(merchantsFile);
      assert.ok(read.kind === 'merchants', JSON.stringify(read));
      assert.equal(read.merchants.get('default')?.gatewayUrl, gateway);
    } finally {
      rmSync(credentials, { recursive: true, force: true });
    }
  });
});

describe('the namespace job, on a real server (needs the Temporal CLI)', () => {
  let server: DevServer;
  let scratch: string;

  before(async function () {
    const binary = process.env['RESOLVER_TEMPORAL_BINARY'];
    if (!binary || process.env['TEMPORAL_ADDRESS']) return this.skip();
    scratch = mkdtempSync(join(tmpdir(), 'namespace-job-'));
    symlinkSync(binary, join(scratch, 'temporal'));
    server = await startDevServer({ searchAttributes: {}, logFile: join(scratch, 'server.log') });
  });
  after(async () => {
    await server?.stop();
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });

  it('creates what is missing, registers every search attribute, and changes nothing when it runs again', async () => {
    const first = runJob({ NAMESPACES: 'default simulated' });
    assert.equal(first.status, 0, first.stdout + first.stderr);
    assert.match(first.stdout, /creating namespace simulated/);
    for (const namespace of ['default', 'simulated']) {
      const registered = await keywordsOf(namespace);
      for (const name of Object.values(SearchAttributes))
        assert.ok(registered.includes(name), `${name} in ${namespace}`);
    }
    const second = runJob({ NAMESPACES: 'default simulated' });
    assert.equal(second.status, 0, second.stdout + second.stderr);
    assert.doesNotMatch(second.stdout, /creating|registering/);
  });

  it('ends with an error when no server answers in its time', () => {
    const { status, stderr } = runJob({ TEMPORAL_ADDRESS: '127.0.0.1:1', ATTEMPTS_MAX: '1' });
    assert.equal(status, 1);
    assert.match(stderr, /127\.0\.0\.1:1 is healthy: given up after 1 attempts/);
  });

  function runJob(env: Readonly<Record<string, string>>): ReturnType<typeof runScript> {
    return runScript({ TEMPORAL_ADDRESS: server.address, ...ATTEMPTS_ALLOWED, ...env }, scratch);
  }

  async function keywordsOf(namespace: string): Promise<readonly string[]> {
    const connection = await Connection.connect({ address: server.address });
    try {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      // 2 is INDEXED_VALUE_TYPE_KEYWORD.
      return Object.entries(customAttributes).flatMap(([name, type]) => (type === 2 ? [name] : []));
    } finally {
      await connection.close();
    }
  }
});

function runScript(
  env: Readonly<Record<string, string>>,
  programs: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const path = [programs, process.env['PATH']].join(delimiter);
  return spawnSync('sh', [namespaceJob], {
    encoding: 'utf8',
    timeout: RUN_MS_MAX,
    env: { PATH: path, HOME: programs, ...env },
  });
}
