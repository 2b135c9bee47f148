/**
 * What the rules remember of one trade. Plain JSON: it is carried through continue-as-new, so a field is only ever
 * added, and its absence must mean what it meant before.
 */
import type { KnownAnswer, PollPlan } from '../contract/activities.ts';
import type { Policy } from '../contract/policy.ts';
import type { CancelRecord, DecidedBy, OperatorReason, Outcome, ManualDecision } from '../contract/resolution.ts';
import type { CancelAction, TradeStatus } from '../contract/trade.ts';

/** Facts only: what was asked for, and what signed answers have said. All instants in ms since the epoch. */
export interface Memory {
  readonly merchant: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly totalFen?: number;
  /** When the workflow was started, by Temporal's clock: the one instant that no caller can have wrong. */
  readonly startedAtMs: number;
  readonly payRequestedAtMs: number;
  /** No pay request creates or pays the trade after it: never earlier than the start and the end of the guard, whatever a caller says. */
  readonly payDeadlineAtMs: number;
  /** As the caller gave it, where that was too early to be believed. */
  readonly disbelievedDeadlineAtMs?: number;
  readonly policy: Policy;

  readonly polls: number;
  readonly lastAnswer?: KnownAnswer & { readonly atMs: number; readonly detail?: string };
  /** Since when Alipay has given no readable answer: the last one, or when the resolution left `querying`. */
  readonly silentSinceMs: number;
  /** Something did not verify, or was about another trade, and nothing has verified since: nobody can read what Alipay says. */
  readonly unverified: boolean;
  /** How many calls lie behind, as the instant at which they would have been made one by one (`pace.ts`). */
  readonly pacedAtMs: number;
  /** Alipay said 40005, too many calls: nothing is asked before this instant. */
  readonly limitedUntilMs?: number;
  /** Somebody wants a look: the next query need not wait for its turn. */
  readonly lookWanted: boolean;
  /** What the last signed answer said of the trade, of whichever interface: a refusal is evidence like a status. */
  readonly signed?: Signed;
  /** The last status of a signed answer about this trade. */
  readonly tradeStatus?: TradeStatus;
  readonly tradeStatusAtMs?: number;
  /** A signed answer once said TRADE_SUCCESS or TRADE_FINISHED, or named the day the money went to the seller. */
  readonly everPaid: boolean;
  /** Signed, but less than a status: a refusal that only a paid trade brings, or a refund that is shown but not as done. Never CLOSED. */
  readonly maybePaid: boolean;
  /**
   * A signed answer once showed a trade of this number: a status, under whichever amount; an `action`, a refund, a `trade_no`, a refusal that
   * speaks of it. From then on "no such trade" is no information.
   */
  readonly seen: boolean;
  /** It was shown with another amount, or under another tradeNo. */
  readonly strangerSeen: boolean;
  /** When the first TRADE_NOT_EXIST was read that no pay request could make untrue any more. */
  readonly provenAbsenceAtMs?: number;

  readonly cancelCount: number;
  /** The first and the latest cancels. */
  readonly cancels: readonly CancelRecord[];
  readonly actions: readonly CancelAction[];
  /** The first cancel that may have reached Alipay answered `action=close`: no earlier one can have given money back. */
  readonly closedByFirstCancel: boolean;
  /** A cancel answered, signed, that there is no such trade: a second interface beside the query. */
  readonly cancelDenied: boolean;
  /** Since when the trade is being cancelled; a park and its return do not start it again. */
  readonly cancellingSinceMs?: number;
  /** Some cancel may have reached Alipay. From then on TRADE_SUCCESS proves nothing: the cancel can still land. */
  readonly cancelMayHaveReached: boolean;
  /** Until then a cancel whose answer is not known may still land. */
  readonly cancelMayLandUntilMs?: number;
  /** Yuan in fen as the last signed answer about this trade has it. */
  readonly seenFen?: number;
  readonly refundIfNotCancellable: boolean;
  /** The trade is being refunded instead of cancelled; it goes on with that after any interruption. */
  readonly refundBegun: boolean;
  /** A refund may have reached Alipay: no cancel from then on. */
  readonly refundMayHaveReached: boolean;
  /** The operator's order to refund, where there is one. */
  readonly refundOrder?: Extract<ManualDecision, { kind: 'refund' }>;
  /** Until then a second copy of a refund that was refused may still land. */
  readonly refundMayLandUntilMs?: number;
  /** The service says that its pay call was answered as paid, after the guard: never cancelled without a signed answer. */
  readonly callerSaysPaid: boolean;
  /** Someone asked for the cancel instead of waiting for the buyer. */
  readonly hurried: boolean;
  /** This run was reset: cancels and refunds may have been sent that its history does not show. */
  readonly wasReset: boolean;
}

