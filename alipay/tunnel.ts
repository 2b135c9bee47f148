/** The way through an HTTP proxy: a tunnel that it opens on CONNECT (RFC 9110, section 9.3.6). */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { orAborted } from './dial.ts';
import { basicAuthorization, type HttpProxy } from './http-proxy.ts';

export interface TunnelRequest {
  /** Connected to the proxy. */
  readonly socket: Socket;
  readonly proxy: HttpProxy;
  /** host:port of the far end; the proxy looks the name up. */
  readonly authority: string;
  readonly signal: AbortSignal;
}

/**
 * Resolves once the proxy has opened the tunnel. Nothing but the CONNECT has been sent, and without a tunnel nothing can reach the
 * far end. Otherwise the socket is destroyed.
 * @throws Error with a `code` that says what the proxy did, or the reason of `signal`
 */
export async function openTunnel({
  socket,
  proxy: { credentials },
  authority,
  signal,
}: TunnelRequest): Promise<Socket> {
  const asked = request({
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      // Node would ask to close the very connection that is to become the tunnel.
      connection: 'keep-alive',
      ...(credentials === undefined ? {} : { 'proxy-authorization': basicAuthorization(credentials) }),
    },
    createConnection: () => socket,
  });
  try {
    const { status, early } = await orAborted(answerTo(asked), signal);
    if (status < 200 || status > 299) throw refused(`HTTP status ${status}`);
    // In TLS and in HTTP the client speaks first: who talks before it was asked is not the gateway.
    if (early > 0) throw refused('bytes before any question');
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function answerTo(asked: ClientRequest): Promise<{ readonly status: number; readonly early: number }> {
  return await new Promise((resolve, reject) => {
    // Stays for good: an error may come after the first, and one without a listener ends the process.
    asked.on('error', reject);
    // Node gives any final answer to a CONNECT by this event, a refusal too.
    asked.once('connect', ({ statusCode = 0 }: IncomingMessage, _socket: Duplex, head: Buffer) =>
      resolve({ status: statusCode, early: head.length }),
    );
    asked.end();
  });
}

function refused(code: string): Error {
  return Object.assign(new Error('the proxy opens no tunnel'), { code });
}
