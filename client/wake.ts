/** Tells the workflow of a notified trade to look, and says whether Temporal has recorded that. */
import type { ParsedInput } from '../contract/resolution-input.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import type { ResolutionClient, TradeRef } from './resolution-client.ts';
import type { NotifiedTrade } from './verified-notification.ts';

export type Woken =
  | { readonly kind: 'recorded'; readonly merchant: string }
  /** No resolution, or a closed one. */
  | { readonly kind: 'nothingToWake' }
  /** There is one, and it was started with another amount or trade_no. */
  | { readonly kind: 'otherTrade' }
  /** It may still be recorded; nobody waits for that. `problem` holds nothing of the notification. */
  | { readonly kind: 'notRecorded'; readonly problem: string };

type Resolutions = Pick<ResolutionClient, 'startedWith' | 'notified'>;

export interface Wake {
  /** Merchants of whom one has the trade. Waking the wrong one's trade of the same number too costs one query. */
  readonly names: readonly string[];
  readonly trade: NotifiedTrade;
  readonly deadlineMs: number;
}

/** Never rejects, and leaves nothing running when it resolves. */
export async function wake(resolutions: Resolutions, { names, trade, deadlineMs }: Wake): Promise<Woken> {
  const endsAtMs = performance.now() + deadlineMs;
  const left = (): number => Math.max(1, endsAtMs - performance.now());
  const woken = await Promise.all(names.map((merchant) => wakeFor(resolutions, merchant, trade, left)));
  return (
    woken.find(({ kind }) => kind === 'notRecorded') ??
    woken.find(({ kind }) => kind === 'recorded') ??
    woken.find(({ kind }) => kind === 'otherTrade') ?? { kind: 'nothingToWake' }
  );
}

async function wakeFor(
  resolutions: Resolutions,
  merchant: string,
  trade: NotifiedTrade,
  left: () => number,
): Promise<Woken> {
  const { outTradeNo, tradeNo } = trade;
  // A resolution that was started by trade_no alone, and has not yet learnt the other number, stands under that.
  const places: readonly TradeRef[] = [
    { merchant, outTradeNo },
    ...(tradeNo === undefined ? [] : [{ merchant, tradeNo }]),
  ];
  try {
    for (const place of places) {
      const input = await resolutions.startedWith(place, { deadlineMs: left() });
      if (input === undefined) continue;
      if (isOther(input, trade)) return { kind: 'otherTrade' };
      await resolutions.notified(place, { deadlineMs: left() });
      return { kind: 'recorded', merchant };
    }
    return { kind: 'nothingToWake' };
  } catch (error) {
    if (error instanceof ResolutionError && NOTHING_THERE.includes(error.code)) return { kind: 'nothingToWake' };
    return { kind: 'notRecorded', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Closed, or gone since its start was read. */
const NOTHING_THERE: readonly ResolutionErrorCode[] = [ResolutionErrorCode.NotFound, ResolutionErrorCode.NotNow];

function isOther(started: ParsedInput, { tradeNo, totalFen }: NotifiedTrade): boolean {
  const differs = <T>(one: T | undefined, other: T | undefined): boolean =>
    one !== undefined && other !== undefined && one !== other;
  return differs(started.totalFen, totalFen) || differs(started.tradeNo, tradeNo);
}
