/**
 * A payment service, as short as one can be and still lose no money. For each sale, in this order:
 *
 * 1. Write the sale down, with its absolute deadline, before Alipay is asked for anything.
 * 2. Call `alipay.trade.pay`, once, with that deadline as `time_expire`.
 * 3. A signed 10000 completes the sale; an answer that proves that nothing was charged ends it (`alipay/pay-verdict.ts`: few do).
 *    Anything else starts a resolution.
 * 4. Wait for the resolution's outcome; only that says whether the goods may go.
 * 5. After a restart, hand over every sale that was written down and not concluded: nobody knows how far its pay call came.
 */
import type { AlipayGateway, PayResponse } from '../alipay/gateway.ts';
import { payVerdict } from '../alipay/pay-verdict.ts';
import type { ResolutionClient } from '../client/resolution-client.ts';
import type { Policy } from '../contract/policy.ts';
import { PayAnswer } from '../contract/resolution.ts';
import type { DoneResolution } from '../contract/resolution.ts';
import type { Journal } from './journal.ts';

export interface Sale {
  /** New for every attempt to take a payment. */
  readonly outTradeNo: string;
  /** Yuan as a decimal string. */
  readonly totalAmount: string;
  readonly subject: string;
  /** RFC 3339, whole seconds: Alipay's `time_expire` has no finer grain. */
  readonly payRequestedAt: string;
  readonly payExpiresAt: string;
  /** Where the sale wants another patience than the default. */
  readonly policy?: Partial<Policy>;
}

export type Sold =
  | { readonly kind: 'paid' }
  /** Surely not charged: the buyer may pay again, under a new number. `why` is our sentence about the answer. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Tell the buyer to wait. `payAnswer` is the code that pay was answered, or `no answer`. */
  | { readonly kind: 'inDoubt'; readonly payAnswer: string };

export interface CounterOptions {
  /** The merchant's name in the worker's configuration. */
  readonly merchant: string;
  readonly gateway: AlipayGateway;
  readonly resolutions: ResolutionClient;
  readonly journal: Journal<Sale>;
}

export class Counter {
  readonly #options: CounterOptions;

  constructor(options: CounterOptions) {
    this.#options = options;
  }

  /** `authCode`: what the scanner read off the buyer's screen; never written down. */
  async sell(sale: Sale, authCode: string): Promise<Sold> {
    const { gateway, journal } = this.#options;
    await journal.open(sale.outTradeNo, sale);
    const { outTradeNo, totalAmount, subject, payExpiresAt: timeExpire } = sale;
    const answer = await gateway.pay({ outTradeNo, totalAmount, subject, timeExpire, authCode });
    switch (payVerdict(answer)) {
      case PayAnswer.paid:
        await journal.conclude(outTradeNo, 'PAID');
        return { kind: 'paid' };
      case PayAnswer.refused:
        await journal.conclude(outTradeNo, 'REFUSED');
        return { kind: 'refused', why: answer.kind === 'failed' ? answer.detail : answer.code };
      case PayAnswer.uncertain:
        await this.#resolve(sale);
        return { kind: 'inDoubt', payAnswer: codeOf(answer) };
    }
  }

  /** What became of a sale in doubt, however long that takes. */
  async outcomeOf({ outTradeNo }: Sale): Promise<DoneResolution> {
    const { merchant, resolutions, journal } = this.#options;
    const done = await resolutions.wait({ merchant, outTradeNo });
    await journal.conclude(outTradeNo, done.outcome);
    return done;
  }

  /** Call it when the service starts. A sale that is being resolved already goes on as it is: a trade has one resolution. */
  async recover(): Promise<readonly Sale[]> {
    const sales = await this.#options.journal.unconcluded();
    for (const sale of sales) await this.#resolve(sale);
    return sales;
  }

  async #resolve({ outTradeNo, totalAmount, payRequestedAt, payExpiresAt, policy }: Sale): Promise<void> {
    const { merchant, resolutions } = this.#options;
    const patience = policy === undefined ? {} : { policy };
    await resolutions.start({ merchant, outTradeNo, totalAmount, payRequestedAt, payExpiresAt, ...patience });
  }
}

/** The telling one of the two codes: 40004 says only that some sub_code follows. */
function codeOf(answer: PayResponse): string {
  const code = answer.kind === 'failed' && answer.code === '40004' ? answer.subCode : answer.code;
  return code ?? 'no answer';
}
