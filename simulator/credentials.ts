/**
 * What Alipay's console and key tool would hand out for one app: its id, its private key, Alipay's public key, and for
 * certificate mode the three certificates. All real, none of them worth anything outside the simulator.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomInt } from 'node:crypto';
import { promisify } from 'node:util';

import { issueCertificate, type Party } from './certificates.ts';

export interface Credentials {
  /** 16 digits. */
  readonly appId: string;
  /** PKCS#8 DER in base64, no PEM lines: the form that Alipay's key tool writes for Java. */
  readonly appPrivateKey: string;
  /** SubjectPublicKeyInfo DER in base64, no PEM lines: the form that the console shows. */
  readonly alipayPublicKey: string;
  /** The gateway's own key, in the form of `appPrivateKey`. */
  readonly alipayPrivateKey: string;
  /** PEM. */
  readonly appCertificate: string;
  /** PEM: the leaf, then the authority between it and the root. */
  readonly alipayCertificate: string;
  /** PEM bundle: an EC root first, then RSA roots; like Alipay's own it holds more than an RSA2 client can use. */
  readonly alipayRootCertificate: string;
}

const VALID_YEARS = 10;
const generate = promisify(generateKeyPair);

const ROOT = party('CA', 'Simulated Root Authority R1');
/** Nothing is issued under it, so it stands on the first root's key: a bundle has two serial numbers to join. */
const OTHER_ROOT = party('CA', 'Simulated Root Authority R2');
const EC_ROOT = party('CA', 'Simulated EC Root Authority E1');
const BETWEEN = party('Certification Authority', 'Simulated Class 2 Authority R1');

/** Makes a fresh set; about half a second on one core. */
export async function createCredentials(): Promise<Credentials> {
  const rsa = (): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> => generate('rsa', { modulusLength: 2048 });
  const [app, alipay, root, between, ecRoot] = await Promise.all([
    rsa(),
    rsa(),
    rsa(),
    rsa(),
    generate('ec', { namedCurve: 'prime256v1' }),
  ]);
  const appId = `2021${String(randomInt(10 ** 12)).padStart(12, '0')}`;
  const selfSigned = (subject: Party, key: KeyObject): string => issue(subject, key, subject, key, true);
  return {
    appId,
    appPrivateKey: bareBase64(app.privateKey),
    alipayPublicKey: bareBase64(alipay.publicKey),
    alipayPrivateKey: bareBase64(alipay.privateKey),
    appCertificate: issue(party('Alipay', `模拟商户-${appId}`), app.privateKey, BETWEEN, between.privateKey, false),
    alipayCertificate:
      issue(
        party('Alipay', '模拟支付宝(中国)网络技术有限公司'),
        alipay.privateKey,
        BETWEEN,
        between.privateKey,
        false,
      ) + issue(BETWEEN, between.privateKey, ROOT, root.privateKey, true),
    alipayRootCertificate:
      selfSigned(EC_ROOT, ecRoot.privateKey) +
      selfSigned(ROOT, root.privateKey) +
      selfSigned(OTHER_ROOT, root.privateKey),
  };
}

/** The key of a base64 text without PEM lines. */
export function privateKeyOf(base64: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
}

/** The public half of a private key in a base64 text without PEM lines. */
export function publicKeyOf(privateBase64: string): KeyObject {
  return createPublicKey(privateKeyOf(privateBase64).export({ format: 'pem', type: 'pkcs8' }).toString());
}

function bareBase64(key: KeyObject): string {
  const der =
    key.type === 'private' ? key.export({ format: 'der', type: 'pkcs8' }) : key.export({ format: 'der', type: 'spki' });
  return Buffer.from(der).toString('base64');
}

function party(unit: string, name: string): Party {
  return { country: 'CN', organisation: 'Gateway Simulator', unit, name };
}

function issue(
  subject: Party,
  subjectKey: KeyObject,
  issuer: Party,
  issuerKey: KeyObject,
  isAuthority: boolean,
): string {
  const notBefore = new Date(Date.now() - 86_400_000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + VALID_YEARS);
  return issueCertificate({ subject, subjectKey, issuer, issuerKey, isAuthority, notBefore, notAfter });
}
