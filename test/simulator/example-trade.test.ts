/** Alipay's own example cancels one certain trade: the simulator alone answers it as the example shows, however often it is run. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { AlipayGateway } from '../../alipay/gateway.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import { startSimulatorProcess, type SimulatorProcess } from '../interop/simulator-process.ts';

describe('The trade of the example, in the simulator as the README starts it', () => {
  let simulator: SimulatorProcess;
  let gateway: AlipayGateway;
  before(async () => {
    simulator = await startSimulatorProcess();
    gateway = new AlipayGateway(
      createMerchant({
        appId: await simulator.credential('app-id.txt'),
        gateway: simulator.gatewayUrl,
        privateKey: await simulator.credential('app-private-key.txt'),
        alipayPublicKey: await simulator.credential('alipay-public-key.txt'),
      }),
    );
  });
  after(async () => {
    await gateway.end();
    await simulator.stop();
  });

  for (const time of ['first', 'second']) {
    it(`is cancelled with the example's answer the ${time} time`, async () => {
      const answer = await gateway.cancel({ outTradeNo: 'sao201881610515614521' });
      assert.ok(answer.kind === 'answered');
      assert.deepEqual(
        [answer.action, answer.retryFlag, answer.outTradeNo, answer.tradeNo],
        ['close', 'N', 'sao201881610515614521', '2019032622001494891000009752'],
      );
    });
  }
});
