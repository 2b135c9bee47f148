/** Everything that somebody can say to a workflow, and where it cannot be said because of what it means. */
import type { Phase } from './coverage.ts';

export const MESSAGES = [
  'tradeNotified, retryNow',
  'payAnswered paid',
  'payAnswered uncertain',
  'payAnswered refused',
  'cancelNow',
  'resolveManually PAID',
  'resolveManually CLOSED',
  'resolveManually REFUNDED',
  'resolveManually NOT_CREATED',
  'orderRefund',
] as const;
export type Message = (typeof MESSAGES)[number];

/** Where no world can be met: the service tells the truth about its own pay call. */
export const NEVER_SAID: { readonly [M in Message]?: { readonly phases: readonly Phase[]; readonly because: string } } =
  {
    'payAnswered refused': {
      phases: ['closing', 'refunding'],
      because: 'Alipay has shown the trade, so its pay request was not refused',
    },
  };
