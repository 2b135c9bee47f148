/**
 * Our own client of the gateway, over a link that is struck for exactly one call of its trade. What was struck stays struck until the
 * next call, so that what is late arrives late.
 */
import { AlipayGateway, type CancelResponse, type QueryResponse } from '../../alipay/gateway.ts';
import type { Merchant } from '../../alipay/merchant.ts';
import type { TradeIds } from '../../contract/trade.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type NetworkFault, strike } from './network-faults.ts';
import type { Link } from './toxiproxy.ts';

export const STRUCK_CALLS = ['query', 'cancel', 'query after cancel'] as const;
export type StruckCall = (typeof STRUCK_CALLS)[number];

export interface StrickenOptions {
  readonly merchant: Merchant;
  readonly link: Link;
  readonly simulator: Simulator;
  readonly call: StruckCall;
  readonly fault: NetworkFault;
}

/** What became of the one call. */
export interface Struck {
  /** What our client made of it: `answered`, or the class of the failure. */
  readonly came: string;
  /** The gateway had received it by then. */
  readonly received: boolean;
  /** The gateway received it between then and the trade's next call. */
  readonly arrivedLate: boolean;
}

export class StrickenGateway extends AlipayGateway {
  struck: Struck | undefined;
  readonly #options: StrickenOptions;
  #isStruck = false;
  #heal: (() => Promise<void>) | undefined;
  #hasCancelled = false;

  constructor(options: StrickenOptions) {
    super(options.merchant);
    this.#options = options;
  }

  override async query(ids: TradeIds): Promise<QueryResponse> {
    return await this.#through(this.#hasCancelled ? 'query after cancel' : 'query', ids, () => super.query(ids));
  }

  override async cancel(ids: TradeIds): Promise<CancelResponse> {
    this.#hasCancelled = true;
    return await this.#through('cancel', ids, () => super.cancel(ids));
  }

  async #through<Answer extends QueryResponse | CancelResponse>(
    call: StruckCall,
    { outTradeNo = '' }: TradeIds,
    make: () => Promise<Answer>,
  ): Promise<Answer> {
    const { link, simulator, fault } = this.#options;
    await this.#heal?.();
    this.#heal = undefined;
    if (this.#isStruck || call !== this.#options.call) return await make();
    this.#isStruck = true;
    const method = call === 'cancel' ? 'alipay.trade.cancel' : 'alipay.trade.query';
    const received = (): number =>
      simulator.ledger().calls.filter((one) => one.method === method && one.outTradeNo === outTradeNo).length;
    const before = received();
    await strike(fault, link, () => simulator.callReceived({ method, outTradeNo, count: before + 1 }));
    const answer = await make();
    const came = answer.kind === 'answered' ? answer.kind : answer.failure;
    const struck = { came, received: received() > before, arrivedLate: false };
    this.struck = struck;
    this.#heal = async () => {
      this.struck = { ...struck, arrivedLate: !struck.received && received() > before };
      await link.heal();
    };
    return answer;
  }
}
