/**
 * The notification handler behind HTTP: `notificationListener` for a server that is there already, `startNotificationReceiver` for
 * one of its own. It speaks plain HTTP: what Alipay reaches from outside terminates TLS in front of it.
 *
 * Alipay's own notifications are a few kilobytes in one POST. Everything else is answered `failure`: another path or method, more
 * than 64 KiB, a body that takes longer than its deadline, however steadily it drips.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { NotificationHandler, NotificationResult } from './notification.ts';
import { type Body, readBody } from './request-body.ts';

/** What is told about each request. Holds no body, no signature and nothing of the buyer. */
export type Reception =
  | NotificationResult
  | {
      readonly kind: 'notTaken';
      readonly reason: 'path' | 'method' | Exclude<Body['kind'], 'whole'>;
      readonly status: number;
      readonly body: 'failure';
    };

export interface ListenerOptions {
  readonly handler: NotificationHandler;
  /** @default '/alipay/notifications' */
  readonly path?: string;
  /** How long a body may take from its first byte to its last, in ms. @default 10_000: chosen */
  readonly bodyDeadlineMs?: number;
  /** Told once a request has its answer. */
  readonly onReception?: (reception: Reception) => void;
}

export interface ReceiverOptions extends ListenerOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
}

export interface NotificationReceiver {
  /** What to give pay as `notify_url`, seen from this machine. */
  readonly url: string;
  /** Takes nothing new, and resolves when the requests under way have their answers. */
  stop(): Promise<void>;
}

export const NOTIFICATIONS_PATH = '/alipay/notifications';
const BODY_DEADLINE_MS = 10_000;
/** Chosen: many times what Alipay keeps open, and at 64 KiB each no danger to the memory. */
const CONNECTIONS_MAX = 500;
const HEADERS_DEADLINE_MS = 5_000;
/** Longer than a body and its wake may take together. */
const STOP_DEADLINE_MS = 25_000;

export function notificationListener(options: ListenerOptions): RequestListener {
  const { onReception = () => undefined } = options;
  return (request, response) => {
    // `receive` never rejects: a broken connection is a kind of body.
    void receive(request, options).then((reception) => {
      answer(response, reception);
      onReception(reception);
    });
  };
}

async function receive(request: IncomingMessage, options: ListenerOptions): Promise<Reception> {
  const { handler, path = NOTIFICATIONS_PATH, bodyDeadlineMs = BODY_DEADLINE_MS } = options;
  if (request.url?.split('?')[0] !== path) return notTaken(404, 'path');
  if (request.method !== 'POST') return notTaken(405, 'method');
  const body = await readBody(request, bodyDeadlineMs);
  switch (body.kind) {
    case 'whole':
      return await handler(body.bytes);
    case 'oversized':
      return notTaken(413, body.kind);
    case 'slow':
      return notTaken(408, body.kind);
    case 'broken':
      return notTaken(400, body.kind);
  }
}

function notTaken(status: number, reason: Extract<Reception, { kind: 'notTaken' }>['reason']): Reception {
  return { kind: 'notTaken', reason, status, body: 'failure' };
}

function answer(response: ServerResponse, { status, body, kind }: Reception): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain',
    'Content-Length': body.length,
    ...(status === 405 ? { Allow: 'POST' } : {}),
    // What is left of an unread body would be taken for the next request.
    ...(kind === 'notTaken' ? { Connection: 'close' } : {}),
  });
  response.end(body);
}

/** @throws Error when the port cannot be had */
export async function startNotificationReceiver(options: ReceiverOptions): Promise<NotificationReceiver> {
  const { port = 0, host = '127.0.0.1', path = NOTIFICATIONS_PATH, bodyDeadlineMs = BODY_DEADLINE_MS } = options;
  const limits = {
    headersTimeout: HEADERS_DEADLINE_MS,
    // A second line: the listener's own deadline answers first.
    requestTimeout: HEADERS_DEADLINE_MS + bodyDeadlineMs,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(limits, notificationListener(options));
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', (_request, response) => {
    // A connection that was kept alive for a next request would keep a stopping server open.
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  // With a TCP port the address is always this shape.
  const address = server.address() as AddressInfo;
  const named = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${named}:${address.port}${path}`, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS);
  await closed;
  clearTimeout(late);
}
