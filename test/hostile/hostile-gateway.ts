/**
 * Bytes in place of a gateway: a TCP server on this machine that waits for a whole request and then lets a script do as it likes
 * with the connection. No HTTP library stands in between, because none would send what is to be sent.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { responseName } from '../../alipay/envelope.ts';

/** What is done once a request has arrived. `nodeName`: of the interface asked, such as `alipay_trade_query_response`. */
export type Script = (wire: Socket, nodeName: string) => void;

export class HostileGateway {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #written = new Set<Socket>();
  script: Script = (wire) => wire.destroy();
  /** Interfaces asked so far, in order. */
  readonly asked: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(script?: Script): Promise<HostileGateway> {
    const server = createServer();
    const gateway = new HostileGateway(server);
    if (script !== undefined) gateway.script = script;
    server.on('connection', (socket) => gateway.#serve(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/gateway.do`;
  }

  /** Bytes that could be got rid of on all connections so far: read by the client, or still in buffers of the system. */
  get bytesTaken(): number {
    return [...this.#written].reduce((sum, socket) => sum + socket.bytesWritten, 0);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.#written.add(socket);
    // A client that has had enough resets the connection; that is its good right.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const [, head = '', body] = /^([^]*?)\r\n\r\n([^]*)$/.exec(received) ?? [];
      const [, length = '0'] = /^content-length: *(\d+)/im.exec(head) ?? [];
      if (body === undefined || body.length < Number(length)) return;
      received = '';
      const [, method = ''] = /[?&]method=([a-z.]+)/.exec(head) ?? [];
      this.asked.push(method);
      this.script(socket, responseName(method));
    });
  }
}
