/**
 * Goal: what a call through an HTTP proxy proves. Without a tunnel nothing was sent, whatever the proxy does; once the tunnel and the
 * TLS in it stand, the old rules hold. Method: a real proxy, real TLS inside the tunnel; the gateway's name is known to the proxy alone.
 */
import assert from 'node:assert/strict';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'mocha';

import type { AlipayGateway, QueryResponse } from '../../alipay/gateway.ts';
import { type HttpProxy, readProxy } from '../../alipay/http-proxy.ts';
import { type AskedTunnel, ConnectProxy } from './connect-proxy.ts';
import { clientOf, LoopbackGateway, signedAnswer } from './loopback-gateway.ts';
import { certificatePem, pem, rsaPair } from './test-keys.ts';

const GOOD = signedAnswer('alipay.trade.query', {
  code: '10000',
  out_trade_no: 'T1',
  trade_no: '2026',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '1.00',
});
const URL_BY_TLS = 'https://gateway.test/gateway.do';
const PASSWORD = 'p4ss:w@rd';

const pair = rsaPair();
const NAME = [['CN', 'gateway']] as const;
const CERTIFICATE = certificatePem({
  subject: NAME,
  issuer: NAME,
  publicKey: pair.publicKey,
  issuerKey: pair.privateKey,
  serialHex: '01',
  isAuthority: true,
  altDns: 'gateway.test',
});

function named(port: number, scheme = 'http'): HttpProxy {
  const proxy = readProxy(`${scheme}://till:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`);
  assert.ok(proxy);
  return proxy;
}

