/**
 * Whether Alipay signed an asynchronous notification. What is signed is the text `name=value` joined with `&`, sorted by name, of
 * every field that is not blank, in the bytes of the form's own charset. Source: `AlipaySignature.getSignCheckContentV1` and `V2`
 * of the official Java SDK, document "异步通知验签".
 *
 * The text does not tell a field from one that stands inside another's value (`a=1&b=2` may be one value): whoever can choose a
 * part of a value, such as the subject, can have it read as a field of its own. So a signed notification is a reason to ask, and
 * never an answer.
 */
import type { KeyObject } from 'node:crypto';

import type { FormField } from './notification-form.ts';
import { verify } from './signature.ts';

export const NotificationRule = {
  /** Without `sign` and `sign_type`: payments and everything else that a `notify_url` gets. */
  V1: 'V1',
  /** Without `sign` alone: messages of a life account (生活号) to the application's gateway. */
  V2: 'V2',
} as const;
export type NotificationRule = (typeof NotificationRule)[keyof typeof NotificationRule];

type Fields = ReadonlyMap<string, FormField>;

/** The rule by which the signature holds; `undefined` when it holds by neither, is missing, or is not RSA2. */
export function verifyNotification(fields: Fields, alipayPublicKey: KeyObject): NotificationRule | undefined {
  const signature = fields.get('sign')?.value;
  if (signature === undefined || fields.get('sign_type')?.value !== 'RSA2') return undefined;
  return Object.values(NotificationRule).find((rule) =>
    verify(notificationText(fields, rule), signature, alipayPublicKey),
  );
}

/** What Alipay signs, as bytes. */
export function notificationText(fields: Fields, rule: NotificationRule): Uint8Array {
  const left = rule === NotificationRule.V1 ? ['sign', 'sign_type'] : ['sign'];
  const text = [...fields.values()]
    .filter(({ name, value }) => !left.includes(name) && !isBlank(name) && !isBlank(value))
    .toSorted(byCodeUnit)
    .map(({ nameBytes, valueBytes }) => `${nameBytes}=${valueBytes}`)
    .join('&');
  return Buffer.from(text, 'latin1');
}

/**
 * `StringUtils.isEmpty` of the Java SDK: nothing but what Java's `Character.isWhitespace` takes, the Unicode separators without the
 * three that do not break, and some controls. It stops at the first other character: anybody may post a value of 64 KiB.
 */
// oxlint-disable-next-line no-control-regex -- Java takes these controls for white space
const BLANK = /^[\t\n\v\f\r\u001c-\u001f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/;

function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** Java's `String.compareTo`: by UTF-16 code unit, never by a locale. */
function byCodeUnit({ name: left }: FormField, { name: right }: FormField): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
