/** Keys and certificates of the kinds that Alipay's console hands out, made once per process. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';

export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function rsaPair(modulusLength = 2048): Pair {
  return generateKeyPairSync('rsa', { modulusLength });
}

/** The merchant's pair and Alipay's. */
export const APP: Pair = rsaPair();
export const ALIPAY: Pair = rsaPair();

export function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): string {
  return key.export({ type: type as 'pkcs1', format: 'pem' }).toString();
}

/** As the key tool writes it: base64 of the DER on one line, no header. */
export function bare(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): string {
  return key.export({ type: type as 'pkcs1', format: 'der' }).toString('base64');
}

export type Name = readonly (readonly [shortName: string, value: string])[];

export interface CertificateRequest {
  readonly subject: Name;
  readonly issuer: Name;
  readonly publicKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly serialHex: string;
  readonly notAfter?: Date;
  readonly isAuthority?: boolean;
  readonly altIp?: string;
  readonly altDns?: string;
}

export function certificatePem(request: CertificateRequest): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pem(request.publicKey, 'spki'));
  certificate.serialNumber = request.serialHex;
  certificate.validity.notBefore = new Date('2024-01-01T00:00:00Z');
  certificate.validity.notAfter = request.notAfter ?? new Date('2049-01-01T00:00:00Z');
  certificate.setSubject(attributes(request.subject));
  certificate.setIssuer(attributes(request.issuer));
  const altNames = [
    ...(request.altIp === undefined ? [] : [{ type: 7, ip: request.altIp }]),
    ...(request.altDns === undefined ? [] : [{ type: 2, value: request.altDns }]),
  ];
  certificate.setExtensions([
    { name: 'basicConstraints', cA: request.isAuthority ?? false },
    ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(pem(request.issuerKey, 'pkcs1')), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

// forge's own types name an attribute's value differently from what its encoder reads.
function attributes(name: Name): forge.pki.CertificateField[] {
  return name.map(([shortName, value]) => ({
    shortName,
    value,
    valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class,
  }));
}

const ROOT_PAIR = rsaPair();
const INTERMEDIATE_PAIR = rsaPair();
export const ROOT_NAME: Name = [
  ['C', 'CN'],
  ['O', 'Test Financial'],
  ['OU', 'Certification Authority'],
  ['CN', 'Test Root R1'],
];
const INTERMEDIATE_NAME: Name = [
  ['C', 'CN'],
  ['O', 'Test Financial'],
  ['OU', 'Certification Authority'],
  ['CN', 'Test Class 2 R1'],
];

/** Root, intermediate and leaf as Alipay lays them out. */
export const ROOT_PEM: string = certificatePem({
  subject: ROOT_NAME,
  issuer: ROOT_NAME,
  publicKey: ROOT_PAIR.publicKey,
  issuerKey: ROOT_PAIR.privateKey,
  serialHex: '4d5a9b',
  isAuthority: true,
});
export const INTERMEDIATE_PEM: string = certificatePem({
  subject: INTERMEDIATE_NAME,
  issuer: ROOT_NAME,
  publicKey: INTERMEDIATE_PAIR.publicKey,
  issuerKey: ROOT_PAIR.privateKey,
  serialHex: '5f',
  isAuthority: true,
});

/** A certificate for `publicKey` from the intermediate authority. */
export function leafPem(publicKey: KeyObject, serialHex: string, commonName: string): string {
  return certificatePem({
    subject: [
      ['C', 'CN'],
      ['O', '测试商户'],
      ['CN', commonName],
    ],
    issuer: INTERMEDIATE_NAME,
    publicKey,
    issuerKey: INTERMEDIATE_PAIR.privateKey,
    serialHex,
  });
}

export const APP_CERT: string = leafPem(APP.publicKey, '20210113a5f9', '2088000000000000');
export const ALIPAY_CERT: string = leafPem(ALIPAY.publicKey, '202101134b77', '支付宝(测试)');

/** PKCS#12 with the key and its certificate, as forge writes it. */
export function pkcs12(key: KeyObject, passphrase: string): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(pem(key, 'pkcs1')),
    [forge.pki.certificateFromPem(APP_CERT)],
    passphrase,
    {
      algorithm: '3des',
    },
  );
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}

/** A key whose numbers parse but do not belong together. */
export function inconsistentKey(): string {
  const key = forge.pki.privateKeyFromPem(pem(APP.privateKey, 'pkcs1'));
  const other = forge.pki.privateKeyFromPem(pem(rsaPair().privateKey, 'pkcs1'));
  const mixed = forge.pki.setRsaPrivateKey(other.n, key.e, key.d, key.p, key.q, key.dP, key.dQ, key.qInv);
  return createPrivateKey(forge.pki.privateKeyToPem(mixed)).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** No sixteen characters in a row of what was handed in stand in the error. */
export function tellsNothing(error: Error, text: string | Uint8Array): boolean {
  const shown = `${error.message}${error.stack}${JSON.stringify(error)}`;
  const handed = typeof text === 'string' ? text : Buffer.from(text).toString('base64');
  const body = handed.replaceAll(/-----[^-]+-----|\s/g, '');
  for (let index = 0; index + 16 <= body.length; index += 8) {
    if (shown.includes(body.slice(index, index + 16))) return false;
  }
  return error.cause === undefined;
}
