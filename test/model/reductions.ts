/**
 * What the exhaustive search need not follow, because nothing that is checked depends on it. `reductions.test.ts` runs the search with
 * and without, to a smaller bound: the same states of the rules in the same calls and trades, the same faults met, the same verdicts.
 *
 * 1. Manual decisions on their way. A manual decision is judged by the rules when it is taken, by nothing but the rules' state then; sent
 *    earlier and allowed then, it could as well have been sent at that moment. Meanwhile it only holds other things back (a wish, a
 *    continue-as-new, a stray that nobody reckons with). So it is sent at the moment at which it is taken. What the delay can change
 *    is its truth: one that is true when it is sent and not when it is taken is the one that the rules must refuse, and it is
 *    followed: PAID of a paid trade, which a cancel on its way can close, and NOT_CREATED of a trade that can still be created.
 *    A refused manual decision interrupts a poll that could have been allowed to go on only if time alone made it refused: a deadline
 *    never forbids what was allowed before it, so this does not happen.
 * 2. Forgotten strays of a closed trade. A closed trade stays closed: no request lands in it with an effect. A stray that a person
 *    need not reckon with any more then only counts against PAID, and PAID of a closed trade is a violation before it is asked
 *    whether something may still land. (Without it there is room for another stray: more is searched, not less.)
 * 3. When a refund can be seen that the refund query never shows.
 * 4. An absence that was lied about and is over. Such a world can do what the same world can do that was never lied to about an
 *    absence, except that the latter can still be lied to: if that one was met, with as few faults, everything that follows from
 *    this one follows from it as well, step by step with the same calls, and is met there.
 */
import { Outcome } from '../../contract/resolution.ts';
import { canBecomePaid, gaveMoneyBack, type DecisionSent, type World } from './world.ts';

/** 1: between its sending and its taking. */
export function followsDecision(world: World, as: DecisionSent['as']): boolean {
  if (world.setting.unreduced) return true;
  if (as === Outcome.PAID) return world.trade === 'paid';
  return as === Outcome.NOT_CREATED && world.trade === 'none' && canBecomePaid(world);
}

/** 2. */
export function followsForgottenStrays({ setting, trade }: World): boolean {
  return setting.unreduced === true || !(trade === 'closed' || trade === 'cancelled' || trade === 'refunded');
}

/** 3. */
export function followsRefundVisibility(world: World): boolean {
  if (world.setting.unreduced) return true;
  return gaveMoneyBack(world) && !(world.trade === 'cancelled' && world.setting.refundEvidence === 'sendPayDate');
}
