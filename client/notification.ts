/**
 * What becomes of one of Alipay's asynchronous notifications: it wakes the resolution of its trade, and nothing more. Whether the
 * trade is paid, the query says that follows. Mount it in any service that has a `notify_url`, or run it as a server of its own
 * (`notification-receiver.ts`).
 *
 * 1. The body is read as a form that means one thing only; its `app_id` says whose key is to verify it.
 * 2. Its signature must hold.
 * 3. `tradeNotified` is sent to the workflow of the trade. Only when Temporal has recorded it, or when there is nothing of ours to
 *    wake, the answer is `success`: without those seven bytes Alipay delivers again after 4 min, 10 min, 10 min, 1 h, 2 h, 6 h and
 *    15 h (document "异步通知说明").
 *
 * T1 Nothing is called for a body that is not verified.
 * T2 `success` is never said of a wake that Temporal may not have recorded.
 * T3 What is kept, told or thrown holds no body, no signature and nothing of the buyer.
 * T4 What Alipay has signed is not answered `failure` when the same again would change nothing.
 * T5 What a body costs does not depend on the number of merchants, and a flood of forged ones leaves each genuine one its turn.
 */
import type { FormFlaw } from '../alipay/notification-form.ts';
import { LoopTurns } from './loop-turns.ts';
import { applicationsOf, type Names, type NotifiedMerchants } from './notified-merchants.ts';
import { RecentDeliveries } from './recent-deliveries.ts';
import { NotOurs, type NotificationFlaw, type NotifiedTrade, readVerified } from './verified-notification.ts';
import { type Resolutions, Waker, type WakeResult } from './wake.ts';

export interface NotificationHandlerOptions {
  /** Read once: a merchant that is added later needs a new handler. */
  readonly merchants: NotifiedMerchants;
  readonly resolution: Resolutions;
  /** How long Temporal may take, in ms, before Alipay is told to come again. @default 10_000: chosen */
  readonly temporalDeadlineMs?: number;
  /**
   * How far Temporal's visibility store may be behind, in ms: so long a trade is looked for before it is said to have no resolution,
   * where it can be that of so many merchants that it is looked for in the store. @default 3_000: chosen, three times the usual second
   */
  readonly visibilityLagMs?: number;
}

interface Answer {
  /** HTTP status to answer with. */
  readonly status: number;
  /** The whole body to answer with. */
  readonly body: 'success' | 'failure';
}

interface OfTrade {
  /** Absent where several could have the trade and none was woken. */
  readonly merchant?: string;
  /** One of the two, outTradeNo where it is one that a resolution can have. */
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
}

export type NotificationResult = Answer &
  (
    | ({ readonly kind: 'woken' } & OfTrade)
    /** Delivered before, and recorded then. */
    | ({ readonly kind: 'repeated' } & OfTrade)
    /**
     * The trade has no open resolution. Answered `success`, because another delivery would change nothing: a closed resolution has
     * its outcome, and one that starts later asks Alipay before anything else.
     */
    | ({ readonly kind: 'nothingToWake' } & OfTrade)
    /** Signed by Alipay, and of no resolution of ours. Answered `success`: another delivery would change nothing. */
    | ({ readonly kind: 'notOurs'; readonly reason: NotOurs } & OfTrade)
    | { readonly kind: 'refused'; readonly reason: NotificationFlaw | FormFlaw }
    /** Temporal could not be reached, or did not record the wake in time: Alipay is to deliver again. */
    | ({ readonly kind: 'notRecorded'; readonly problem: string } & OfTrade)
  );

/** Never rejects: what cannot be done is said in the result. */
export type NotificationHandler = (body: Uint8Array) => Promise<NotificationResult>;

const TEMPORAL_DEADLINE_MS = 10_000;
const VISIBILITY_LAG_MS = 3_000;

/** @throws Error when the merchants have more keys for one app id than can be tried */
export function createNotificationHandler(options: NotificationHandlerOptions): NotificationHandler {
  const { merchants, resolution, temporalDeadlineMs: deadlineMs = TEMPORAL_DEADLINE_MS } = options;
  const applications = applicationsOf(merchants);
  const waker = new Waker(resolution, { visibilityLagMs: options.visibilityLagMs ?? VISIBILITY_LAG_MS });
  const recorded = new RecentDeliveries();
  const turns = new LoopTurns();
  return async (body) => {
    await turns.next();
    const read = readVerified(body, applications);
    switch (read.kind) {
      case 'refused':
        return { ...read, body: 'failure' };
      case 'notOurs':
        return { kind: 'notOurs', reason: read.reason, ...SUCCESS, ...theNumber(read.trade) };
      case 'verified': {
        const { names, trade, delivery } = read;
        const ofTrade = { ...theMerchant(names), ...theNumber(trade) };
        if (recorded.has(delivery)) return { kind: 'repeated', ...SUCCESS, ...ofTrade };
        const woken = await waker.wake({ names, trade, deadlineMs });
        if (woken.kind === 'recorded') recorded.add(delivery);
        return resultOf(woken, ofTrade);
      }
    }
  };
}

const SUCCESS: Answer = { status: 200, body: 'success' };

function theMerchant(names: Names): Pick<OfTrade, 'merchant'> {
  const [merchant] = names;
  return names.size === 1 && merchant !== undefined ? { merchant } : {};
}

function theNumber({ outTradeNo, tradeNo }: NotifiedTrade = {}): Pick<OfTrade, 'outTradeNo' | 'tradeNo'> {
  if (outTradeNo !== undefined) return { outTradeNo };
  return tradeNo === undefined ? {} : { tradeNo };
}

function resultOf(woken: WakeResult, ofTrade: OfTrade): NotificationResult {
  switch (woken.kind) {
    case 'recorded':
      return { kind: 'woken', ...SUCCESS, ...ofTrade, merchant: woken.merchant };
    case 'nothingToWake':
      return { kind: 'nothingToWake', ...SUCCESS, ...ofTrade };
    case 'otherTrade':
      return { kind: 'notOurs', reason: NotOurs.otherTrade, ...SUCCESS, ...ofTrade };
    case 'notRecorded':
      return { kind: 'notRecorded', status: 503, body: 'failure', problem: woken.problem, ...ofTrade };
  }
}
