/** Text to bytes and back in the two charsets that the gateway speaks. Node decodes GBK but does not encode it. */
export type Charset = 'utf-8' | 'gbk';

export function charsetOf(name: string | undefined): Charset | undefined {
  const lower = name?.toLowerCase();
  if (lower === undefined || lower === '' || lower === 'utf-8' || lower === 'utf8') return 'utf-8';
  return lower === 'gbk' || lower === 'gb2312' || lower === 'gb18030' ? 'gbk' : undefined;
}

export function decodeText(bytes: Uint8Array, charset: Charset): string {
  return new TextDecoder(charset, { fatal: false }).decode(bytes);
}

/** A character that GBK lacks becomes a question mark, as in Java's encoder. */
export function encodeText(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  const bytes = Array.from(text).flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x80 ? [code] : (gbkBytes().get(character) ?? [0x3f]);
  });
  return Buffer.from(bytes);
}

let table: ReadonlyMap<string, readonly [number, number]> | undefined;

/** The decoder turned round: every two-byte sequence of GBK (lead 81-FE, trail 40-FE without 7F), decoded once. */
function gbkBytes(): ReadonlyMap<string, readonly [number, number]> {
  if (table !== undefined) return table;
  const decoder = new TextDecoder('gbk', { fatal: true });
  const built = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decodeOrNothing(decoder, lead, trail);
      if (character !== undefined && !built.has(character)) built.set(character, [lead, trail]);
    }
  }
  table = built;
  return built;
}

function decodeOrNothing(decoder: InstanceType<typeof TextDecoder>, lead: number, trail: number): string | undefined {
  try {
    const text = decoder.decode(Uint8Array.of(lead, trail));
    return Array.from(text).length === 1 ? text : undefined;
  } catch {
    return undefined;
  }
}
