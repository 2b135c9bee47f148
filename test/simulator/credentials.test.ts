/**
 * Goal: the credentials are what the console hands out, usable by whoever reads such files, and stay the same from start to
 * start. Method: our readers for Alipay's keys and certificates, and node:crypto's X509Certificate as a second opinion.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';

import { certificateSerialNumber, rootSerialNumbers } from '../../alipay/certificates.ts';
import { readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { sign, verify } from '../../alipay/signature.ts';
import { openCredentials } from '../../simulator/credential-files.ts';
import type { Credentials } from '../../simulator/credentials.ts';
import { KEYS_TIMEOUT_MS } from './caller.ts';

describe('the credentials', () => {
  let folder: string;
  let credentials: Credentials;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    folder = await mkdtemp(join(tmpdir(), 'simulator-credentials-'));
    credentials = await openCredentials(join(folder, 'made'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('stand in the seven files, private keys for the owner alone', async () => {
    const files = await readdir(join(folder, 'made'));
    assert.deepEqual(files.toSorted(), [
      'alipay-cert.crt',
      'alipay-private-key.txt',
      'alipay-public-key.txt',
      'alipay-root-cert.crt',
      'app-cert.crt',
      'app-id.txt',
      'app-private-key.txt',
    ]);
    for (const name of files.filter((file) => file.includes('private'))) {
      assert.equal((await stat(join(folder, 'made', name))).mode & 0o777, 0o600, name);
    }
  });

  it('are reused, all of them, at the next start', async () => {
    assert.deepEqual(await openCredentials(join(folder, 'made')), credentials);
  });

  it('are not mended silently when a file is gone', async () => {
    const partial = join(folder, 'partial');
    await openCredentials(partial);
    await unlink(join(partial, 'app-cert.crt'));
    await assert.rejects(openCredentials(partial), /lacks app-cert\.crt: restore them, or remove/);
  });

  it('hold an app id of 16 digits and keys in bare base64', () => {
    assert.match(credentials.appId, /^2021\d{12}$/);
    for (const key of [credentials.appPrivateKey, credentials.alipayPublicKey, credentials.alipayPrivateKey]) {
      assert.match(key, /^MI[A-Za-z0-9+/]+={0,2}$/);
    }
  });

  it('hold keys and certificates that belong together', () => {
    const app = new X509Certificate(credentials.appCertificate);
    const alipay = new X509Certificate(credentials.alipayCertificate);
    assert.ok(app.checkPrivateKey(readPrivateKey(credentials.appPrivateKey)));
    assert.ok(alipay.checkPrivateKey(readPrivateKey(credentials.alipayPrivateKey)));
    const signature = sign('x', readPrivateKey(credentials.alipayPrivateKey));
    assert.ok(verify('x', signature, readPublicKey(credentials.alipayPublicKey)));
    assert.ok(verify('x', signature, alipay.publicKey));
  });

  it('chain both certificates up to an RSA root of the bundle, which holds an EC root too', () => {
    const [leaf, between] = certificatesOf(credentials.alipayCertificate);
    const roots = certificatesOf(credentials.alipayRootCertificate);
    const app = new X509Certificate(credentials.appCertificate);
    assert.ok(leaf && between);
    assert.ok(leaf.checkIssued(between) && leaf.verify(between.publicKey));
    assert.ok(app.checkIssued(between) && app.verify(between.publicKey));
    assert.ok(roots.some((root) => between.checkIssued(root) && between.verify(root.publicKey)));
    assert.ok(roots.every((root) => root.verify(root.publicKey) && root.ca));
    assert.deepEqual(
      roots.map((root) => root.publicKey.asymmetricKeyType),
      ['ec', 'rsa', 'rsa'],
    );
    assert.equal(leaf.ca, false);
    assert.ok(Date.parse(leaf.validTo) > Date.now() && Date.parse(leaf.validFrom) < Date.now());
  });

  it('give serial numbers of 32 digits each, those of the bundle without the EC root', () => {
    assert.match(certificateSerialNumber(credentials.appCertificate), /^[0-9a-f]{32}$/);
    assert.match(rootSerialNumbers(credentials.alipayRootCertificate), /^[0-9a-f]{32}_[0-9a-f]{32}$/);
  });
});

function certificatesOf(bundle: string): readonly X509Certificate[] {
  return (bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  );
}
