/** A real HTTP proxy on this machine. It opens tunnels on CONNECT, knows where names lie, and misbehaves exactly as a test tells it to. */
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface AskedTunnel {
  /** host:port, as the client names it. */
  readonly authority: string;
  readonly authorization: string | undefined;
  /** The connection to the client, on which nothing has been answered yet. */
  readonly client: Duplex;
  /** As a proxy should: 200, then every byte both ways. */
  open(): void;
  /** Answers so, with a body, and keeps the connection. */
  refuse(statusLine: string): void;
}

export interface ConnectProxyOptions {
  /** Where a host:port lies: a port of 127.0.0.1. What is not here lies where it says. */
  readonly places?: Readonly<Record<string, number>>;
  /** Speak TLS with clients. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export class ConnectProxy {
  readonly #server: Server;
  readonly #places: Readonly<Record<string, number>>;
  readonly #connections = new Set<Duplex>();
  readonly asked: AskedTunnel[] = [];
  /** Every byte that clients have sent through tunnels. */
  carried: Buffer = Buffer.alloc(0);
  answer: (tunnel: AskedTunnel) => void = (tunnel) => tunnel.open();

  private constructor({ places = {}, tls }: ConnectProxyOptions) {
    this.#places = places;
    this.#server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    this.#server.on('tlsClientError', () => undefined);
    this.#server.on('connect', (request: IncomingMessage, client: Duplex) => {
      this.#keep(client);
      const tunnel = this.#tunnel(request, client);
      this.asked.push(tunnel);
      this.answer(tunnel);
    });
  }

  static async start(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every tunnel at once, as a proxy that crashes. */
  cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #tunnel({ url: authority = '', headers }: IncomingMessage, client: Duplex): AskedTunnel {
    return {
      authority,
      authorization: headers['proxy-authorization'],
      client,
      open: () => {
        const { hostname, port } = new URL(`http://${authority}`);
        const known = this.#places[authority];
        const target = known === undefined ? connect(Number(port), hostname) : connect(known, '127.0.0.1');
        this.#keep(target);
        target.once('connect', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n');
          client.on('data', (bytes: Buffer) => (this.carried = Buffer.concat([this.carried, bytes])));
          client.pipe(target).pipe(client);
        });
      },
      refuse: (statusLine) => {
        client.write(`HTTP/1.1 ${statusLine}\r\ncontent-length: 9\r\n\r\nnot today`);
      },
    };
  }

  #keep(connection: Duplex): void {
    this.#connections.add(connection);
    connection.on('error', () => connection.destroy());
    connection.once('close', () => this.#connections.delete(connection));
  }
}
