/**
 * The text that both sides sign: parameters sorted by name, `name=value` joined with `&`, nothing escaped. `sign` itself and
 * empty values are left out; `sign_type` stays in. Source: `AlipaySignature.getSignContent` of the official Java SDK, and
 * the platform document "自行实现签名".
 */
export function canonicalText(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .filter((name) => name !== '' && name !== 'sign' && parameters[name] !== '')
    .toSorted(byCodeUnit)
    .map((name) => `${name}=${parameters[name]}`)
    .join('&');
}

/** Java's `String.compareTo`: by UTF-16 code unit, never by a locale. */
export function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
