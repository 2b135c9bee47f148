/**
 * Which connections go through which HTTP proxy, by the environment: one set of rules for the worker, the command line and `doctor`.
 *
 *   to Alipay     RESOLVER_PROXY, for every gateway; without it HTTPS_PROXY, for gateways by https that are not on this machine
 *   to Temporal   grpc_proxy alone: a server of one's own network is the rule, and HTTPS_PROXY is for what lies outside
 *   to neither    through a proxy where NO_PROXY names the host
 *
 * Of HTTPS_PROXY and NO_PROXY the name in small letters is read first, as curl and Node do. HTTP_PROXY is not read: a gateway by
 * plain http is on this machine.
 */
import { BlockList, isIP } from 'node:net';

import { type HttpProxy, PROXY_RULE, readProxy } from './http-proxy.ts';

export interface Proxies {
  readonly forGateway: (gatewayUrl: string) => HttpProxy | undefined;
  /** `address`: host:port. */
  readonly forTemporal: (address: string) => HttpProxy | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined: no proxy is named. What cannot be used is added to `problems`, without its value, which may hold a password. */
export function readProxies(environment: Environment, problems: string[]): Proxies | undefined {
  const forAlipay = readNamed('RESOLVER_PROXY', environment, problems);
  const forHttps =
    textOf('RESOLVER_PROXY', environment) === undefined
      ? (readNamed('https_proxy', environment, problems) ?? readNamed('HTTPS_PROXY', environment, problems))
      : undefined;
  const forTemporal = readTemporalProxy(environment, problems);
  if (forAlipay === undefined && forHttps === undefined && forTemporal === undefined) return undefined;

  const isExempt = exemptions(environment);
  return {
    forGateway: (gatewayUrl) => {
      const { protocol, hostname, port } = new URL(gatewayUrl);
      const host = bare(hostname);
      if (isExempt(host, port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))) return undefined;
      return forAlipay ?? (protocol === 'https:' && !isLoopback(host) ? forHttps : undefined);
    },
    forTemporal: forTemporal ?? (() => undefined),
  };
}

/** The part that concerns Temporal, for a program that calls nobody else. */
export function readTemporalProxy(environment: Environment, problems: string[]): Proxies['forTemporal'] | undefined {
  const proxy = readNamed('grpc_proxy', environment, problems);
  if (proxy === undefined) return undefined;
  if (proxy.protocol === 'https:') {
    problems.push("grpc_proxy must begin with http://: Temporal's SDK speaks no TLS with a proxy");
  }
  const isExempt = exemptions(environment);
  return (address) => {
    const [, host = address, port = '7233'] = /^(.*):(\d+)$/.exec(address) ?? [];
    return isExempt(bare(host).toLowerCase(), Number(port)) ? undefined : proxy;
  };
}

function readNamed(name: string, environment: Environment, problems: string[]): HttpProxy | undefined {
  const text = textOf(name, environment);
  const proxy = text === undefined ? undefined : readProxy(text);
  if (text !== undefined && proxy === undefined) problems.push(`${name} ${PROXY_RULE}`);
  return proxy;
}

function textOf(name: string, environment: Environment): string | undefined {
  return environment[name]?.trim() || undefined;
}

type Exemption = (host: string, port: number) => boolean;

/** Separated by commas or blanks; one that is malformed exempts nothing. */
function exemptions(environment: Environment): Exemption {
  const entries = (textOf('no_proxy', environment) ?? textOf('NO_PROXY', environment) ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(exemption);
  return (host, port) => entries.some((isMeant) => isMeant(host, port));
}

/** `*`, a network such as 10.0.0.0/8, or a host with all that lies below it: a.com, .a.com, *.a.com, a.com:8443, [::1]:443. */
function exemption(entry: string): Exemption {
  if (entry === '*') return () => true;
  const [, network = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (isIP(network) !== 0 && Number(bits) <= (isIP(network) === 4 ? 32 : 128)) {
    const list = new BlockList();
    list.addSubnet(network, Number(bits), familyOf(network));
    return (host) => isIP(host) !== 0 && list.check(host, familyOf(host));
  }
  const [, named = entry, port] = /^(\[.+\]|[^:]+):(\d{1,5})$/.exec(entry) ?? [];
  const name = bare(named).replace(/^\*?\./, '');
  return (host, itsPort) =>
    (port === undefined || Number(port) === itsPort) &&
    (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)));
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && LOOPBACK.check(host, familyOf(host)))
  );
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Without the brackets of an IPv6 address, and without the dot behind a name that is given from the root. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
