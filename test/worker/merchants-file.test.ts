/** A worker finds every mistake of its merchants file before it takes any work, and never shows a secret while it says so. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Credentials, createCredentials } from '../../simulator/credentials.ts';
import { describeMerchants } from '../../worker/load-merchants.ts';
import { type MerchantsFile, readMerchantsFile } from '../../worker/merchants-file.ts';
import { repositoryRoot } from '../repository-root.ts';

const APP_AUTH_TOKEN = '201908BB_token_of_the_merchant';

describe('A merchants file', () => {
  let folder: string;
  let credentials: Credentials;
  let others: Credentials;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'merchants-'));
    [credentials, others] = await Promise.all([createCredentials(), createCredentials()]);
    write('app-private-key.txt', credentials.appPrivateKey, 0o600);
    write('alipay-public-key.txt', credentials.alipayPublicKey);
    write('app.crt', credentials.appCertificate);
    write('alipay.crt', credentials.alipayCertificate);
    write('root.crt', credentials.alipayRootCertificate);
    write('token.txt', `${APP_AUTH_TOKEN}\n`, 0o600);
    write('other-app.crt', others.appCertificate);
    write('open-key.txt', credentials.appPrivateKey, 0o644);
    write('group-key.txt', credentials.appPrivateKey, 0o640);
    write('empty.txt', '', 0o600);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, content: string, mode = 0o644): void {
    writeFileSync(path.join(folder, name), content);
    chmodSync(path.join(folder, name), mode);
  }

  function read(content: unknown): MerchantsFile {
    write('merchants.json', typeof content === 'string' ? content : JSON.stringify(content));
    return readMerchantsFile(path.join(folder, 'merchants.json'));
  }

  function problemsOf(content: unknown): readonly string[] {
    const file = read(content);
    assert.ok(file.kind === 'problems', 'it was taken');
    return file.problems;
  }

  const keyMode = (): Record<string, unknown> => ({
    appId: credentials.appId,
    gateway: 'sandbox',
    privateKeyFile: 'app-private-key.txt',
    alipayPublicKeyFile: 'alipay-public-key.txt',
  });
  const certificateMode = (): Record<string, unknown> => ({
    appId: credentials.appId,
    gateway: 'production',
    privateKeyFile: 'app-private-key.txt',
    appCertificateFile: 'app.crt',
    alipayCertificateFile: 'alipay.crt',
    alipayRootCertificateFile: 'root.crt',
  });

  it('is taken in key mode and in certificate mode, with paths relative to itself', () => {
    const shop = { ...certificateMode(), appAuthTokenFile: 'token.txt', sellerId: '2088000000000000' };
    const file = read({ merchants: { default: keyMode(), shop } });
    assert.ok(file.kind === 'merchants', JSON.stringify(file));
    assert.equal(describeMerchants(file.merchants), 'merchants default (sandbox), shop (production)');
    assert.equal(file.merchants.get('default')?.keys.mode, 'key');
    assert.equal(file.merchants.get('shop')?.keys.mode, 'certificate');
    assert.equal(file.merchants.get('shop')?.appAuthToken?.reveal(), APP_AUTH_TOKEN);
    assert.equal(file.merchants.get('shop')?.deadlineMs, 10_000);
  });

  it('shows neither key nor token when it is printed', () => {
    const file = read({ merchants: { default: { ...keyMode(), appAuthTokenFile: 'token.txt' } } });
    assert.ok(file.kind === 'merchants');
    const printed = JSON.stringify([...file.merchants]);
    assert.ok(!printed.includes(APP_AUTH_TOKEN) && !printed.includes(credentials.appPrivateKey.slice(40, 80)), printed);
  });

  it('with many mistakes names them all at once', () => {
    const problems = problemsOf({
      version: 2,
      merchants: {
        'bad name': keyMode(),
        spelled: { ...keyMode(), privatekeyFile: 'x', gateway: 'sandbx' },
        inline: { ...keyMode(), privateKey: 'MIIE', appAuthToken: 'secret' },
        absent: { ...keyMode(), alipayPublicKeyFile: 'nowhere.txt', caFile: 'empty.txt' },
        open: { ...keyMode(), privateKeyFile: 'open-key.txt' },
        nothing: {},
        list: [],
        swapped: { ...certificateMode(), appCertificateFile: 'other-app.crt' },
        half: { ...certificateMode(), alipayRootCertificateFile: undefined },
        typed: { ...keyMode(), appId: 2021000000000000 },
      },
    });
    const expected = [
      /^"version" is unknown; the file holds one object, "merchants"/,
      /^merchant "bad name": its name must be 1-64 letters/,
      /^merchant "spelled": "privatekeyFile" is unknown; known: appId, gateway/,
      /^merchant "spelled": gateway must be 'production', 'sandbox' or a URL/,
      /^merchant "inline": "privateKey" is unknown: put the content into a file of its own and name it by "privateKeyFile"/,
      /^merchant "inline": "appAuthToken" is unknown: .*"appAuthTokenFile"/,
      /^merchant "absent": alipayPublicKeyFile: .*nowhere\.txt cannot be read \(ENOENT\)/,
      /^merchant "absent": caFile: .*empty\.txt is empty/,
      /^merchant "open": privateKeyFile: .*can be read by others than its owner: `chmod 600 .*open-key\.txt`/,
      /^merchant "nothing": appId is missing/,
      /^merchant "nothing": gateway is missing/,
      /^merchant "nothing": privateKeyFile is missing/,
      /^merchant "nothing": alipayPublicKeyFile is missing; give the 支付宝公钥/,
      /^merchant "list": must be an object/,
      /^merchant "swapped": appCertificateFile does not belong to privateKey/,
      /^merchant "half": alipayRootCertificateFile is missing/,
      /^merchant "typed": appId is a number without quotation marks/,
    ];
    for (const form of expected)
      assert.ok(
        problems.some((problem) => form.test(problem)),
        `${form} in:\n${problems.join('\n')}`,
      );
    assert.equal(problems.length, expected.length, problems.join('\n'));
  });

  it('with a private key that the group can read, though we own it, is refused', function () {
    if (process.getuid === undefined) this.skip();
    const [problem = '', ...more] = problemsOf({
      merchants: { default: { ...keyMode(), privateKeyFile: 'group-key.txt' } },
    });
    assert.match(problem, /can be read by others than its owner/);
    assert.deepEqual(more, []);
  });

  const spoiltFields: readonly (readonly [what: string, changes: object, message: RegExp])[] = [
    [
      'a seller that is an e-mail',
      { sellerId: 'shop@example.com' },
      /^merchant "default": sellerId is an e-mail address/,
    ],
    [
      'a gateway without its path',
      { gateway: 'https://openapi.alipay.com' },
      /gateway must be a URL that ends in \/gateway\.do; .*'production'/,
    ],
    [
      'an invisible character in a value',
      { gateway: 'sandbox\u200B' },
      /gateway holds a character that nobody can see \(U\+200B\)/,
    ],
    [
      'an invisible character in a path',
      { privateKeyFile: 'app-private\u200B-key.txt' },
      /privateKeyFile holds a character that nobody can see/,
    ],
    [
      'a key in UTF-16',
      { alipayPublicKeyFile: 'utf16-key.txt' },
      /alipayPublicKeyFile is in UTF-16; save it again as UTF-8/,
    ],
    ['a token in UTF-16', { appAuthTokenFile: 'utf16-token.txt' }, /appAuthTokenFile is in UTF-16/],
    [
      'a key with \\n in it',
      { alipayPublicKeyFile: 'escaped-key.txt' },
      /alipayPublicKeyFile holds the two characters \\n/,
    ],
  ];
  for (const [what, changes, message] of spoiltFields) {
    it(`with ${what} is refused, and that is named`, () => {
      const { alipayPublicKey } = credentials;
      writeFileSync(path.join(folder, 'utf16-key.txt'), Buffer.from(`\uFEFF${alipayPublicKey}`, 'utf16le'));
      writeFileSync(path.join(folder, 'utf16-token.txt'), Buffer.from(APP_AUTH_TOKEN, 'utf16le'), { mode: 0o600 });
      write('escaped-key.txt', alipayPublicKey.replaceAll(/.{64}/g, String.raw`$&\n`));
      const problems = problemsOf({ merchants: { default: { ...keyMode(), ...changes } } });
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', message);
    });
  }

  it('may name keys and certificates in DER, and files with a byte order mark', () => {
    const der = (pem: string): Buffer => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const leaf = credentials.alipayCertificate.split('-----END')[0] ?? '';
    writeFileSync(path.join(folder, 'key.der'), der(credentials.alipayPublicKey));
    writeFileSync(path.join(folder, 'app.der'), der(credentials.appCertificate));
    writeFileSync(path.join(folder, 'alipay.der'), der(leaf));
    write('marked-token.txt', `\uFEFF${APP_AUTH_TOKEN}\r\n`, 0o600);
    const file = read({
      merchants: {
        one: { ...keyMode(), alipayPublicKeyFile: 'key.der', appAuthTokenFile: 'marked-token.txt' },
        two: { ...certificateMode(), appCertificateFile: 'app.der', alipayCertificateFile: 'alipay.der' },
      },
    });
    assert.ok(file.kind === 'merchants', JSON.stringify(file));
    assert.equal(file.merchants.get('one')?.appAuthToken?.reveal(), APP_AUTH_TOKEN);
  });

  it('with a merchant, or a field of one, that stands in it twice is refused: the first would be lost', () => {
    const [entry, other] = [keyMode(), certificateMode()].map((merchant) => JSON.stringify(merchant));
    const twice = `{ "merchants": { "default": ${entry}, "shop": ${other}, "default": ${other} } }`;
    assert.deepEqual(problemsOf(twice), ['"merchants.default" stands in it twice']);
    const field = `{ "merchants": { "default": { "gateway": "production", ${entry?.slice(1)} } }`;
    assert.deepEqual(problemsOf(field), ['"merchants.default.gateway" stands in it twice']);
  });

  it('with quotation marks of a word processor, or an invisible character between its words, says so', () => {
    const [typographic = ''] = problemsOf('{ “merchants”: {} }');
    assert.match(typographic, /^it is not JSON.*: it has typographic quotation marks/);
    const [invisible = ''] = problemsOf('{ "merchants": \u200B{} }');
    assert.match(invisible, /^it is not JSON.*: it holds a character that nobody can see \(U\+200B\)/);
  });

  it('with the full-width signs of a Chinese keyboard, or the blanks of a web page, says so', () => {
    const [fullWidth = ''] = problemsOf('{ "merchants"： {} }');
    assert.match(fullWidth, /^it is not JSON.*: it has the full-width signs of a Chinese keyboard/);
    const [blank = ''] = problemsOf('{ "merchants":\u00A0{} }');
    assert.match(blank, /^it is not JSON.*: it has blanks that are none for JSON/);
  });

  // oxfmt-ignore
  const mistypedFields: readonly (readonly [what: string, fields: Record<string, unknown>, problem: RegExp])[] = [
    ['a number without quotation marks', { sellerId: 2_088_102_146_225_135 }, /sellerId is a number without quotation marks/],
    ['a blank behind a value', { sellerId: '2088102146225135 ' }, /sellerId begins or ends with a blank/],
    ['an invisible character in a name', { 'seller\u200BId': '2088102146225135' }, /the name ".*" holds a character that nobody can see/],
  ];
  for (const [what, fields, expected] of mistypedFields) {
    it(`with ${what} is refused for what it is`, () => {
      const [problem = ''] = problemsOf({ merchants: { default: { ...keyMode(), ...fields } } });
      assert.match(problem, expected);
    });
  }

  it('with a public key in place of the private one is refused in words that help', () => {
    write('public-as-private.txt', credentials.alipayPublicKey, 0o600);
    const [problem = ''] = problemsOf({
      merchants: { default: { ...keyMode(), privateKeyFile: 'public-as-private.txt' } },
    });
    assert.match(problem, /^merchant "default": privateKeyFile is a public key; give the private key/);
  });

  it('with plain http to another machine is refused', () => {
    const [problem = ''] = problemsOf({
      merchants: { default: { ...keyMode(), gateway: 'http://example.com/gateway.do' } },
    });
    assert.match(problem, /gateway must begin with https:/);
  });

  it('that is no JSON is refused without a word of its content', () => {
    const [problem = ''] = problemsOf('{ "merchants": { "default": { "privateKey": "MIIEvSecret" "appId" } } }');
    assert.match(problem, /^it is not JSON/);
    assert.ok(!problem.includes('MIIE'), problem);
  });

  for (const content of ['[]', '{}', '{"merchants":{}}', '{"merchants":[]}', 'null']) {
    it(`that holds only ${content} is refused`, () => {
      assert.equal(problemsOf(content).length, 1);
    });
  }

  it('that is not there is a problem like any other', () => {
    const file = readMerchantsFile(path.join(folder, 'none.json'));
    assert.deepEqual(file, { kind: 'problems', problems: ['it cannot be read (ENOENT)'] });
  });

  it('has an example that lacks nothing but the key files', () => {
    const file = readMerchantsFile(path.join(repositoryRoot, 'worker', 'merchants.example.json'));
    assert.ok(file.kind === 'problems');
    for (const problem of file.problems) assert.match(problem, /cannot be read \(ENOENT\)/);
    assert.equal(file.problems.length, 2);
  });
});
