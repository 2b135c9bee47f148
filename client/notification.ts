/**
 * What becomes of one of Alipay's asynchronous notifications: it wakes the resolution of its trade, and nothing more. Whether the
 * trade is paid, the query says that follows. Mount it in any service that has a `notify_url`, or run it as a server of its own
 * (`notification-receiver.ts`).
 *
 * 1. The body is read as a form that means one thing only; its `app_id` says whose key is to verify it.
 * 2. Its signature must hold, its seller and its trade must be those that we know.
 * 3. `tradeNotified` is sent to the workflow of the trade. Only when Temporal has recorded it, or when there is nothing to wake,
 *    the answer is `success`: without those seven bytes Alipay delivers again after 4 min, 10 min, 10 min, 1 h, 2 h, 6 h and 15 h
 *    (document "异步通知说明").
 *
 * R1 Nothing is called for a body that is not verified.
 * R2 `success` is never said of a wake that Temporal may not have recorded.
 * R3 What is kept, told or thrown holds no body, no signature and nothing of the buyer.
 */
import type { FormFlaw } from '../alipay/notification-form.ts';
import { RecentDeliveries } from './recent-deliveries.ts';
import type { ResolutionClient } from './resolution-client.ts';
import { NotificationRefusal, type NotifiedMerchants, readVerified } from './verified-notification.ts';
import { wake, type Woken } from './wake.ts';

export interface NotificationHandlerOptions {
  readonly merchants: NotifiedMerchants;
  readonly resolution: Pick<ResolutionClient, 'startedWith' | 'notified'>;
  /** How long Temporal may take, in ms, before Alipay is told to come again. @default 10_000: chosen */
  readonly temporalDeadlineMs?: number;
}

interface Answer {
  /** HTTP status to answer with. */
  readonly status: number;
  /** The whole body to answer with. */
  readonly body: 'success' | 'failure';
}

interface OfTrade {
  readonly merchant: string;
  readonly outTradeNo: string;
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
    | { readonly kind: 'refused'; readonly reason: NotificationRefusal | FormFlaw }
    /** Temporal could not be reached, or did not record the wake in time: Alipay is to deliver again. */
    | ({ readonly kind: 'notRecorded'; readonly problem: string } & OfTrade)
  );

/** Never rejects: what cannot be done is said in the result. */
export type NotificationHandler = (body: Uint8Array) => Promise<NotificationResult>;

const TEMPORAL_DEADLINE_MS = 10_000;

export function createNotificationHandler(options: NotificationHandlerOptions): NotificationHandler {
  const { merchants, resolution, temporalDeadlineMs = TEMPORAL_DEADLINE_MS } = options;
  const recorded = new RecentDeliveries();
  return async (body) => {
    const read = readVerified(body, merchants);
    if (read.kind === 'refused') return refused(read.status, read.reason);
    const { names, trade, delivery } = read;
    const [merchant] = names;
    const ofTrade = { merchant, outTradeNo: trade.outTradeNo };
    if (recorded.has(delivery)) return { kind: 'repeated', ...SUCCESS, ...ofTrade };
    const woken = await wake(resolution, { names, trade, deadlineMs: temporalDeadlineMs });
    if (woken.kind === 'recorded') recorded.add(delivery);
    return resultOf(woken, ofTrade);
  };
}

const SUCCESS: Answer = { status: 200, body: 'success' };

function refused(status: number, reason: NotificationRefusal | FormFlaw): NotificationResult {
  return { kind: 'refused', reason, status, body: 'failure' };
}

function resultOf(woken: Woken, ofTrade: OfTrade): NotificationResult {
  switch (woken.kind) {
    case 'recorded':
      return { kind: 'woken', ...SUCCESS, ...ofTrade, merchant: woken.merchant };
    case 'nothingToWake':
      return { kind: 'nothingToWake', ...SUCCESS, ...ofTrade };
    case 'otherTrade':
      return refused(409, NotificationRefusal.otherTrade);
    case 'notRecorded':
      return { kind: 'notRecorded', status: 503, body: 'failure', problem: woken.problem, ...ofTrade };
  }
}
