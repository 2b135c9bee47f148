/**
 * How the bytes of an answer become text. Question for UTF-8, the gateway still answers some failures in GBK (code 20000,
 * `aop.unknow-error`), so: UTF-8 where the bytes are strictly that, else GB18030, which contains GBK, just as strictly.
 */
export type GatewayEncoding = 'utf-8' | 'gb18030';

const ENCODINGS: readonly GatewayEncoding[] = ['utf-8', 'gb18030'];

/** `undefined` when the bytes are neither. */
export function decodeStrictly(bytes: Uint8Array): { encoding: GatewayEncoding; text: string } | undefined {
  for (const encoding of ENCODINGS) {
    try {
      return { encoding, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/**
 * How many bytes the character at `index` takes up, as far as a scanner for `"` and `\` must care: the second byte of a GBK
 * character may look like a backslash or a brace. In UTF-8 no such byte occurs inside a character.
 */
export function characterLength(bytes: Uint8Array, index: number, encoding: GatewayEncoding): number {
  const lead = bytes[index] ?? 0;
  if (encoding === 'utf-8' || lead <= 0x80) return 1;
  const second = bytes[index + 1] ?? 0;
  return second >= 0x30 && second <= 0x39 ? 4 : 2;
}
