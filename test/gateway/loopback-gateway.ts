/** A gateway on this machine that signs with real keys and answers exactly what a test tells it to, byte for byte. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { after, before } from 'mocha';

import { canonicalText } from '../../alipay/canonical-text.ts';
import { AlipayGateway, type GatewayOptions } from '../../alipay/gateway.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import type { MerchantOptions } from '../../alipay/merchant.ts';
import { sign, verify } from '../../alipay/signature.ts';
import { ALIPAY, APP, bare } from './test-keys.ts';

export interface ReceivedCall {
  readonly httpMethod: string | undefined;
  readonly pathname: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  /** `biz_content`, parsed. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly isSignatureGood: boolean;
}

export type Respond = (response: ServerResponse, call: ReceivedCall) => void;

export class LoopbackGateway {
  readonly #server: Server;
  readonly calls: ReceivedCall[] = [];
  respond: Respond = (response) => response.destroy();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<LoopbackGateway> {
    const server = createServer();
    const gateway = new LoopbackGateway(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void readCall(request).then((call) => {
        gateway.calls.push(call);
        gateway.respond(response, call);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return gateway;
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo;
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/gateway.do`;
  }

  /** From now on every call is answered with these bytes and status 200. */
  answer(body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): void {
    this.respond = (response) => {
      response.writeHead(200, { 'content-type': 'text/html;charset=utf-8', ...headers });
      response.end(body);
    };
  }

  get lastCall(): ReceivedCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('no call has arrived');
    return call;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}

/** A gateway and its client for the tests of the suite in which this is called; `use` takes them before the first. */
export function withLoopback(use: (gateway: LoopbackGateway, client: AlipayGateway) => void): void {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  before(async () => {
    gateway = await LoopbackGateway.start();
    client = clientOf(gateway.url);
    use(gateway, client);
  });
  after(async () => {
    await client.end();
    await gateway.stop();
  });
}

export const APP_ID = '2021000000000000';

/** A client of the loopback gateway in key mode, unless told otherwise. */
export function clientOf(
  gatewayUrl: string,
  options: Partial<MerchantOptions> = {},
  connection: Pick<GatewayOptions, 'proxy'> = {},
): AlipayGateway {
  const merchant = createMerchant({
    appId: APP_ID,
    gateway: gatewayUrl,
    privateKey: bare(APP.privateKey, 'pkcs8'),
    ...(options.alipayCertificate === undefined ? { alipayPublicKey: bare(ALIPAY.publicKey, 'spki') } : {}),
    ...options,
  });
  return new AlipayGateway(merchant, { now: () => Date.parse('2026-01-31T16:00:00Z'), ...connection });
}

export type NodeValue = Readonly<Record<string, unknown>> | string;

/** A whole answer, signed as Alipay signs: over the bytes of the node. */
export function signedAnswer(method: string, node: NodeValue, certSn?: string): string {
  const text = typeof node === 'string' ? node : JSON.stringify(node);
  const cert = certSn === undefined ? '' : `"alipay_cert_sn":"${certSn}",`;
  return `{"${nodeName(method)}":${text},${cert}"sign":"${sign(text, ALIPAY.privateKey)}"}`;
}

export function unsignedAnswer(method: string, node: NodeValue): string {
  return `{"${nodeName(method)}":${typeof node === 'string' ? node : JSON.stringify(node)}}`;
}

export function nodeName(method: string): string {
  return `${method.replaceAll('.', '_')}_response`;
}

async function readCall(request: IncomingMessage): Promise<ReceivedCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '', 'http://loopback');
  const query = Object.fromEntries(url.searchParams);
  const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
  return {
    httpMethod: request.method,
    pathname: url.pathname,
    query,
    form,
    content: JSON.parse(form['biz_content'] ?? '{}') as Record<string, unknown>,
    isSignatureGood: verify(canonicalText({ ...query, ...form }), query['sign'] ?? '', APP.publicKey),
  };
}
