/** One gateway, so one pool of connections, per merchant; one pace of calls per app. */
import { authorityOf } from '../alipay/dial.ts';
import { AlipayGateway } from '../alipay/gateway.ts';
import type { Proxies } from '../alipay/proxy-rules.ts';
import { CallPace } from './call-rate.ts';
import type { Merchants } from './merchants-file.ts';

export interface Gateways {
  /** The gateway of a merchant by its name in the merchants file. */
  readonly of: (merchant: string) => AlipayGateway | undefined;
  /** Releases the connections. */
  end(): Promise<void>;
}

export interface GatewaysOptions {
  /** Of each app. @default no limit */
  readonly callsPerSecondMax?: number;
  /** @default every call goes straight to its gateway */
  readonly proxies?: Proxies;
}

export function openGateways(merchants: Merchants, { callsPerSecondMax, proxies }: GatewaysOptions = {}): Gateways {
  const paces = new Map<string, CallPace>();
  const paceOf = (appId: string, max: number): CallPace => {
    const pace = paces.get(appId) ?? new CallPace(max);
    paces.set(appId, pace);
    return pace;
  };
  const gateways = new Map(
    [...merchants].map(([name, merchant]) => {
      const pace = callsPerSecondMax === undefined ? undefined : paceOf(merchant.appId, callsPerSecondMax);
      const proxy = proxies?.forGateway(merchant.gatewayUrl);
      const gateway = new AlipayGateway(merchant, {
        ...(pace === undefined ? {} : { turn: () => pace.turn() }),
        ...(proxy === undefined ? {} : { proxy }),
      });
      return [name, gateway];
    }),
  );
  return {
    of: (merchant) => gateways.get(merchant),
    async end() {
      await Promise.all([...gateways.values()].map((gateway) => gateway.end()));
    },
  };
}

/** One sentence per proxy that Alipay is called through. */
export function describeProxies(merchants: Merchants, proxies: Proxies | undefined): readonly string[] {
  const served = new Map<string, string[]>();
  for (const [name, { gatewayUrl }] of merchants) {
    const proxy = proxies?.forGateway(gatewayUrl);
    if (proxy !== undefined) served.set(authorityOf(proxy), [...(served.get(authorityOf(proxy)) ?? []), name]);
  }
  return [...served].map(([proxy, names]) => `Alipay is called through the proxy ${proxy} for ${names.join(', ')}`);
}
