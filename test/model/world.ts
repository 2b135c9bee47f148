/**
 * A small world around one trade, for the rules to be right in. `decide` itself runs in it, not a copy of it.
 *
 * What is modelled
 * - The pay request: in flight, it lands at any moment before the pay deadline plus the margin (Alipay's clock may run
 *   that far behind), or never. It lands as WAIT_BUYER_PAY, TRADE_SUCCESS or TRADE_FINISHED. The buyer of a waiting
 *   trade pays at any moment until then, or never; a waiting trade closes at any moment (expiry, or somebody closes it).
 * - Queries, cancels and refund queries, each split into scheduled, sent or read by Alipay, answered, arrived. What an
 *   answer says was true when Alipay read the question; it may arrive at any later moment.
 * - Every fault of `faults.ts`: lost, repeated, unsigned, forged, about another trade, refused, retry_flag=Y with and
 *   without effect, no retry_flag, a worker that dies between the call and its record, a cancel that nobody picks up,
 *   a request that lands long after it was given up, TRADE_NOT_EXIST of a trade that exists (for some seconds, once), ...
 * - The shell (`workflows/`, `activities/query-trade.ts`): the poll plan attempt by attempt, messages that interrupt polls
 *   and waits but never calls, the validators of the updates, answers that count as of their scheduling, continue-as-new
 *   with nobody there to go on for a while.
 * - Messages at any moment. A wish to look or to cancel and the word of the pay call have no meaning before they are
 *   taken, so they come when they are taken: in a wait, in a poll, before a query, and together with an answer, before what that has decided is
 *   done. A manual decision is judged when it is sent, when it is taken, and by the fresh query that is asked then, so it is followed to its end.
 * - Temporal's reset: the run begins anew and knows nothing of what was sent before, but that it is a reset.
 * - Time: every deadline and timer that the rules know, each of which may fire late.
 *
 * Where Alipay's documents leave a question open, both answers are in the model: whether a repeated cancel of a closed
 * trade repeats its `action`, whether a cancel of an unknown number blocks a later pay (then the pay never lands), and
 * two readings of the evidence of a refund (`RefundEvidence`).
 *
 * Assumed of Alipay: a request that was given up lands within the margin or is not reckoned with by a person's
 * manual decision (the machine reckons with it for ever); the second copy of an answered request lands within a minute; no
 * pay request lands and no buyer pays later than the pay deadline plus the margin.
 *
 * Not modelled: signatures and bytes (the gateway tests do that), whether a person's manual decision is true (a truthful one
 * must stay true, any one must not contradict what is signed), messages between two trades.
 */
import type { CancelAnswer, QueryAnswer, RefundQueryAnswer, RefundAnswer } from '../../contract/answers.ts';
import type { PollPlan } from '../../contract/activities.ts';
import type { Outcome } from '../../contract/resolution.ts';
import type { State } from '../../resolution/index.ts';
import type { Setting } from './settings.ts';

/**
 * Alipay's trade as it truly is. The last three are TRADE_CLOSED to a query; `cancelled` and `refunded` gave money back. `partlyRefunded`: somebody
 * gave part of the money back under the number that our refund would have; it is TRADE_SUCCESS to a query.
 */
export type Trade = 'none' | 'wait' | 'paid' | 'partlyRefunded' | 'finished' | 'closed' | 'cancelled' | 'refunded';

/** A request on its way although its call is over, or beside it. */
export interface Stray {
  /** Until then a person's manual decision reckons with it; it may land even later. `Infinity` while its call is still open. */
  readonly reckonedUntilMs: number;
}

/** What the shell is in the middle of. */
export type Call =
  | { readonly kind: 'notBegun' }
  | QueryInFlight
  | CancelInFlight
  | RefundInFlight
  | RefundQueryInFlight
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** Continued as new, and nobody there yet to go on. `late`: time has passed since. */
  | { readonly kind: 'carried'; readonly late: boolean }
  | { readonly kind: 'over' };

export interface QueryInFlight {
  readonly kind: 'query';
  /** `resting`: between two attempts of a poll. */
  readonly stage: 'scheduled' | 'answered' | 'resting';
  readonly poll?: PollPlan;
  /** Of the present attempt. */
  readonly scheduledAtMs: number;
  /** Of the first attempt, and how many there were. For the random runs: the search knows neither. */
  readonly startedAtMs: number;
  readonly asked: number;
  /** The attempt was scheduled at or after the end of the poll: its answer is reported, whatever it is. */
  readonly last: boolean;
  /** The first attempt of this poll that was answered TRADE_NOT_EXIST when no pay request could land any more. */
  readonly absentAtMs?: number;
  readonly answer?: QueryAnswer;
}

export interface CancelInFlight {
  readonly kind: 'cancel';
  readonly stage: 'scheduled' | 'sent' | 'answered';
  /** No time has passed since it was scheduled: it may still be picked up. */
  readonly fresh: boolean;
  readonly answer?: CancelAnswer;
}

