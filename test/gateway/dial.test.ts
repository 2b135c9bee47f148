/**
 * Which of a host's addresses a connection is made to. Method: real sockets on loopback; `::1` and ports where nobody listens stand
 * for a network that is not there, and a listener with a full queue for one that is slow.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';

import { type Address, dial } from '../../alipay/dial.ts';
import { Transport } from '../../alipay/transport.ts';
import { type SlowListener, startSlowListener } from './slow-listener.ts';

const here: Address = { address: '127.0.0.1', family: 4 };
/** Nothing that these tests start listens there. */
const nowhere: Address = { address: '::1', family: 6 };
const nobody: Address = { address: '127.0.0.2', family: 4 };
/** Longer than every wait below, so that only a hanging test meets it. */
const PATIENCE_MS = 60_000;

async function dialled(port: number, addresses: readonly Address[]): Promise<string | undefined> {
  const socket = await dial({ host: 'gateway.test', port }, AbortSignal.timeout(PATIENCE_MS), async () => addresses);
  const { remoteAddress } = socket;
  socket.destroy();
  return remoteAddress;
}

describe('a connection to a host of several addresses', () => {
  let server: Server;
  let port: number;
  before(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(() => void server.close());

  for (const [words, addresses] of [
    ['the only one', [here]],
    ['the first', [here, nowhere]],
    ['the last', [nowhere, here]],
    ['one in the middle', [nowhere, nobody, here, { address: '::1', family: 6 }]],
  ] as const) {
    it(`is made to ${words} that can be reached`, async () => {
      assert.equal(await dialled(port, addresses), '127.0.0.1');
    });
  }

  it('says of every address why it failed, when all did', async () => {
    await assert.rejects(dialled(1, [here, nowhere]), { code: 'ECONNREFUSED' });
    await assert.rejects(dialled(port, [nobody, { address: '0.0.0.0.1', family: 4 }]), {
      code: 'ECONNREFUSED, ENOTFOUND',
    });
    await assert.rejects(dialled(port, []), { code: 'ENOTFOUND' });
  });

  it('is given up when its time is over, at whatever step', async () => {
    const over = AbortSignal.abort(new Error('over'));
    await assert.rejects(
      dial({ host: 'gateway.test', port }, over, async () => [here]),
      /over/,
    );
    const never = new Promise<readonly Address[]>(() => undefined);
    await assert.rejects(
      dial({ host: 'gateway.test', port }, over, () => never),
      /over/,
    );
  });
});

describe('an address that takes its time', () => {
  let slow: SlowListener;
  beforeEach(async () => {
    slow = await startSlowListener('answered');
  });
  afterEach(async () => {
    await slow.stop();
  });

  for (const [words, addresses] of [
    ['the first, and the other cannot be reached', [here, nowhere]],
    ['the last, and the others cannot be reached', [nowhere, nobody, here]],
    ['the only one', [here]],
  ] as const) {
    it(`is waited for when it is ${words}`, async () => {
      const made = dialled(slow.port, addresses);
      await slow.waitedFor();
      slow.wake();
      assert.equal(await made, '127.0.0.1');
    });
  }

  it('is given up for another that is there at once', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    server.listen(slow.port, '127.0.0.2');
    await once(server, 'listening');
    try {
      assert.equal(await dialled(slow.port, [here, nobody]), '127.0.0.2');
    } finally {
      server.close();
    }
  });

  it('is waited for no longer than the signal says', async () => {
    const ending = new AbortController();
    const made = dial({ host: 'gateway.test', port: slow.port }, ending.signal, async () => [here]);
    await slow.waitedFor();
    ending.abort(new Error('over'));
    await assert.rejects(made, /over/);
  });

  it('is called by the transport all the same', async () => {
    const origin = `http://gateway.test:${slow.port}`;
    const transport = new Transport({ origin, deadlineMs: PATIENCE_MS, lookup: async () => [here, nowhere] });
    const called = transport.post('/gateway.do', '');
    await slow.waitedFor();
    slow.wake();
    const result = await called;
    await transport.end();
    assert.equal(result.kind, 'response', JSON.stringify(result));
  });

  it('that is too slow for the transport has been sent nothing', async () => {
    const origin = `http://gateway.test:${slow.port}`;
    const transport = new Transport({ origin, deadlineMs: 1_000, lookup: async () => [here, nowhere] });
    const result = await transport.post('/gateway.do', '');
    await transport.end();
    assert.deepEqual(result, {
      kind: 'notSent',
      detail: 'no connection to the gateway (not within 500 ms): nothing was sent',
    });
  });
});
