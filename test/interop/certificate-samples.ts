/**
 * Certificates whose issuers Alipay's own do not have, to compare serial numbers on: every attribute, string type and character that RFC 2253
 * has a rule for, and serial numbers of every length. Only issuer and serial number go into Alipay's serial number.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import forge from 'node-forge';

export interface CertificateSample {
  /** Relative names, the least specific first, each of one or more attributes. */
  readonly issuer: readonly (readonly Attribute[])[];
  readonly serialHex: string;
}

export interface Attribute {
  readonly oid: string;
  readonly stringType: keyof typeof STRING_TYPES;
  readonly value: string;
}

const NAMED_OIDS = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  state: '2.5.4.8',
  street: '2.5.4.9',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  postalCode: '2.5.4.17',
  emailAddress: '1.2.840.113549.1.9.1',
  domainComponent: '0.9.2342.19200300.100.1.25',
  userId: '0.9.2342.19200300.100.1.1',
  unregistered: '1.3.6.1.4.1.99999.1',
} as const;

/** ASN.1 tag and encoding of each string type that real issuers use. */
const STRING_TYPES = {
  utf8: { tag: 12, encoding: 'utf8' },
  printable: { tag: 19, encoding: 'latin1' },
  ia5: { tag: 22, encoding: 'latin1' },
} as const;

const plainText = fc.stringMatching(/^[A-Za-z0-9()\-.支付宝]{1,20}$/);
const escapedText = fc.string({
  unit: fc.constantFrom(...Array.from(',+"\\<>;=# .@aA1-()支付宝é')),
  minLength: 0,
  maxLength: 12,
});
const asciiText = fc.string({
  unit: fc.constantFrom(...Array.from(',+"\\<>;=# .@aA1-()')),
  minLength: 1,
  maxLength: 12,
});

/** Positive, as RFC 5280 wants it: the first digit is below 8 or there is a zero byte before it. */
const serialHex = fc.stringMatching(/^(00|[1-7][0-9a-f])([0-9a-f]{2}){0,19}$/);

/** What Alipay's issuers are made of: plain text in C, O, OU, CN. The Node SDK is right only about these. */
export const plainSample: fc.Arbitrary<CertificateSample> = fc.record({
  issuer: fc.array(
    fc.tuple(
      fc.record({
        oid: fc.constantFrom(
          NAMED_OIDS.country,
          NAMED_OIDS.organization,
          NAMED_OIDS.organizationalUnit,
          NAMED_OIDS.commonName,
        ),
        stringType: fc.constant('utf8' as const),
        value: plainText,
      }),
    ),
    { minLength: 1, maxLength: 6 },
  ),
  serialHex,
});

const exoticAttribute: fc.Arbitrary<Attribute> = fc
  .tuple(
    fc.constantFrom(...Object.values(NAMED_OIDS)),
    escapedText,
    asciiText,
    fc.constantFrom('utf8', 'printable', 'ia5'),
  )
  .map(([oid, text, ascii, stringType]) => ({ oid, stringType, value: stringType === 'utf8' ? text : ascii }));

/** Attributes that RFC 2253 names and some that it does not, several in one relative name too, with characters that it escapes. */
export const exoticSample: fc.Arbitrary<CertificateSample> = fc.record({
  issuer: fc.array(fc.array(exoticAttribute, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
  serialHex,
});

/** One key for all of them: the serial number does not look at it. */
const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
const forgePublicKey = forge.pki.publicKeyFromPem(key.publicKey.export({ type: 'spki', format: 'pem' }).toString());

/** The certificate as PEM text, built by hand: node-forge writes names of one attribute each, and only in some string types. */
export function certificatePem({ issuer, serialHex: serial }: CertificateSample): string {
  const { asn1, pki, pem, util } = forge;
  const { SEQUENCE, SET, INTEGER, OID, NULL, BITSTRING, UTCTIME } = asn1.Type;
  const sha256WithRsa = node(SEQUENCE, [
    leaf(OID, asn1.oidToDer(pki.oids['sha256WithRSAEncryption'] ?? '').getBytes()),
    leaf(NULL, ''),
  ]);
  const version3 = asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [leaf(INTEGER, '\x02')]);
  const toBeSigned = node(SEQUENCE, [
    version3,
    leaf(INTEGER, util.hexToBytes(serial)),
    sha256WithRsa,
    node(
      SEQUENCE,
      issuer.map((attributes) => node(SET, sortedSet(attributes.map(attributeNode)))),
    ),
    node(SEQUENCE, [leaf(UTCTIME, '200101000000Z'), leaf(UTCTIME, '400101000000Z')]),
    node(SEQUENCE, [node(SET, [attributeNode({ oid: NAMED_OIDS.commonName, stringType: 'utf8', value: 'subject' })])]),
    pki.publicKeyToAsn1(forgePublicKey),
  ]);
  const signed = sign('sha256', Buffer.from(asn1.toDer(toBeSigned).getBytes(), 'latin1'), key.privateKey);
  const signature = leaf(BITSTRING, `\0${signed.toString('latin1')}`);
  return pem.encode({
    type: 'CERTIFICATE',
    body: asn1.toDer(node(SEQUENCE, [toBeSigned, sha256WithRsa, signature])).getBytes(),
  });
}

/** DER puts the members of a SET in the order of their encodings. */
function sortedSet(members: forge.asn1.Asn1[]): forge.asn1.Asn1[] {
  const encoding = (member: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(member).getBytes(), 'latin1');
  return members.toSorted((left, right) => Buffer.compare(encoding(left), encoding(right)));
}

function attributeNode({ oid, stringType, value }: Attribute): forge.asn1.Asn1 {
  const { tag, encoding } = STRING_TYPES[stringType];
  return node(forge.asn1.Type.SEQUENCE, [
    leaf(forge.asn1.Type.OID, forge.asn1.oidToDer(oid).getBytes()),
    leaf(tag, Buffer.from(value, encoding).toString('latin1')),
  ]);
}

function node(type: number, members: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, type, true, members);
}

function leaf(type: number, bytes: string): forge.asn1.Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, type, false, bytes);
}
