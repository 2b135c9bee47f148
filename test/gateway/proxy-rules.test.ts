/** Which connection goes through which proxy, by the environment. Method: one table, one row a rule. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { readProxies } from '../../alipay/proxy-rules.ts';
import { authorityOf } from '../../alipay/dial.ts';

type Environment = Readonly<Record<string, string>>;

const OURS = { RESOLVER_PROXY: 'http://ours:1' };
const HTTPS = { HTTPS_PROXY: 'http://outside:2' };
const GRPC = { grpc_proxy: 'http://grpc:3' };

function proxyOf(
  environment: Environment,
  use: (proxies: NonNullable<ReturnType<typeof readProxies>>) => unknown,
): unknown {
  const problems: string[] = [];
  const proxies = readProxies(environment, problems);
  assert.deepEqual(problems, []);
  return proxies === undefined ? 'none' : use(proxies);
}

function gatewayProxy(environment: Environment, url: string): unknown {
  return proxyOf(environment, (proxies) => {
    const proxy = proxies.forGateway(url);
    return proxy === undefined ? 'none' : `${proxy.protocol}//${authorityOf(proxy)}`;
  });
}

const ALIPAY = 'https://openapi.alipay.com/gateway.do';

describe('a call of Alipay', () => {
  const rows: readonly (readonly [environment: Environment, url: string, proxy: string])[] = [
    [{}, ALIPAY, 'none'],
    [OURS, ALIPAY, 'http://ours:1'],
    [OURS, 'http://127.0.0.1:8089/gateway.do', 'http://ours:1'],
    [{ ...OURS, ...HTTPS }, ALIPAY, 'http://ours:1'],
    [{ ...HTTPS, RESOLVER_PROXY: '' }, ALIPAY, 'http://outside:2'],
    [HTTPS, ALIPAY, 'http://outside:2'],
    [{ https_proxy: 'http://small:4', ...HTTPS }, ALIPAY, 'http://small:4'],
    [{ HTTP_PROXY: 'http://plain:5', http_proxy: 'http://plain:5', ALL_PROXY: 'http://all:6' }, ALIPAY, 'none'],
    [GRPC, ALIPAY, 'none'],
    // What lies on this machine no proxy reaches, unless somebody says so of these calls.
    [HTTPS, 'http://127.0.0.1:8089/gateway.do', 'none'],
    [HTTPS, 'https://localhost/gateway.do', 'none'],
    [HTTPS, 'https://gateway.localhost/gateway.do', 'none'],
    [HTTPS, 'https://127.8.9.10/gateway.do', 'none'],
    [HTTPS, 'https://[::1]:8443/gateway.do', 'none'],
    [HTTPS, 'https://127.0.0.1.example.com/gateway.do', 'http://outside:2'],
    // Forms of a proxy.
    [{ RESOLVER_PROXY: 'proxy.corp' }, ALIPAY, 'http://proxy.corp:80'],
    [{ RESOLVER_PROXY: 'proxy.corp:3128' }, ALIPAY, 'http://proxy.corp:3128'],
    [{ RESOLVER_PROXY: ' https://Proxy.Corp/ ' }, ALIPAY, 'https://proxy.corp:443'],
    [{ RESOLVER_PROXY: 'http://[fd00::1]:3128' }, ALIPAY, 'http://[fd00::1]:3128'],
  ];
  const exempt: readonly (readonly [noProxy: string, url: string, isExempt: boolean])[] = [
    ['*', ALIPAY, true],
    ['openapi.alipay.com', ALIPAY, true],
    ['OpenAPI.Alipay.com', ALIPAY, true],
    ['alipay.com', ALIPAY, true],
    ['.alipay.com', ALIPAY, true],
    ['*.alipay.com', ALIPAY, true],
    ['alipay.com.', ALIPAY, true],
    ['alipay.com', 'https://openapi.alipay.com./gateway.do', true],
    ['pay.com', ALIPAY, false],
    ['api.openapi.alipay.com', ALIPAY, false],
    ['localhost, internal.corp  alipay.com', ALIPAY, true],
    ['localhost,,', ALIPAY, false],
    ['alipay.com:443', ALIPAY, true],
    ['alipay.com:8443', ALIPAY, false],
    ['10.0.0.0/8', 'https://10.1.2.3/gateway.do', true],
    ['10.0.0.0/8', 'https://11.1.2.3/gateway.do', false],
    ['10.0.0.0/99', 'https://10.1.2.3/gateway.do', false],
    ['fd00::/8', 'https://[fd12::1]/gateway.do', true],
    ['fd00::/8', 'https://[fe80::1]/gateway.do', false],
    ['[fd12::1]:443', 'https://[fd12::1]/gateway.do', true],
    ['fd12::1', 'https://[fd12::1]/gateway.do', true],
    ['0.0.1', 'https://10.0.0.1/gateway.do', false],
  ];
  for (const [environment, url, proxy] of rows) {
    it(`to ${url} with ${JSON.stringify(environment)}: ${proxy}`, () => {
      assert.equal(gatewayProxy(environment, url), proxy);
    });
  }
  for (const [noProxy, url, isExempt] of exempt) {
    it(`to ${url} with NO_PROXY=${noProxy} goes ${isExempt ? 'straight' : 'through the proxy'}`, () => {
      for (const environment of [OURS, HTTPS]) {
        const proxy = Object.values(environment)[0];
        assert.equal(gatewayProxy({ ...environment, NO_PROXY: noProxy }, url), isExempt ? 'none' : proxy);
        const small = { ...environment, no_proxy: noProxy, NO_PROXY: '*' };
        assert.equal(gatewayProxy(small, url), isExempt ? 'none' : proxy);
      }
    });
  }
});

describe('a connection to Temporal', () => {
  const rows: readonly (readonly [environment: Environment, address: string, proxy: string])[] = [
    [{ ...OURS, ...HTTPS, http_proxy: 'http://plain:5', https_proxy: 'http://plain:5' }, 'temporal.corp:7233', 'none'],
    [GRPC, 'temporal.corp:7233', 'grpc:3'],
    [{ ...OURS, ...GRPC }, 'temporal.corp:7233', 'grpc:3'],
    [GRPC, 'localhost:7233', 'grpc:3'],
    [{ ...GRPC, NO_PROXY: 'localhost,127.0.0.0/8' }, 'localhost:7233', 'none'],
    [{ ...GRPC, NO_PROXY: 'localhost,127.0.0.0/8' }, '127.0.0.1:7233', 'none'],
    [{ ...GRPC, NO_PROXY: 'corp' }, 'Temporal.Corp', 'none'],
    [{ ...GRPC, NO_PROXY: 'corp:7233' }, 'temporal.corp:443', 'grpc:3'],
    [{ ...GRPC, NO_PROXY: '[::1]' }, '[::1]:7233', 'none'],
  ];
  for (const [environment, address, proxy] of rows) {
    it(`at ${address} with ${JSON.stringify(environment)}: ${proxy}`, () => {
      const found = proxyOf(environment, (proxies) => {
        const named = proxies.forTemporal(address);
        return named === undefined ? 'none' : authorityOf(named);
      });
      assert.equal(found, proxy);
    });
  }
});

describe('what names no proxy that can be used', () => {
  const SECRET = 'p4ssword';
  for (const [name, value] of [
    ['RESOLVER_PROXY', `socks5://till:${SECRET}@proxy:1080`],
    ['RESOLVER_PROXY', `http://till:${SECRET}@proxy:99999`],
    ['RESOLVER_PROXY', `http://till:${SECRET}%zz@proxy:3128`],
    ['RESOLVER_PROXY', `http://proxy:3128/${SECRET}`],
    ['RESOLVER_PROXY', `http://proxy:3128?${SECRET}`],
    ['RESOLVER_PROXY', `http://`],
    ['HTTPS_PROXY', `socks5h://${SECRET}@proxy`],
    ['https_proxy', `file:///${SECRET}`],
    ['grpc_proxy', `https://till:${SECRET}@proxy:3128`],
  ] as const) {
    it(`is refused by name, without its value (${name}=${value.replace(SECRET, '...')})`, () => {
      const problems: string[] = [];
      readProxies({ [name]: value }, problems);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', new RegExp(`^${name} must `));
      assert.ok(!problems[0]?.includes(SECRET));
    });
  }

  it('does not count where another goes before it', () => {
    const problems: string[] = [];
    readProxies({ ...OURS, HTTPS_PROXY: 'socks5://proxy:1080' }, problems);
    assert.deepEqual(problems, []);
  });
});
