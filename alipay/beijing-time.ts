/**
 * Alipay's clock. Every time on its wire reads `yyyy-MM-dd HH:mm:ss` in GMT+8, which has no summer time, so all of this is
 * plain arithmetic and the zone of the process plays no part. Source: `AlipayConstants.DATE_TIMEZONE` and
 * `DATE_TIME_FORMAT` of the official Java SDK.
 */
import { epochMsFromRfc3339 } from '../contract/instant.ts';

const GMT8_OFFSET_MS = 8 * 60 * 60 * 1000;

/** Some refund times carry milliseconds (document "异步通知说明", `gmt_refund`). */
const BEIJING_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?$/;

/** Milliseconds since the epoch → `yyyy-MM-dd HH:mm:ss`, GMT+8 whatever the process's zone. */
export function beijingTime(epochMs: number): string {
  return new Date(epochMs + GMT8_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyy-MM-dd HH:mm:ss` in GMT+8 → milliseconds since the epoch; `undefined` for anything else, 30 February included. */
export function epochMsFromBeijingTime(text: string): number | undefined {
  const [, day, time, fraction = ''] = BEIJING_TIME.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const epochMs = Date.parse(`${day}T${time}${fraction}Z`) - GMT8_OFFSET_MS;
  return Number.isFinite(epochMs) && beijingTime(epochMs) === `${day} ${time}` ? epochMs : undefined;
}

/** `2019-03-26 10:00:00` → `2019-03-26T10:00:00+08:00`; `undefined` when the text is not such a time. */
export function rfc3339FromBeijingTime(text: string): string | undefined {
  return epochMsFromBeijingTime(text) === undefined ? undefined : `${text.replace(' ', 'T')}+08:00`;
}

/** RFC 3339 with an offset → `yyyy-MM-dd HH:mm:ss` in GMT+8; `undefined` when the text is not such a time. */
export function beijingTimeFromRfc3339(text: string): string | undefined {
  const epochMs = epochMsFromRfc3339(text);
  return epochMs === undefined ? undefined : beijingTime(epochMs);
}