describe('a call through an HTTP proxy', () => {
  let proxy: ConnectProxy;
  let plain: LoopbackGateway;
  let secure: HttpsServer;
  let client: AlipayGateway;
  /** Requests that the gateway by TLS has got: their headers. */
  let received: object[];
  let respond: (body: (text: string) => void) => void;

  beforeEach(async () => {
    received = [];
    respond = (body) => body(GOOD);
    secure = createHttpsServer({ key: pem(pair.privateKey, 'pkcs8'), cert: CERTIFICATE }, (request, response) => {
      received.push(request.headers);
      respond((text) => response.end(text));
    });
    secure.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => void secure.listen(0, '127.0.0.1', resolve));
    plain = await LoopbackGateway.start();
    plain.answer(GOOD);
    proxy = await ConnectProxy.start({ places: { 'gateway.test:443': (secure.address() as AddressInfo).port } });
    client = through(URL_BY_TLS);
  });
  afterEach(async () => {
    await proxy.stop();
    await client.end();
    await plain.stop();
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  });

  function through(url: string, deadlineMs = 20_000, by = named(proxy.port)): AlipayGateway {
    return clientOf(url, { ca: CERTIFICATE, deadlineMs }, { proxy: by });
  }

  async function ask(): Promise<string> {
    const answer = await client.query({ outTradeNo: 'T1' });
    assertSecretKept(answer);
    return answer.kind === 'failed' ? `${answer.failure}: ${answer.detail}` : answer.kind;
  }

  async function instead(...options: Parameters<typeof through>): Promise<void> {
    await client.end();
    client = through(...options);
  }

  function assertSecretKept(answer: QueryResponse): void {
    const told = `${JSON.stringify(answer)}${inspect(answer, { depth: 9, showHidden: true })}${inspect(client, { depth: 9 })}`;
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`till:${PASSWORD}`).toString('base64')]) {
      assert.ok(!told.includes(secret), 'the password of the proxy is told');
    }
  }

  it('is answered; the proxy learns host and port, and can read nothing', async () => {
    assert.equal(await ask(), 'answered');
    const [tunnel] = proxy.asked;
    assert.equal(tunnel?.authority, 'gateway.test:443');
    assert.equal(tunnel.authorization, `Basic ${Buffer.from(`till:${PASSWORD}`).toString('base64')}`);
    assert.ok(proxy.carried.length > 0 && !proxy.carried.includes('trade'));
    assert.equal(received.length, 1);
    assert.ok(!Object.keys(received[0] ?? {}).some((header) => header.startsWith('proxy-')), inspect(received));
  });

  it('uses a tunnel again while it is warm', async () => {
    for (let call = 0; call < 6; call += 1) assert.equal(await ask(), 'answered');
    assert.ok(proxy.asked.length < 6, `${proxy.asked.length} tunnels for 6 calls`);
  });

  it('opens a new tunnel after one has broken', async () => {
    respond = () => proxy.cut();
    assert.match(await ask(), /^unknown: the call broke off/);
    respond = (body) => body(GOOD);
    assert.equal(await ask(), 'answered');
    assert.equal(proxy.asked.length, 2);
  });

  it('to a gateway by plain http goes through a tunnel too', async () => {
    await instead(plain.url);
    assert.equal(await ask(), 'answered');
    assert.equal(proxy.asked[0]?.authority, `127.0.0.1:${plain.port}`);
    assert.equal(plain.calls.length, 1);
  });

  it('names an IPv6 address in brackets', async () => {
    await instead('http://[::1]:8080/gateway.do');
    proxy.answer = (tunnel) => tunnel.refuse('403 Forbidden');
    assert.match(await ask(), /^notSent/);
    assert.equal(proxy.asked[0]?.authority, '[::1]:8080');
  });

  const refusals: readonly (readonly [string, (tunnel: AskedTunnel) => void, RegExp])[] = [
    ...['403 Forbidden', '407 Proxy Authentication Required', '302 Found', '502 Bad Gateway'].map(
      (line) =>
        [
          `refuses (${line})`,
          (tunnel: AskedTunnel) => tunnel.refuse(line),
          new RegExp(`opens no way to the gateway \\(HTTP status ${line.slice(0, 3)}\\)`),
        ] as const,
    ),
    ['dies in the middle of CONNECT', ({ client }) => client.destroy(), /\(ECONNRESET\)/],
    ['ends the connection', ({ client }) => void client.end(), /\(ECONNRESET\)/],
    ['dies in the middle of its answer', ({ client }) => void client.end('HTTP/1.1 20'), /\(ECONNRESET|HPE_/],
    ['answers garbage', ({ client }) => void client.write('SSH-2.0-dropbear\r\n\r\n'), /\(HPE_/],
    [
      'answers headers without end',
      ({ client }) => void client.write(`HTTP/1.1 200 OK\r\na: ${'b'.repeat(100_000)}`),
      /\(HPE_HEADER_OVERFLOW\)/,
    ],
    [
      'talks for the gateway',
      ({ client }) => void client.write(`HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n`),
      /\(bytes before any question\)/,
    ],
    [
      'opens the tunnel and dies before TLS',
      ({ client }) => void client.end('HTTP/1.1 200 OK\r\n\r\n'),
      /no connection to the gateway through the proxy .*\(ECONNRESET\)/,
    ],
  ];
  for (const [words, answer, detail] of refusals) {
    it(`that ${words} has sent nothing`, async () => {
      proxy.answer = answer;
      const told = await ask();
      assert.match(told, /^notSent: .*: nothing was sent$/);
      assert.match(told, detail);
      assert.equal(received.length, 0);
      assert.equal(proxy.asked.length, 1, 'connected once');
    });
  }

  for (const [words, answer] of [
    ['hangs', () => undefined],
    ['answers by drops', ({ client: asker }: AskedTunnel) => void asker.write('HTTP/1.1 1')],
    [
      'opens the tunnel and then hangs',
      ({ client: asker }: AskedTunnel) => void asker.write('HTTP/1.1 200 OK\r\n\r\n'),
    ],
  ] as const) {
    it(`that ${words} has sent nothing when the time to connect is over`, async () => {
      await instead(URL_BY_TLS, 1_000);
      proxy.answer = answer;
      assert.match(await ask(), /^notSent: .*the proxy .* \(not within 500 ms\): nothing was sent$/);
      assert.equal(received.length, 0);
    });
  }

  it('whose proxy is not there has sent nothing', async () => {
    const { port } = proxy;
    await proxy.stop();
    assert.equal(await ask(), `notSent: no connection to the proxy 127.0.0.1:${port} (ECONNREFUSED): nothing was sent`);
    proxy = await ConnectProxy.start();
    await instead(URL_BY_TLS, 20_000, { protocol: 'http:', host: 'proxy.invalid', port: 3128 });
    assert.match(await ask(), /^notSent: no connection to the proxy proxy\.invalid:3128 \(/);
  });

  it('whose proxy opens the TLS inside the tunnel has sent nothing', async () => {
    await client.end();
    client = clientOf(URL_BY_TLS, {}, { proxy: named(proxy.port) });
    assert.match(await ask(), /^notSent: no connection to the gateway through the proxy .*SELF_SIGNED/);
    assert.equal(received.length, 0);
  });

  it('whose proxy speaks TLS by a certificate that the system does not know has sent nothing, the password neither', async () => {
    const byTls = await ConnectProxy.start({ tls: { key: pem(pair.privateKey, 'pkcs8'), cert: CERTIFICATE } });
    await instead(URL_BY_TLS, 20_000, named(byTls.port, 'https'));
    assert.match(await ask(), /^notSent: no connection to the proxy .*SELF_SIGNED/);
    assert.equal(byTls.asked.length, 0);
    await byTls.stop();
  });

  for (const url of [URL_BY_TLS, 'plain']) {
    const how = url === 'plain' ? 'plain http' : 'TLS';
    it(`by ${how} whose tunnel dies after the request is unknown`, async () => {
      if (url === 'plain') await instead(plain.url);
      respond = plain.respond = () => proxy.cut();
      assert.match(await ask(), /^unknown: the call broke off/);
      assert.equal(received.length + plain.calls.length, 1);
    });

    it(`by ${how} whose tunnel falls silent after the request is unknown`, async () => {
      await instead(url === 'plain' ? plain.url : url, 1_000);
      respond = plain.respond = () => undefined;
      assert.equal(await ask(), 'unknown: no whole answer within 1000 ms');
      assert.equal(received.length + plain.calls.length, 1);
    });
  }

  it('takes no more of an answer than without a proxy', async () => {
    respond = (body) => body('x'.repeat(300 * 1024));
    assert.match(await ask(), /^unknown: the call broke off \(UND_ERR_RES_EXCEEDED_MAX_SIZE\)/);
  });
});