export interface RefundInFlight {
  readonly kind: 'refund';
  readonly stage: 'scheduled' | 'sent' | 'answered';
  readonly fresh: boolean;
  readonly answer?: RefundAnswer;
}

export interface RefundQueryInFlight {
  readonly kind: 'queryRefund';
  readonly stage: 'scheduled' | 'answered';
  readonly answer?: RefundQueryAnswer;
}

/** A manual decision on its way. `truthful`: it was the truth when the operator sent it. */
export interface DecisionSent {
  readonly as: Outcome | 'refund';
  readonly truthful: boolean;
}

/** What really happened, whatever the rules believe: for the invariants only. */
export interface PastEvents {
  readonly cancelSent: boolean;
  readonly refundSent: boolean;
  /** An operator's order to refund: judged by a fresh query, after whose answer it stands or has fallen. */
  readonly refundOrder: 'none' | 'asked' | 'stands';
  /** What the last signed answer about this trade said that reached the rules, of whichever interface. */
  readonly signed: Signed;
  /** One that reached the rules showed a trade of this number, whatever its amount. */
  readonly seen: boolean;
  /** One that reached the rules showed that the trade was paid once, whatever its amount. */
  readonly paidShown: boolean;
  /** When the rules read the first denial by the query that was asked for after the last pay could land. Of a trade never seen. */
  readonly deniedAtMs: number | undefined;
  /** A second such denial, minutes later, has just been read: the present refund query rests on both. */
  readonly deniedAgain: boolean;
  /** Something did not verify, and nothing has since; before the first cancel. */
  readonly unverified: boolean;
  /** The service has said that its pay call was answered as paid. */
  readonly paidSaid: boolean;
  /** The run was reset: what reached the rules before is forgotten. */
  readonly wasReset: boolean;
}

/** `shown`: a refusal that only a trade that exists brings. `acted`: a cancel answered with an action, and no query has said TRADE_CLOSED since. */
export type Signed = 'nothing' | 'absent' | 'shown' | 'open' | 'paid' | 'acted' | 'closed';

export interface World {
  readonly setting: Setting;
  readonly nowMs: number;
  readonly trade: Trade;
  /** The pay request is still on its way. */
  readonly payInFlight: boolean;
  /** Cancels. */
  readonly strays: readonly Stray[];
  /** A refund request on its way although its call is over. Alipay executes its number once. */
  readonly strayRefund?: Stray;
  /** Before then the refund query does not show the refund yet (field doc: at least 10 s). */
  readonly refundVisibleAtMs: number;
  /** Until then Alipay answers TRADE_NOT_EXIST to every query. `undefined`: it has not yet come to that. */
  readonly absentUntilMs?: number;
  /** `undefined` until the workflow has begun. */
  readonly state: State | undefined;
  readonly call: Call;
  readonly manualDecision?: DecisionSent;
  readonly happened: PastEvents;
}

export const NOTHING_HAPPENED: PastEvents = {
  cancelSent: false,
  refundSent: false,
  refundOrder: 'none',
  signed: 'nothing',
  seen: false,
  paidShown: false,
  deniedAtMs: undefined,
  deniedAgain: false,
  unverified: false,
  paidSaid: false,
  wasReset: false,
};

/** Of a run that takes over: what the run by the `tradeNo` was shown counts for this one too. */
const PAID_WAS_SHOWN: PastEvents = { ...NOTHING_HAPPENED, signed: 'paid', seen: true, paidShown: true };

export function startWorld(setting: Setting): World {
  const { takesOver, payNeverLeft } = setting;
  return {
    setting,
    nowMs: 0,
    trade: takesOver ? 'paid' : 'none',
    payInFlight: !(takesOver || payNeverLeft),
    strays: [],
    refundVisibleAtMs: 0,
    state: undefined,
    call: { kind: 'notBegun' },
    happened: takesOver ? PAID_WAS_SHOWN : NOTHING_HAPPENED,
  };
}

/** The pay request can land and a buyer can pay until here: a guarded pay call leaves as late as the end of its guard. */
export function payableUntilMs({ input }: Setting): number {
  return Math.max(input.payExpiresAtMs ?? 0, input.guardUntilMs ?? 0) + input.policy.marginMs;
}

export function canBecomePaid(world: World): boolean {
  return (world.payInFlight || world.trade === 'wait') && world.nowMs < payableUntilMs(world.setting);
}

export function isPaid({ trade }: World): boolean {
  return trade === 'paid' || trade === 'partlyRefunded' || trade === 'finished';
}

/** TRADE_CLOSED after the buyer had paid. */
export function gaveMoneyBack({ trade }: World): boolean {
  return trade === 'cancelled' || trade === 'refunded';
}

export function isOver({ call }: World): boolean {
  return call.kind === 'over';
}

export function withoutManualDecision(world: World): World {
  const { manualDecision: _, ...rest } = world;
  return rest;
}

export function withoutStrayRefund(world: World): World {
  const { strayRefund: _, ...rest } = world;
  return rest;
}
