/**
 * Which few of many merchants resolve a notified trade: two questions to Temporal's visibility store, however many merchants there
 * are. It is behind the truth by a moment, so what is not found may be there all the same; `wake.ts` says what follows.
 */
import type { ListedResolution } from './listing.ts';
import type { Names } from './notified-merchants.ts';
import type { ResolutionClient } from './resolution-client.ts';
import type { NotifiedTrade } from './verified-notification.ts';

export interface Found {
  readonly merchants: readonly string[];
  /** By Alipay's own number, which is one trade's for good: nobody else can have it. */
  readonly isExact: boolean;
}

/** Chosen. More open runs of one number and without Alipay's are not told apart: each would cost calls of Temporal and of Alipay. */
export const MERCHANTS_WOKEN_MAX = 4;
/** Chosen: many times the merchants that can resolve one number at the same moment. */
const ROWS_MAX = 100;

export interface Search {
  readonly names: Names;
  readonly trade: NotifiedTrade;
  readonly deadlineMs: number;
}

/** @throws Error when Temporal does not answer */
export async function searchMerchants(
  resolutions: Pick<ResolutionClient, 'list'>,
  { names, trade, deadlineMs }: Search,
): Promise<Found> {
  const { outTradeNo, tradeNo } = trade;
  const [byTradeNo, byOutTradeNo] = await Promise.all([
    // Closed ones too: a trade that was resolved a moment ago need not be looked for again.
    tradeNo === undefined ? [] : resolutions.list({ tradeNo, limit: ROWS_MAX }, { deadlineMs }),
    outTradeNo === undefined ? [] : resolutions.list({ outTradeNo, open: true, limit: ROWS_MAX }, { deadlineMs }),
  ]);
  const exact = merchantsOf(byTradeNo, names);
  if (exact.length > 0) return { merchants: exact.slice(0, MERCHANTS_WOKEN_MAX), isExact: true };
  // Many sellers count their sales from 1: a run that knows Alipay's number by now, and another one, is another seller's.
  const possible = merchantsOf(
    byOutTradeNo.filter((run) => tradeNo === undefined || run.tradeNo === undefined),
    names,
  );
  return { merchants: possible.length > MERCHANTS_WOKEN_MAX ? [] : possible, isExact: false };
}

function merchantsOf(runs: readonly ListedResolution[], names: Names): readonly string[] {
  return [...new Set(runs.flatMap(({ merchant }) => (merchant !== undefined && names.has(merchant) ? merchant : [])))];
}
