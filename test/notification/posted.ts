/** Bodies as Alipay would post them for one paid trade, signed with a key of our own in Alipay's place. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { notificationBody, notificationFields, type Signing } from '../../simulator/notification.ts';
import { createTrade, payTrade, type Step } from '../../simulator/trade-machine.ts';

export const APP_ID = '2021000000000001';
export const alipay: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});
export const stranger: typeof alipay = generateKeyPairSync('rsa', { modulusLength: 2048 });

export type Fields = Readonly<Record<string, string>>;

const CREATED_MS = Date.UTC(2026, 10, 24, 10);

/** The whole field set, without `sign`. */
export function paidFields(changes: Fields = {}): Fields {
  const step: Step = { atMs: CREATED_MS, cause: { kind: 'buyer' } };
  const trade = createTrade(
    {
      outTradeNo: 'sale_1',
      tradeNo: '2026112422001494891000009752',
      totalFen: 88_88,
      subject: '咖啡 / coffee & "cake" = 100%',
      expiresAtMs: CREATED_MS + 3_600_000,
    },
    step,
  );
  return { ...notificationFields(payTrade(trade, step), APP_ID, CREATED_MS + 1_000), ...changes };
}

export function posted(changes: Fields = {}, signing: Partial<Signing> = {}): Buffer {
  return postedFields(paidFields(changes), signing);
}

export function postedFields(fields: Fields, signing: Partial<Signing> = {}): Buffer {
  return Buffer.from(notificationBody(fields, { key: alipay.privateKey, signature: undefined, ...signing }));
}
