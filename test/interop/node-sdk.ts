/** The official Node SDK against the simulator, in key mode or certificate mode. */
import { AlipaySdk, type AlipaySdkCommonResult } from 'alipay-sdk';
import type { SimulatorProcess } from './simulator-process.ts';

export type SdkMode = 'key' | 'certificate';

export async function createNodeSdk(simulator: SimulatorProcess, mode: SdkMode): Promise<AlipaySdk> {
  const { appId, gatewayUrl: gateway } = simulator;
  const credential = (file: string): Promise<string> => simulator.credential(file);
  const privateKey = await credential('app-private-key.txt');
  const keys =
    mode === 'key'
      ? { alipayPublicKey: await credential('alipay-public-key.txt') }
      : {
          appCertContent: await credential('app-cert.crt'),
          alipayPublicCertContent: await credential('alipay-cert.crt'),
          alipayRootCertContent: await credential('alipay-root-cert.crt'),
        };
  return new AlipaySdk({ appId, gateway, privateKey, keyType: 'PKCS8', ...keys });
}

export interface NodeCall {
  readonly method: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly appAuthToken?: string;
}

/** The SDK verifies signatures only when asked; asked, it throws at one that does not fit. */
export function execVerified(
  sdk: AlipaySdk,
  { method, content, appAuthToken }: NodeCall,
): Promise<AlipaySdkCommonResult> {
  const token = appAuthToken === undefined ? {} : { app_auth_token: appAuthToken };
  return sdk.exec(method, { ...token, bizContent: content }, { validateSign: true });
}