/** What a signed answer says of the trade. `exists`: a refusal that only a trade that is there can bring. */
export type SignedWord =
  | 'absent'
  | 'exists'
  | 'waiting'
  | 'paid'
  | 'finished'
  | 'closed'
  /** A cancel answered `action=close`. */
  | 'closedUnpaid'
  /** A cancel answered `action=refund`, or a refund is shown as done. */
  | 'refunded';

export interface Signed {
  readonly says: SignedWord;
  readonly atMs: number;
}

/** Where the resolution stands. The data of a phase sits on the phase; the next command follows from it (`commandFor`). */
export type PhaseState =
  /** The service is still in its pay call: silence means nothing until `untilMs`. */
  | { readonly kind: 'guarding'; readonly untilMs: number; readonly step: 'wait' | 'query' }
  /** Asking until the buyer has paid, the trade is closed, or `untilMs` has come. */
  | { readonly kind: 'querying'; readonly untilMs: number; readonly step: AskingStep; readonly asked: number }
  /** A cancel has been decided on: cancel, look, back off, look, cancel again, until TRADE_CLOSED is seen. */
  | { readonly kind: 'cancelling'; readonly step: CancellingStep }
  /** Alipay has never seen the trade; its pay request may still be on the way. */
  | { readonly kind: 'watching'; readonly step: AskingStep | { readonly kind: 'queryRefund' }; readonly asked: number }
  /** TRADE_CLOSED is proven; whether money went back is being asked. */
  | { readonly kind: 'closing'; readonly step: ClosingStep; readonly round: number }
  /** A paid trade that cannot be cancelled is being refunded in full. */
  | { readonly kind: 'refunding'; readonly step: RefundingStep; readonly round: number }
  | ParkedPhase
  | { readonly kind: 'handed-over'; readonly outTradeNo: string; readonly tradeNo: string }
  | DonePhase;

/** Before a question is asked again in the same phase there is a wait: `asked` says how long it has grown. */
export type AskingStep = { readonly kind: 'query' } | { readonly kind: 'wait'; readonly untilMs: number };

export type CancellingStep =
  | { readonly kind: 'cancel' }
  /** Right after an answer that should have decided the trade, or that refused for good. */
  | { readonly kind: 'query'; readonly then: 'wait' }
  | { readonly kind: 'query'; readonly then: 'park'; readonly refusal: ParkReason }
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** The query after which, if it is inconclusive, the cancel follows at once. */
  | { readonly kind: 'query'; readonly then: 'cancel' };

export type ClosingStep = { readonly kind: 'queryRefund' } | { readonly kind: 'wait'; readonly untilMs: number };

export type RefundingStep =
  /** One query: only a trade that is paid at this moment is refunded. */
  | { readonly kind: 'query' }
  | { readonly kind: 'refund' }
  | { readonly kind: 'queryRefund' }
  | { readonly kind: 'wait'; readonly untilMs: number; readonly then: 'query' | 'queryRefund' };

export interface ParkedPhase extends ParkReason {
  readonly kind: 'needs-operator';
  readonly step: ParkedStep;
  /**
   * The last answer to a query was judged for this park, and nobody has wanted a look since: a poll keeps to itself what says the same. What was read
   * in another phase, or too late to move money, may mean more than it was taken for.
   */
  readonly told: boolean;
}

export type ParkedStep =
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'query' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'queryRefund' }
  /** One fresh query, whose answer decides whether the manual decision still stands. */
  | { readonly kind: 'checkDecision'; readonly manualDecision: ManualDecision };

export interface DonePhase {
  readonly kind: 'done';
  readonly outcome: Outcome;
  readonly decidedBy: DecidedBy;
  readonly evidence: string;
  readonly atMs: number;
  readonly manualDecision?: ManualDecision;
}

/** Why a machine cannot go on. `detail` names the code and Alipay's meaning of it. */
export interface ParkReason {
  readonly reason: OperatorReason;
  readonly detail: string;
}

export interface State {
  readonly memory: Memory;
  readonly phase: PhaseState;
}

/** What the shell must do next: exactly one thing. */
export type Command =
  | { readonly kind: 'query'; readonly poll?: PollPlan }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'refund'; readonly outRequestNo: string; readonly refundFen: number }
  | { readonly kind: 'queryRefund' }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'handOver'; readonly outTradeNo: string; readonly tradeNo: string }
  | { readonly kind: 'finish'; readonly done: DonePhase };

export interface Decision {
  readonly state: State;
  readonly command: Command;
}
