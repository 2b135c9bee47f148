/**
 * Which gateway a merchant's calls go to: by name, or by URL. Sources: document "沙箱环境", the SDKs' own defaults. A URL that cannot
 * be right is refused with the right ones named: at another path Alipay answers a web page, and each call would be one of unknown result.
 */
export type GatewayEnvironment = 'production' | 'sandbox' | 'custom';

const PRODUCTION = 'https://openapi.alipay.com/gateway.do';
const SANDBOX = 'https://openapi-sandbox.dl.alipaydev.com/gateway.do';
const BY_NAME: ReadonlyMap<string, string> = new Map([
  ['production', PRODUCTION],
  ['sandbox', SANDBOX],
]);
const PATH = '/gateway.do';
const ALIPAYS = `Alipay's are ${PRODUCTION} ('production') and ${SANDBOX} ('sandbox')`;

/** Of Alipay, and none that these calls can be made at. */
const DEAD_HOSTS: ReadonlyMap<string, string> = new Map([
  ['openapi.alipaydev.com', 'the old sandbox, which is gone'],
  ['openapi.sandbox.dl.alipaydev.com', 'which a description of Alipay prints, and which is no gateway'],
  ['mapi.alipay.com', 'the gateway of the old interfaces (partner, MD5)'],
  ['mapi.alipaydev.com', 'the gateway of the old interfaces (partner, MD5)'],
]);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export type GatewayUrl =
  | { readonly kind: 'url'; readonly url: string }
  /** A sentence that begins with `gateway`. */
  | { readonly kind: 'problem'; readonly problem: string };

export function readGatewayUrl(gateway: string): GatewayUrl {
  const text = BY_NAME.get(gateway) ?? gateway;
  if (!URL.canParse(text)) return problem(`must be 'production', 'sandbox' or a URL that ends in ${PATH}`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    return problem('must begin with https: (plain http: is taken only on this machine, for a simulator)');
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    return problem('must be a URL without user, query and fragment; everything else of the call is added to it');
  }
  const dead = DEAD_HOSTS.get(url.hostname);
  if (dead !== undefined) return problem(`names ${url.hostname}, ${dead}; ${ALIPAYS}`);
  if (!url.pathname.endsWith(PATH)) return problem(`must be a URL that ends in ${PATH}; ${ALIPAYS}`);
  return { kind: 'url', url: url.href };
}

export function environmentOf(gatewayUrl: string): GatewayEnvironment {
  if (gatewayUrl === PRODUCTION) return 'production';
  return gatewayUrl === SANDBOX ? 'sandbox' : 'custom';
}

function problem(what: string): GatewayUrl {
  return { kind: 'problem', problem: `gateway ${what}` };
}
