/**
 * Goal: where Alipay's documents are silent, the resolution is right whichever way Alipay behaves. Method: each path is walked under all
 * sixteen settings of the simulator's four switches, and every outcome is compared with the ledger.
 *
 * Two paths lead to a closed trade whose payment nobody was told of, and only Alipay could still tell. Where it does not, the trade is
 * called CLOSED although money went back: the assumption that docs/correctness.md states. The settings in which that happens are
 * listed here, and the test fails when there is one more or one less.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { AlipayGateway } from '../../alipay/gateway.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import { type DoneResolution, Outcome } from '../../contract/resolution.ts';
import type { Behaviour, TradePlan } from '../../simulator/fault-plan.ts';
import { openShop, reached, type Shop } from '../shop.ts';

/** Long enough for a late pay request to come in time. On a machine where it does not, it is walked again with twice the time. */
const PAYABLE_MS = 30_000;

interface Path {
  readonly name: string;
  readonly plan: TradePlan;
  /** What the ledger must say in the end, or the path was not walked. */
  readonly truth: (behaviour: Behaviour) => Outcome;
  /** Before the resolution starts. */
  readonly first?: (sale: Sale) => Promise<unknown>;
  /** While it runs. */
  readonly meanwhile?: (sale: Sale) => Promise<unknown>;
  readonly cancelsAtLeast?: number;
  /** Settings in which nothing that Alipay says tells this trade from one that was never paid. */
  readonly untold?: (behaviour: Behaviour) => boolean;
}

interface Sale {
  readonly shop: Shop;
  readonly gateway: AlipayGateway;
  readonly outTradeNo: string;
  readonly payExpiresAt: string;
}

const closed = (): Outcome => Outcome.CLOSED;
const refunded = (): Outcome => Outcome.REFUNDED;
const landsUnlessBlocked = ({ cancelBlocksLaterPay }: Behaviour): Outcome =>
  cancelBlocksLaterPay ? Outcome.NOT_CREATED : Outcome.REFUNDED;

const PATHS: readonly Path[] = [
  { name: 'unpaid; the cancel is answered', truth: closed, plan: { exists: 'WAIT_BUYER_PAY' } },
  {
    name: 'paid just before the cancel, which is answered',
    truth: refunded,
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ buyerPays: 'beforeExecution' }] },
  },
  {
    name: 'unpaid; the answer to the cancel is lost',
    truth: closed,
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ delivery: 'answerLost' }] },
  },
  {
    name: 'paid just before the cancel, whose answer is lost',
    truth: refunded,
    plan: { exists: 'WAIT_BUYER_PAY', cancel: [{ buyerPays: 'beforeExecution', delivery: 'answerLost' }] },
    untold: ({ refundQueryShowsCancel, querySaysSendPayDate }) => !refundQueryShowsCancel && !querySaysSendPayDate,
  },
  {
    name: 'the same, and no query is answered before the cancel was repeated',
    truth: refunded,
    plan: {
      exists: 'WAIT_BUYER_PAY',
      query: [{ answer: 'code20000', times: 6 }],
      cancel: [{ buyerPays: 'beforeExecution', delivery: 'answerLost' }],
    },
    cancelsAtLeast: 2,
    untold: ({ cancelRepeatsAction, refundQueryShowsCancel, querySaysSendPayDate }) =>
      !cancelRepeatsAction && !refundQueryShowsCancel && !querySaysSendPayDate,
  },
  {
    name: 'the pay request is sent after the cancel of a number that Alipay has never seen',
    truth: landsUnlessBlocked,
    plan: {},
    meanwhile: async ({ shop, gateway, outTradeNo, payExpiresAt }) => {
      await reached(shop, { outTradeNo }, ({ phase }) => phase === 'watching' || phase === 'done');
      await gateway.pay({ ...SALE, outTradeNo, timeExpire: payExpiresAt });
    },
  },
  {
    name: 'the pay request lies in a queue and lands behind the cancel',
    truth: landsUnlessBlocked,
    plan: { pay: [{ delivery: 'answerLost', executed: 'afterNextCancel' }] },
    first: ({ gateway, outTradeNo, payExpiresAt }) => gateway.pay({ ...SALE, outTradeNo, timeExpire: payExpiresAt }),
  },
  { name: 'unpaid; closed by someone else', truth: closed, plan: { exists: 'TRADE_CLOSED' } },
  {
    name: 'paid, and refunded by someone else under a number of theirs',
    truth: refunded,
    plan: { exists: 'TRADE_SUCCESS' },
    first: ({ gateway, outTradeNo }) => gateway.refund({ outTradeNo, refundAmount: '88.88', outRequestNo: 'portal' }),
    untold: ({ querySaysSendPayDate }) => !querySaysSendPayDate,
  },
];

