/**
 * What an operator may decide, as one table: a manual decision contradicts nothing that Alipay has signed, and nothing that can still happen. Each row
 * is a fact of the trade and the sentence with which it refuses; the first that fits holds. docs/outcomes.md shows this table, and a test
 * compares the two.
 */
import { Outcome } from '../contract/resolution.ts';
import { absenceProvenAtMs } from './evidence.ts';
import { isClosed } from './memory.ts';
import { whyNothingToRefund } from './refunding.ts';
import type { Memory, SignedWord } from './state.ts';

/** What can be ordered: an outcome, or a refund in full. */
export type Order = Outcome | 'refund';

export interface Standing {
  readonly memory: Memory;
  readonly nowMs: number;
}

export interface ManualDecisionRow {
  /** As docs/outcomes.md has it. */
  readonly refusedWhen: string;
  readonly holds: (standing: Standing) => boolean;
  readonly says: (standing: Standing) => string;
}

export const MANUAL_DECISION_ROWS: { readonly [O in Order]: readonly ManualDecisionRow[] } = {
  [Outcome.PAID]: [
    {
      refusedWhen:
        'Alipay has signed last that the trade is not paid: `WAIT_BUYER_PAY`, `TRADE_NOT_EXIST`, `TRADE_CLOSED`, an `action`, a refund',
      holds: ({ memory }) => says(memory, 'waiting', 'absent', 'closed', 'closedUnpaid', 'refunded'),
      says: ({ memory }) => `Alipay has signed ${wordFor(memory)}: the trade is not paid.${AFRESH}`,
    },
    {
      refusedWhen:
        'a refund was sent and its result is not known, unless the trade is `TRADE_FINISHED`, which takes no refund',
      holds: ({ memory }) => memory.refundMayHaveReached && memory.tradeStatus !== 'TRADE_FINISHED',
      says: () => 'A refund was sent and its result is not known: orderRefund again, which sees it through.',
    },
    {
      refusedWhen: 'a copy of a refused refund may still land (60 s)',
      holds: ({ memory, nowMs }) => nowMs < (memory.refundMayLandUntilMs ?? 0),
      says: ({ memory }) =>
        `A copy of a refund may still land until ${at(memory.refundMayLandUntilMs)}: wait until then.`,
    },
    {
      refusedWhen: 'a cancel may still land (within the margin, or 60 s where it was answered for good)',
      holds: ({ memory, nowMs }) => nowMs < (memory.cancelMayLandUntilMs ?? 0),
      says: ({ memory }) => `A cancel may still land until ${at(memory.cancelMayLandUntilMs)}: wait until then.`,
    },
  ],
  [Outcome.CLOSED]: [
    {
      refusedWhen:
        'Alipay has signed last that the trade is paid, by a status or by a refusal, whatever its amount; or that money went back',
      holds: ({ memory }) => says(memory, 'paid', 'finished', 'refunded'),
      says: ({ memory }) => `Alipay has signed ${wordFor(memory)}: it cannot be resolved as CLOSED.`,
    },
    {
      refusedWhen:
        'Alipay has once signed that the trade is paid, or what only a paid trade brings: such a refusal, `action=refund`, a refund',
      holds: ({ memory }) => memory.everPaid || memory.maybePaid,
      says: () => 'The trade was paid once: when Alipay says TRADE_CLOSED, resolve it as REFUNDED.',
    },
    {
      refusedWhen: 'the trade can still be paid',
      holds: (standing) => isPayable(standing),
      says: ({ memory }) => `The trade can still be paid until ${at(absenceProvenAtMs(memory))}: wait until then.`,
    },
  ],
  [Outcome.REFUNDED]: [
    {
      refusedWhen: 'Alipay has signed last that the trade is paid',
      holds: ({ memory }) => says(memory, 'paid', 'finished'),
      says: ({ memory }) =>
        `Alipay has signed ${wordFor(memory)}: the trade is paid. Refund it first; the resolution then sees TRADE_CLOSED by itself.`,
    },
    {
      refusedWhen: 'Alipay has not signed that the trade is closed, or only by `action=close`',
      holds: ({ memory }) => !says(memory, 'closed', 'refunded'),
      says: ({ memory }) =>
        `Alipay has signed ${wordFor(memory)}: a trade is REFUNDED when it was paid and Alipay says TRADE_CLOSED.`,
    },
    {
      refusedWhen: 'the first cancel answered `action=close`, and nothing that is signed says that the trade was paid',
      holds: ({ memory }) => memory.closedByFirstCancel && !memory.everPaid && !memory.maybePaid,
      says: () => 'A cancel answered action=close: no money had moved. Resolve it as CLOSED.',
    },
  ],
  [Outcome.NOT_CREATED]: [
    {
      refusedWhen:
        'Alipay has ever shown the trade: a status under whatever amount, an `action`, a refund, a refusal that speaks of it',
      holds: ({ memory }) => memory.seen,
      says: ({ memory }) => `Alipay has signed ${wordFor(memory)}: the trade exists.`,
    },
    {
      refusedWhen: 'the trade can still be created',
      holds: (standing) => isPayable(standing),
      says: ({ memory }) => `The trade can still be paid until ${at(absenceProvenAtMs(memory))}: wait until then.`,
    },
  ],
  refund: [
    {
      refusedWhen: 'the number or the amount is in doubt',
      holds: ({ memory }) => memory.strangerSeen,
      says: () => 'It is not certain that this is the trade that was meant: refund it in the merchant portal.',
    },
    {
      refusedWhen: 'the last status is not `TRADE_SUCCESS`, or it is signed that money went back',
      holds: ({ memory }) => memory.tradeStatus !== 'TRADE_SUCCESS' || says(memory, 'refunded', 'closed'),
      says: ({ memory }) =>
        `Only a trade that Alipay has signed as TRADE_SUCCESS can be refunded; it has signed ${wordFor(memory)}.${AFRESH}`,
    },
    {
      refusedWhen: 'Alipay has shown no amount that can be refunded',
      holds: ({ memory }) => whyNothingToRefund(memory) !== undefined,
      says: ({ memory }) => `There is nothing to refund: ${whyNothingToRefund(memory) ?? ''}.`,
    },
  ],
};

const AFRESH = ' If that has changed since, send retryNow first.';

function says({ signed }: Memory, ...words: readonly SignedWord[]): boolean {
  return signed !== undefined && words.includes(signed.says);
}

/** The pay request can still create the trade, or its buyer pay it. */
function isPayable({ memory, nowMs }: Standing): boolean {
  return !isClosed(memory.signed?.says) && nowMs < absenceProvenAtMs(memory);
}

function wordFor({ signed }: Memory): string {
  return signed === undefined ? 'nothing about this trade yet' : WORDS[signed.says];
}

const WORDS: { readonly [S in SignedWord]: string } = {
  absent: 'TRADE_NOT_EXIST',
  exists: 'a refusal that only an existing trade brings',
  waiting: 'WAIT_BUYER_PAY',
  paid: 'that the trade is paid',
  finished: 'that the trade is paid and finished',
  closed: 'TRADE_CLOSED',
  closedUnpaid: 'action=close',
  refunded: 'that money went back',
};

function at(ms = 0): string {
  return new Date(ms).toISOString();
}
