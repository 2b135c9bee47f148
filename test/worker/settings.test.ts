/** The settings of a worker: one table, read whole, every mistake named at once. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { TASK_QUEUE } from '../../contract/names.ts';
import { readSettings, settings } from '../../worker/settings.ts';
import { StartProblem } from '../../worker/start-problem.ts';
import { repositoryRoot } from '../repository-root.ts';

describe('The settings of a worker', () => {
  it('have defaults for everything', () => {
    assert.deepEqual(readSettings({ RESOLVER_TASK_QUEUE: '' }), { taskQueue: TASK_QUEUE, logLevel: 'INFO' });
  });

  it('are taken as given', () => {
    const read = readSettings({
      RESOLVER_MERCHANTS_FILE: 'm.json',
      RESOLVER_TASK_QUEUE: 'other',
      RESOLVER_MAX_CALLS_PER_SECOND: '12.5',
      RESOLVER_WORKFLOW_BUNDLE: 'b.js',
      RESOLVER_HEALTH_ADDRESS: '0.0.0.0:8080',
      RESOLVER_METRICS_ADDRESS: '[::1]:9090',
      RESOLVER_LOG_LEVEL: 'warn',
    });
    assert.deepEqual(read, {
      merchantsFile: 'm.json',
      taskQueue: 'other',
      callsPerSecondMax: 12.5,
      workflowBundle: 'b.js',
      healthAddress: { host: '0.0.0.0', port: 8080 },
      metricsAddress: { host: '::1', port: 9090 },
      logLevel: 'WARN',
    });
  });

  it('that are wrong are all named at once', () => {
    const wrong = {
      RESOLVER_MAX_CALLS_PER_SECOND: 'fast',
      RESOLVER_HEALTH_ADDRESS: '8080',
      RESOLVER_METRICS_ADDRESS: 'host:99999',
      RESOLVER_LOG_LEVEL: 'LOUD',
      RESOLVER_PROXY: 'socks5://proxy',
      grpc_proxy: 'https://proxy',
    };
    assert.throws(
      () => readSettings(wrong),
      (error) => error instanceof StartProblem && Object.keys(wrong).every((name) => error.message.includes(name)),
    );
  });

  it('stand in the table exactly as the code reads them', () => {
    const module = path.join(repositoryRoot, 'worker');
    const files = readdirSync(module)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(module, name));
    const code = [...files, path.join(repositoryRoot, 'alipay', 'proxy-rules.ts')]
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    // Of two names that differ in capitals only, as https_proxy and HTTPS_PROXY do, one is in the table.
    const names = (all: Iterable<string>): Set<string> => new Set([...all].map((name) => name.toUpperCase()));
    const read = [...code.matchAll(/\b(?:read|readNamed|textOf)\('([A-Za-z_]+)'/g)].map(([, name = '']) => name);
    const inTable = settings.filter(({ readBy }) => readBy !== 'envconfig').map(({ name }) => name);
    assert.deepEqual(names(read), names(inTable));
    const mentioned = new Set(code.match(/\bRESOLVER_[A-Z_]+\b/g));
    assert.deepEqual(mentioned, new Set(inTable.filter((name) => name.startsWith('RESOLVER_'))));
  });

  it('of Temporal in the table are ones that envconfig reads', () => {
    const library = path.join(repositoryRoot, 'node_modules', '@temporalio', 'envconfig', 'lib');
    const code = readdirSync(library)
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(path.join(library, name), 'utf8'))
      .join('\n');
    for (const { name } of settings.filter(({ readBy }) => readBy === 'envconfig')) {
      assert.ok(code.includes(`'${name}'`), name);
    }
  });
});
