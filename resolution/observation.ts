/** What can reach the rules: the report of the command they gave, or somebody who wants something. */
import type { CancelReport, QueryReport, RefundReport, RefundQueryReport } from '../contract/activities.ts';
import type { PayAnswer, ManualDecision } from '../contract/resolution.ts';

/** A poll that a message ended: so many questions were asked since `startedAtMs`, and none was answered with anything new. */
export interface Interruption {
  readonly kind: 'interrupted';
  readonly questions: number;
  readonly startedAtMs: number;
}

export type Observation =
  | { readonly kind: 'queried'; readonly report: QueryReport }
  | Interruption
  | { readonly kind: 'cancelled'; readonly report: CancelReport }
  | { readonly kind: 'refundQueried'; readonly report: RefundQueryReport }
  | { readonly kind: 'refunded'; readonly report: RefundReport }
  | { readonly kind: 'waited' }
  /** The service tells what its pay call came to. */
  | { readonly kind: 'payAnswered'; readonly answer: PayAnswer }
  /** An asynchronous notification arrived, or an operator wants a look: ask now. */
  | { readonly kind: 'lookNow' }
  /** The cashier, or an operator, gives up waiting for the buyer. */
  | { readonly kind: 'cancelNow' }
  | { readonly kind: 'decidedManually'; readonly manualDecision: ManualDecision }
  /** This run is Temporal's reset of an earlier one, which may have done more than this history shows. */
  | { readonly kind: 'reset' };
