/** A merchant is checked whole before any call; each mistake is named together with what to do. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';

import { createMerchant, MerchantProblems } from '../../alipay/merchant.ts';
import type { MerchantOptions } from '../../alipay/merchant.ts';
import type { Name } from './test-keys.ts';
import { EC_ROOT, SM2_ROOT } from './foreign-roots.ts';
import {
  ALIPAY,
  ALIPAY_CERT,
  APP,
  APP_CERT,
  bare,
  certificatePem,
  inconsistentKey,
  INTERMEDIATE_PEM,
  pem,
  ROOT_PEM,
  rsaPair,
} from './test-keys.ts';

const ROOTS = SM2_ROOT + ROOT_PEM + EC_ROOT;
const KEY_MODE: MerchantOptions = {
  appId: '2021000000000000',
  gateway: 'sandbox',
  privateKey: bare(APP.privateKey, 'pkcs8'),
  alipayPublicKey: bare(ALIPAY.publicKey, 'spki'),
};
const CERTIFICATE_MODE: MerchantOptions = {
  appId: '2021000000000000',
  gateway: 'production',
  privateKey: bare(APP.privateKey, 'pkcs1'),
  appCertificate: APP_CERT,
  alipayCertificate: ALIPAY_CERT + INTERMEDIATE_PEM,
  alipayRootCertificate: ROOTS,
};

const OTHER_NAME: Name = [['CN', 'Root of another environment']];
const OTHER_PAIR = rsaPair();
const OTHER_ROOT = certificatePem({
  subject: OTHER_NAME,
  issuer: OTHER_NAME,
  publicKey: OTHER_PAIR.publicKey,
  issuerKey: OTHER_PAIR.privateKey,
  serialHex: '0a',
  isAuthority: true,
});

/** For the merchant's key, under that name, by an authority that no chain is asked of. */
function appCertificate(commonName: string, notAfter = new Date('2049-01-01T00:00:00Z')): string {
  const { privateKey: issuerKey } = OTHER_PAIR;
  const subject: Name = [
    ['C', 'CN'],
    ['OU', 'Alipay'],
    ['CN', commonName],
  ];
  return certificatePem({
    subject,
    issuer: OTHER_NAME,
    publicKey: APP.publicKey,
    issuerKey,
    serialHex: '0b',
    notAfter,
  });
}

function problemsOf(options: MerchantOptions): readonly string[] {
  try {
    createMerchant(options);
  } catch (error) {
    assert.ok(error instanceof MerchantProblems);
    return error.problems;
  }
  return [];
}

describe('a merchant in key mode', () => {
  it('calls the gateway named, with Alipay’s key to verify with', () => {
    const merchant = createMerchant(KEY_MODE);
    assert.equal(merchant.environment, 'sandbox');
    assert.equal(merchant.gatewayUrl, 'https://openapi-sandbox.dl.alipaydev.com/gateway.do');
    assert.equal(merchant.keys.mode, 'key');
    assert.ok(merchant.keys.mode === 'key' && merchant.keys.alipayPublicKey.equals(ALIPAY.publicKey));
  });
});

