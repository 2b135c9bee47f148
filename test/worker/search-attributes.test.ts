/** An attribute that is missing is found before any work is taken, on whatever server. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection, type ConnectionLike } from '@temporalio/client';

import { SearchAttributes } from '../../contract/names.ts';
import { type DevServer, startDevServer } from '../../demo/dev-server.ts';
import { checkSearchAttributes, registerSearchAttributes } from '../../worker/search-attributes.ts';
import { StartProblem } from '../../worker/start-problem.ts';
import { createNamespace } from './namespace.ts';

const ALL = Object.values(SearchAttributes);
const TEXT = 1;
const KEYWORD = 2;

describe('The search attributes', () => {
  let folder: string;
  let server: DevServer;
  let connection: Connection;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    folder = mkdtempSync(path.join(tmpdir(), 'search-attributes-'));
    server = await startDevServer({ searchAttributes: {}, logFile: path.join(folder, 'server.log') });
    connection = await Connection.connect({ address: server.address });
  });
  after(async () => {
    await connection?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const unimplemented = (): Promise<never> => Promise.reject(new Error('Unimplemented'));

  /** As on Temporal Cloud: everything is real but the operator service, which is not there. */
  function withoutOperatorService(): ConnectionLike {
    return new Proxy(connection, {
      get: (target, name) => {
        if (name === 'operatorService')
          return { listSearchAttributes: unimplemented, addSearchAttributes: unimplemented };
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  it('are missing in a fresh namespace, registered by one call, and left alone by the next', async () => {
    const namespace = await createNamespace(connection);
    const check = await checkSearchAttributes(connection, namespace);
    assert.ok(check.kind === 'missing');
    assert.deepEqual(check.names, ALL);
    assert.deepEqual(await registerSearchAttributes(connection, namespace), ALL);
    assert.deepEqual(await registerSearchAttributes(connection, namespace), []);
    assert.deepEqual(await checkSearchAttributes(connection, namespace), { kind: 'registered' });
  });

  it('of another type are no good, and the remedy is not to register them', async () => {
    const namespace = await createNamespace(connection);
    const searchAttributes = { [SearchAttributes.resolution]: TEXT };
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    await registerSearchAttributes(connection, namespace);
    const check = await checkSearchAttributes(connection, namespace);
    assert.ok(check.kind === 'wrongType', check.kind);
    assert.deepEqual(check.names, [SearchAttributes.resolution]);
    assert.match(check.remedy, /must be Keyword: use another namespace/);
  });

  it('that find no room in the store are refused with what fills it, and fit once there is room', async () => {
    const namespace = await createNamespace(connection);
    const others = Array.from({ length: 8 }, (_, index) => `Keyword${index}`);
    const searchAttributes = Object.fromEntries(others.map((name) => [name, KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    await assert.rejects(registerSearchAttributes(connection, namespace), (error: unknown) => {
      assert.ok(error instanceof StartProblem, String(error));
      assert.match(
        error.what,
        /no room for AlipayMerchant, .*: its store holds 10 of type Keyword, .*Keyword0, Keyword1,/,
      );
      assert.match(error.remedy, /a namespace of their own.*namespace create --namespace NAME/);
      assert.ok(error.remedy.includes(`search-attribute remove --namespace ${namespace} --name NAME`), error.remedy);
      return true;
    });
    const removed = others.slice(0, 2);
    await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: removed });
    assert.deepEqual(await registerSearchAttributes(connection, namespace), ALL);
  });

  it('that nobody may register say how they are registered', async () => {
    const namespace = await createNamespace(connection);
    await assert.rejects(registerSearchAttributes(withoutOperatorService(), namespace), (error: unknown) => {
      assert.ok(error instanceof StartProblem, String(error));
      assert.match(error.what, /cannot be registered in namespace fresh-.*: Unimplemented/);
      assert.match(error.remedy, /On Temporal Cloud: the namespace's settings/);
      return true;
    });
  });

  it('are found where there is no operator service, registered or not', async () => {
    const namespace = await createNamespace(connection);
    const without = withoutOperatorService();
    const before = await checkSearchAttributes(without, namespace);
    assert.ok(before.kind === 'missing', before.kind);
    assert.deepEqual(before.names, ALL);
    assert.match(before.remedy, /On Temporal Cloud: the namespace's settings/);
    await registerSearchAttributes(connection, namespace);
    await untilRegistered(without, namespace);
  });

  /** The server's own registry is refreshed now and then. Bounded by the test's timeout. */
  async function untilRegistered(by: ConnectionLike, namespace: string): Promise<void> {
    while ((await checkSearchAttributes(by, namespace)).kind !== 'registered');
  }
});
