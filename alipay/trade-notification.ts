/** What an asynchronous notification says of itself and of its trade, read after its signature held. Nothing of the buyer. */
import { epochMsFromBeijingTime } from './beijing-time.ts';
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
  /**
   * When the latest of what it tells happened to the trade. Not `notify_time`, which is the time of each delivery (a delivery 24 min
   * after its `gmt_payment` carries its own time: yansongda/pay #180).
   */
  readonly changedAtMs?: number;
}

/** Wire names. Source: document "异步通知说明", notification parameters. */
const WIRE_NAMES: { readonly [K in Exclude<keyof TradeNotification, 'changedAtMs'>]-?: string } = {
  notifyId: 'notify_id',
  sellerId: 'seller_id',
  outTradeNo: 'out_trade_no',
  tradeNo: 'trade_no',
  totalAmount: 'total_amount',
};

const CHANGE_TIMES: readonly string[] = ['gmt_create', 'gmt_payment', 'gmt_refund', 'gmt_close'];

export function tradeNotificationOf(fields: ReadonlyMap<string, FormField>): TradeNotification {
  const texts = Object.entries(WIRE_NAMES).flatMap(([name, wireName]) => {
    const value = fields.get(wireName)?.value;
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  const changes = CHANGE_TIMES.map((name) => epochMsFromBeijingTime(fields.get(name)?.value ?? ''));
  const changedAtMs = Math.max(...changes.map((change) => change ?? -Infinity));
  return { ...Object.fromEntries(texts), ...(Number.isFinite(changedAtMs) ? { changedAtMs } : {}) };
}

/** Whose key is to verify it: the application for which pay was called. */
export function appIdOf(fields: ReadonlyMap<string, FormField>): string | undefined {
  return fields.get('app_id')?.value;
}
