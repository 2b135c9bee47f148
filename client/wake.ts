/**
 * Tells the workflow of a notified trade to look, and says whether Temporal has recorded that.
 *
 * Of a few merchants the workflow ids are known, and Temporal says of each whether it is there: that is certain. Of many, the
 * visibility store is asked whose trade it is. A run that was started a moment ago may not stand there yet, so "not found" counts:
 *
 * W1 at once, when what is notified of is old: a run that is older than it would be visible by now, and one that is younger asks
 *    Alipay at its start and is told of it;
 * W2 otherwise when it was still not found `visibilityLagMs` after the notification came;
 * W3 never, when there was no time for that, or too many wait already: then Alipay is told to deliver again, in 4 min, and W1 holds.
 *
 * Should the store be further behind than that, a run that is younger than its lag is not woken. It asks by itself all the same.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';

import type { ParsedInput } from '../contract/resolution-input.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { MERCHANTS_WOKEN_MAX, searchMerchants } from './merchant-search.ts';
import type { Names } from './notified-merchants.ts';
import type { ResolutionClient, TradeRef } from './resolution-client.ts';
import type { NotifiedTrade } from './verified-notification.ts';

export type WakeResult =
  | { readonly kind: 'recorded'; readonly merchant: string }
  /** No resolution, or a closed one. */
  | { readonly kind: 'nothingToWake' }
  /** There is one, and it was started with another amount or trade_no. */
  | { readonly kind: 'otherTrade' }
  /** It may still be recorded; nobody waits for that. `problem` holds nothing of the notification. */
  | { readonly kind: 'notRecorded'; readonly problem: string };

export type Resolutions = Pick<ResolutionClient, 'startedWith' | 'notified' | 'list'>;

export interface Wake {
  /** Merchants of whom one has the trade. Waking the wrong one's trade of the same number too costs one query. */
  readonly names: Names;
  readonly trade: NotifiedTrade;
  readonly deadlineMs: number;
}

export interface WakerOptions {
  readonly visibilityLagMs: number;
  /** How many may wait at once for the store to catch up. @default 100 */
  readonly waitingMax?: number;
}

/** Chosen: what is older is a delivery after Alipay's first pause of 4 min, or a trade of long ago, and no clock is so far off. */
const OLD_MS = 60_000;
/** Chosen: each holds a connection, of which the receiver has 500 and needs most for others. */
const WAITING_MAX = 100;
/** When the store is looked at, as parts of its lag. */
const LOOKS: readonly number[] = [0, 0.3, 1];

export class Waker {
  readonly #resolutions: Resolutions;
  readonly #visibilityLagMs: number;
  readonly #waitingMax: number;
  #waiting = 0;

  constructor(resolutions: Resolutions, { visibilityLagMs, waitingMax = WAITING_MAX }: WakerOptions) {
    this.#resolutions = resolutions;
    this.#visibilityLagMs = visibilityLagMs;
    this.#waitingMax = waitingMax;
  }

  /** Never rejects, and leaves nothing running when it resolves. */
  async wake({ names, trade, deadlineMs }: Wake): Promise<WakeResult> {
    const endsAtMs = performance.now() + deadlineMs;
    const left = (): number => Math.max(1, endsAtMs - performance.now());
    if (names.size <= MERCHANTS_WOKEN_MAX) return await this.#wakeEach([...names], trade, left);
    try {
      return await this.#wakeFound(names, trade, left);
    } catch (error) {
      return notRecorded(error);
    }
  }

  async #wakeFound(names: Names, trade: NotifiedTrade, left: () => number): Promise<WakeResult> {
    const isOld = trade.changedAtMs !== undefined && Date.now() - trade.changedAtMs > OLD_MS;
    const beganAtMs = performance.now();
    for (const part of LOOKS) {
      const waitMs = beganAtMs + part * this.#visibilityLagMs - performance.now();
      if (waitMs >= left() || !(await this.#waited(waitMs))) break;
      const { merchants, isExact } = await searchMerchants(this.#resolutions, { names, trade, deadlineMs: left() });
      const woken = await this.#wakeEach(merchants, trade, left);
      const isSettled = isExact || isOld || part === 1;
      if (isSettled || woken.kind === 'recorded' || woken.kind === 'notRecorded') return woken;
    }
    return { kind: 'notRecorded', problem: NOT_VISIBLE };
  }

  /** False when too many wait already. */
  async #waited(waitMs: number): Promise<boolean> {
    if (waitMs <= 0) return true;
    if (this.#waiting >= this.#waitingMax) return false;
    this.#waiting += 1;
    await pause(waitMs);
    this.#waiting -= 1;
    return true;
  }

  async #wakeEach(merchants: readonly string[], trade: NotifiedTrade, left: () => number): Promise<WakeResult> {
    const places = merchants.flatMap((merchant) => placesOf(merchant, trade));
    const woken = await Promise.all(places.map((place) => this.#wakeAt(place, trade, left)));
    return (
      woken.find(({ kind }) => kind === 'notRecorded') ??
      woken.find(({ kind }) => kind === 'recorded') ??
      woken.find(({ kind }) => kind === 'otherTrade') ?? { kind: 'nothingToWake' }
    );
  }

  async #wakeAt(place: Place, trade: NotifiedTrade, left: () => number): Promise<WakeResult> {
    try {
      const start = await this.#startAt(place, left());
      if (start === 'none') return { kind: 'nothingToWake' };
      if (start !== 'unreadable' && isOther(start, trade)) return { kind: 'otherTrade' };
      await this.#resolutions.notified(place, { deadlineMs: left() });
      return { kind: 'recorded', merchant: place.merchant };
    } catch (error) {
      if (error instanceof ResolutionError && NOTHING_THERE.includes(error.code)) return { kind: 'nothingToWake' };
      return notRecorded(error);
    }
  }

  /** A start that cannot be decoded here, because its service encrypts it, cannot be compared: its run is woken all the same. */
  async #startAt(place: Place, deadlineMs: number): Promise<ParsedInput | 'none' | 'unreadable'> {
    try {
      return (await this.#resolutions.startedWith(place, { deadlineMs })) ?? 'none';
    } catch (error) {
      if (isGrpcServiceError(error) || error instanceof ServiceError) throw error;
      return 'unreadable';
    }
  }
}

type Place = TradeRef & { readonly merchant: string };

/** Both: a resolution that was started by trade_no alone, and has not yet learnt the other number, stands under that. */
function placesOf(merchant: string, { outTradeNo, tradeNo }: NotifiedTrade): readonly Place[] {
  return [
    ...(outTradeNo === undefined ? [] : [{ merchant, outTradeNo }]),
    ...(tradeNo === undefined ? [] : [{ merchant, tradeNo }]),
  ];
}

const NOT_VISIBLE =
  'no run of this trade is visible yet, and there was no time to wait for one. Give each merchant of the app id its sellerId: then none is searched for.';

/** Closed, or gone since its start was read. */
const NOTHING_THERE: readonly ResolutionErrorCode[] = [ResolutionErrorCode.NotFound, ResolutionErrorCode.NotNow];

function notRecorded(error: unknown): WakeResult {
  return { kind: 'notRecorded', problem: error instanceof Error ? error.message : String(error) };
}

function isOther(started: ParsedInput, { tradeNo, totalFen }: NotifiedTrade): boolean {
  const differs = <T>(one: T | undefined, other: T | undefined): boolean =>
    one !== undefined && other !== undefined && one !== other;
  return differs(started.totalFen, totalFen) || differs(started.tradeNo, tradeNo);
}
