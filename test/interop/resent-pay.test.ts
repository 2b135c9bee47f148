/**
 * Goal: a payment service whose HTTP client sends a POST again by itself is not told "refused" of a sale that is paid. Method: the
 * official Node SDK, which does so when a connection is reset: one `exec`, two calls in the ledger.
 */
import assert from 'node:assert/strict';
import { AlipaySdk } from 'alipay-sdk';
import { after, before, describe, it } from 'mocha';

import { payVerdictOfCodes } from '../../alipay/pay-verdict.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { KEYS_TIMEOUT_MS, startForTest } from '../simulator/caller.ts';

const SALE = { totalAmount: '88.88', subject: 'Tea', scene: 'bar_code', authCode: '281234567890123456' };

describe('a pay call that the official Node SDK sends twice', () => {
  let simulator: Simulator;
  let sdk: AlipaySdk;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest();
    const { appId, appPrivateKey: privateKey, alipayPublicKey } = simulator.credentials;
    sdk = new AlipaySdk({ appId, privateKey, keyType: 'PKCS8', gateway: simulator.gatewayUrl, alipayPublicKey });
  });
  after(() => simulator.stop());

  it('is answered as paid already, and that is uncertain', async () => {
    const outTradeNo = 'sent_twice';
    simulator.plan(outTradeNo, { pay: [{ delivery: 'reset' }] });
    const bizContent = { outTradeNo, ...SALE };
    const { code, subCode } = await sdk.exec('alipay.trade.pay', { bizContent }, { validateSign: true });
    assert.deepEqual([code, subCode], ['40004', 'ACQ.TRADE_HAS_SUCCESS']);
    assert.equal(payVerdictOfCodes({ code, subCode, isSigned: true }), 'uncertain');
    assert.equal(simulator.trade(outTradeNo).truth, 'PAID');
    assert.equal(simulator.ledger().calls.filter((call) => call.outTradeNo === outTradeNo).length, 2);
  });
});