const SALE = { totalAmount: '88.88', subject: 'coffee', authCode: '281234567890123456' } as const;

const BOTH = [false, true] as const;
const SETTINGS: readonly Behaviour[] = BOTH.flatMap((cancelRepeatsAction) =>
  BOTH.flatMap((cancelBlocksLaterPay) =>
    BOTH.flatMap((refundQueryShowsCancel) =>
      BOTH.map((querySaysSendPayDate) => ({
        cancelRepeatsAction,
        cancelBlocksLaterPay,
        refundQueryShowsCancel,
        querySaysSendPayDate,
      })),
    ),
  ),
);

describe('A resolution under each of the sixteen ways in which Alipay may behave (needs a Temporal server)', () => {
  let shop: Shop;
  let gateway: AlipayGateway;
  /** All walk at once: most of their time is waiting. */
  let walks: ReadonlyMap<Path, Promise<readonly PromiseSettledResult<ResolutionStory>[]>>;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    const { gatewayUrl, credentials } = shop.simulator;
    const { appId, appPrivateKey: privateKey, alipayPublicKey } = credentials;
    gateway = new AlipayGateway(createMerchant({ appId, gateway: gatewayUrl, privateKey, alipayPublicKey }));
    walks = new Map(
      PATHS.map((path, at) => [
        path,
        Promise.allSettled(SETTINGS.map((behaviour, number) => walk(path, behaviour, `either_${at}_${number}`))),
      ]),
    );
  });
  after(async () => {
    await gateway?.end();
    await shop?.close();
  });

  for (const path of PATHS) {
    const isTold = path.untold === undefined;
    it(`${path.name}: ${isTold ? 'says what the ledger says' : 'is wrong only where Alipay cannot tell'}`, async () => {
      const told = ((await walks.get(path)) ?? []).map((settled) => {
        if (settled.status === 'rejected') throw settled.reason;
        return settled.value;
      });
      assert.deepEqual(
        told.map(({ truth }) => truth),
        SETTINGS.map(path.truth),
      );
      const wrong = told.filter(({ resolution, truth }) => resolution.outcome !== truth);
      assert.deepEqual(
        wrong.map(({ behaviour }) => behaviour),
        SETTINGS.filter((behaviour) => path.untold?.(behaviour) ?? false),
        JSON.stringify(wrong.map(({ resolution, truth }) => [truth, resolution])),
      );
      for (const { resolution, truth } of wrong) assert.deepEqual([resolution.outcome, truth], ['CLOSED', 'REFUNDED']);
    }).timeout(600_000);
  }

  async function walk(
    path: Path,
    behaviour: Behaviour,
    outTradeNo: string,
    payableMs = PAYABLE_MS,
  ): Promise<ResolutionStory> {
    // Alipay's deadlines are whole seconds.
    const payExpiresAt = new Date(Math.ceil((Date.now() + payableMs) / 1_000) * 1_000).toISOString();
    const sale = { shop, gateway, outTradeNo, payExpiresAt };
    const input = shop.uncertain(outTradeNo, { ...path.plan, behaviour }, { payExpiresAt });
    await path.first?.(sale);
    const started = await shop.client.start(input);
    const [resolution] = await Promise.all([started.wait(), path.meanwhile?.(sale)]);
    if (paidTooLate(outTradeNo, payExpiresAt)) return await walk(path, behaviour, `${outTradeNo}_again`, 2 * payableMs);
    const { truth, sellerHas, effects } = shop.simulator.trade(outTradeNo);
    assert.equal(sellerHas, '0.00', `${outTradeNo}: ${resolution.outcome}`);
    assert.ok(effects.filter(({ kind }) => kind === 'refunded').length <= 1, JSON.stringify(effects));
    assert.ok(resolution.cancelCount >= (path.cancelsAtLeast ?? 0), JSON.stringify(resolution));
    return { behaviour, resolution, truth };
  }

  /** Nothing comes of it then, however Alipay behaves. */
  function paidTooLate(outTradeNo: string, payExpiresAt: string): boolean {
    const calls = shop.simulator.ledger().calls.filter((call) => call.outTradeNo === outTradeNo);
    return calls.some(({ method, executedAt = '' }) => method === 'alipay.trade.pay' && executedAt >= payExpiresAt);
  }
});

interface ResolutionStory {
  readonly behaviour: Behaviour;
  readonly resolution: DoneResolution;
  readonly truth: string;
}
