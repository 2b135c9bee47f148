/** Our own client of the gateway, which says when a trade's next call of some kind begins. */
import { AlipayGateway, type CancelResponse, type QueryResponse } from '../../alipay/gateway.ts';
import type { TradeIds } from '../../contract/trade.ts';
import type { StruckCall } from './stricken-gateway.ts';

interface Watch {
  readonly call: StruckCall;
  readonly begins: () => Promise<void>;
}

export class WatchedGateway extends AlipayGateway {
  readonly #watches = new Map<string, Watch>();
  readonly #cancelled = new Set<string>();

  /** Does `act` when the call is about to be made, and lets it go on then. Resolves after `act`. */
  async next(outTradeNo: string, call: StruckCall, act: () => Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      const begins = async (): Promise<void> => {
        await act();
        resolve();
      };
      this.#watches.set(outTradeNo, { call, begins });
    });
  }

  override async query(ids: TradeIds): Promise<QueryResponse> {
    const { outTradeNo = '' } = ids;
    await this.#tell(outTradeNo, this.#cancelled.has(outTradeNo) ? 'query after cancel' : 'query');
    return await super.query(ids);
  }

  override async cancel(ids: TradeIds): Promise<CancelResponse> {
    const { outTradeNo = '' } = ids;
    this.#cancelled.add(outTradeNo);
    await this.#tell(outTradeNo, 'cancel');
    return await super.cancel(ids);
  }

  async #tell(outTradeNo: string, call: StruckCall): Promise<void> {
    const watch = this.#watches.get(outTradeNo);
    if (watch?.call !== call) return;
    this.#watches.delete(outTradeNo);
    await watch.begins();
  }
}
