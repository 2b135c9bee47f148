/**
 * Everything needed to call Alipay for one merchant, checked as a whole before the first call: a wrong key found while a trade
 * is unresolved would be found too late.
 */
import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { checkChain } from './certificate-chain.ts';
import { readCertificate, rootSerialNumbers } from './certificates.ts';
import type { Certificate, CertificateFile } from './certificates.ts';
import { environmentOf, readGatewayUrl } from './gateway-url.ts';
import type { GatewayEnvironment } from './gateway-url.ts';
import { readKeyMaterial } from './key-material.ts';
import { KeyProblem, readPrivateKey, readPublicKey } from './keys.ts';
import { appCertificateProblems, identityProblems } from './merchant-identity.ts';
import { Secret } from './secret.ts';
import { sign, verify } from './signature.ts';

export interface MerchantOptions {
  /** The application's id in Alipay's console (`app_id`). */
  readonly appId: string;
  /** By name, or the URL of another gateway: `https:`, or `http:` on this machine. */
  readonly gateway: string;
  /** 应用私钥: any form that {@link readPrivateKey} takes. */
  readonly privateKey: string | Uint8Array;
  readonly privateKeyPassphrase?: string;
  /** Key mode: 支付宝公钥 as the console shows it (not 应用公钥). */
  readonly alipayPublicKey?: string | Uint8Array;
  /** Certificate mode: the three files of the console. */
  readonly appCertificate?: CertificateFile;
  readonly alipayCertificate?: CertificateFile;
  readonly alipayRootCertificate?: CertificateFile;
  /** A third party (ISV) calling for a merchant: the `app_auth_token` that the merchant granted. */
  readonly appAuthToken?: string;
  /** `seller_id` of pay and precreate where the call names none: 16 digits, beginning with 2088. */
  readonly sellerId?: string;
  /** PEM of a private certificate authority that the gateway's TLS certificate comes from. */
  readonly ca?: string;
  /** Total time of one call, from start to the last byte. @default 10_000: chosen, between the 5 s and 15 s of the official SDKs */
  readonly deadlineMs?: number;
}

export type MerchantKeys =
  | {
      readonly mode: 'key';
      readonly appId: string;
      readonly privateKey: KeyObject;
      readonly alipayPublicKey: KeyObject;
    }
  | {
      readonly mode: 'certificate';
      readonly appId: string;
      readonly privateKey: KeyObject;
      readonly appCertificate: Certificate;
      readonly alipayCertificate: Certificate;
      readonly alipayRootCertSn: string;
    };

export interface Merchant {
  readonly appId: string;
  readonly environment: GatewayEnvironment;
  readonly gatewayUrl: string;
  readonly keys: MerchantKeys;
  readonly appAuthToken?: Secret;
  readonly sellerId?: string;
  readonly ca?: string;
  readonly deadlineMs: number;
}

