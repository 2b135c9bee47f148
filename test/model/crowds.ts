/** How many requests that move money are on their way at once, in the states that a search has met. */
import type { SearchResult } from './search.ts';
import { canBecomePaid, type World } from './world.ts';

export interface Crowds {
  /** One cancel and the pay request. */
  readonly oneCancelAndPay: number;
  readonly twoCancelsAndPay: number;
  readonly threeCancelsAndPay: number;
}

export function crowdsOf({ table, canon }: Pick<SearchResult, 'table' | 'canon'>): Crowds {
  const states = [0, 0, 0, 0];
  for (let id = 0; id < table.size; id++) {
    const world = canon.unpack(table.keyAt(id));
    if (!world.payInFlight || !canBecomePaid(world)) continue;
    const cancels = cancelsOnTheirWay(world);
    states[cancels] = (states[cancels] ?? 0) + 1;
  }
  const [, oneCancelAndPay = 0, twoCancelsAndPay = 0, threeCancelsAndPay = 0] = states;
  return { oneCancelAndPay, twoCancelsAndPay, threeCancelsAndPay };
}

/** Sent and not yet read by Alipay: those that were given up or repeated, and the one whose call is still open. */
function cancelsOnTheirWay({ strays, call }: World): number {
  return strays.length + Number(call.kind === 'cancel' && call.stage === 'sent');
}
