/** From a posted body to a trade that Alipay has signed something about, or to the reason why it is not taken. Calls nothing. */
import { type FormFlaw, readNotificationForm } from '../alipay/notification-form.ts';
import { verifyNotification } from '../alipay/notification-signature.ts';
import { appIdOf, type TradeNotification, tradeNotificationOf } from '../alipay/trade-notification.ts';
import { type ParsedInput, parseResolutionInput } from '../contract/resolution-input.ts';
import { type Applications, merchantsFor, type Names } from './notified-merchants.ts';

/** Why what was posted is not believed to be Alipay's. */
export const NotificationFlaw = {
  /** Unsigned, forged, of an application that is not ours, or not RSA2: which of them, nobody outside is told. */
  notVerified: 'notVerified',
} as const;
export type NotificationFlaw = (typeof NotificationFlaw)[keyof typeof NotificationFlaw];

/**
 * Why what Alipay has signed can wake nothing of ours. Each is answered `success`, since the same again would change nothing, and
 * Alipay would deliver it for 25 h.
 */
export const NotOurs = {
  /** For a seller that no merchant has as its `sellerId`. */
  otherSeller: 'otherSeller',
  /** Neither number is one that a resolution can have: another product's message, or a number that no start was accepted with. */
  noSuchTrade: 'noSuchTrade',
  /** Its amount or trade_no is not the one with which the resolution was started. */
  otherTrade: 'otherTrade',
} as const;
export type NotOurs = (typeof NotOurs)[keyof typeof NotOurs];

/** The numbers are such as a resolution can be started with; at least one is there. */
export interface NotifiedTrade {
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly totalFen?: number;
  /** When what is notified of happened, by Alipay's clock. */
  readonly changedAtMs?: number;
}

export type Verified =
  | {
      readonly kind: 'verified';
      /** The merchants whose trade it can be, never none. */
      readonly names: Names;
      readonly trade: NotifiedTrade;
      /** The same for every redelivery; absent where the notification has no `notify_id` of a reasonable length. */
      readonly delivery?: string;
    }
  /** Signed, and not for us to act on. */
  | { readonly kind: 'notOurs'; readonly reason: NotOurs; readonly trade?: NotifiedTrade }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: NotificationFlaw | FormFlaw };

/** Never throws. */
export function readVerified(body: Uint8Array, applications: Applications): Verified {
  const form = readNotificationForm(body);
  if (form.kind === 'flawed') return { kind: 'refused', status: 400, reason: form.flaw };
  const notification = tradeNotificationOf(form.fields);
  const { sellerId } = notification;
  const appId = appIdOf(form.fields) ?? '';
  const signer = applications
    .get(appId)
    ?.keysFor(sellerId)
    .find(({ alipayPublicKey }) => verifyNotification(form.fields, alipayPublicKey));
  if (signer === undefined) return { kind: 'refused', status: 403, reason: NotificationFlaw.notVerified };
  const trade = tradeOf(notification);
  if (trade === undefined) return { kind: 'notOurs', reason: NotOurs.noSuchTrade };
  const names = merchantsFor(signer, sellerId);
  if (names === undefined) return { kind: 'notOurs', reason: NotOurs.otherSeller, trade };
  return { kind: 'verified', names, trade, ...deliveryOf(appId, notification) };
}

/** What of it a resolution can have; `undefined` where that is neither number. */
function tradeOf({ outTradeNo, tradeNo, totalAmount, changedAtMs }: TradeNotification): NotifiedTrade | undefined {
  const readable = readableOf({ outTradeNo, tradeNo, totalAmount });
  if (readable === undefined) return undefined;
  return {
    ...(readable.outTradeNo === undefined ? {} : { outTradeNo: readable.outTradeNo }),
    ...(readable.tradeNo === undefined ? {} : { tradeNo: readable.tradeNo }),
    ...(readable.totalFen === undefined ? {} : { totalFen: readable.totalFen }),
    ...(changedAtMs === undefined ? {} : { changedAtMs }),
  };
}

/** By the rules of a resolution's own input. A field that breaks them is left out: no resolution has it, so it says nothing of one. */
function readableOf(fields: Readonly<Record<string, string | undefined>>): ParsedInput | undefined {
  const parsed = parseResolutionInput(fields);
  if (parsed.kind === 'input') return parsed.input;
  const broken = new Set(parsed.problems.map(({ field }) => field));
  const again = parseResolutionInput(Object.fromEntries(Object.entries(fields).filter(([name]) => !broken.has(name))));
  return again.kind === 'input' ? again.input : undefined;
}

/** Far above the 34 characters that Alipay uses; what is longer is not remembered. */
const NOTIFY_ID_LENGTH_MAX = 128;

function deliveryOf(appId: string, { notifyId, outTradeNo, tradeNo = '' }: TradeNotification): { delivery?: string } {
  const isUsable = notifyId !== undefined && notifyId.length <= NOTIFY_ID_LENGTH_MAX;
  return isUsable ? { delivery: `${appId} ${outTradeNo ?? tradeNo} ${notifyId}` } : {};
}
