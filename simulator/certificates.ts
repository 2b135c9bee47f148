/**
 * X.509 certificates of an imaginary authority, RSA and EC. node-forge builds the ASN.1 (its own certificate writer
 * knows no EC keys), node:crypto signs it.
 */
import { type KeyObject, createPublicKey, randomBytes, sign } from 'node:crypto';
import forge from 'node-forge';

/** Who a certificate is about; written into it as C, O, OU, CN. */
export interface Party {
  readonly country: string;
  readonly organisation: string;
  readonly unit: string;
  readonly name: string;
}

export interface CertificateRequest {
  readonly subject: Party;
  readonly subjectKey: KeyObject;
  readonly issuer: Party;
  /** The issuer's private key; its type decides the signature algorithm. */
  readonly issuerKey: KeyObject;
  readonly isAuthority: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const OID = {
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha256WithEcdsa: '1.2.840.10045.4.3.2',
  country: '2.5.4.6',
  organisation: '2.5.4.10',
  unit: '2.5.4.11',
  name: '2.5.4.3',
  basicConstraints: '2.5.29.19',
} as const;

const { asn1 } = forge;
const { Class, Type } = asn1;

/** A certificate as PEM, version 3, with a random serial number. */
export function issueCertificate(request: CertificateRequest): string {
  const algorithm = signatureAlgorithm(request.issuerKey);
  const toBeSigned = sequence([
    asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [integer('02')]),
    integer(serialNumber()),
    algorithm,
    distinguishedName(request.issuer),
    sequence([time(request.notBefore), time(request.notAfter)]),
    distinguishedName(request.subject),
    fromDer(createPublicKey(exportedPublic(request.subjectKey)).export({ format: 'der', type: 'spki' })),
    asn1.create(Class.CONTEXT_SPECIFIC, 3, true, [sequence([basicConstraints(request.isAuthority)])]),
  ]);
  const signature = sign('sha256', toDer(toBeSigned), request.issuerKey);
  return pem(toDer(sequence([toBeSigned, algorithm, bitString(signature)])));
}

function exportedPublic(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

function signatureAlgorithm(key: KeyObject): forge.asn1.Asn1 {
  return key.asymmetricKeyType === 'ec'
    ? sequence([oid(OID.sha256WithEcdsa)])
    : sequence([oid(OID.sha256WithRsa), asn1.create(Class.UNIVERSAL, Type.NULL, false, '')]);
}

/** 16 bytes, the first bit clear so that the number is positive, the second set so that no byte is wasted. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function distinguishedName(party: Party): forge.asn1.Asn1 {
  const attribute = (type: string, value: string): forge.asn1.Asn1 =>
    asn1.create(Class.UNIVERSAL, Type.SET, true, [
      sequence([oid(type), asn1.create(Class.UNIVERSAL, Type.UTF8, false, forge.util.encodeUtf8(value))]),
    ]);
  return sequence([
    attribute(OID.country, party.country),
    attribute(OID.organisation, party.organisation),
    attribute(OID.unit, party.unit),
    attribute(OID.name, party.name),
  ]);
}

function basicConstraints(isAuthority: boolean): forge.asn1.Asn1 {
  const value = sequence(isAuthority ? [asn1.create(Class.UNIVERSAL, Type.BOOLEAN, false, '\xff')] : []);
  return sequence([
    oid(OID.basicConstraints),
    asn1.create(Class.UNIVERSAL, Type.BOOLEAN, false, '\xff'),
    asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, asn1.toDer(value).getBytes()),
  ]);
}

/** UTCTime up to 2049, as RFC 5280 §4.1.2.5 wants; nothing issued here lasts longer. */
function time(date: Date): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(date).toString());
}

function sequence(members: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, members);
}

function integer(hex: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.util.hexToBytes(hex));
}

function oid(text: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(text).getBytes());
}

function bitString(bytes: Uint8Array): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${Buffer.from(bytes).toString('latin1')}`);
}

function fromDer(der: Buffer): forge.asn1.Asn1 {
  return asn1.fromDer(der.toString('latin1'));
}

function toDer(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
