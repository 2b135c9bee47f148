/**
 * Sales whose pay call leaves a doubt: how the buyer and the gateway behave, without saying how the sale must end. That the ledger says,
 * once everything has healed.
 */
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { IMPATIENT } from '../shop.ts';
import type { Environment } from './environment.ts';
import { type Leak, leaksIn } from './leaks.ts';

/** What the scanner reads off a buyer's screen; the leak search looks for it. */
export const AUTH_CODE = '283546790012345678';

export interface SaleStory {
  readonly name: string;
  readonly plan: TradePlan;
  /** How long the buyer may pay. @default 2 minutes */
  readonly payableMs?: number;
}

const neverPays: TradePlan = { buyerPaysAfterMs: 'never' };

export const SALE_STORIES: readonly SaleStory[] = [
  { name: 'never paid', plan: neverPays },
  { name: 'paid just before the cancel', plan: { ...neverPays, cancel: [{ buyerPays: 'beforeExecution' }] } },
  {
    name: 'paid after a cancel without effect',
    plan: { ...neverPays, cancel: [{ executed: false, with: { retry_flag: 'Y' }, buyerPays: 'afterExecution' }] },
  },
  {
    name: 'pay lands after the cancel',
    plan: { pay: [{ delivery: 'answerLost', executed: 'afterNextCancel' }] },
    payableMs: 8_000,
  },
  { name: 'never created', plan: { pay: [{ delivery: 'requestLost' }] }, payableMs: 6_000 },
  {
    name: 'cancelled, and told to repeat it',
    plan: { ...neverPays, cancel: [{ with: { retry_flag: 'Y' }, without: ['action'] }] },
  },
  {
    name: 'refund held back by a short balance',
    plan: { ...neverPays, sellerBalanceShort: true, cancel: [{ buyerPays: 'beforeExecution' }] },
  },
  {
    name: 'cancel executed late and unheard',
    plan: {
      ...neverPays,
      cancel: [{ delivery: 'answerLost', executed: { afterMs: 1_500 }, buyerPays: 'beforeExecution' }],
    },
  },
  {
    name: 'cancel answered SYSTEM_ERROR and executed',
    plan: { ...neverPays, cancel: [{ answer: 'systemError', executed: true }] },
  },
  {
    name: 'query says SYSTEM_ERROR, then nothing',
    plan: {
      ...neverPays,
      query: [{ answer: 'systemError' }, { answer: 'code20000', signature: 'missing', charset: 'gbk' }],
    },
  },
];

/** Only where nothing has to come after the polling. */
export const PAID_STORIES: readonly SaleStory[] = [
  { name: 'paid, and pay said SYSTEM_ERROR', plan: { pay: [{ answer: 'systemError', executed: true }] } },
  { name: 'paid while it is asked about', plan: { buyerPaysAfterMs: 1_500 } },
];

/** Plans the sale, makes its pay call, and gives the input of its resolution. */
export async function sell(
  { simulator, till }: Environment,
  story: SaleStory,
  { outTradeNo, merchant }: { readonly outTradeNo: string; readonly merchant?: string },
): Promise<ResolutionInput> {
  const { plan, payableMs = PAYABLE_MS } = story;
  simulator.plan(outTradeNo, plan);
  const nowMs = Date.now();
  const timeExpire = new Date(Math.ceil((nowMs + payableMs) / 1_000) * 1_000).toISOString();
  const totalAmount = '88.88';
  await till.pay({ outTradeNo, totalAmount, subject: story.name, timeExpire, authCode: AUTH_CODE });
  return {
    outTradeNo,
    ...(merchant === undefined ? {} : { merchant }),
    totalAmount,
    payRequestedAt: new Date(nowMs).toISOString(),
    payExpiresAt: timeExpire,
    policy: IMPATIENT,
  };
}

const PAYABLE_MS = 120_000;

/** What a merchant does whom a cancel tells that the balance is short. */
export function topUpOnceHeldBack(simulator: Simulator): NodeJS.Timeout {
  return setInterval(() => {
    const { trades, calls } = simulator.ledger();
    const refused = new Set(
      calls.filter(({ subCode }) => subCode === BALANCE_SHORT).map(({ outTradeNo }) => outTradeNo),
    );
    for (const { outTradeNo, sellerBalanceShort } of trades) {
      if (sellerBalanceShort && refused.has(outTradeNo)) simulator.topUp(outTradeNo);
    }
  }, LOOK_EVERY_MS);
}

const BALANCE_SHORT = 'ACQ.SELLER_BALANCE_NOT_ENOUGH';
const LOOK_EVERY_MS = 1_000;

/** Everything confidential in these sales, looked for in everything that could be read about them. */
export function leaksOf(papers: readonly unknown[], { credentials }: Simulator): readonly Leak[] {
  const secrets = { keys: [credentials.appPrivateKey, credentials.alipayPrivateKey], authCodes: [AUTH_CODE] };
  return papers.flatMap((paper, index) => leaksIn(`paper ${index}`, paper, secrets));
}
