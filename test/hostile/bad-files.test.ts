/**
 * Goal: a worker that is configured wrongly takes no work, and says what is wrong and where, without a word out of a secret.
 * Method: mistakes that `test/worker/merchants-file.test.ts` and `settings.test.ts` have no row for, each alone in a good file.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';

import { readMerchantsFile } from '../../worker/merchants-file.ts';
import { readSettings } from '../../worker/settings.ts';
import { StartProblem } from '../../worker/start-problem.ts';
import { ALIPAY, APP, APP_CERT, bare, INTERMEDIATE_PEM, inconsistentKey } from '../gateway/test-keys.ts';
import { certificatePem, leafPem, pem, pkcs12, ROOT_NAME, ROOT_PEM, rsaPair } from '../gateway/test-keys.ts';

const STRANGER = rsaPair();
const TOKEN = `token-${createHash('sha256').update('x').digest('hex')}`;
const ENCRYPTED = APP.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' })
  .toString();

/** What stands in the folder beside the merchants file. */
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'app-private-key.txt': bare(APP.privateKey, 'pkcs8'),
  'alipay-public-key.txt': bare(ALIPAY.publicKey, 'spki'),
  'own-public-key.txt': bare(APP.publicKey, 'spki'),
  'app.crt': APP_CERT,
  'alipay.crt': leafPem(ALIPAY.publicKey, '01', 'alipay') + INTERMEDIATE_PEM,
  'root.crt': ROOT_PEM,
  'reversed.crt': INTERMEDIATE_PEM + leafPem(ALIPAY.publicKey, '01', 'alipay'),
  'between.crt': INTERMEDIATE_PEM,
  'namesake-root.crt': certificatePem({
    subject: ROOT_NAME,
    issuer: ROOT_NAME,
    publicKey: STRANGER.publicKey,
    issuerKey: STRANGER.privateKey,
    serialHex: '01',
    isAuthority: true,
  }),
  'encrypted-key.txt': ENCRYPTED,
  'passphrase.txt': 'wrong battery',
  'key.p12': pkcs12(APP.privateKey, 'correct horse'),
  'short-key.txt': bare(rsaPair(1_024).privateKey, 'pkcs8'),
  'two-keys.txt': pem(APP.privateKey, 'pkcs8') + pem(STRANGER.privateKey, 'pkcs8'),
  'half-key.txt': bare(APP.privateKey, 'pkcs8').slice(0, 700),
  'damaged-key.txt': inconsistentKey(),
  'utf16-key.txt': Buffer.from(`\uFEFF${bare(APP.privateKey, 'pkcs8')}`, 'utf16le'),
  'binary.bin': Uint8Array.from({ length: 500 }, (_, index) => index % 256),
  'huge.txt': 'A'.repeat(300_000),
  'prose.txt': 'paste your key here!',
  'blank.txt': '   \n',
  'token.txt': TOKEN,
};

const KEY_MODE = {
  appId: '2021000000000000',
  gateway: 'sandbox',
  privateKeyFile: 'app-private-key.txt',
  alipayPublicKeyFile: 'alipay-public-key.txt',
};
const { alipayPublicKeyFile: _unused, ...WITHOUT_MODE } = KEY_MODE;
const CERTIFICATE_MODE = {
  ...WITHOUT_MODE,
  appCertificateFile: 'app.crt',
  alipayCertificateFile: 'alipay.crt',
  alipayRootCertificateFile: 'root.crt',
};

const withKey = (privateKeyFile: unknown): object => ({ ...KEY_MODE, privateKeyFile });
const withGateway = (gateway: unknown): object => ({ ...KEY_MODE, gateway });

