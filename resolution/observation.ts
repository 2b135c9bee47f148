/** What can reach the brain: the report of the command it gave, or somebody who wants something. */
import type { CancelReport, QueryReport, RefundCallReport, RefundReport } from '../contract/activities.ts';
import type { PayAnswer, Settlement } from '../contract/resolution.ts';

export type Observation =
  | { readonly kind: 'queried'; readonly report: QueryReport }
  | { readonly kind: 'cancelled'; readonly report: CancelReport }
  | { readonly kind: 'refundQueried'; readonly report: RefundReport }
  | { readonly kind: 'refunded'; readonly report: RefundCallReport }
  | { readonly kind: 'waited' }
  /** The service whose pay call is guarded tells what it came to. */
  | { readonly kind: 'payAnswered'; readonly answer: PayAnswer }
  /** An asynchronous notification arrived, or an operator wants a look: ask now. */
  | { readonly kind: 'lookNow' }
  /** The cashier, or an operator, gives up waiting for the buyer. */
  | { readonly kind: 'cancelNow' }
  | { readonly kind: 'settled'; readonly settlement: Settlement };
