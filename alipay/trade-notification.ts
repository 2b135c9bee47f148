/** What an asynchronous notification says of itself and of its trade, read after its signature held. Nothing of the buyer. */
import type { FormField } from './notification-form.ts';

/** Texts as sent, not checked for their form; absent where the form has none or an empty one. */
export interface TradeNotification {
  /** The same at every redelivery. */
  readonly notifyId?: string;
  readonly sellerId?: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  /** Yuan as a decimal string. */
  readonly totalAmount?: string;
}

/** Wire names. Source: document "异步通知说明", notification parameters. */
const WIRE_NAMES: { readonly [K in keyof TradeNotification]-?: string } = {
  notifyId: 'notify_id',
  sellerId: 'seller_id',
  outTradeNo: 'out_trade_no',
  tradeNo: 'trade_no',
  totalAmount: 'total_amount',
};

export function tradeNotificationOf(fields: ReadonlyMap<string, FormField>): TradeNotification {
  return Object.fromEntries(
    Object.entries(WIRE_NAMES).flatMap(([name, wireName]) => {
      const value = fields.get(wireName)?.value;
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** Whose key is to verify it: the application for which pay was called. */
export function appIdOf(fields: ReadonlyMap<string, FormField>): string | undefined {
  return fields.get('app_id')?.value;
}
