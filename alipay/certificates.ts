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
import { textFlaw } from './text-flaws.ts';

/** A file of the console: its text or its bytes, PEM or DER. */
export type CertificateFile = string | Uint8Array;

/** `app_cert_sn`, `alipay_cert_sn`: of the first certificate in the file. @throws KeyProblem when there is none */
export function certificateSerialNumber(file: CertificateFile): string {
  return serialNumberOf(firstCertificate(file));
}

/**
 * `alipay_root_cert_sn`: the serial numbers of the roots signed with RSA, joined by `_`, in the file's order. The SM2 and EC
 * roots of the bundle do not count in RSA2; what is no root counts if it stands there, as in the official SDKs.
 * @throws KeyProblem when the file holds no root signed with RSA
 */
export function rootSerialNumbers(bundle: CertificateFile): string {
  const certificates = readEach(bundle, certificateFields).filter(isSignedWithRsa);
  if (!certificates.some(({ der }) => isSelfSigned(parseX509(der)))) {
    const found = certificates.length > 0 ? ' (those in it were issued by somebody else)' : '';
    throw new KeyProblem(
      textFlaw(bundle) ??
        `holds no root certificate signed with RSA${found}; give alipayRootCert.crt as the console hands it out`,
    );
  }
  return certificates.map(serialNumberOf).join('_');
}

export interface Certificate {
  readonly publicKey: KeyObject;
  /** Alipay's serial number, see {@link certificateSerialNumber}. */
  readonly serialNumber: string;
  /** As in RFC 2253, most specific part first. */
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * The first certificate of the file; what follows it is its chain.
 * @throws KeyProblem when there is none, when its key is not RSA, and when it is an authority's: key and serial number would be too
 */
export function readCertificate(file: CertificateFile): Certificate {
  const fields = firstCertificate(file);
  const certificate = parseX509(fields.der);
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== 'rsa') {
    throw new KeyProblem('holds a key that is not RSA; give the RSA2 certificate of the console (…_RSA2.crt)');
  }
  const others = x509In(file).slice(1);
  if (certificate.ca || others.some((other) => issued(certificate, other))) {
    throw new KeyProblem(others.length > 0 ? REVERSED : AUTHORITY);
  }
  const { notBefore, notAfter } = fields;
  return {
    publicKey,
    serialNumber: serialNumberOf(fields),
    subject: distinguishedName(fields.subject),
    notBefore,
    notAfter,
  };
}

const REVERSED =
  'begins with the certificate of an authority; put the one that was issued for the key first, and its authority behind it';
const AUTHORITY = 'is the certificate of an authority (a root, or one below); give the one that was issued for the key';

/** By the names alone: whether the signature holds is another question. */
export function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer);
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return issued(certificate, certificate) && certificate.verify(certificate.publicKey);
}

/** @throws KeyProblem when one of them cannot be read */
export function x509In(file: CertificateFile): readonly X509Certificate[] {
  return readEach(file, parseX509);
}

/** Every certificate of the file, read. @throws KeyProblem that says of a spoilt text what spoilt it */
function readEach<T>(file: CertificateFile, read: (der: Buffer) => T): readonly T[] {
  try {
    return certificatesIn(file).map(read);
  } catch (error) {
    if (error instanceof KeyProblem) throw new KeyProblem(textFlaw(file) ?? error.message);
    throw error;
  }
}

interface CertificateFields {
  readonly der: Buffer;
  readonly serial: bigint;
  readonly issuer: Asn1;
  readonly subject: Asn1;
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

function firstCertificate(file: CertificateFile): CertificateFields {
  const [first] = readEach(file, certificateFields);
  if (first === undefined) {
    throw new KeyProblem(
      textFlaw(file) ??
        'holds no certificate; give the .crt file as the console hands it out (-----BEGIN CERTIFICATE-----)',
    );
  }
  return first;
}

function certificatesIn(file: CertificateFile): readonly Buffer[] {
  return readKeyMaterial(file)
    .filter(({ label }) => label === undefined || label.endsWith('CERTIFICATE'))
    .map(({ der }) => der);
}

/** RFC 5280: SEQUENCE { tbs SEQUENCE { [0] version?, serial, algorithm, issuer, validity, subject, … }, algorithm, signature }. */
function certificateFields(der: Buffer): CertificateFields {
  const [tbs, algorithm] = children(parseDer(der));
  const members = children(tbs).filter(({ tagClass }) => tagClass === forge.asn1.Class.UNIVERSAL);
  const [serial, , issuer, validity, subject] = members;
  const [notBefore, notAfter] = children(validity);
  const [oid] = children(algorithm);
  if (!issuer || !subject || !notBefore || !notAfter || contentBytes(serial) === '') {
    throw new KeyProblem('holds a certificate that is damaged or cut short; download the file from the console again');
  }
  return {
    der,
    serial: signedInteger(contentBytes(serial)),
    issuer,
    subject,
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
