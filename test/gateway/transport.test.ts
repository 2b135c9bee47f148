/**
 * What a failed HTTP call proves. Only a connection that never came about proves that nothing was sent; whatever goes wrong
 * after it leaves the result unknown. Each fault is a real one, on a real socket.
 */
import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { after, before, describe, it } from 'mocha';

import type { AlipayGateway, QueryResponse } from '../../alipay/gateway.ts';
import type { MerchantOptions } from '../../alipay/merchant.ts';
import { clientOf, LoopbackGateway, signedAnswer, withLoopback } from './loopback-gateway.ts';
import { certificatePem, pem, rsaPair } from './test-keys.ts';

const OURS = {
  code: '10000',
  out_trade_no: 'T1',
  trade_no: '2026',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '1.00',
};
const GOOD = signedAnswer('alipay.trade.query', OURS);

async function queryOnce(url: string, options: Partial<MerchantOptions> = {}): Promise<QueryResponse> {
  const client = clientOf(url, options);
  try {
    return await client.query({ outTradeNo: 'T1' });
  } finally {
    await client.end();
  }
}

function failureOf(answer: QueryResponse): string {
  return answer.kind === 'failed' ? `${answer.failure}: ${answer.detail}` : answer.kind;
}

async function listening(server: Server | HttpsServer): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return address.port;
}

async function closed(server: Server | HttpsServer): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

describe('nothing was sent', () => {
  it('when nobody listens', async () => {
    const server = createServer();
    const port = await listening(server);
    await closed(server);
    assert.match(failureOf(await queryOnce(`http://127.0.0.1:${port}/gateway.do`)), /^notSent: .*ECONNREFUSED/);
  });

  it('when the name does not exist', async () => {
    const answer = await queryOnce('https://gateway.invalid/gateway.do', { deadlineMs: 20_000 });
    assert.match(failureOf(answer), /^notSent: /);
  });

  it('when the client had been ended before', async () => {
    const client = clientOf('http://127.0.0.1:9/gateway.do');
    await client.end();
    await client.end();
    assert.match(failureOf(await client.query({ outTradeNo: 'T1' })), /^notSent: /);
  });

  it('when the connection is not made in time', async () => {
    // A TLS server that never shakes hands: the TCP connection stands, the one that could carry a request does not.
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
    });
    const port = await listening(server);
    const answer = await queryOnce(`https://127.0.0.1:${port}/gateway.do`, { deadlineMs: 8_000 });
    for (const socket of sockets) socket.destroy();
    await closed(server);
    assert.match(failureOf(answer), /^notSent: /);
  });
});

describe('over TLS', () => {
  const pair = rsaPair();
  const name = [['CN', 'gateway']] as const;
  function certificate(altIp: string): string {
    return certificatePem({
      subject: name,
      issuer: name,
      publicKey: pair.publicKey,
      issuerKey: pair.privateKey,
      serialHex: '01',
      isAuthority: true,
      altIp,
    });
  }
  let seen = 0;
  async function withServer(cert: string, use: (url: string) => Promise<void>): Promise<void> {
    const server = createHttpsServer({ key: pem(pair.privateKey, 'pkcs8'), cert }, (_request, response) => {
      seen += 1;
      response.end(GOOD);
    });
    server.on('tlsClientError', () => undefined);
    const port = await listening(server);
    await use(`https://127.0.0.1:${port}/gateway.do`);
    server.closeAllConnections();
    await closed(server);
  }

  it('a private authority is trusted where it is given', async () => {
    const cert = certificate('127.0.0.1');
    await withServer(cert, async (url) => {
      assert.equal(failureOf(await queryOnce(url, { ca: cert })), 'answered');
    });
  });

  it('nothing was sent to a server whose certificate nobody vouches for', async () => {
    seen = 0;
    await withServer(certificate('127.0.0.1'), async (url) => {
      assert.match(failureOf(await queryOnce(url)), /^notSent: .*SELF_SIGNED/);
    });
    assert.equal(seen, 0);
  });

  it('nothing was sent to a server that goes by another name', async () => {
    seen = 0;
    const cert = certificate('127.0.0.2');
    await withServer(cert, async (url) => {
      assert.match(failureOf(await queryOnce(url, { ca: cert })), /^notSent: .*ERR_TLS_CERT_ALTNAME_INVALID/);
    });
    assert.equal(seen, 0);
  });

  it('nothing was sent to a server that speaks no TLS', async () => {
    const server = createServer((socket) => {
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const port = await listening(server);
    assert.match(failureOf(await queryOnce(`https://127.0.0.1:${port}/gateway.do`)), /^notSent: /);
    await closed(server);
  });
});

describe('the result is unknown', () => {
  let gateway: LoopbackGateway;
  before(async () => {
    gateway = await LoopbackGateway.start();
  });
  after(async () => {
    await gateway.stop();
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`when the answer is a redirect (${status}), which is not followed`, async () => {
      const elsewhere = await LoopbackGateway.start();
      elsewhere.answer(GOOD);
      gateway.respond = (response) => response.writeHead(status, { location: elsewhere.url }).end();
      const answer = await queryOnce(gateway.url);
      assert.match(failureOf(answer), new RegExp(`^unknown: HTTP status ${status}`));
      assert.equal(elsewhere.calls.length, 0);
      await elsewhere.stop();
    });
  }
});

describe('one client', () => {
  let gateway: LoopbackGateway;
  let client: AlipayGateway;
  withLoopback((opened, itsClient) => {
    gateway = opened;
    client = itsClient;
  });

  it('takes a hundred calls at once, each with its own answer', async () => {
    gateway.respond = (response, { content }) => {
      response.end(signedAnswer('alipay.trade.query', { ...OURS, out_trade_no: content['out_trade_no'] }));
    };
    const numbers = Array.from({ length: 100 }, (_, index) => `T${index}`);
    const answers = await Promise.all(numbers.map((outTradeNo) => client.query({ outTradeNo })));
    assert.deepEqual(
      answers.map((answer) => (answer.kind === 'answered' ? answer.outTradeNo : answer.detail)),
      numbers,
    );
  });

  it('goes on after a call that failed', async () => {
    gateway.respond = (response) => response.destroy();
    assert.match(failureOf(await client.query({ outTradeNo: 'T1' })), /^unknown/);
    gateway.answer(GOOD);
    assert.equal(failureOf(await client.query({ outTradeNo: 'T1' })), 'answered');
  });

  it('tells the trace id of the gateway, and no header that is none', async () => {
    gateway.answer(GOOD, { trace_id: '21a3fa9917000000000000000e' });
    assert.equal((await client.query({ outTradeNo: 'T1' })).traceId, '21a3fa9917000000000000000e');
    gateway.answer(GOOD, { 'alipay-trace-id': 'two words' });
    assert.equal((await client.query({ outTradeNo: 'T1' })).traceId, undefined);
  });
});
