/**
 * Goal: over HTTP nothing is answered `success` but a whole POST to the one path that the handler is content with, and nobody
 * holds the receiver up.
 * Method: raw sockets, because HTTP clients do not do what is to be refused. The handler in these tests answers whatever reaches
 * it with `success`, so each `failure` is the receiver's own.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';

import {
  type NotificationReceiver,
  notificationListener,
  type Reception,
  startNotificationReceiver,
} from '../../client/notification-receiver.ts';
import type { NotificationHandler } from '../../client/notification.ts';

const PATH = '/alipay/notifications';
const BODY_DEADLINE_MS = 300;
const KIB = 1_024;

const content: NotificationHandler = async (body) => {
  handled.push(Buffer.from(body).toString('latin1'));
  return { kind: 'woken', status: 200, body: 'success', merchant: 'default', outTradeNo: 'sale_1' };
};
let handled: string[] = [];
let receptions: Reception[] = [];

describe('The notification receiver', () => {
  let receiver: NotificationReceiver;
  let url: URL;

  beforeEach(async () => {
    handled = [];
    receptions = [];
    receiver = await startNotificationReceiver({
      handler: content,
      bodyDeadlineMs: BODY_DEADLINE_MS,
      onReception: (reception) => receptions.push(reception),
    });
    url = new URL(receiver.url);
  });
  afterEach(() => receiver.stop());

  const socket = (): Socket => connect(Number(url.port), url.hostname);
  const refusedAs = (reason: string): void => {
    assert.deepEqual(
      receptions.map((one) => (one.kind === 'notTaken' ? one.reason : one.kind)),
      [reason],
    );
    assert.deepEqual(handled, [], 'the handler was asked');
  };

  it('answers a POST with exactly the seven bytes of success', async () => {
    const answer = await exchange(socket(), [
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=1`,
    ]);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(answer, /\r\nContent-Length: 7\r\n/i);
    assert.ok(answer.endsWith('\r\n\r\nsuccess'), answer);
    assert.deepEqual(handled, ['a=1']);
  });

  it('takes a body in chunks, and a path with a query', async () => {
    const head = `POST ${PATH}?from=alipay HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await exchange(socket(), [head, '2\r\na=\r\n', '1\r\n1\r\n0\r\n\r\n']);
    assert.ok(answer.endsWith('success'), answer);
    assert.deepEqual(handled, ['a=1']);
  });

  it('serves one request after another on one connection', async () => {
    const post = `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n`;
    const answer = await exchange(socket(), [`${post}\r\na=1`, `${post}Connection: close\r\n\r\na=2`]);
    assert.equal(answer.split('success').length, 3, answer);
    assert.deepEqual(handled, ['a=1', 'a=2']);
  });

  for (const path of ['/', `${PATH}/`, '/alipay', `${PATH}x`, '/%61lipay/notifications', `//x${PATH}`]) {
    it(`answers failure and 404 at ${path}`, async () => {
      const answer = await exchange(socket(), [`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=1`]);
      assert.match(answer, /^HTTP\/1\.1 404 /);
      assert.ok(answer.endsWith('failure'));
      refusedAs('path');
    });
  }

  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`answers failure and 405 to ${method}`, async () => {
      const answer = await exchange(socket(), [`${method} ${PATH}?a=1 HTTP/1.1\r\nHost: a\r\n\r\n`]);
      assert.match(answer, /^HTTP\/1\.1 405 [^]*\r\nAllow: POST\r\n[^]*failure$/);
      refusedAs('method');
    });
  }

  it('takes 64 KiB, and not one byte more, announced or not', async () => {
    const body = 'a'.repeat(64 * KIB);
    const post = `POST ${PATH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;
    assert.match(await exchange(socket(), [`${post}Content-Length: ${body.length}\r\n\r\n`, body]), /success$/);
    handled = [];
    receptions = [];
    const announced = await exchange(socket(), [`${post}Content-Length: ${body.length + 1}\r\n\r\n`, body, 'a']);
    assert.match(announced, /^HTTP\/1\.1 413 [^]*failure$/);
    refusedAs('oversized');
    receptions = [];
    const chunk = `${(32 * KIB).toString(16)}\r\n${'a'.repeat(32 * KIB)}\r\n`;
    const chunked = await exchange(socket(), [
      `${post}Transfer-Encoding: chunked\r\n\r\n`,
      chunk,
      chunk,
      chunk,
      '0\r\n\r\n',
    ]);
    assert.match(chunked, /^HTTP\/1\.1 413 [^]*failure$/);
    refusedAs('oversized');
  });

  it('reads no more than a mebibyte of a body without an end', async () => {
    const endless = socket();
    endless.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = `${(64 * KIB).toString(16)}\r\n${'a'.repeat(64 * KIB)}\r\n`;
    endless.on('error', () => undefined);
    const writing = (): void => {
      while (!endless.destroyed && endless.write(chunk));
    };
    endless.on('drain', writing);
    endless.resume();
    writing();
    await closed(endless);
    refusedAs('oversized');
  });

  it('ends a body that stops, and one that drips, at the same deadline', async () => {
    const head = `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n`;
    const stopped = exchange(socket(), [`${head}a=1`]);
    const dripping = socket();
    const drip = setInterval(() => dripping.write('a'), BODY_DEADLINE_MS / 10);
    const dripped = exchange(dripping, [head]);
    for (const answer of await Promise.all([stopped, dripped])) assert.match(answer, /^HTTP\/1\.1 408 [^]*failure$/);
    clearInterval(drip);
    assert.deepEqual(handled, []);
  });

  it('is still there after a caller that left in the middle of a body, and tells of it', async () => {
    const leaving = socket();
    await once(leaving, 'connect');
    leaving.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\na=1`, () => leaving.destroy());
    while (receptions.length === 0) await new Promise((resolve) => setImmediate(resolve));
    refusedAs('broken');
    const answer = await fetch(url, { method: 'POST', body: 'a=1' });
    assert.equal(await answer.text(), 'success');
  });

  it('is still there after what is no HTTP at all', async () => {
    assert.match(await exchange(socket(), ['\u0016\u0003\u0001 hello?\r\n\r\n']), /^HTTP\/1\.1 400 /);
    assert.match(
      await exchange(socket(), [`POST ${PATH} HTTP/1.1\r\nX: ${'x'.repeat(64 * KIB)}\r\n\r\n`]),
      /^HTTP\/1\.1 431 /,
    );
    assert.equal(await (await fetch(url, { method: 'POST', body: 'a=1' })).text(), 'success');
  });

  it('says which port it cannot have', async () => {
    await assert.rejects(startNotificationReceiver({ handler: content, port: Number(url.port) }), /EADDRINUSE/);
  });
});

describe('A receiver told to stop', () => {
  it('answers what is under way, and takes nothing new', async () => {
    let finish: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const began = new Promise<void>((resolve) => (begin = resolve));
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const receiver = await startNotificationReceiver({
      handler: async (body) => {
        begin();
        await gate;
        return await content(body);
      },
    });
    const answer = fetch(receiver.url, { method: 'POST', body: 'a=1' });
    await began;
    const stopped = receiver.stop();
    await assert.rejects(fetch(receiver.url, { method: 'POST', body: 'a=2' }));
    finish();
    assert.equal(await (await answer).text(), 'success');
    await stopped;
  });
});

describe('The listener in a server that is there already', () => {
  it('serves its own path there', async () => {
    const listener = notificationListener({ handler: content, path: '/hooks/alipay' });
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(`${origin}/hooks/alipay`, { method: 'POST', body: 'a=1' });
    assert.equal(await answer.text(), 'success');
    assert.equal((await fetch(`${origin}${PATH}`, { method: 'POST', body: 'a=1' })).status, 404);
    server.close();
    server.closeAllConnections();
  });
});

/** Writes the parts in turn and gives everything that comes back until the connection is closed. */
async function exchange(socket: Socket, parts: readonly string[]): Promise<string> {
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  // A receiver that has answered may close while we still write.
  socket.on('error', () => undefined);
  for (const part of parts) socket.write(part, 'latin1');
  await closed(socket);
  return received;
}

/** Whatever error came before. */
async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}
