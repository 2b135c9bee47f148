/** An HTTP proxy as it is named by a URL. Its user and password are a secret. */
import type { Place } from './dial.ts';
import { Secret } from './secret.ts';

export interface HttpProxy extends Place {
  /** How the proxy itself is talked to; `https:`: by TLS, vouched for by the system's authorities. */
  readonly protocol: 'http:' | 'https:';
  readonly credentials?: ProxyCredentials;
}

export interface ProxyCredentials {
  readonly user: string;
  readonly password: Secret;
}

/** What a text must be that names a proxy; the text itself may hold a password and is never quoted. */
export const PROXY_RULE =
  'must be a proxy as http://host:port or https://host:port, with user:password@ (percent-encoded) before the host where it asks for them';

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 } as const;

/** `host:port` means `http://host:port`, as for curl. Undefined: no proxy that can be used is named. */
export function readProxy(text: string): HttpProxy | undefined {
  const written = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(written)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(written);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  if ((pathname !== '/' && pathname !== '') || search !== '' || hash !== '') return undefined;
  const user = decoded(username);
  const secret = decoded(password);
  if (user === undefined || secret === undefined) return undefined;
  return {
    protocol,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? DEFAULT_PORTS[protocol] : Number(port),
    ...(user === '' && secret === '' ? {} : { credentials: { user, password: new Secret(secret) } }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Value of `Proxy-Authorization`. Source: RFC 7617. */
export function basicAuthorization({ user, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64')}`;
}