describe('a merchant in certificate mode', () => {
  it('calls the gateway named, with the key of Alipay’s certificate', () => {
    const merchant = createMerchant(CERTIFICATE_MODE);
    assert.equal(merchant.gatewayUrl, 'https://openapi.alipay.com/gateway.do');
    assert.equal(merchant.environment, 'production');
    assert.ok(
      merchant.keys.mode === 'certificate' && merchant.keys.alipayCertificate.publicKey.equals(ALIPAY.publicKey),
    );
  });

  it('takes an application certificate that names this app, another name, or Alipay’s own that has expired', () => {
    for (const name of ['2088000000000000-2021000000000000', '模拟商户-2021000000000009', '2088000000000000']) {
      assert.deepEqual(problemsOf({ ...CERTIFICATE_MODE, appCertificate: appCertificate(name) }), [], name);
    }
    // Alipay may still sign with it; whether it does, its answers say.
    const expired = certificatePem({
      subject: [['CN', 'Alipay']],
      issuer: [['CN', 'Nobody knows']],
      publicKey: ALIPAY.publicKey,
      issuerKey: OTHER_PAIR.privateKey,
      serialHex: '0c',
      notAfter: new Date('2024-06-01T00:00:00Z'),
    });
    assert.deepEqual(problemsOf({ ...CERTIFICATE_MODE, alipayCertificate: expired }), []);
  });

  it('takes its files as bytes', () => {
    const { appCertificate: app, alipayCertificate: alipay, alipayRootCertificate: root, ...others } = CERTIFICATE_MODE;
    const bytes = [app, alipay, root].map((file) => Buffer.from(file ?? ''));
    const [appCert = '', alipayCert = '', roots = ''] = bytes;
    const files = { appCertificate: appCert, alipayCertificate: alipayCert, alipayRootCertificate: roots };
    assert.deepEqual(problemsOf({ ...others, ...files }), []);
  });

  it('takes a certificate of Alipay’s that comes without its chain', () => {
    assert.deepEqual(problemsOf({ ...CERTIFICATE_MODE, alipayCertificate: ALIPAY_CERT }), []);
  });
});

const ENDS =
  /^gateway must be a URL that ends in \/gateway\.do; Alipay's are https:\/\/openapi\.alipay\.com\/gateway\.do \('production'\) and https:\/\/openapi-sandbox\.dl\.alipaydev\.com\/gateway\.do \('sandbox'\)$/;

