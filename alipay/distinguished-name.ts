/**
 * Prints an X.501 name the way Java's `X500Principal.getName()` does (RFC 2253), because Alipay's certificate serial numbers are
 * hashes over exactly that text (`AntCertificationUtil` of the official Java SDK). Checked against JDK 17, down to the escapes.
 */
import forge from 'node-forge';

import { children, contentBytes, toDer } from './der.ts';
import type { Asn1 } from './der.ts';

/** The keywords of RFC 2253; every other attribute is printed as its number and the hex of its value. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
]);

const ESCAPED = /[,=+<>#;"\\]/g;

/** Most specific part first: `CN=…,OU=…,O=…,C=…`. */
export function distinguishedName(name: Asn1): string {
  return children(name)
    .toReversed()
    .map((relativeName) => children(relativeName).map(attribute).join('+'))
    .join(',');
}

function attribute(pair: Asn1): string {
  const [type, value] = children(pair);
  const oid = forge.asn1.derToOid(contentBytes(type));
  const keyword = KEYWORDS.get(oid);
  if (keyword === undefined) return `${oid}=#${value === undefined ? '' : toDer(value).toString('hex')}`;
  return `${keyword}=${escape(Buffer.from(contentBytes(value), 'latin1').toString('utf8'))}`;
}

function escape(text: string): string {
  return text
    .replaceAll(ESCAPED, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^ +| +$/g, (spaces) => spaces.replaceAll(' ', '\\ '));
}
