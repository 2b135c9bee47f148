/**
 * The three certificate files of Alipay's certificate mode, and the serial numbers that stand for them on the wire.
 *
 * A serial number here is Alipay's own: the MD5, in hex, of the issuer's name and the certificate's number in decimal. Source:
 * `AntCertificationUtil.getCertSN` and `getRootCertSN` of the official Java SDK. The fields are read from the ASN.1 directly:
 * node-forge's own certificate reader refuses the SM2 and EC roots in Alipay's bundle.
 */
import { createHash, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';

import { children, contentBytes, parseDer } from './der.ts';
import type { Asn1 } from './der.ts';
import { distinguishedName } from './distinguished-name.ts';
import { readKeyMaterial } from './key-material.ts';
import { KeyProblem } from './keys.ts';

/** `app_cert_sn`, `alipay_cert_sn`: of the first certificate in the file. @throws KeyProblem when there is none */
export function certificateSerialNumber(pem: string): string {
  return serialNumberOf(firstCertificate(pem));
}

/**
 * `alipay_root_cert_sn`: the serial numbers of the roots signed with RSA, joined by `_`, in the file's order. The SM2 and EC
 * roots of the bundle do not count in RSA2.
 * @throws KeyProblem when the file holds no root signed with RSA
 */
export function rootSerialNumbers(bundlePem: string): string {
  const roots = certificatesIn(bundlePem).map(certificateFields).filter(isSignedWithRsa);
  if (roots.length === 0) {
    throw new KeyProblem(
      'holds no root certificate signed with RSA; give alipayRootCert.crt as the console hands it out',
    );
  }
  return roots.map(serialNumberOf).join('_');
}

export interface Certificate {
  readonly publicKey: KeyObject;
  /** Alipay's serial number, see {@link certificateSerialNumber}. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The first certificate of the file; what follows it is its chain. @throws KeyProblem when there is none or its key is not RSA */
export function readCertificate(pem: string): Certificate {
  const fields = firstCertificate(pem);
  const { publicKey } = parseX509(fields.der);
  if (publicKey.asymmetricKeyType !== 'rsa') {
    throw new KeyProblem('holds a key that is not RSA; give the RSA2 certificate of the console (…_RSA2.crt)');
  }
  const { notBefore, notAfter } = fields;
  return { publicKey, serialNumber: serialNumberOf(fields), notBefore, notAfter };
}

/** Alipay's certificate, whose key verifies answers: read like any other. */
export const readAlipayCertificate: (pem: string) => Certificate = readCertificate;

/**
 * Whether the file's chain holds: each certificate signed by the next, the last by a root of the bundle. `unknownIssuer` where
 * a link is missing: console files may come without the intermediate certificate.
 */
export function checkChain(pem: string, bundlePem: string): 'holds' | 'unknownIssuer' | 'broken' {
  const roots = certificatesIn(bundlePem).map(parseX509);
  const chain = certificatesIn(pem).map(parseX509);
  for (const [index, certificate] of chain.entries()) {
    const issuer = [...chain.slice(index + 1), ...roots].find((candidate) => certificate.checkIssued(candidate));
    if (issuer === undefined) return 'unknownIssuer';
    if (!certificate.verify(issuer.publicKey)) return 'broken';
    if (roots.includes(issuer)) return 'holds';
  }
  return 'unknownIssuer';
}

interface CertificateFields {
  readonly der: Buffer;
  readonly serial: bigint;
  readonly issuer: Asn1;
  readonly signatureOid: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

function serialNumberOf({ issuer, serial }: CertificateFields): string {
  return createHash('md5')
    .update(`${distinguishedName(issuer)}${serial}`, 'utf8')
    .digest('hex');
}

/** PKCS#1: `1.2.840.113549.1.1.*` are the RSA signatures. */
function isSignedWithRsa({ signatureOid }: CertificateFields): boolean {
  return signatureOid.startsWith('1.2.840.113549.1.1.');
}

function firstCertificate(pem: string): CertificateFields {
  const [first] = certificatesIn(pem);
  if (first === undefined) {
    throw new KeyProblem(
      'holds no certificate; give the .crt file as the console hands it out (-----BEGIN CERTIFICATE-----)',
    );
  }
  return certificateFields(first);
}

function certificatesIn(pem: string): readonly Buffer[] {
  return readKeyMaterial(pem)
    .filter(({ label }) => label === undefined || label.endsWith('CERTIFICATE'))
    .map(({ der }) => der);
}

/** RFC 5280: SEQUENCE { tbs SEQUENCE { [0] version?, serial, algorithm, issuer, validity, … }, algorithm, signature }. */
function certificateFields(der: Buffer): CertificateFields {
  const [tbs, algorithm] = children(parseDer(der));
  const members = children(tbs).filter(({ tagClass }) => tagClass === forge.asn1.Class.UNIVERSAL);
  const [serial, , issuer, validity] = members;
  const [notBefore, notAfter] = children(validity);
  const [oid] = children(algorithm);
  if (issuer === undefined || notBefore === undefined || notAfter === undefined || contentBytes(serial) === '') {
    throw new KeyProblem('holds a certificate that is damaged or cut short; download the file from the console again');
  }
  return {
    der,
    serial: signedInteger(contentBytes(serial)),
    issuer,
    signatureOid: forge.asn1.derToOid(contentBytes(oid)),
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
  };
}

function signedInteger(bytes: string): bigint {
  const hex = Buffer.from(bytes, 'latin1').toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

function timeOf(time: Asn1): Date {
  const text = contentBytes(time);
  return time.type === forge.asn1.Type.UTCTIME
    ? forge.asn1.utcTimeToDate(text)
    : forge.asn1.generalizedTimeToDate(text);
}

function parseX509(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new KeyProblem('holds a certificate that cannot be read; download the file from the console again');
  }
}
