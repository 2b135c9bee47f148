/** What happens at Alipay without us: the pay request lands, the buyer pays, the trade closes, a stray request lands. */
import { CancelAction } from '../../contract/trade.ts';
import type { Move } from './move.ts';
import { SHORT_MS } from './settings.ts';
import { canBecomePaid, isOver, type Trade, withoutStrayRefund, type World } from './world.ts';

/** What a cancel that takes effect does. */
export function cancelEffect(world: World): { readonly world: World; readonly action: CancelAction | undefined } {
  switch (world.trade) {
    case 'none':
    case 'partlyRefunded':
    case 'finished':
      return { world, action: undefined };
    case 'wait':
      return { world: { ...world, trade: 'closed' }, action: CancelAction.close };
    case 'closed':
      return { world, action: CancelAction.close };
    case 'paid':
      return { world: moneyGoesBack(world, 'cancelled'), action: CancelAction.refund };
    case 'cancelled':
    case 'refunded':
      return { world, action: CancelAction.refund };
  }
}

/** A refund in full closes the trade. Only a paid one can be refunded. */
export function moneyGoesBack(world: World, trade: 'cancelled' | 'refunded'): World {
  return { ...world, trade, refundVisibleAtMs: world.nowMs + SHORT_MS };
}

function payLands(as: Trade, name: string): Move {
  return {
    name: `Alipay: the pay request lands; ${name}`,
    when: (world) => world.payInFlight && canBecomePaid(world),
    then: (world) => ({ ...world, payInFlight: false, trade: as }),
  };
}

/** One that nobody reckons with any more does not land behind the back of an operator who just decides the trade. */
function strayLands(index: 0 | 1): Move {
  return {
    name: `Alipay: a cancel request that was given up lands (stray ${index + 1})`,
    when: ({ strays, trade, manualDecision, nowMs }) => {
      const stray = strays[index];
      if (stray === undefined || (trade !== 'wait' && trade !== 'paid')) return false;
      return stray.reckonedUntilMs > nowMs || manualDecision === undefined;
    },
    then: (world) => cancelEffect({ ...world, strays: world.strays.filter((_, at) => at !== index) }).world,
  };
}

const MOVES: readonly Move[] = [
  payLands('wait', 'the buyer must type the password'),
  payLands('paid', 'paid at once'),
  payLands('finished', 'paid at once, and not refundable'),
  {
    name: 'Buyer: pays',
    when: (world) => world.trade === 'wait' && canBecomePaid(world),
    then: (world) => ({ ...world, trade: 'paid' }),
  },
  {
    name: 'Alipay: the waiting trade closes (expired, or closed by somebody)',
    when: ({ trade }) => trade === 'wait',
    then: (world) => ({ ...world, trade: 'closed' }),
  },
  {
    name: 'Merchant portal: somebody refunds the trade',
    when: ({ trade, setting, state, manualDecision, call }) =>
      trade === 'paid' &&
      setting.refundEvidence === 'sendPayDate' &&
      state?.phase.kind === 'needs-operator' &&
      // Not behind the back of an operator who just resolves it as paid, nor of an answer that just says so.
      manualDecision === undefined &&
      !(call.kind === 'query' && call.stage === 'answered'),
    then: (world) => moneyGoesBack(world, 'cancelled'),
  },
  {
    name: 'Merchant portal: somebody refunds part of the trade, under the number that our refund would have',
    when: ({ trade, setting, state, manualDecision, strays, strayRefund, call }) =>
      trade === 'paid' &&
      setting.partialRefunds === true &&
      state?.phase.kind === 'needs-operator' &&
      manualDecision === undefined &&
      strays.length === 0 &&
      strayRefund === undefined &&
      call.kind !== 'cancel' &&
      !(call.kind === 'query' && call.stage === 'answered'),
    then: (world) => ({ ...world, trade: 'partlyRefunded' }),
  },
  strayLands(0),
  strayLands(1),
  {
    name: 'Alipay: the refund request that was given up lands',
    when: ({ strayRefund, trade, manualDecision, nowMs }) =>
      strayRefund !== undefined &&
      trade === 'paid' &&
      (strayRefund.reckonedUntilMs > nowMs || manualDecision === undefined),
    then: (world) => moneyGoesBack(withoutStrayRefund(world), 'refunded'),
  },
];

export const ALIPAY_MOVES: readonly Move[] = MOVES.map((move) => ({
  ...move,
  when: (world) => !isOver(world) && move.when(world),
}));