describe('A worker that is configured wrongly', () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bad-files-'));
    file = path.join(folder, 'merchants.json');
    for (const [name, content] of Object.entries(FILES)) {
      writeFileSync(path.join(folder, name), content);
      chmodSync(path.join(folder, name), 0o600);
    }
    mkdirSync(path.join(folder, 'folder'));
    symlinkSync(path.join(folder, 'gone.txt'), path.join(folder, 'dangling.txt'));
    symlinkSync(path.join(folder, 'circle.txt'), path.join(folder, 'circle.txt'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function problemsOf(content: string | Uint8Array): string {
    writeFileSync(file, content);
    const read = readMerchantsFile(file);
    assert.ok(read.kind === 'problems', 'it was taken');
    const told = read.problems.join('\n');
    for (const secret of [FILES['app-private-key.txt'], ENCRYPTED, TOKEN, FILES['passphrase.txt']])
      assert.ok(!told.includes(String(secret).slice(30, 60)) || String(secret).length < 60, 'it told a secret');
    return told;
  }

  const files: readonly (readonly [what: string, content: string | Uint8Array, message: RegExp])[] = [
    ['empty', '', /^it is not JSON/],
    ['blank', ' \n', /^it is not JSON/],
    ['of zeros', Buffer.alloc(100), /^it is not JSON/],
    ['in UTF-16', Buffer.from('\uFEFF{"merchants":{}}', 'utf16le'), /^it is in UTF-16; save it again as UTF-8/],
    ['in YAML', 'merchants:\n  default:\n    appId: "2021"\n', /^it is not JSON/],
    ['cut short', '{"merchants":{"default":{"appId":"2021"', /^it is not JSON/],
    ['with a comment', '{"merchants":{} /* mine */}', /^it is not JSON \(at character 16\)/],
    ['with a comma too many', '{"merchants":{},}', /^it is not JSON/],
    ['with single quotes', "{'merchants':{}}", /^it is not JSON/],
    ['that is one text', '"merchants"', /^it must hold one JSON object/],
    ['that is a number', '7', /^it must hold one JSON object/],
    [
      'nested a hundred thousand deep',
      `{"merchants":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      /"merchants" must be/,
    ],
    ['whose merchants are in __proto__', '{"__proto__":{"merchants":{}}}', /"__proto__" is unknown/],
    ['whose merchants are null', '{"merchants":null}', /"merchants" must be an object/],
    ['whose merchants are a text', '{"merchants":"default"}', /"merchants" must be an object/],
    ['whose merchant is a text', '{"merchants":{"default":"2021"}}', /merchant "default": must be an object/],
    ['whose merchant is null', '{"merchants":{"default":null}}', /merchant "default": must be an object/],
    ['whose merchant has no name', JSON.stringify({ merchants: { '': KEY_MODE } }), /merchant "": its name must be/],
    ['whose merchant has a Chinese name', JSON.stringify({ merchants: { 默认: KEY_MODE } }), /its name must be/],
  ];
  for (const [what, content, message] of files) {
    it(`by a merchants file ${what} says so`, () => assert.match(problemsOf(content), message));
  }

  it('by a folder in place of the merchants file says so', () => {
    assert.deepEqual(readMerchantsFile(folder), { kind: 'problems', problems: ['it cannot be read (EISDIR)'] });
  });

  const merchants: readonly (readonly [what: string, merchant: object, message: RegExp])[] = [
    ['an empty appId', { ...KEY_MODE, appId: '' }, /appId must be a text that is not empty/],
    ['an appId with a space', { ...KEY_MODE, appId: '2021 0001' }, /appId must be the id of the application/],
    ['a seller that is a number', { ...KEY_MODE, sellerId: 2088 }, /sellerId is a number without quotation marks/],
    ['a field of Object.prototype', { ...KEY_MODE, constructor: 'x' }, /"constructor" is unknown; known: appId/],
    ['a field __proto__', JSON.parse(`{"__proto__":"x","appId":"1"}`), /"__proto__" is unknown/],
    [
      'a private key pasted in place of its file',
      withKey(bare(APP.privateKey, 'pkcs8')),
      /privateKeyFile holds the content itself/,
    ],
    [
      'a private key in PEM pasted there',
      withKey(pem(APP.privateKey, 'pkcs8')),
      /privateKeyFile holds the content itself/,
    ],
    ['a private key that is not there', withKey('nowhere/key.txt'), /privateKeyFile: .* cannot be read \(ENOENT\)/],
    ['a private key that is a list', withKey(['app-private-key.txt']), /privateKeyFile must be a text/],
    ['a private key that is a folder', withKey('folder'), /is not a file|EISDIR/],
    ['a private key behind a link to nowhere', withKey('dangling.txt'), /cannot be read \(ENOENT\)/],
    ['a private key behind a link in a circle', withKey('circle.txt'), /cannot be read \(ELOOP\)/],
    ['a private key of 300 kB', withKey('huge.txt'), /is too large for a key/],
    ['a private key in prose', withKey('prose.txt'), /privateKeyFile is neither PEM nor base64/],
    ['a private key of blanks', withKey('blank.txt'), /privateKeyFile is neither PEM nor base64/],
    ['a private key of any bytes', withKey('binary.bin'), /privateKeyFile /],
    ['a private key in UTF-16', withKey('utf16-key.txt'), /privateKeyFile is in UTF-16/],
    ['a private key cut short', withKey('half-key.txt'), /privateKeyFile is damaged or cut short/],
    [
      'a private key whose numbers do not fit',
      withKey('damaged-key.txt'),
      /privateKeyFile (?:is damaged|has the outline)/,
    ],
    ['a private key of 1024 bits', withKey('short-key.txt'), /privateKeyFile has 1024 bits/],
    ['two private keys', withKey('two-keys.txt'), /privateKeyFile holds 2 private keys/],
    ['a private key that is a certificate', withKey('app.crt'), /privateKeyFile is a certificate/],
    [
      'an encrypted key without a passphrase',
      withKey('encrypted-key.txt'),
      /privateKeyFile is encrypted; give its pass/,
    ],
    [
      'an encrypted key with a wrong passphrase',
      { ...withKey('encrypted-key.txt'), privateKeyPassphraseFile: 'passphrase.txt' },
      /privateKeyFile does not open with the passphrase/,
    ],
    [
      'a PKCS#12 file with a wrong passphrase',
      { ...withKey('key.p12'), privateKeyPassphraseFile: 'passphrase.txt' },
      /privateKeyFile is a PKCS#12 file that does not open/,
    ],
    [
      'its own public key in place of Alipay’s',
      { ...KEY_MODE, alipayPublicKeyFile: 'own-public-key.txt' },
      /alipayPublicKeyFile is your own 应用公钥/,
    ],
    [
      'its private key in place of Alipay’s public one',
      { ...KEY_MODE, alipayPublicKeyFile: 'app-private-key.txt' },
      /alipayPublicKeyFile is a private key/,
    ],
    ['neither key nor certificates', WITHOUT_MODE, /alipayPublicKeyFile is missing/],
    ['both modes', { ...CERTIFICATE_MODE, ...KEY_MODE }, /alipayPublicKey.* and certificates are both given/],
    [
      'a root of the same name that did not sign',
      { ...CERTIFICATE_MODE, alipayRootCertificateFile: 'namesake-root.crt' },
      /alipayCertificateFile is not signed by a root/,
    ],
    [
      'its own certificate twice',
      { ...CERTIFICATE_MODE, alipayCertificateFile: 'app.crt' },
      /alipayCertificateFile is your own application certificate|alipayCertificateFile is not signed/,
    ],
    [
      'a key in place of a certificate',
      { ...CERTIFICATE_MODE, appCertificateFile: 'own-public-key.txt' },
      /appCertificateFile /,
    ],
    [
      'an authority that is a key',
      { ...KEY_MODE, caFile: 'own-public-key.txt' },
      /caFile must be one or more certificates/,
    ],
    ['a token of blanks', { ...KEY_MODE, appAuthTokenFile: 'blank.txt' }, /appAuthTokenFile is empty/],
    ['a gateway by ftp', withGateway('ftp://openapi.alipay.com/gateway.do'), /gateway must begin with https:/],
    ['a gateway that is a file', withGateway('file:///etc/passwd'), /gateway must begin with https:/],
    [
      'a gateway by plain http that begins as this machine',
      withGateway('http://127.0.0.1.example.com/'),
      /gateway must begin/,
    ],
    ['a gateway by plain http behind a name', withGateway('http://localhost@example.com/'), /gateway must begin/],
    [
      'a gateway with a password',
      withGateway('https://me:secret@example.com/gateway.do'),
      /gateway must be a URL without user/,
    ],
    [
      'a gateway with a query',
      withGateway('https://example.com/gateway.do?sign=1'),
      /gateway must be a URL without user/,
    ],
    [
      'a gateway without its path',
      withGateway('https://openapi.alipay.com/'),
      /gateway must be a URL that ends in \/gateway/,
    ],
    ['the old sandbox', withGateway('https://openapi.alipaydev.com/gateway.do'), /the old sandbox, which is gone/],
    ['an account in place of its app', { ...KEY_MODE, appId: '2088000000000000' }, /appId is the number of an account/],
    [
      'a bundle in reverse order',
      { ...CERTIFICATE_MODE, alipayCertificateFile: 'reversed.crt' },
      /alipayCertificateFile begins with the certificate of an authority/,
    ],
    [
      'an authority for a root',
      { ...CERTIFICATE_MODE, alipayRootCertificateFile: 'between.crt' },
      /alipayRootCertificateFile holds no root certificate/,
    ],
    ['a gateway in capitals', withGateway('SANDBOX'), /gateway must be 'production', 'sandbox' or a URL/],
    ['a gateway that is true', withGateway(true), /gateway must be a text/],
  ];
  for (const [what, merchant, message] of merchants) {
    it(`by a merchant with ${what} says so`, () => {
      assert.match(problemsOf(JSON.stringify({ merchants: { default: merchant } })), message);
    });
  }

  const settings: readonly (readonly [name: string, value: string])[] = [
    ...['0', '-1', 'NaN', 'Infinity', '1e999', '10/s', '1,5', '０'].map(
      (value) => ['RESOLVER_MAX_CALLS_PER_SECOND', value] as const,
    ),
    ...[':8080', 'host:', 'host:-1', 'host:65536', 'host:80a', 'host:８０', 'host'].flatMap((value) => [
      ['RESOLVER_HEALTH_ADDRESS', value] as const,
      ['RESOLVER_METRICS_ADDRESS', value] as const,
    ]),
    ...['socks5://p:1', 'http://', 'http://p:65536', 'http://p/path', 'ftp://p'].flatMap((value) => [
      ['RESOLVER_PROXY', value] as const,
      ['HTTPS_PROXY', value] as const,
      ['grpc_proxy', value] as const,
    ]),
    ...['TRACE', 'INFO ', '3', 'constructor'].map((value) => ['RESOLVER_LOG_LEVEL', value] as const),
  ];
  for (const [name, value] of settings) {
    it(`by ${name}=${value} says so`, () => {
      assert.throws(
        () => readSettings({ [name]: value }),
        (error) => error instanceof StartProblem && error.message.includes(name),
      );
    });
  }
});
