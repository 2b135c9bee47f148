/** Posts notifications as Alipay does, when it is told to; to this machine only, so that no slip of a test reaches a stranger. */
import { isJsonObject } from '../contract/json-object.ts';
import { notificationBody, notificationFields } from './notification.ts';
import { type Credentials, privateKeyOf } from './credentials.ts';
import type { Trade } from './trade-machine.ts';

export interface NotificationOrder {
  /** Where to post: `http://127.0.0.1:…` or another loopback address, written as a number. */
  readonly url: string;
  /** How often, one after the other and with the same `notify_id`, whatever is answered. @default 1 */
  readonly times?: number;
  /** @default a signature that holds */
  readonly signature?: 'wrong' | 'missing';
  /** Fields set before signing: another amount, another app, `"charset": "gbk"`. */
  readonly with?: Readonly<Record<string, string>>;
}

export interface NotificationReport {
  readonly notifyId: string;
  readonly tradeStatus: string;
  /** What was answered to each delivery; `status` 0 where nothing was. `body` is cut. */
  readonly answers: readonly { readonly status: number; readonly body: string }[];
  /** Whether the last answer was the seven bytes after which Alipay is content. */
  readonly acknowledged: boolean;
}

const TIMES_MAX = 100;
const DEADLINE_MS = 15_000;
const BODY_LENGTH_SHOWN = 100;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\])$/;

export type ReadOrder =
  | { readonly kind: 'order'; readonly order: NotificationOrder }
  | { readonly kind: 'problem'; readonly problem: string };

/** From JSON that anybody may have written. */
export function readNotificationOrder(value: unknown): ReadOrder {
  const wrong = (problem: string): ReadOrder => ({ kind: 'problem', problem });
  if (!isJsonObject(value))
    return wrong('a notification looks like {"url":"http://127.0.0.1:8090/alipay/notifications"}');
  const { url, times = 1, signature, with: fields = {}, ...unknown } = value;
  const [name] = Object.keys(unknown);
  if (name !== undefined) return wrong(`${name} is not known; valid are url, times, signature, with`);
  if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).protocol !== 'http:')
    return wrong('url must be an address like "http://127.0.0.1:8090/alipay/notifications"');
  if (!LOOPBACK.test(new URL(url).hostname))
    return wrong('url must be on this machine: http://127.0.0.1:… or http://[::1]:…');
  if (!Number.isInteger(times) || Number(times) < 1 || Number(times) > TIMES_MAX)
    return wrong(`times must be a whole number from 1 to ${TIMES_MAX}`);
  if (signature !== undefined && signature !== 'wrong' && signature !== 'missing')
    return wrong('signature must be one of "wrong", "missing"');
  if (!isJsonObject(fields) || !Object.values(fields).every((field) => typeof field === 'string'))
    return wrong('with must be an object of texts like {"total_amount":"0.01"}');
  // Every member was checked above.
  return { kind: 'order', order: value as unknown as NotificationOrder };
}

export async function notify(
  credentials: Credentials,
  { trade, order, nowMs }: { readonly trade: Trade; readonly order: NotificationOrder; readonly nowMs: number },
): Promise<NotificationReport> {
  const fields = { ...notificationFields(trade, credentials.appId, nowMs), ...order.with };
  const key = privateKeyOf(credentials.alipayPrivateKey);
  const body = notificationBody(fields, { key, signature: order.signature });
  const answers: { status: number; body: string }[] = [];
  for (let delivery = 0; delivery < (order.times ?? 1); delivery += 1) {
    answers.push(await post(order.url, body, fields['charset'] ?? 'utf-8'));
  }
  return {
    notifyId: fields['notify_id'] ?? '',
    tradeStatus: fields['trade_status'] ?? '',
    answers,
    acknowledged: answers.at(-1)?.body === 'success',
  };
}

async function post(url: string, body: string, charset: string): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': `application/x-www-form-urlencoded; charset=${charset}` },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return { status: response.status, body: (await response.text()).slice(0, BODY_LENGTH_SHOWN) };
  } catch {
    return { status: 0, body: '' };
  }
}
