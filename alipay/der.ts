/**
 * Recognises what a piece of DER is by its shape, so that a key handed in under the wrong label, or the wrong file altogether,
 * is named for what it is. Sources: RFC 8017 (RSAPrivateKey, RSAPublicKey), RFC 5958 (PrivateKeyInfo), RFC 5915 (EC), RFC 5280
 * (certificates, SubjectPublicKeyInfo), RFC 7292 (PKCS#12).
 */
import forge from 'node-forge';

export type DerKind =
  | 'rsaPrivateKey'
  | 'privateKeyInfo'
  | 'encryptedPrivateKeyInfo'
  | 'ecPrivateKey'
  | 'publicKeyInfo'
  | 'rsaPublicKey'
  | 'certificate'
  | 'pkcs12'
  | 'unrecognised';

export type Asn1 = forge.asn1.Asn1;

/** The one ASN.1 value that fills `der` to its last byte; `undefined` when there is none. */
export function parseDer(der: Uint8Array): Asn1 | undefined {
  try {
    return forge.asn1.fromDer(Buffer.from(der).toString('latin1'), true);
  } catch {
    // What forge says about malformed bytes may quote them, and they may be a key: nothing of it goes further.
    return undefined;
  }
}

export function toDer(asn1: Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}

/** Members of a constructed value; none for a primitive one. */
export function children(asn1: Asn1 | undefined): readonly Asn1[] {
  return asn1 !== undefined && Array.isArray(asn1.value) ? asn1.value : [];
}

/** Content bytes of a primitive value, one character a byte; empty for a constructed one. */
export function contentBytes(asn1: Asn1 | undefined): string {
  return asn1 !== undefined && typeof asn1.value === 'string' ? asn1.value : '';
}

export function kindOfDer(der: Uint8Array): DerKind {
  const members = children(parseDer(der));
  switch (members.map(letterOf).join('')) {
    case 'IIIIIIIII':
      return 'rsaPrivateKey';
    case 'II':
      return 'rsaPublicKey';
    case 'SO':
      return 'encryptedPrivateKeyInfo';
    case 'SB':
      return 'publicKeyInfo';
    case 'SSB':
      return 'certificate';
    case 'IS':
    case 'ISS':
      return 'pkcs12';
    case 'IO':
    case 'IOC':
    case 'IOCC':
      return 'ecPrivateKey';
    case 'ISO':
    case 'ISOC':
    case 'ISOCC':
      return 'privateKeyInfo';
  }
  return 'unrecognised';
}

function letterOf(member: Asn1): string {
  if (member.tagClass !== forge.asn1.Class.UNIVERSAL) return 'C';
  const letters = new Map([
    [forge.asn1.Type.INTEGER, 'I'],
    [forge.asn1.Type.SEQUENCE, 'S'],
    [forge.asn1.Type.OCTETSTRING, 'O'],
    [forge.asn1.Type.BITSTRING, 'B'],
  ]);
  return letters.get(member.type) ?? '?';
}
