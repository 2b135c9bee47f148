/** 2 and 3, of the end of a resolution: judged by the truth of the world and the record of what reached the rules (`happened.ts`), by no code of the rules. */
import { DecidedBy, Outcome, PayAnswer } from '../../contract/resolution.ts';
import type { DonePhase, Observation } from '../../resolution/index.ts';
import { WHOLE_AMOUNT } from './answers.ts';
import { violated } from './violation.ts';
import { canBecomePaid, gaveMoneyBack, type PastEvents, isPaid, type World } from './world.ts';

/** 2 and 3: what the outcome says is proven, is true, and stays true. */
export function checkOutcome(world: World, happened: PastEvents, done: DonePhase, observation: Observation): void {
  const { outcome, decidedBy } = done;
  switch (decidedBy) {
    case DecidedBy.operator:
      checkManualDecision(world, happened, outcome);
      if (world.manualDecision?.truthful !== true) return;
      break;
    case DecidedBy.caller:
      if (observation.kind !== 'payAnswered' || observation.answer !== PayAnswer.paid || happened.cancelSent) {
        violated(3, 'the word of the service counted for more than it says');
      }
      break;
    case DecidedBy.alipay:
      checkProof(happened, outcome, observation);
      checkNoRefundBegun(world, outcome);
  }
  switch (outcome) {
    case Outcome.PAID:
      if (!isPaid(world)) violated(3, `PAID, but the trade is "${world.trade}"`);
      if (requestMayLand(world, decidedBy)) violated(3, 'PAID while a request of ours can still take the money back');
      return;
    case Outcome.CLOSED:
      if (world.trade !== 'closed') violated(2, `CLOSED, but the trade is "${world.trade}"`);
      return;
    case Outcome.REFUNDED:
      if (!gaveMoneyBack(world)) violated(2, `REFUNDED, but the trade is "${world.trade}"`);
      return;
    case Outcome.NOT_CREATED:
      if (world.trade !== 'none') violated(2, `NOT_CREATED, but the trade is "${world.trade}"`);
      if (canBecomePaid(world)) violated(2, 'NOT_CREATED, but the pay request can still land');
  }
}

/** An order to refund that a query has judged already stands; that query itself may still end the resolution. */
function checkNoRefundBegun({ happened: { refundSent, refundOrder } }: World, outcome: Outcome): void {
  if (outcome === Outcome.PAID && (refundSent || refundOrder === 'stands')) {
    violated(3, 'PAID by a machine although a refund was begun');
  }
}

/** A stray request counts against a person for a while only; against the machine for ever. */
function requestMayLand({ strays, strayRefund, nowMs }: World, decidedBy: DecidedBy): boolean {
  const byPerson = decidedBy === DecidedBy.operator;
  const all = strayRefund === undefined ? strays : [...strays, strayRefund];
  return all.some(({ reckonedUntilMs }) => !byPerson || reckonedUntilMs > nowMs);
}

function checkProof(happened: PastEvents, outcome: Outcome, observation: Observation): void {
  switch (outcome) {
    case Outcome.PAID:
      if (observation.kind !== 'queried' || happened.signed !== 'paid')
        violated(3, 'PAID without a query that says so');
      return;
    case Outcome.CLOSED:
      if (happened.signed !== 'closed') violated(2, 'CLOSED without a query that says TRADE_CLOSED');
      return;
    case Outcome.REFUNDED:
      if (happened.signed !== 'closed' && !showsRefund(observation)) violated(2, 'REFUNDED without proof');
      return;
    case Outcome.NOT_CREATED:
      if (observation.kind !== 'refundQueried' || observation.report.answer.kind !== 'tradeNotExist') {
        violated(2, 'NOT_CREATED without the word of a second interface');
      }
      if (!happened.deniedAgain) {
        violated(
          2,
          'NOT_CREATED without two denials by the query, minutes apart, both asked after the last pay could land',
        );
      }
      if (happened.seen) violated(2, 'NOT_CREATED of a trade that a signed answer has shown');
      if (happened.paidSaid) violated(2, 'NOT_CREATED of a trade that its service calls paid');
  }
}

function showsRefund(observation: Observation): boolean {
  if (observation.kind === 'refunded') {
    const { answer } = observation.report;
    return answer.kind === 'answered' && answer.fundChange;
  }
  if (observation.kind !== 'refundQueried') return false;
  const { answer } = observation.report;
  return answer.kind === 'refund' && answer.found === 'done' && answer.refundAmount === WHOLE_AMOUNT;
}

/** Whatever a person says: never against what is signed, never while money can still move. */
function checkManualDecision(world: World, { signed, seen, paidShown }: PastEvents, outcome: Outcome): void {
  switch (outcome) {
    case Outcome.PAID:
      if (signed !== 'paid' && signed !== 'nothing' && signed !== 'shown')
        violated(3, `decided as PAID although "${signed}" is signed`);
      if (requestMayLand(world, DecidedBy.operator)) {
        violated(3, 'decided as PAID while a request of ours can still take the money back');
      }
      return;
    case Outcome.CLOSED:
    case Outcome.NOT_CREATED:
      if (outcome === Outcome.NOT_CREATED && seen) {
        violated(2, 'decided as NOT_CREATED although a signed answer has shown the trade');
      }
      if (signed === 'paid') violated(2, `decided as ${outcome} although paid is signed`);
      if (paidShown) violated(2, `decided as ${outcome} although a signed answer has shown that the trade was paid`);
      if (canBecomePaid(world)) violated(2, `decided as ${outcome} while the trade can still be paid`);
      return;
    case Outcome.REFUNDED:
      if (signed !== 'closed' && signed !== 'acted') violated(2, `decided as REFUNDED although "${signed}" is signed`);
  }
}
