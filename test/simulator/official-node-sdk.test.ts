/**
 * Goal: the official `alipay-sdk` for Node, with its own check of every signature switched on, cannot tell the simulator from
 * Alipay. Method: a whole life of trades through the SDK, in key mode and in certificate mode.
 */
import assert from 'node:assert/strict';
import { AlipaySdk } from 'alipay-sdk';
import { after, before, describe, it } from 'mocha';

import type { Simulator } from '../../simulator/simulator.ts';
import { KEYS_TIMEOUT_MS, startForTest } from './caller.ts';

type Fields = Readonly<Record<string, unknown>>;

const SALE = { totalAmount: '88.88', subject: '咖啡 / coffee', scene: 'bar_code', authCode: '281234567890123456' };

for (const mode of ['key', 'certificate'] as const) {
  describe(`the official Node SDK in ${mode} mode`, () => {
    let simulator: Simulator;
    let sdk: AlipaySdk;
    before(async function () {
      this.timeout(KEYS_TIMEOUT_MS);
      simulator = await startForTest();
      const { appId, appPrivateKey, alipayPublicKey, ...certificates } = simulator.credentials;
      sdk = new AlipaySdk({
        appId,
        privateKey: appPrivateKey,
        keyType: 'PKCS8',
        gateway: simulator.gatewayUrl,
        ...(mode === 'key'
          ? { alipayPublicKey }
          : {
              appCertContent: certificates.appCertificate,
              alipayPublicCertContent: certificates.alipayCertificate,
              alipayRootCertContent: certificates.alipayRootCertificate,
            }),
      });
    });
    after(() => simulator.stop());

    const exec = async (method: string, bizContent: Fields): Promise<Fields> =>
      // The SDK types an answer as an index of unknown fields.
      (await sdk.exec(method, { bizContent }, { validateSign: true })) as Fields;

    it('pays, queries, refunds and asks for the refund', async () => {
      const outTradeNo = `sdk_${mode}_1`;
      const paid = await exec('alipay.trade.pay', { outTradeNo, ...SALE });
      assert.deepEqual([paid['code'], paid['totalAmount'], paid['outTradeNo']], ['10000', '88.88', outTradeNo]);
      const found = await exec('alipay.trade.query', { outTradeNo });
      assert.deepEqual([found['tradeStatus'], found['tradeNo']], ['TRADE_SUCCESS', paid['tradeNo']]);
      const refund = { outTradeNo, refundAmount: '8.88', outRequestNo: 'r1' };
      assert.equal((await exec('alipay.trade.refund', refund))['fundChange'], 'Y');
      assert.equal((await exec('alipay.trade.refund', refund))['fundChange'], 'N');
      const asked = await exec('alipay.trade.fastpay.refund.query', { outTradeNo, outRequestNo: 'r1' });
      assert.deepEqual([asked['refundStatus'], asked['refundAmount']], ['REFUND_SUCCESS', '8.88']);
      assert.equal(simulator.trade(outTradeNo).sellerHas, '80.00');
    });

    it('cancels a waiting trade and a paid one', async () => {
      const [waiting, paid] = [`sdk_${mode}_2`, `sdk_${mode}_3`];
      simulator.plan(waiting, { buyerPaysAfterMs: 'never' });
      assert.equal((await exec('alipay.trade.pay', { outTradeNo: waiting, ...SALE }))['code'], '10003');
      await exec('alipay.trade.pay', { outTradeNo: paid, ...SALE });
      assert.equal((await exec('alipay.trade.cancel', { outTradeNo: waiting }))['action'], 'close');
      assert.equal((await exec('alipay.trade.cancel', { outTradeNo: paid }))['action'], 'refund');
      assert.deepEqual([simulator.trade(waiting).truth, simulator.trade(paid).truth], ['CLOSED', 'REFUNDED']);
    });

    it('closes, precreates and is refused', async () => {
      const outTradeNo = `sdk_${mode}_4`;
      const code = await exec('alipay.trade.precreate', { outTradeNo, totalAmount: '1.00', subject: 'x' });
      assert.match(String(code['qrCode']), /^https:\/\/qr\.alipay\.com\//);
      const refused = await exec('alipay.trade.close', { outTradeNo });
      assert.deepEqual(
        [refused['code'], refused['subCode'], refused['subMsg']],
        ['40004', 'ACQ.TRADE_NOT_EXIST', '交易不存在'],
      );
    });

    it('refuses an answer that is signed wrongly', async () => {
      const outTradeNo = `sdk_${mode}_5`;
      simulator.plan(outTradeNo, { exists: 'TRADE_SUCCESS', query: [{ signature: 'wrong' }] });
      await assert.rejects(exec('alipay.trade.query', { outTradeNo }), /验签失败/);
    });
  });
}
