/**
 * Goal: the certificate serial numbers we send are those of Alipay's own SDKs, since the gateway finds the merchant's certificates by them.
 * Method: Alipay's public certificates (`fixtures/README.md`), whose numbers its Node SDK's tests state, and random issuers against the Java SDK.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlipaySdk } from 'alipay-sdk';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { certificateSerialNumber, rootSerialNumbers } from '../../alipay/certificates.ts';
import { certificatePem, exoticSample, plainSample } from './certificate-samples.ts';
import { rootsQuestion, serialQuestion } from './java-questions.ts';
import { javaSdkOrSkip, packageFolder, type JavaSdk } from './java-sdk.ts';

const PUBLISHED = {
  appCertificate: '866efef280dec9137a87d047ac446315',
  alipayCertificate: '7513daaaa48aa3ba2e4018d84402479c',
  roots: '687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6',
} as const;

const seed = Number(process.env['INTEROP_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

describe(`certificate serial numbers of the official SDKs (once more: INTEROP_SEED=${seed})`, function () {
  this.timeout(60_000);
  let appCertificate: string;
  let alipayCertificate: string;
  let roots: string;

  before(async () => {
    [appCertificate, alipayCertificate, roots] = (await Promise.all(
      ['app-cert.crt', 'alipay-cert.crt', 'alipay-root-cert.crt'].map((file) =>
        readFile(join(packageFolder(), 'test', 'interop', 'fixtures', file), 'utf8'),
      ),
    )) as [string, string, string];
  });

  it('ours of the public certificates are the published ones, though an SM2 and an EC root stand in the bundle', () => {
    assert.equal(certificateSerialNumber(appCertificate), PUBLISHED.appCertificate);
    assert.equal(certificateSerialNumber(alipayCertificate), PUBLISHED.alipayCertificate);
    assert.equal(rootSerialNumbers(roots), PUBLISHED.roots);
  });

  it('the Node SDK has the same, on the public certificates and on 50 with plain issuers', () => {
    assert.deepEqual(serialsByNode({ appCertificate, alipayCertificate, roots }), PUBLISHED);
    for (const sample of fc.sample(plainSample, { numRuns: 50, seed })) {
      const pem = certificatePem(sample);
      const bundle = `${roots}\n${pem}`;
      assert.deepEqual(
        { serial: certificateSerialNumber(pem), roots: rootSerialNumbers(bundle) },
        serialAndRoots(serialsByNode({ appCertificate: pem, alipayCertificate: pem, roots: bundle })),
        JSON.stringify(sample),
      );
    }
  });

  describe('Java', () => {
    let java: JavaSdk;
    const ask = (inputLines: readonly string[]): Promise<readonly string[]> =>
      java.run({ program: 'SdkQuestions', inputLines });

    before(async function () {
      java = await javaSdkOrSkip(this);
    });

    it('has the same on the public certificates, in any order of the bundle, with text between and with CRLF', async () => {
      const single = roots.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
      assert.equal(single.length, 4);
      const bundles = [
        roots,
        single.toReversed().join('\n'),
        single.map((pem, index) => `subject=root ${index}\n${pem}\n`).join('\n'),
        roots.replaceAll(/\r?\n/g, '\r\n'),
        [...single, alipayCertificate].join('\n'),
      ];
      const certificates = [appCertificate, alipayCertificate, alipayCertificate.replaceAll(/\r?\n/g, '\r\n')];
      const answers = await ask([...bundles.map(rootsQuestion), ...certificates.map(serialQuestion)]);
      assert.deepEqual([...bundles.map(rootSerialNumbers), ...certificates.map(certificateSerialNumber)], answers);
      assert.equal(answers[0], PUBLISHED.roots);
    });

    it('has the same on 150 certificates with issuers and serial numbers of every kind', async () => {
      const samples = [
        ...fc.sample(plainSample, { numRuns: 50, seed }),
        ...fc.sample(exoticSample, { numRuns: 100, seed }),
      ];
      const answers = await ask(samples.map((sample) => serialQuestion(certificatePem(sample))));
      assert.equal(answers.length, samples.length);
      samples.forEach((sample, index) => {
        assert.equal(certificateSerialNumber(certificatePem(sample)), answers[index], JSON.stringify(sample));
      });
    });
  });
});

interface Certificates {
  readonly appCertificate: string;
  readonly alipayCertificate: string;
  readonly roots: string;
}

/** What the Node SDK would send for these certificates. */
function serialsByNode(certificates: Certificates): Certificates {
  const { config } = new AlipaySdk({
    appId: '2021000000000000',
    privateKey: nodePrivateKey,
    keyType: 'PKCS8',
    appCertContent: certificates.appCertificate,
    alipayPublicCertContent: certificates.alipayCertificate,
    alipayRootCertContent: certificates.roots,
  });
  return { appCertificate: config.appCertSn, alipayCertificate: config.alipayCertSn, roots: config.alipayRootCertSn };
}

const nodePrivateKey: string = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'der' })
  .toString('base64');

function serialAndRoots(serials: Certificates): { readonly serial: string; readonly roots: string } {
  return { serial: serials.appCertificate, roots: serials.roots };
}
