/**
 * Goal: our own client and the simulator agree on the protocol, and each fault is to the client what its name says.
 * Method: the seven methods in both modes; then one call per fault, judged by the class that the client gives it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { AlipayGateway } from '../../alipay/gateway.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import type { FailureClass } from '../../contract/failure-class.ts';
import type { FaultStep } from '../../simulator/fault-plan.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { KEYS_TIMEOUT_MS, startForTest } from './caller.ts';

/** Long enough for a busy machine. */
const DEADLINE_MS = 10_000;
/** For the faults that outlast any deadline; a call that ends early for another reason is `unknown` as well. */
const SHORT_DEADLINE_MS = 300;
const SALE = { totalAmount: '88.88', subject: '咖啡', authCode: '281234567890123456' };

function connect(simulator: Simulator, mode: 'key' | 'certificate', deadlineMs: number): AlipayGateway {
  const { appId, appPrivateKey, alipayPublicKey, ...rest } = simulator.credentials;
  const { appCertificate, alipayCertificate, alipayRootCertificate } = rest;
  const merchant = createMerchant({
    appId,
    gateway: simulator.gatewayUrl,
    privateKey: appPrivateKey,
    deadlineMs,
    appAuthToken: '202603BBtoken',
    ...(mode === 'key' ? { alipayPublicKey } : { appCertificate, alipayCertificate, alipayRootCertificate }),
  });
  return new AlipayGateway(merchant);
}

for (const mode of ['key', 'certificate'] as const) {
  describe(`our own client in ${mode} mode`, () => {
    let simulator: Simulator;
    let gateway: AlipayGateway;
    let impatient: AlipayGateway;
    before(async function () {
      this.timeout(KEYS_TIMEOUT_MS);
      simulator = await startForTest();
      gateway = connect(simulator, mode, DEADLINE_MS);
      impatient = connect(simulator, mode, SHORT_DEADLINE_MS);
    });
    after(async () => {
      await gateway.end();
      await impatient.end();
      await simulator.stop();
    });

    it('takes a trade through pay, query, refund, refund query', async () => {
      const outTradeNo = 'own_1';
      const paid = await gateway.pay({ outTradeNo, ...SALE });
      assert.deepEqual([paid.kind, paid.code], ['answered', '10000']);
      const found = await gateway.query({ outTradeNo });
      assert.ok(found.kind === 'answered');
      assert.deepEqual([found.tradeStatus, found.totalAmount], ['TRADE_SUCCESS', '88.88']);
      assert.match(found.sendPayDate ?? '', /\+08:00$/);
      const refunded = await gateway.refund({ outTradeNo, refundAmount: '88.88', outRequestNo: 'r1' });
      assert.ok(refunded.kind === 'answered');
      assert.equal(refunded.fundChange, 'Y');
      const asked = await gateway.queryRefund({ outTradeNo, outRequestNo: 'r1' });
      assert.ok(asked.kind === 'answered');
      assert.equal(asked.refundStatus, 'REFUND_SUCCESS');
      assert.equal(simulator.trade(outTradeNo).truth, 'REFUNDED');
      assert.ok(simulator.ledger().calls.every((call) => call.appAuthToken));
    });

    it('cancels, closes, precreates', async () => {
      simulator.plan('own_2', { buyerPaysAfterMs: 'never' });
      assert.equal((await gateway.pay({ outTradeNo: 'own_2', ...SALE })).code, '10003');
      const cancelled = await gateway.cancel({ outTradeNo: 'own_2' });
      assert.ok(cancelled.kind === 'answered');
      assert.deepEqual([cancelled.action, cancelled.retryFlag], ['close', 'N']);
      simulator.plan('own_3', { exists: 'WAIT_BUYER_PAY' });
      assert.equal((await gateway.close({ outTradeNo: 'own_3' })).kind, 'answered');
      const code = await gateway.precreate({ outTradeNo: 'own_4', totalAmount: '1.00', subject: 'x' });
      assert.ok(code.kind === 'answered');
      assert.match(code.qrCode ?? '', /^https:\/\/qr\.alipay\.com\//);
    });

    const FAULTS: readonly (readonly [step: FaultStep, failure: FailureClass])[] = [
      [{ delivery: 'requestLost' }, 'unknown'],
      [{ delivery: 'answerLost' }, 'unknown'],
      [{ delivery: 'reset' }, 'unknown'],
      [{ delivery: 'truncated' }, 'unknown'],
      [{ delivery: 'trickle' }, 'unknown'],
      [{ delivery: 'oversized' }, 'unknown'],
      [{ delivery: 'http500' }, 'unknown'],
      [{ delivery: 'html' }, 'unknown'],
      [{ delivery: 'garbage' }, 'unknown'],
      [{ delivery: 'redirect', location: 'http://127.0.0.1:1/' }, 'unknown'],
      [{ delayMs: 60_000 }, 'unknown'],
      [{ answer: 'code20000' }, 'unknown'],
      [{ answer: 'code20000', charset: 'gbk' }, 'unknown'],
      [{ answer: 'systemError' }, 'unknown'],
      [{ answer: 'limited' }, 'limited'],
      [{ answer: 'notExist' }, 'business'],
      [{ answer: 'refused', subCode: 'ACQ.TRADE_HAS_FINISHED' }, 'business'],
      [{ signature: 'wrong' }, 'forged'],
      [{ signature: 'missing' }, 'unsigned'],
      [{ signature: 'duplicateNode' }, 'forged'],
      [{ with: { out_trade_no: 'another' } }, 'notOurs'],
    ];
    for (const [step, failure] of FAULTS) {
      it(`takes ${JSON.stringify(step)} as ${failure}`, async () => {
        const outTradeNo = `own_fault_${FAULTS.findIndex(([one]) => one === step)}`;
        simulator.plan(outTradeNo, { exists: 'WAIT_BUYER_PAY', cancel: [step] });
        const isSlow = step.delayMs !== undefined || step.delivery === 'trickle';
        const answer = await (isSlow ? impatient : gateway).cancel({ outTradeNo });
        assert.ok(answer.kind === 'failed', JSON.stringify(answer));
        assert.equal(answer.failure, failure, answer.detail);
      }).timeout(2 * DEADLINE_MS);
    }
  });
}
