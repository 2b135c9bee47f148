/**
 * Goal: the Java example of "alipay.trade.cancel(统一收单交易撤销接口)集成流程" runs against the simulator and gets the answer that the document
 * shows, in every mode of the official SDK, which checks the signature of each answer by itself.
 * Method: `java/SeedExample.java` is run from its source as a reader would; its trade waits for the buyer, under the document's numbers.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import { certificateSerialNumber } from '../../alipay/certificates.ts';
import { javaSdkOrSkip, type JavaSdk } from './java-sdk.ts';
import { startSimulatorProcess, type SimulatorProcess } from './simulator-process.ts';

const OUT_TRADE_NO = 'sao201881610515614521';
const TRADE_NO = '2019032622001494891000009752';

/** As the document prints it: the same fields, in the same order. */
const NODE_SHOWN =
  '{"code":"10000","msg":"Success","action":"close","out_trade_no":"sao201881610515614521","retry_flag":"N","trade_no":"2019032622001494891000009752"}';

describe('the Java example of the seed document', function () {
  this.timeout(60_000);
  let java: JavaSdk;
  let simulator: SimulatorProcess;

  before(async function () {
    java = await javaSdkOrSkip(this);
    simulator = await startSimulatorProcess();
  });
  after(() => simulator?.stop());

  beforeEach(async () => {
    await simulator.control('DELETE', `/trades/${OUT_TRADE_NO}`);
    await plan({});
  });

  it('runs to the letter in key mode and prints the answer shown', async () => {
    const output = await java.runSource({ program: 'SeedExample', properties: properties() });
    assert.deepEqual(membersOf(output), ['alipay_trade_cancel_response', 'sign']);
    assert.equal(nodeOf(output), NODE_SHOWN);
    assert.deepEqual(await tradeStatusInLedger(), 'TRADE_CLOSED');
  });

  it('gets it with app_auth_token, for the merchant who gave the token', async () => {
    const output = await java.run({
      program: 'SeedExampleInModes',
      properties: { ...properties(), mode: 'key', appAuthToken: '202603BBtoken' },
    });
    assert.equal(nodeOf(output), NODE_SHOWN);
    assert.equal(await lastCallHadToken(), true);
  });

  it('gets it in certificate mode, signed under the Alipay certificate that the answer names', async () => {
    const output = await java.run({
      program: 'SeedExampleInModes',
      properties: { ...properties(), mode: 'certificate' },
    });
    assert.equal(nodeOf(output), NODE_SHOWN);
    assert.deepEqual(membersOf(output), ['alipay_trade_cancel_response', 'alipay_cert_sn', 'sign']);
    const alipayCertificate = await simulator.credential('alipay-cert.crt');
    assert.equal(answerOf(output)['alipay_cert_sn'], certificateSerialNumber(alipayCertificate));
    assert.equal(await lastCallHadToken(), false);
  });

  it('gets it in certificate mode with app_auth_token', async () => {
    const output = await java.run({
      program: 'SeedExampleInModes',
      properties: { ...properties(), mode: 'certificate', appAuthToken: '202603BBtoken' },
    });
    assert.equal(nodeOf(output), NODE_SHOWN);
    assert.equal(await lastCallHadToken(), true);
  });

  for (const mode of ['key', 'certificate']) {
    it(`fails in ${mode} mode when the answer is signed wrongly, so the SDK's check is a check`, async () => {
      await simulator.control('DELETE', `/trades/${OUT_TRADE_NO}`);
      await plan({ cancel: [{ signature: 'wrong' }] });
      await assert.rejects(
        java.run({ program: 'SeedExampleInModes', properties: { ...properties(), mode } }),
        /AlipayApiException: .*check (Sign|Cert) and Data Fail/,
      );
    });
  }

  function properties(): Record<string, string> {
    return { gateway: simulator.gatewayUrl, credentials: simulator.credentialsFolder };
  }

  async function plan(faults: Record<string, unknown>): Promise<void> {
    await simulator.control('DELETE', `/trades/${OUT_TRADE_NO}`);
    await simulator.control('PUT', `/trades/${OUT_TRADE_NO}`, {
      exists: 'WAIT_BUYER_PAY',
      tradeNo: TRADE_NO,
      ...faults,
    });
  }

  async function tradeStatusInLedger(): Promise<unknown> {
    const { trades } = (await simulator.control('GET', '/ledger')) as {
      trades: { outTradeNo: string; tradeStatus: string }[];
    };
    return trades.find(({ outTradeNo }) => outTradeNo === OUT_TRADE_NO)?.tradeStatus;
  }

  async function lastCallHadToken(): Promise<boolean | undefined> {
    const { calls } = (await simulator.control('GET', '/ledger')) as {
      calls: { method: string; appAuthToken: boolean }[];
    };
    return calls.at(-1)?.appAuthToken;
  }
});

/** The one line that the example prints, read. */
function answerOf(output: readonly string[]): Record<string, unknown> {
  assert.equal(output.length, 1, output.join('\n'));
  return JSON.parse(output[0] ?? '') as Record<string, unknown>;
}

function membersOf(output: readonly string[]): string[] {
  return Object.keys(answerOf(output));
}

function nodeOf(output: readonly string[]): string {
  return JSON.stringify(answerOf(output)['alipay_trade_cancel_response']);
}
