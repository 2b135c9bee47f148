/**
 * Serial numbers as Alipay computes them. The expected values come from the definition (MD5 over the issuer as Java spells it,
 * then the number in decimal), written out by hand; that the official SDKs agree is shown in `test/interop/`.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';

import {
  certificateSerialNumber,
  checkChain,
  readAlipayCertificate,
  rootSerialNumbers,
} from '../../alipay/certificates.ts';
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
    for (const file of ['', SM2_ROOT + EC_ROOT, pem(APP.publicKey, 'spki')]) {
      assert.throws(
        () => rootSerialNumbers(file),
        (error) => error instanceof KeyProblem && /alipayRootCert\.crt/.test(error.message),
      );
    }
  });
});

describe("Alipay's certificate", () => {
  it('gives its key, its serial number and the day it ends', () => {
    const certificate = readAlipayCertificate(ALIPAY_CERT);
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
    assert.equal(readAlipayCertificate(late).notAfter.toISOString(), '2099-06-01T00:00:00.000Z');
  });

  it('is refused when it is none, is damaged, or holds another kind of key', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['', /holds no certificate/],
      [pem(ALIPAY.publicKey, 'spki'), /holds no certificate/],
      [`${ALIPAY_CERT.slice(0, 400)}\n-----END CERTIFICATE-----`, /damaged or cut short/],
      [EC_ROOT, /not RSA/],
    ];
    for (const [file, message] of refused) {
      assert.throws(
        () => readAlipayCertificate(file),
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
