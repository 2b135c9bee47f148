/**
 * Goal: the doctor calls a gateway well only on Alipay's signed word. Method: a gateway on this machine that says byte for byte what a
 * real one, or somebody in between, could say; without a Temporal server, since the gateway is asked in any case.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';

import { examine, type Finding } from '../../worker/doctor.ts';
import {
  LoopbackGateway,
  nodeName,
  type NodeValue,
  signedAnswer,
  unsignedAnswer,
} from '../gateway/loopback-gateway.ts';
import { ALIPAY, APP, bare } from '../gateway/test-keys.ts';
import { writeMerchantsFile } from './simulated-merchant.ts';

const METHOD = 'alipay.trade.query';
const ABSENT: NodeValue = {
  code: '40004',
  msg: 'Business Failed',
  sub_code: 'ACQ.TRADE_NOT_EXIST',
  sub_msg: '交易不存在',
};

describe('The doctor', () => {
  let folder: string;
  let gateway: LoopbackGateway;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
    gateway = await LoopbackGateway.start();
  });
  after(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function gatewayFinding(answer: string): Promise<Finding> {
    gateway.answer(answer);
    const unused = '';
    const file = writeMerchantsFile(folder, {
      gatewayUrl: gateway.url,
      credentials: {
        appId: '2021000000000000',
        appPrivateKey: bare(APP.privateKey, 'pkcs8'),
        alipayPublicKey: bare(ALIPAY.publicKey, 'spki'),
        alipayPrivateKey: unused,
        appCertificate: unused,
        alipayCertificate: unused,
        alipayRootCertificate: unused,
      },
    });
    for await (const finding of examine({ RESOLVER_MERCHANTS_FILE: file })) {
      if (finding.check === 'gateway') return finding;
    }
    throw new Error('the gateway was not asked');
  }

  it('believes "no such trade" that Alipay has signed', async () => {
    const { result, detail } = await gatewayFinding(signedAnswer(METHOD, ABSENT));
    assert.equal(result, 'ok', detail);
  });

  const ofNobody: readonly (readonly [what: string, answer: string, remedy: RegExp])[] = [
    ['without a signature', unsignedAnswer(METHOD, ABSENT), /signs what it answers to an app that it knows/],
    ['with an empty signature', withSignature(''), /signs what it answers to an app that it knows/],
    ['with a signature of blanks', withSignature('  '), /signature does not hold/],
    ['with a signature over something else', withSignature('MTIz'), /signature does not hold/],
    ['as an unsigned error_response', `{"error_response":${JSON.stringify(ABSENT)}}`, /signs what it answers/],
  ];
  for (const [what, answer, remedy] of ofNobody) {
    it(`does not believe "no such trade" ${what}`, async () => {
      const finding = await gatewayFinding(answer);
      assert.equal(finding.result, 'failed', finding.detail);
      assert.match(finding.remedy ?? '', remedy);
    });
  }
});

function withSignature(sign: string): string {
  return `{"${nodeName(METHOD)}":${JSON.stringify(ABSENT)},"sign":"${sign}"}`;
}
