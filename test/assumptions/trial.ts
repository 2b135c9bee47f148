/** The experiments played against a simulator, with numbers that a test can plan for. */
import { Bench } from '../../assumptions/bench.ts';
import { createReport, type Report } from '../../assumptions/report.ts';
import { playScenes } from '../../assumptions/scenes.ts';
import { AlipayGateway } from '../../alipay/gateway.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import type { TradePlan } from '../../simulator/fault-plan.ts';
import type { TradeView } from '../../simulator/ledger-view.ts';
import type { Simulator } from '../../simulator/simulator.ts';

export const AUTH_CODE = '283546790012345678';

/** The numbers in the order in which they are taken. */
const NUMBERS = ['cancelled', 'precreated', 'late', 'fresh'] as const;
type TradeLetter = (typeof NUMBERS)[number];

export interface Trial {
  readonly report: Report;
  readonly trade: (number: TradeLetter) => TradeView;
}

let trials = 0;

export async function tryAll(
  simulator: Simulator,
  plans: Partial<Readonly<Record<TradeLetter, TradePlan>>> = {},
  authCode?: string,
): Promise<Trial> {
  trials += 1;
  const named = (number: string): string => `trial${trials}_${number}`;
  for (const [number, plan] of Object.entries(plans)) simulator.plan(named(number), plan);
  const left: string[] = [...NUMBERS];
  const { appId, appPrivateKey: privateKey, alipayPublicKey } = simulator.credentials;
  const merchant = createMerchant({ appId, gateway: simulator.gatewayUrl, privateKey, alipayPublicKey });
  const gateway = new AlipayGateway(merchant);
  try {
    const bench = new Bench({
      gateway,
      amount: '0.01',
      wait: async () => {},
      newOutTradeNo: () => named(left.shift() ?? 'one too many'),
    });
    const means = { refundSettlesMs: 0, ...(authCode === undefined ? {} : { authCode }) };
    const scenes = await playScenes(bench, means);
    return {
      report: createReport({ merchant: 'default', amount: '0.01' }, merchant, scenes),
      trade: (number) => simulator.trade(named(number)),
    };
  } finally {
    await gateway.end();
  }
}

export function idsOf({ assumptions }: Report, verdict: 'holds' | 'differs' | 'notTried'): readonly string[] {
  return assumptions.filter((row) => row.verdict === verdict).map(({ id }) => id);
}

/** Why that row could not be tried. */
export function whyNot({ assumptions }: Report, id: string): string {
  const row = assumptions.find((one) => one.id === id);
  return row?.verdict === 'notTried' ? row.why : `${id}: ${row?.verdict}`;
}
