/** What can reach the brain: the report of the command it gave, or somebody who wants something. */
import type { CancelReport, QueryReport, RefundReport } from '../contract/activities.ts';
import type { Settlement } from '../contract/resolution.ts';

export type Observation =
  | { readonly kind: 'queried'; readonly report: QueryReport }
  | { readonly kind: 'cancelled'; readonly report: CancelReport }
  | { readonly kind: 'refundQueried'; readonly report: RefundReport }
  | { readonly kind: 'waited' }
  /** An asynchronous notification arrived, or an operator wants a look: ask now. */
  | { readonly kind: 'lookNow' }
  /** The cashier, or an operator, gives up waiting for the buyer. */
  | { readonly kind: 'cancelNow' }
  | { readonly kind: 'settled'; readonly settlement: Settlement };