/** Every mistake of a merchant's configuration at once, each with what to do. Holds no key. */
export class MerchantProblems extends Error {
  override readonly name: string = 'MerchantProblems';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The merchant cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const DEADLINE_MS_DEFAULT = 10_000;
const DEADLINE_MS_MAX = 60_000;

/** @throws MerchantProblems listing every mistake with what to do */
export function createMerchant(options: MerchantOptions): Merchant {
  const problems: string[] = [];
  const attempt = attemptInto(problems);

  problems.push(...identityProblems(options));
  const gateway = readGatewayUrl(options.gateway);
  if (gateway.kind === 'problem') problems.push(gateway.problem);
  const privateKey = attempt('privateKey', () => readPrivateKey(options.privateKey, passphraseOf(options)));
  if (privateKey !== undefined && !signsForItself(privateKey)) {
    problems.push('privateKey is damaged: its numbers do not belong together; copy the private key file again, whole');
  }
  const keys = isCertificateMode(options)
    ? readCertificateMode(options, privateKey, problems)
    : readKeyMode(options, privateKey, problems);
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS_DEFAULT;
  if (!Number.isInteger(deadlineMs) || deadlineMs < 1 || deadlineMs > DEADLINE_MS_MAX) {
    problems.push(`deadlineMs must be a whole number of milliseconds from 1 to ${DEADLINE_MS_MAX}`);
  }
  checkCa(options.ca, problems);

  if (problems.length > 0 || keys === undefined || gateway.kind === 'problem') throw new MerchantProblems(problems);
  return {
    appId: options.appId,
    environment: environmentOf(gateway.url),
    gatewayUrl: gateway.url,
    keys,
    ...(options.appAuthToken === undefined ? {} : { appAuthToken: new Secret(options.appAuthToken) }),
    ...(options.sellerId === undefined ? {} : { sellerId: options.sellerId }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    deadlineMs,
  };
}

function readKeyMode(
  options: MerchantOptions,
  privateKey: KeyObject | undefined,
  problems: string[],
): MerchantKeys | undefined {
  const attempt = attemptInto(problems);
  const { appId, alipayPublicKey: text } = options;
  if (text === undefined) {
    problems.push('alipayPublicKey is missing; give the 支付宝公钥 of the console, or all three certificates instead');
    return undefined;
  }
  const alipayPublicKey = attempt('alipayPublicKey', () => readPublicKey(text));
  if (alipayPublicKey === undefined || privateKey === undefined) return undefined;
  if (belongTogether(alipayPublicKey, privateKey)) {
    problems.push('alipayPublicKey is your own 应用公钥; give the 支付宝公钥 that the console shows beside it');
    return undefined;
  }
  return { mode: 'key', appId, privateKey, alipayPublicKey };
}

function readCertificateMode(
  options: MerchantOptions,
  privateKey: KeyObject | undefined,
  problems: string[],
): MerchantKeys | undefined {
  const attempt = attemptInto(problems);
  const { appId, appCertificate: app, alipayCertificate: alipay, alipayRootCertificate: root } = options;
  if (options.alipayPublicKey !== undefined) {
    problems.push('alipayPublicKey and certificates are both given; an app id has one mode, leave out what is not its');
  }
  if (app === undefined) problems.push('appCertificate is missing; give appCertPublicKey_….crt of the console');
  if (alipay === undefined)
    problems.push('alipayCertificate is missing; give alipayCertPublicKey_RSA2.crt of the console');
  if (root === undefined) problems.push('alipayRootCertificate is missing; give alipayRootCert.crt of the console');
  if (app === undefined || alipay === undefined || root === undefined) return undefined;

  const appCertificate = attempt('appCertificate', () => readCertificate(app));
  const alipayCertificate = attempt('alipayCertificate', () => readCertificate(alipay));
  const alipayRootCertSn = attempt('alipayRootCertificate', () => rootSerialNumbers(root));
  if (appCertificate === undefined || alipayCertificate === undefined || alipayRootCertSn === undefined)
    return undefined;
  const chain = attempt('alipayCertificate', () => checkChain(alipay, root));
  if (chain === 'broken' || chain === 'otherRoot') {
    problems.push(
      'alipayCertificate is not signed by a root in alipayRootCertificate; download both files together, of one environment',
    );
  }
  problems.push(...appCertificateProblems(appCertificate, appId));
  if (privateKey === undefined) return undefined;
  if (belongTogether(alipayCertificate.publicKey, privateKey)) {
    problems.push('alipayCertificate is your own application certificate; give alipayCertPublicKey_RSA2.crt');
  }
  if (!belongTogether(appCertificate.publicKey, privateKey)) {
    problems.push('appCertificate does not belong to privateKey; give the certificate issued for this very key');
  }
  return { mode: 'certificate', appId, privateKey, appCertificate, alipayCertificate, alipayRootCertSn };
}

function isCertificateMode({ appCertificate, alipayCertificate, alipayRootCertificate }: MerchantOptions): boolean {
  return [appCertificate, alipayCertificate, alipayRootCertificate].some((file) => file !== undefined);
}

function checkCa(ca: string | undefined, problems: string[]): void {
  if (ca === undefined) return;
  try {
    const certificates = readKeyMaterial(ca).map(({ der }) => new X509Certificate(der));
    if (certificates.length > 0) return;
  } catch {
    // Said below, in words that help.
  }
  problems.push('ca must be one or more certificates in PEM');
}

/** RFC 8017's numbers can be inconsistent in a key that parses; a signature that verifies shows that they are not. */
function signsForItself(privateKey: KeyObject): boolean {
  try {
    return verify('check', sign('check', privateKey), createPublicKey(privateKey));
  } catch {
    return false;
  }
}

function belongTogether(publicKey: KeyObject, privateKey: KeyObject): boolean {
  return publicKey.equals(createPublicKey(privateKey));
}

function passphraseOf({ privateKeyPassphrase: passphrase }: MerchantOptions): { passphrase?: string } {
  return passphrase === undefined ? {} : { passphrase };
}

/** Runs a reader; what it refuses becomes one more problem, under the option's name. */
function attemptInto(problems: string[]): <T>(option: string, read: () => T) => T | undefined {
  return (option, read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof KeyProblem)) throw error;
      problems.push(`${option} ${error.message}`);
      return undefined;
    }
  };
}