describe('the gateway', () => {
  it('may be any https URL, and plain http on this machine', () => {
    for (const gateway of [
      'https://gateway.example/gateway.do',
      'https://gateway.example/alipay/gateway.do',
      'http://127.0.0.1:8089/gateway.do',
      'http://localhost:8089/gateway.do',
      'http://[::1]:8089/gateway.do',
    ]) {
      assert.equal(createMerchant({ ...KEY_MODE, gateway }).gatewayUrl, gateway);
      assert.equal(createMerchant({ ...KEY_MODE, gateway }).environment, 'custom');
    }
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['http://openapi.alipay.com/gateway.do', /must begin with https:/],
    ['http://127.0.0.1.example.com/gateway.do', /must begin with https:/],
    ['http://localhost.example.com/gateway.do', /must begin with https:/],
    ['http://10.0.0.5/gateway.do', /must begin with https:/],
    ['ftp://127.0.0.1/gateway.do', /must begin with https:/],
    ['https://user:pass@gateway.example/gateway.do', /without user, query and fragment/],
    ['https://gateway.example/gateway.do?charset=gbk', /without user, query and fragment/],
    ['https://openapi.alipay.com', ENDS],
    ['https://openapi.alipay.com/', ENDS],
    ['https://openapi.alipay.com/v3/alipay/trade/pay', ENDS],
    ['https://openapi.alipay.com/gateway.do/', ENDS],
    ['https://openapi.alipay.com/Gateway.do', ENDS],
    ['https://openapi.alipay.com/mygateway.do', ENDS],
    ['http://127.0.0.1:8089', ENDS],
    [
      'https://openapi.alipaydev.com/gateway.do',
      /names openapi\.alipaydev\.com, the old sandbox, which is gone; Alipay's are/,
    ],
    ['https://openapi.sandbox.dl.alipaydev.com/gateway.do', /which is no gateway; Alipay's are/],
    ['https://mapi.alipay.com/gateway.do', /the gateway of the old interfaces/],
    ['staging', /'production', 'sandbox' or a URL/],
    ['', /'production', 'sandbox' or a URL/],
  ];
  for (const [gateway, message] of refused) {
    it(`may not be '${gateway}'`, () => {
      const [problem, ...others] = problemsOf({ ...KEY_MODE, gateway });
      assert.match(problem ?? '', message);
      assert.deepEqual(others, []);
    });
  }
});

describe('a mistake in a merchant is named, with what to do:', () => {
  const { alipayPublicKey: _key, ...keyless } = KEY_MODE;
  const { appCertificate: _app, ...withoutAppCertificate } = CERTIFICATE_MODE;
  const { alipayCertificate: _alipay, alipayRootCertificate: _root, ...withOneCertificate } = CERTIFICATE_MODE;
  const stranger = rsaPair();
  const mistakes: readonly (readonly [string, MerchantOptions, readonly RegExp[]])[] = [
    ['an app id with spaces', { ...KEY_MODE, appId: ' 2021 ' }, [/appId must be the id/]],
    ['an app id that is too short', { ...KEY_MODE, appId: '202100000000000' }, [/appId must be the id .* 16 digits/]],
    ['an app id of another platform', { ...KEY_MODE, appId: 'wx0123456789abcd' }, [/appId must be the id/]],
    [
      'an account for an app id',
      { ...KEY_MODE, appId: '2088000000000000' },
      [/appId is the number of an account \(PID\)/],
    ],
    [
      'an app id that nobody can see whole',
      { ...KEY_MODE, appId: '2021\u200B000000000000' },
      [/appId holds .* \(U\+200B\)/],
    ],
    [
      'a seller that is an e-mail',
      { ...KEY_MODE, sellerId: 'shop@example.com' },
      [/sellerId is an e-mail address.*16 digits, beginning with 2088/],
    ],
    [
      'a seller that is an app id',
      { ...KEY_MODE, sellerId: '2021000000000000' },
      [/sellerId must be the account's number/],
    ],
    [
      'a seller that is too short',
      { ...KEY_MODE, sellerId: '208800000000000' },
      [/sellerId must be the account's number/],
    ],
    [
      'a seller with a blank',
      { ...KEY_MODE, sellerId: '2088000000000000 ' },
      [/sellerId must be the account's number/],
    ],
    ['a token on two lines', { ...KEY_MODE, appAuthToken: '201510BB\n75D84' }, [/appAuthToken holds blanks/]],
    [
      'a token with an invisible character',
      { ...KEY_MODE, appAuthToken: '201510BB\u200B75D84' },
      [/appAuthToken holds .*U\+200B/],
    ],
    ['no key of Alipay’s', keyless, [/alipayPublicKey is missing/]],
    [
      'the merchant’s own public key for Alipay’s',
      { ...KEY_MODE, alipayPublicKey: bare(APP.publicKey, 'spki') },
      [/is your own 应用公钥/],
    ],
    [
      'a public key for the private',
      { ...KEY_MODE, privateKey: bare(APP.publicKey, 'spki') },
      [/privateKey is a public key/],
    ],
    ['a private key whose numbers disagree', { ...KEY_MODE, privateKey: inconsistentKey() }, [/privateKey is damaged/]],
    ['both modes', { ...CERTIFICATE_MODE, alipayPublicKey: bare(ALIPAY.publicKey, 'spki') }, [/are both given/]],
    ['one certificate missing', withoutAppCertificate, [/appCertificate is missing/]],
    [
      'two certificates missing',
      withOneCertificate,
      [/alipayCertificate is missing/, /alipayRootCertificate is missing/],
    ],
    [
      'a certificate of another key',
      { ...CERTIFICATE_MODE, privateKey: pem(stranger.privateKey, 'pkcs8') },
      [/appCertificate does not belong to privateKey/],
    ],
    [
      'the two certificates swapped',
      { ...CERTIFICATE_MODE, appCertificate: ALIPAY_CERT, alipayCertificate: APP_CERT },
      [/alipayCertificate is your own application certificate/, /appCertificate does not belong to privateKey/],
    ],
    [
      'a root bundle without RSA roots',
      { ...CERTIFICATE_MODE, alipayRootCertificate: SM2_ROOT },
      [/alipayRootCertificate holds no root/],
    ],
    [
      'an authority for a root',
      { ...CERTIFICATE_MODE, alipayRootCertificate: INTERMEDIATE_PEM },
      [/alipayRootCertificate holds no root certificate signed with RSA \(those in it were issued by somebody else\)/],
    ],
    [
      'its own certificate for a root',
      { ...CERTIFICATE_MODE, alipayRootCertificate: APP_CERT },
      [/alipayRootCertificate holds no root/],
    ],
    [
      'certificates with their authority in front',
      {
        ...CERTIFICATE_MODE,
        appCertificate: INTERMEDIATE_PEM + APP_CERT,
        alipayCertificate: INTERMEDIATE_PEM + ALIPAY_CERT,
      },
      [/^appCertificate begins with the certificate of an authority/, /^alipayCertificate begins with the certificate/],
    ],
    [
      'a root for Alipay’s certificate',
      { ...CERTIFICATE_MODE, alipayCertificate: ROOT_PEM },
      [/alipayCertificate is the certificate of an authority/],
    ],
    [
      'the roots of another environment',
      { ...CERTIFICATE_MODE, alipayRootCertificate: OTHER_ROOT },
      [/alipayCertificate is not signed by a root in alipayRootCertificate; .*of one environment/],
    ],
    [
      'a certificate of another app',
      { ...CERTIFICATE_MODE, appCertificate: appCertificate('2088000000000000-2021000000000009') },
      [/appCertificate was issued for app 2021000000000009/],
    ],
    [
      'a certificate that has expired',
      {
        ...CERTIFICATE_MODE,
        appCertificate: appCertificate('2088000000000000-2021000000000000', new Date('2024-06-01T00:00:00Z')),
      },
      [/appCertificate expired on 2024-06-01; renew it/],
    ],
    [
      'a root for Alipay’s key',
      { ...KEY_MODE, alipayPublicKey: ROOT_PEM },
      [/alipayPublicKey is the certificate of an authority/],
    ],
    ['an empty token', { ...KEY_MODE, appAuthToken: ' ' }, [/appAuthToken is empty/]],
    ['a deadline of nothing', { ...KEY_MODE, deadlineMs: 0 }, [/deadlineMs must be/]],
    ['a deadline of an hour', { ...KEY_MODE, deadlineMs: 3_600_000 }, [/deadlineMs must be/]],
    ['an authority that is no certificate', { ...KEY_MODE, ca: 'x' }, [/ca must be/]],
    [
      'everything at once',
      { appId: '', gateway: 'x', privateKey: 'x', deadlineMs: 0.5 },
      [/appId/, /gateway/, /privateKey/, /alipayPublicKey/, /deadlineMs/],
    ],
  ];
  for (const [what, options, messages] of mistakes) {
    it(what, () => {
      const problems = problemsOf(options);
      assert.equal(problems.length, messages.length, problems.join('\n'));
      for (const [index, message] of messages.entries()) assert.match(problems[index] ?? '', message);
    });
  }
});

describe('a merchant shown in a log', () => {
  it('tells neither keys nor token', () => {
    const merchant = createMerchant({
      ...CERTIFICATE_MODE,
      appAuthToken: 'token-201510BBaabdb44d8fd04607abf8d5931ec75D84',
    });
    const shown = `${inspect(merchant, { depth: 9, showHidden: true })}${JSON.stringify(merchant)}`;
    assert.ok(!shown.includes('201510BB'));
    for (let index = 0; index < 1_600; index += 20) {
      assert.ok(!shown.includes(bare(APP.privateKey, 'pkcs8').slice(index, index + 20)));
    }
    assert.equal(merchant.appAuthToken?.reveal(), 'token-201510BBaabdb44d8fd04607abf8d5931ec75D84');
  });
});
