/**
 * Serial numbers as Alipay computes them. The expected values come from the definition (MD5 over the issuer as Java spells it,
 * then the number in decimal), written out by hand; that the official SDKs agree is shown in `test/interop/`.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';

import { checkChain } from '../../alipay/certificate-chain.ts';
import { certificateSerialNumber, readCertificate, rootSerialNumbers } from '../../alipay/certificates.ts';
import { KeyProblem } from '../../alipay/keys.ts';
import { EC_ROOT, SM2_ROOT } from './foreign-roots.ts';
import {
  ALIPAY,
  ALIPAY_CERT,
  APP,
  APP_CERT,
  certificatePem,
  INTERMEDIATE_PEM,
  leafPem,
  pem,
  ROOT_PEM,
  rsaPair,
} from './test-keys.ts';
import type { Name } from './test-keys.ts';

const INTERMEDIATE = 'CN=Test Class 2 R1,OU=Certification Authority,O=Test Financial,C=CN';
const ROOT = 'CN=Test Root R1,OU=Certification Authority,O=Test Financial,C=CN';

function serialNumber(issuer: string, decimal: string): string {
  return createHash('md5').update(`${issuer}${decimal}`, 'utf8').digest('hex');
}

function issuedBy(issuer: Name, serialHex = '01'): string {
  return certificatePem({ subject: issuer, issuer, publicKey: APP.publicKey, issuerKey: APP.privateKey, serialHex });
}

describe('the serial number of a certificate', () => {
  it('is the MD5 of the issuer, most specific part first, and the number in decimal', () => {
    assert.equal(certificateSerialNumber(APP_CERT), serialNumber(INTERMEDIATE, String(0x20210113a5f9)));
  });

  it('is that of the first certificate where its chain follows', () => {
    assert.equal(
      certificateSerialNumber(ALIPAY_CERT + INTERMEDIATE_PEM + ROOT_PEM),
      certificateSerialNumber(ALIPAY_CERT),
    );
  });

  it('takes numbers longer than JavaScript counts exactly', () => {
    const long = issuedBy([['CN', 'x']], '7fffffffffffffffffffffffffffffff');
    assert.equal(certificateSerialNumber(long), serialNumber('CN=x', '170141183460469231731687303715884105727'));
  });

  it('takes a number with its highest bit set for a negative one, as Java does', () => {
    assert.equal(certificateSerialNumber(issuedBy([['CN', 'x']], 'ff')), serialNumber('CN=x', '-1'));
  });

  it('spells a Chinese issuer in UTF-8', () => {
    const issuer = issuedBy([
      ['C', 'CN'],
      ['O', '蚂蚁'],
      ['CN', '测试根'],
    ]);
    assert.equal(certificateSerialNumber(issuer), serialNumber('CN=测试根,O=蚂蚁,C=CN', '1'));
  });

  it('escapes an issuer as Java does', () => {
    const issuer = issuedBy([
      ['O', 'Ant, Fin=a+b<c>d;e"f\\g#h'],
      ['CN', ' x  '],
    ]);
    const java = String.raw`CN=\ x\ \ ,O=Ant\, Fin\=a\+b\<c\>d\;e\"f\\g\#h`;
    assert.equal(certificateSerialNumber(issuer), serialNumber(java, '1'));
  });
});

describe('the serial numbers of the root bundle', () => {
  it('are those of the roots signed with RSA, in order, joined by _', () => {
    const expected = serialNumber(ROOT, String(0x4d5a9b));
    assert.equal(rootSerialNumbers(ROOT_PEM), expected);
    assert.equal(
      rootSerialNumbers(SM2_ROOT + ROOT_PEM + EC_ROOT + INTERMEDIATE_PEM),
      `${expected}_${serialNumber(ROOT, String(0x5f))}`,
    );
  });

  it('cannot be had of a file without such a root', () => {
    const noRoots = [INTERMEDIATE_PEM, ALIPAY_CERT, ALIPAY_CERT + INTERMEDIATE_PEM, SM2_ROOT + INTERMEDIATE_PEM];
    for (const file of ['', SM2_ROOT + EC_ROOT, pem(APP.publicKey, 'spki'), ...noRoots]) {
      assert.throws(
        () => rootSerialNumbers(file),
        (error) => error instanceof KeyProblem && /alipayRootCert\.crt/.test(error.message),
      );
    }
  });
});

describe("Alipay's certificate", () => {
  it('gives its key, its serial number and the day it ends', () => {
    const certificate = readCertificate(ALIPAY_CERT);
    assert.ok(certificate.publicKey.equals(ALIPAY.publicKey));
    assert.equal(certificate.serialNumber, certificateSerialNumber(ALIPAY_CERT));
    assert.equal(certificate.notAfter.toISOString(), '2049-01-01T00:00:00.000Z');
  });

  it('ends beyond 2049 in the other form of time that certificates have', () => {
    const late = certificatePem({
      subject: [['CN', 'x']],
      issuer: [['CN', 'x']],
      publicKey: APP.publicKey,
      issuerKey: APP.privateKey,
      serialHex: '01',
      notAfter: new Date('2099-06-01T00:00:00Z'),
    });
    assert.equal(readCertificate(late).notAfter.toISOString(), '2099-06-01T00:00:00.000Z');
  });

  it('is read from PEM and from DER, with its chain behind it or without', () => {
    const der = Buffer.from(ALIPAY_CERT.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const { serialNumber: expected } = readCertificate(ALIPAY_CERT);
    for (const file of [
      der,
      Buffer.from(ALIPAY_CERT),
      ALIPAY_CERT + INTERMEDIATE_PEM + ROOT_PEM,
      ALIPAY_CERT + ROOT_PEM,
    ]) {
      assert.equal(readCertificate(file).serialNumber, expected);
    }
  });

  it('is refused when its authority stands before it, or in its place', () => {
    for (const file of [
      INTERMEDIATE_PEM + ALIPAY_CERT,
      ROOT_PEM + INTERMEDIATE_PEM + ALIPAY_CERT,
      ROOT_PEM + ALIPAY_CERT,
    ]) {
      refuses(file, /^begins with the certificate of an authority; put the one that was issued for the key first/);
    }
    for (const file of [INTERMEDIATE_PEM, ROOT_PEM]) refuses(file, /^is the certificate of an authority/);
  });

  it('is refused when an authority that does not call itself one stands before it', () => {
    const subject: Name = [['CN', 'Old Authority']];
    const { publicKey, privateKey } = rsaPair();
    const old = certificatePem({ subject, issuer: subject, publicKey, issuerKey: privateKey, serialHex: '01' });
    const leaf = certificatePem({
      subject: [['CN', 'x']],
      issuer: subject,
      publicKey: APP.publicKey,
      issuerKey: privateKey,
      serialHex: '02',
    });
    refuses(old + leaf, /^begins with the certificate of an authority/);
    assert.ok(readCertificate(leaf + old).publicKey.equals(APP.publicKey));
  });

  it('is refused for what was done to its file, where that is why it cannot be read', () => {
    const utf16 = Buffer.from(`\uFEFF${ALIPAY_CERT}`, 'utf16le');
    refuses(utf16, /^is in UTF-16/);
    refuses(ALIPAY_CERT.replaceAll('\n', String.raw`\n`), /^holds the two characters \\n/);
    refuses(`${ALIPAY_CERT.slice(0, 300)}\u200B${ALIPAY_CERT.slice(300)}`, /U\+200B/);
    refuses(ALIPAY_CERT.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), /^is a certificate request \(CSR\)/);
    assert.throws(() => rootSerialNumbers(Buffer.from(ROOT_PEM, 'utf16le')), /is in UTF-16/);
    assert.throws(() => rootSerialNumbers(ROOT_PEM.replace('M', '\u200BM')), /U\+200B/);
  });

  function refuses(file: string | Uint8Array, message: RegExp): void {
    assert.throws(
      () => readCertificate(file),
      (error) => error instanceof KeyProblem && message.test(error.message),
    );
  }

  it('is refused when it is none, is damaged, or holds another kind of key', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['', /holds no certificate/],
      [pem(ALIPAY.publicKey, 'spki'), /holds no certificate/],
      [`${ALIPAY_CERT.slice(0, 400)}\n-----END CERTIFICATE-----`, /damaged or cut short/],
      [EC_ROOT, /not RSA/],
    ];
    for (const [file, message] of refused) {
      assert.throws(
        () => readCertificate(file),
        (error) => error instanceof KeyProblem && message.test(error.message),
      );
    }
  });
});

describe('a chain', () => {
  const bundle = SM2_ROOT + ROOT_PEM + EC_ROOT;

  it('holds up to a root of the bundle', () => {
    assert.equal(checkChain(ALIPAY_CERT + INTERMEDIATE_PEM, bundle), 'holds');
  });

  it('without its middle cannot be judged', () => {
    assert.equal(checkChain(ALIPAY_CERT, bundle), 'unknownIssuer');
  });

  it('leads to another root where its middle is there, and that root is not in the bundle', () => {
    const subject: Name = [['CN', 'Root of another environment']];
    const other = rsaPair();
    const root = certificatePem({
      subject,
      issuer: subject,
      publicKey: other.publicKey,
      issuerKey: other.privateKey,
      serialHex: '09',
    });
    assert.equal(checkChain(ALIPAY_CERT + INTERMEDIATE_PEM, root), 'otherRoot');
    assert.equal(checkChain(ALIPAY_CERT + INTERMEDIATE_PEM + ROOT_PEM, root), 'otherRoot');
  });

  it('holds with a stranger in its file, in any order behind the first', () => {
    assert.equal(checkChain(ALIPAY_CERT + APP_CERT + INTERMEDIATE_PEM, bundle), 'holds');
    assert.equal(checkChain(ALIPAY_CERT + ROOT_PEM + INTERMEDIATE_PEM, bundle), 'holds');
  });

  it('is broken where the names fit and the signature does not', () => {
    const impostor = rsaPair();
    const forged = certificatePem({
      subject: [['CN', 'Alipay']],
      issuer: [
        ['C', 'CN'],
        ['O', 'Test Financial'],
        ['OU', 'Certification Authority'],
        ['CN', 'Test Class 2 R1'],
      ],
      publicKey: impostor.publicKey,
      issuerKey: impostor.privateKey,
      serialHex: '02',
    });
    assert.equal(checkChain(forged + INTERMEDIATE_PEM, bundle), 'broken');
    assert.equal(checkChain(leafPem(impostor.publicKey, '03', 'fine') + INTERMEDIATE_PEM, bundle), 'holds');
  });
});
