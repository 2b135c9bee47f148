/**
 * Goal: the official Node SDK, verifying every signature, cannot tell the simulator from Alipay in pay, query, cancel and refund.
 * Method: one counter's trades in each mode, and one wrongly signed answer to show that the SDK does verify.
 */
import assert from 'node:assert/strict';
import type { AlipaySdk } from 'alipay-sdk';
import { after, before, describe, it } from 'mocha';
import { createNodeSdk, execVerified } from './node-sdk.ts';
import { startSimulatorProcess, type SimulatorProcess } from './simulator-process.ts';

describe('the official Node SDK with validateSign', function () {
  this.timeout(30_000);
  let simulator: SimulatorProcess;

  before(async () => {
    simulator = await startSimulatorProcess();
  });
  after(() => simulator?.stop());

  for (const mode of ['key', 'certificate'] as const) {
    describe(`in ${mode} mode`, () => {
      let sdk: AlipaySdk;
      before(async () => {
        sdk = await createNodeSdk(simulator, mode);
      });

      it('pays, sees the trade paid, refunds it in two parts and sees it closed', async () => {
        const outTradeNo = `node_${mode}_refund`;
        const paid = await execVerified(sdk, { method: 'alipay.trade.pay', content: payment(outTradeNo) });
        assert.deepEqual(pick(paid, 'code', 'outTradeNo', 'totalAmount', 'receiptAmount'), {
          code: '10000',
          outTradeNo,
          totalAmount: '88.88',
          receiptAmount: '88.88',
        });
        const found = await execVerified(sdk, { method: 'alipay.trade.query', content: { trade_no: paid['tradeNo'] } });
        assert.deepEqual(pick(found, 'code', 'outTradeNo', 'tradeStatus'), {
          code: '10000',
          outTradeNo,
          tradeStatus: 'TRADE_SUCCESS',
        });

        for (const part of [
          { amount: '8.88', request: 'one', changed: 'Y', total: '8.88' },
          { amount: '8.88', request: 'one', changed: 'N', total: '8.88' },
          { amount: '80.00', request: 'two', changed: 'Y', total: '88.88' },
        ]) {
          const content = { out_trade_no: outTradeNo, refund_amount: part.amount, out_request_no: part.request };
          const refunded = await execVerified(sdk, { method: 'alipay.trade.refund', content });
          assert.deepEqual(pick(refunded, 'code', 'fundChange', 'refundFee'), {
            code: '10000',
            fundChange: part.changed,
            refundFee: part.total,
          });
        }
        const closed = await execVerified(sdk, { method: 'alipay.trade.query', content: { out_trade_no: outTradeNo } });
        assert.equal(closed['tradeStatus'], 'TRADE_CLOSED');
      });

      it('cancels a trade that waits for the buyer, and one that is paid', async () => {
        for (const { exists, action } of [
          { exists: 'WAIT_BUYER_PAY', action: 'close' },
          { exists: 'TRADE_SUCCESS', action: 'refund' },
        ]) {
          const outTradeNo = `node_${mode}_cancel_${action}`;
          await simulator.control('PUT', `/trades/${outTradeNo}`, { exists });
          const content = { out_trade_no: outTradeNo };
          const cancelled = await execVerified(sdk, { method: 'alipay.trade.cancel', content });
          assert.deepEqual(pick(cancelled, 'code', 'outTradeNo', 'action', 'retryFlag'), {
            code: '10000',
            outTradeNo,
            action,
            retryFlag: 'N',
          });
          const found = await execVerified(sdk, { method: 'alipay.trade.query', content });
          assert.equal(found['tradeStatus'], 'TRADE_CLOSED');
        }
      });

      it('is told in a signed answer that a trade does not exist, on behalf of a merchant too', async () => {
        const content = { out_trade_no: `node_${mode}_nowhere` };
        for (const token of [{}, { appAuthToken: '202603BBtoken' }]) {
          const answer = await execVerified(sdk, { method: 'alipay.trade.query', content, ...token });
          assert.deepEqual(pick(answer, 'code', 'subCode'), { code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST' });
        }
      });

      it('refuses an answer that is signed wrongly, so its check is a check', async () => {
        const outTradeNo = `node_${mode}_forged`;
        await simulator.control('PUT', `/trades/${outTradeNo}`, {
          exists: 'TRADE_SUCCESS',
          query: [{ signature: 'wrong' }],
        });
        const call = { method: 'alipay.trade.query', content: { out_trade_no: outTradeNo } };
        await assert.rejects(execVerified(sdk, call), /验签失败/);
        assert.equal((await execVerified(sdk, call))['tradeStatus'], 'TRADE_SUCCESS');
      });
    });
  }
});

function payment(outTradeNo: string): Record<string, string> {
  return {
    out_trade_no: outTradeNo,
    total_amount: '88.88',
    subject: '咖啡 / coffee "large"',
    scene: 'bar_code',
    auth_code: '280000000000000001',
  };
}

function pick(answer: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, answer[name]]));
}
