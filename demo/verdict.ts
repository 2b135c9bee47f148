/** The end of the play: each reported outcome against the ledger of the simulated gateway, which knows where the money is. */
import { Outcome } from '../contract/resolution.ts';
import { TradeStatus } from '../contract/trade.ts';
import type { TradeView } from '../simulator/ledger-view.ts';

export interface Verdict {
  readonly agrees: boolean;
  /** Every way in which the report and the ledger, or the report and the story, differ. */
  readonly objections: readonly string[];
}

/**
 * `reported`: the outcome, or in words why there is none. `told`: the outcome that the story has to have; another one is an
 * objection even where the ledger bears it out.
 */
export function judge(reported: string, truth: TradeView, told: Outcome): Verdict {
  const objections = isOutcome(reported)
    ? [...contradictions(reported, truth), ...(reported === told ? [] : [`the story ends ${told}`])]
    : [reported];
  return { agrees: objections.length === 0, objections };
}

function isOutcome(reported: string): reported is Outcome {
  return Object.hasOwn(Outcome, reported);
}

/** 0 only when there is something to agree on and all of it agrees. */
export function exitCodeOf(verdicts: readonly Verdict[]): 0 | 1 {
  return verdicts.length > 0 && verdicts.every(({ agrees }) => agrees) ? 0 : 1;
}

/** Where the ledger contradicts the outcome. Read from its effects, one by one, not from any summary of them. */
export function contradictions(outcome: Outcome, truth: TradeView): readonly string[] {
  return [...demands(outcome, truth), ...stillMoving(truth)]
    .filter(({ holds }) => !holds)
    .map(({ otherwise }) => otherwise);
}

interface Demand {
  readonly holds: boolean;
  readonly otherwise: string;
}

function demands(outcome: Outcome, truth: TradeView): readonly Demand[] {
  const times = (kind: string): number => truth.effects.filter((effect) => effect.kind === kind).length;
  const [paid, refunded] = [times('paid'), times('refunded')];
  const status = truth.tradeStatus ?? 'no such trade';
  const statusIs = (...wanted: readonly TradeStatus[]): Demand => ({
    holds: truth.tradeStatus !== undefined && wanted.includes(truth.tradeStatus),
    otherwise: `the ledger says ${status}`,
  });
  const paidTimes = (wanted: number): Demand => ({ holds: paid === wanted, otherwise: `paid ${paid} times` });
  const refundedTimes = (wanted: number): Demand => ({
    holds: refunded === wanted,
    otherwise: `refunded ${refunded} times`,
  });
  const sellerHas = (wanted: string | undefined): Demand => ({
    holds: truth.sellerHas === wanted,
    otherwise: `the seller has ${truth.sellerHas} yuan`,
  });
  switch (outcome) {
    case Outcome.PAID:
      return [
        statusIs(TradeStatus.TRADE_SUCCESS, TradeStatus.TRADE_FINISHED),
        paidTimes(1),
        refundedTimes(0),
        sellerHas(truth.totalAmount),
      ];
    case Outcome.CLOSED:
      return [statusIs(TradeStatus.TRADE_CLOSED), paidTimes(0), refundedTimes(0), sellerHas('0.00')];
    case Outcome.REFUNDED:
      return [statusIs(TradeStatus.TRADE_CLOSED), paidTimes(1), refundedTimes(1), sellerHas('0.00')];
    case Outcome.NOT_CREATED:
      return [
        { holds: truth.tradeStatus === undefined, otherwise: `the ledger says ${status}` },
        { holds: truth.effects.length === 0, otherwise: 'the ledger holds effects of it' },
      ];
  }
}

/** An outcome is final: nothing may be on its way that could change it. */
function stillMoving({ pending }: TradeView): readonly Demand[] {
  return pending.map(({ what }) => ({ holds: false, otherwise: `still on its way: ${what}` }));
}
