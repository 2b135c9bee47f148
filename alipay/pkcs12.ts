import forge from 'node-forge';

const KEY_BAGS: readonly (string | undefined)[] = [forge.pki.oids['pkcs8ShroudedKeyBag'], forge.pki.oids['keyBag']];

/** The one RSA private key of a PKCS#12 file, as PKCS#1 DER; `undefined` when it does not open or does not hold exactly one. */
export function privateKeyFromPkcs12(der: Uint8Array, passphrase: string): Buffer | undefined {
  try {
    const asn1 = forge.asn1.fromDer(Buffer.from(der).toString('latin1'));
    const keys = forge.pkcs12
      .pkcs12FromAsn1(asn1, passphrase)
      .safeContents.flatMap((content) => content.safeBags)
      .filter((bag) => KEY_BAGS.includes(bag.type))
      .flatMap((bag) => (bag.key == null ? [] : [bag.key]));
    const [key, ...others] = keys;
    if (key === undefined || others.length > 0) return undefined;
    return Buffer.from(forge.asn1.toDer(forge.pki.privateKeyToAsn1(key)).getBytes(), 'latin1');
  } catch {
    // Wrong passphrase, foreign algorithms and malformed bytes all end here; forge's message may quote the bytes.
    return undefined;
  }
}
