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
      /^merchant "typed": appId must be a text/,
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
