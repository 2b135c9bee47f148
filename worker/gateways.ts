/** One gateway, so one pool of connections, per merchant. */
import { AlipayGateway } from '../alipay/gateway.ts';
import type { Merchants } from './merchants-file.ts';

export interface Gateways {
  /** The gateway of a merchant by its name in the merchants file. */
  readonly of: (merchant: string) => AlipayGateway | undefined;
  /** Releases the connections. */
  end(): Promise<void>;
}

export function openGateways(merchants: Merchants): Gateways {
  const gateways = new Map([...merchants].map(([name, merchant]) => [name, new AlipayGateway(merchant)]));
  return {
    of: (merchant) => gateways.get(merchant),
    async end() {
      await Promise.all([...gateways.values()].map((gateway) => gateway.end()));
    },
  };
}
