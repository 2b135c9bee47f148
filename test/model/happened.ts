/** Keeps a record of what truly reached the brain, beside the brain's own memory. */
import type { Observation } from '../../resolution/index.ts';
import { TradeStatus } from '../../contract/trade.ts';
import type { Happened, World } from './world.ts';
import type { Setting } from './settings.ts';
import type { SeenTrade } from '../../contract/answers.ts';
import { fenFromYuan } from '../../contract/money.ts';

export function happenedAfter({ happened, setting }: World, observation: Observation): Happened {
  if (observation.kind === 'settled' && 'refund' in observation.settlement) return { ...happened, refundOrdered: true };
  if (observation.kind !== 'queried') return happened;
  const { answer } = observation.report;
  if (answer.kind !== 'trade' || !isOurs(setting, answer)) return happened;
  const signed = signedBy(answer.tradeStatus);
  return signed === happened.signed ? happened : { ...happened, signed };
}

/** The numbers and the amount are those of the start. */
export function isOurs(setting: Setting, answer: SeenTrade): boolean {
  let ours = known.get(answer);
  if (ours === undefined) known.set(answer, (ours = compared(setting, answer)));
  return ours;
}

/** Every answer belongs to one setting. */
const known = new WeakMap<SeenTrade, boolean>();

function compared({ input }: Setting, answer: SeenTrade): boolean {
  return (
    (input.tradeNo === undefined || input.tradeNo === answer.tradeNo) &&
    (input.totalFen === undefined || input.totalFen === fenFromYuan(answer.totalAmount))
  );
}

export function signedBy(status: TradeStatus): Happened['signed'] {
  switch (status) {
    case TradeStatus.WAIT_BUYER_PAY:
      return 'open';
    case TradeStatus.TRADE_SUCCESS:
    case TradeStatus.TRADE_FINISHED:
      return 'paid';
    case TradeStatus.TRADE_CLOSED:
      return 'closed';
  }
}
