/**
 * How a connection to the gateway is made: TCP, a tunnel where a proxy stands in between, TLS, all of it within one time. Until it
 * stands nothing of a request has been sent. Every failure here is a `ConnectFailure`, and that class is the proof.
 */
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

import { authorityOf, dial, type Lookup, orAborted } from './dial.ts';
import type { HttpProxy } from './http-proxy.ts';
import { openTunnel } from './tunnel.ts';

export interface ConnectorOptions {
  /** Of all steps together. */
  readonly connectMs: number;
  /** PEM of the authority that vouches for the gateway; a proxy is vouched for by the system's. @default the system's */
  readonly ca?: string;
  readonly proxy?: HttpProxy;
  /** Of the host that is connected to: the proxy, where there is one. @default the system's */
  readonly lookup?: Lookup;
}

/** No connection came about, so nothing was sent. The message says which step failed, and quotes nobody. */
export class ConnectFailure extends Error {
  override readonly name: string = 'ConnectFailure';
}

type ConnectOptions = buildConnector.Options;

export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const connection = connections(options);
  return (wanted, callback) => {
    void connection(wanted).then(
      (socket) => callback(null, socket),
      (failure: ConnectFailure) => callback(failure, null),
    );
  };
}

function connections({ connectMs, ca, proxy, lookup }: ConnectorOptions): (wanted: ConnectOptions) => Promise<Socket> {
  // The signal keeps the time; undici's own timers are coarse by up to a second.
  const tls = { timeout: connectMs, allowH2: false, minVersion: 'TLSv1.2', rejectUnauthorized: true } as const;
  const gatewayTls = buildConnector(ca === undefined ? tls : { ...tls, ca });
  const proxyTls = buildConnector(tls);

  return async (wanted) => {
    const signal = AbortSignal.timeout(connectMs);
    const place = { host: wanted.hostname, port: portOf(wanted) };
    let failed = 'no connection to the gateway';
    try {
      let socket: Socket;
      if (proxy === undefined) {
        socket = await dial(place, signal, lookup);
      } else {
        const name = authorityOf(proxy);
        failed = `no connection to the proxy ${name}`;
        socket = await dial(proxy, signal, lookup);
        if (proxy.protocol === 'https:') socket = await secured(proxyTls, asWanted(proxy), socket, signal);
        failed = `the proxy ${name} opens no way to the gateway`;
        socket = await openTunnel({ socket, proxy, authority: authorityOf(place), signal });
        failed = `no connection to the gateway through the proxy ${name}`;
      }
      return wanted.protocol === 'https:' ? await secured(gatewayTls, wanted, socket, signal) : socket;
    } catch (error) {
      // Always of this class: undici reads the codes of errors, and after some it would connect again and again.
      throw new ConnectFailure(`${failed} (${signal.aborted ? `not within ${connectMs} ms` : codeOf(error)})`);
    }
  };
}

async function secured(
  handshake: buildConnector.connector,
  wanted: ConnectOptions,
  socket: Socket,
  signal: AbortSignal,
): Promise<Socket> {
  const shaken = new Promise<Socket>((resolve, reject) => {
    handshake({ ...wanted, httpSocket: socket }, (...[error, secure]) => {
      if (error === null) resolve(secure);
      else reject(error);
    });
  });
  try {
    return await orAborted(shaken, signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function portOf({ port, protocol }: ConnectOptions): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function asWanted({ protocol, host, port }: HttpProxy): ConnectOptions {
  return { protocol, hostname: host, host: authorityOf({ host, port }), port: String(port) };
}

/** The error's code alone: a message may quote what was sent. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no code';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
