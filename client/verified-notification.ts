/** From a posted body to a trade that Alipay has signed something about, or to the reason why it is refused. Calls nothing. */
import type { KeyObject } from 'node:crypto';

import { type FormField, type FormFlaw, readNotificationForm } from '../alipay/notification-form.ts';
import { verifyNotification } from '../alipay/notification-signature.ts';
import { appIdOf, type TradeNotification, tradeNotificationOf } from '../alipay/trade-notification.ts';
import { parseResolutionInput } from '../contract/resolution-input.ts';

/** Whose notifications are taken. */
export interface NotifiedMerchant {
  readonly appId: string;
  /** Given: a notification that names another seller is refused. */
  readonly sellerId?: string;
  /** 支付宝公钥; in certificate mode the public key of Alipay's certificate. */
  readonly alipayPublicKey: KeyObject;
}

/** By the merchant's name in the worker's configuration. Merchants of one third party (ISV) share its app id. */
export type NotifiedMerchants = ReadonlyMap<string, NotifiedMerchant>;

export const NotificationRefusal = {
  /** Unsigned, forged, of an application that is not ours, or not RSA2: which of them, nobody outside is told. */
  notVerified: 'notVerified',
  /** Signed, and for another seller than the merchant's `sellerId`. */
  otherSeller: 'otherSeller',
  /** Signed, and without an out_trade_no that a resolution can have, or with a malformed trade_no or amount. */
  malformedTrade: 'malformedTrade',
  /** Signed, and its amount or trade_no is not the one with which the resolution was started. */
  otherTrade: 'otherTrade',
} as const;
export type NotificationRefusal = (typeof NotificationRefusal)[keyof typeof NotificationRefusal];

export interface NotifiedTrade {
  readonly outTradeNo: string;
  readonly tradeNo?: string;
  readonly totalFen?: number;
}

export type Verified =
  | {
      readonly kind: 'verified';
      /** The merchants whose trade it can be: one, unless several share an app id and the notification names no seller. */
      readonly names: readonly [string, ...string[]];
      readonly trade: NotifiedTrade;
      /** The same for every redelivery; absent where the notification has no `notify_id` of a reasonable length. */
      readonly delivery?: string;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: NotificationRefusal | FormFlaw };

/** Never throws. */
export function readVerified(body: Uint8Array, merchants: NotifiedMerchants): Verified {
  const form = readNotificationForm(body);
  if (form.kind === 'flawed') return { kind: 'refused', status: 400, reason: form.flaw };
  const signers = signersOf(form.fields, merchants);
  if (signers.length === 0) return { kind: 'refused', status: 403, reason: NotificationRefusal.notVerified };
  const notification = tradeNotificationOf(form.fields);
  const [first, ...others] = signers.filter(([, merchant]) => sellsFor(merchant, notification)).map(([name]) => name);
  if (first === undefined) return { kind: 'refused', status: 403, reason: NotificationRefusal.otherSeller };
  const trade = tradeOf(notification);
  if (trade === undefined) return { kind: 'refused', status: 400, reason: NotificationRefusal.malformedTrade };
  return { kind: 'verified', names: [first, ...others], trade, ...deliveryOf(notification, first) };
}

/** The merchants of the application that the form names, if its signature holds with their key. */
function signersOf(
  fields: ReadonlyMap<string, FormField>,
  merchants: NotifiedMerchants,
): readonly (readonly [string, NotifiedMerchant])[] {
  const appId = appIdOf(fields);
  return [...merchants].filter(
    ([, merchant]) => merchant.appId === appId && verifyNotification(fields, merchant.alipayPublicKey) !== undefined,
  );
}

/** `seller_id` is optional in the document "异步通知说明"; it is signed, so nobody can have taken it out. */
function sellsFor({ sellerId }: NotifiedMerchant, notification: TradeNotification): boolean {
  return sellerId === undefined || notification.sellerId === undefined || notification.sellerId === sellerId;
}

/** By the rules of a resolution's own input. */
function tradeOf({ outTradeNo, tradeNo, totalAmount }: TradeNotification): NotifiedTrade | undefined {
  if (outTradeNo === undefined) return undefined;
  const parsed = parseResolutionInput({ outTradeNo, tradeNo, totalAmount });
  if (parsed.kind === 'problems') return undefined;
  const { totalFen } = parsed.input;
  return {
    outTradeNo,
    ...(tradeNo === undefined ? {} : { tradeNo }),
    ...(totalFen === undefined ? {} : { totalFen }),
  };
}

/** Far above the 34 characters that Alipay uses; what is longer is not remembered. */
const NOTIFY_ID_LENGTH_MAX = 128;

function deliveryOf({ notifyId, outTradeNo = '' }: TradeNotification, merchant: string): { delivery?: string } {
  const isUsable = notifyId !== undefined && notifyId.length <= NOTIFY_ID_LENGTH_MAX;
  return isUsable ? { delivery: `${merchant} ${outTradeNo} ${notifyId}` } : {};
}
