/** One gateway, so one pool of connections, per merchant; one pace of calls per app. */
import { AlipayGateway } from '../alipay/gateway.ts';
import { CallPace } from './call-rate.ts';
import type { Merchants } from './merchants-file.ts';

export interface Gateways {
  /** The gateway of a merchant by its name in the merchants file. */
  readonly of: (merchant: string) => AlipayGateway | undefined;
  /** Releases the connections. */
  end(): Promise<void>;
}

/** `callsPerSecondMax`: of each app. @default no limit */
export function openGateways(merchants: Merchants, callsPerSecondMax?: number): Gateways {
  const paces = new Map<string, CallPace>();
  const paceOf = (appId: string, max: number): CallPace => {
    const pace = paces.get(appId) ?? new CallPace(max);
    paces.set(appId, pace);
    return pace;
  };
  const gateways = new Map(
    [...merchants].map(([name, merchant]) => {
      const pace = callsPerSecondMax === undefined ? undefined : paceOf(merchant.appId, callsPerSecondMax);
      return [name, new AlipayGateway(merchant, pace && { turn: () => pace.turn() })];
    }),
  );
  return {
    of: (merchant) => gateways.get(merchant),
    async end() {
      await Promise.all([...gateways.values()].map((gateway) => gateway.end()));
    },
  };
}
