/**
 * Whether Alipay signed an asynchronous notification. What is signed is the text `name=value` joined with `&`, sorted by name, of
 * every field that is not blank, without `sign` and `sign_type`, in the bytes of the form's own charset. Source: document
 * "异步通知验签", `AlipaySignature.getSignCheckContentV1` of the official Java SDK. Its V2, which signs `sign_type` too, is of messages
 * of a life account (生活号).
 *
 * The text does not tell a field from one that stands inside another's value (`a=1&b=2` may be one value): whoever can choose a
 * part of a value, such as the subject, can have it read as a field of its own. So a signed notification is a reason to ask, and
 * never an answer.
 */
import type { KeyObject } from 'node:crypto';

import { byCodeUnit } from './canonical-text.ts';
import type { FormField } from './notification-form.ts';
import { verify } from './signature.ts';

type Fields = ReadonlyMap<string, FormField>;

/** `false` when the signature does not hold, is missing, or is not RSA2. */
export function verifyNotification(fields: Fields, alipayPublicKey: KeyObject): boolean {
  const signature = fields.get('sign')?.value;
  if (signature === undefined || fields.get('sign_type')?.value !== 'RSA2') return false;
  return verify(notificationText(fields), signature, alipayPublicKey);
}

/** What Alipay signs, as bytes. */
export function notificationText(fields: Fields): Uint8Array {
  const text = [...fields.values()]
    .filter(({ name, value }) => !UNSIGNED.includes(name) && !isBlank(name) && !isBlank(value))
    .toSorted((left, right) => byCodeUnit(left.name, right.name))
    .map(({ nameBytes, valueBytes }) => `${nameBytes}=${valueBytes}`)
    .join('&');
  return Buffer.from(text, 'latin1');
}

const UNSIGNED: readonly string[] = ['sign', 'sign_type'];

/**
 * `StringUtils.isEmpty` of the Java SDK: nothing but what Java's `Character.isWhitespace` takes, the Unicode separators without the
 * three that do not break, and some controls. It stops at the first other character: anybody may post a value of 64 KiB.
 */
// oxlint-disable-next-line no-control-regex -- Java takes these controls for white space
const BLANK = /^[\t\n\v\f\r\u001c-\u001f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/;

function isBlank(text: string): boolean {
  return BLANK.test(text);
}
