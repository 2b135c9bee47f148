/** A merchant is checked whole before any call; each mistake is named together with what to do. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';

import { createMerchant, MerchantProblems } from '../../alipay/merchant.ts';
import type { MerchantOptions } from '../../alipay/merchant.ts';
import { EC_ROOT, SM2_ROOT } from './foreign-roots.ts';
import {
  ALIPAY,
  ALIPAY_CERT,
  APP,
  APP_CERT,
  bare,
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

  it('takes a certificate of Alipay’s that comes without its chain', () => {
    assert.deepEqual(problemsOf({ ...CERTIFICATE_MODE, alipayCertificate: ALIPAY_CERT }), []);
  });
});

describe('the gateway', () => {
  it('may be any https URL, and plain http on this machine', () => {
    for (const gateway of [
      'https://gateway.example/gateway.do',
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
