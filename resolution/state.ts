/**
 * What the brain remembers of one trade. Plain JSON: it is carried through continue-as-new, so a field is only ever
 * added, and its absence must mean what it meant before.
 */
import type { QueryAnswerWord } from '../contract/answers.ts';
import type { PollPlan } from '../contract/activities.ts';
import type { Policy } from '../contract/policy.ts';
import type {
  CancelRecord,
  DecidedBy,
  OperatorReason,
  Outcome,
  RefundSettlement,
  Settlement,
} from '../contract/resolution.ts';
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
  readonly payDeadlineAtMs: number;
  readonly policy: Policy;

  readonly polls: number;
  readonly lastAnswer?: {
    readonly atMs: number;
    readonly word: QueryAnswerWord;
    readonly subCode?: string;
    readonly detail?: string;
  };
  /** The last status of a signed answer about this trade. */
  readonly tradeStatus?: TradeStatus;
  readonly tradeStatusAtMs?: number;
  /** A signed answer once said TRADE_SUCCESS or TRADE_FINISHED, or named the day the money went to the seller. */
  readonly everPaid: boolean;
  /** A signed answer once showed a trade of this number with another amount or tradeNo: it exists, whatever it is. */
  readonly strangerSeen: boolean;
  /** When the first TRADE_NOT_EXIST was read that no pay request could make untrue any more. */
  readonly provenAbsenceAtMs?: number;

  readonly cancelCount: number;
  /** The first and the latest cancels. */
  readonly cancels: readonly CancelRecord[];
  readonly actions: readonly CancelAction[];
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
  readonly refundOrder?: RefundSettlement;
  /** Until then a second copy of a refund that was refused may still land. */
  readonly refundMayLandUntilMs?: number;
  /** The service says that its pay call was answered as paid, after the guard: never cancelled without a signed answer. */
  readonly callerSaysPaid: boolean;
  /** Someone asked for the cancel instead of waiting for the buyer. */
  readonly hurried: boolean;
}

/** Where the resolution stands. The data of a phase sits on the phase; the next command follows from it (`commandFor`). */
export type PhaseState =
  /** The service is still in its pay call: silence means nothing until `untilMs`. */
  | { readonly kind: 'guarding'; readonly untilMs: number; readonly step: 'wait' | 'look' }
  /** Asking until the buyer has paid, the trade is closed, or `untilMs` has come. */
  | { readonly kind: 'querying'; readonly untilMs: number }
  /** A cancel has been decided on: cancel, look, back off, look, cancel again, until TRADE_CLOSED is seen. */
  | { readonly kind: 'cancelling'; readonly step: CancellingStep; readonly round: number }
  /** Alipay has never seen the trade; its pay request may still be on the way. */
  | { readonly kind: 'watching' }
  /** TRADE_CLOSED is proven; whether money went back is being asked. */
  | { readonly kind: 'closing'; readonly step: ClosingStep; readonly round: number }
  /** A paid trade that cannot be cancelled is being refunded in full. */
  | { readonly kind: 'refunding'; readonly step: RefundingStep; readonly round: number }
  | ParkedPhase
  | { readonly kind: 'handed-over'; readonly outTradeNo: string; readonly tradeNo: string }
  | DonePhase;

export type CancellingStep =
  | { readonly kind: 'cancel' }
  /** Right after an answer that should have settled the trade, or that refused for good. */
  | { readonly kind: 'confirm'; readonly refusal?: Refusal }
  | { readonly kind: 'backOff'; readonly untilMs: number }
  /** The query after which, if it is inconclusive, the cancel follows at once. */
  | { readonly kind: 'recheck' };

export type ClosingStep = { readonly kind: 'ask' } | { readonly kind: 'backOff'; readonly untilMs: number };

export type RefundingStep =
  /** One query: only a trade that is paid at this moment is refunded. */
  | { readonly kind: 'check' }
  | { readonly kind: 'refund' }
  | { readonly kind: 'ask' }
  | { readonly kind: 'backOff'; readonly untilMs: number; readonly then: 'check' | 'ask' };

export interface ParkedPhase extends Refusal {
  readonly kind: 'needs-operator';
  readonly step: ParkedStep;
}

export type ParkedStep =
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'query' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'askRefund' };

export interface DonePhase {
  readonly kind: 'done';
  readonly outcome: Outcome;
  readonly decidedBy: DecidedBy;
  readonly evidence: string;
  readonly atMs: number;
  readonly settlement?: Settlement;
}

/** Why a machine cannot go on. `detail` names the code and Alipay's meaning of it. */
export interface Refusal {
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
