/** The merchant that the simulator's credentials folder describes, in key mode or certificate mode. */
import { createMerchant, type Merchant } from '../../alipay/merchant.ts';
import type { SdkMode } from './node-sdk.ts';
import type { SimulatorProcess } from './simulator-process.ts';

export async function merchantOf(simulator: SimulatorProcess, mode: SdkMode): Promise<Merchant> {
  const { appId, gatewayUrl: gateway } = simulator;
  const privateKey = await simulator.credential('app-private-key.txt');
  const keys =
    mode === 'key'
      ? { alipayPublicKey: await simulator.credential('alipay-public-key.txt') }
      : {
          appCertificate: await simulator.credential('app-cert.crt'),
          alipayCertificate: await simulator.credential('alipay-cert.crt'),
          alipayRootCertificate: await simulator.credential('alipay-root-cert.crt'),
        };
  return createMerchant({ appId, gateway, privateKey, ...keys });
}
