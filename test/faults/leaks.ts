/**
 * Looks for what must never stand in a history, a log line, a metric, a search attribute or an error: key material, signatures, auth
 * codes, buyer ids and raw bodies. Payloads are looked into whether they come as bytes or, as in recorded histories, as base64.
 */
import { BUYER } from '../../simulator/method.ts';

export interface SecretsToFind {
  /** Private keys and tokens, whole: any 48 characters of them in a row are found. */
  readonly keys: readonly string[];
  readonly authCodes: readonly string[];
}

/** Where it was found and what it is; never the thing itself, since this goes into a test report. */
export interface Leak {
  readonly where: string;
  readonly what: string;
}

/** `value`: text, bytes, or any tree of them. */
export function leaksIn(where: string, value: unknown, secrets: SecretsToFind): readonly Leak[] {
  const needles = needlesOf(secrets);
  const found = new Set<string>();
  for (const text of textsOf(value)) {
    const unbroken = text.replaceAll(/\s|\\n|\\r/g, '');
    for (const { what, needle } of needles) if (unbroken.includes(needle)) found.add(what);
    for (const [what, form] of FORMS) if (form.test(text)) found.add(what);
  }
  return [...found].map((what) => ({ where, what }));
}

interface Needle {
  readonly what: string;
  readonly needle: string;
}

const FRAGMENT = 32;

function needlesOf({ keys, authCodes }: SecretsToFind): readonly Needle[] {
  return [
    ...keys.flatMap(fragmentsOf).map((needle) => ({ what: 'key material', needle })),
    ...authCodes.map((needle) => ({ what: 'an auth code', needle })),
    ...Object.values(BUYER).map((needle) => ({ what: 'a buyer id', needle })),
  ];
}

/** Half overlapping, so that 48 characters in a row always hold one whole. */
function fragmentsOf(key: string): readonly string[] {
  const bare = key.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  if (bare.length <= FRAGMENT) return [bare];
  const count = Math.floor((bare.length - FRAGMENT) / (FRAGMENT / 2)) + 1;
  return Array.from({ length: count }, (_, index) =>
    bare.slice((index * FRAGMENT) / 2, (index * FRAGMENT) / 2 + FRAGMENT),
  );
}

/** The quotes of a body may be escaped where it was put into a text. */
const QUOTE = String.raw`\\*"`;
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ['key material', /PRIVATE KEY-----/],
  // An RSA signature of 2048 bits is 344 characters, in a URL with its signs escaped.
  ['a signature', /(?:[A-Za-z0-9+/]|%2[BbFf]){300,}/],
  ['a signature', new RegExp(`[?&]sign=|${QUOTE}sign${QUOTE}\\s*:`)],
  ['an auth code', /auth_code/],
  ['a buyer id', /buyer_(?:user|logon|open)_id|buyer_id/],
  ['a raw body', new RegExp(`_response${QUOTE}\\s*:|biz_content|${QUOTE}msg${QUOTE}\\s*:\\s*${QUOTE}`)],
  ['a raw body', /buyer_pay_amount|invoice_amount|fund_bill_list/],
];

/** Every text in a tree, names of fields too. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield* readings(value);
  else if (value instanceof Uint8Array) yield* readings(Buffer.from(value).toString('utf8'));
  else if (value instanceof Error) yield* textsOf([value.message, value.stack, value.cause, Object.entries(value)]);
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (value instanceof Map) yield* textsOf([...value]);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      yield name;
      yield* textsOf(item);
    }
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PRINTABLE = /^[\P{C}\s]*$/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A payload in base64 is read as what it holds; bytes that are no text, such as a signature's, stay as they are. */
function* readings(text: string): Generator<string> {
  const held = BASE64.test(text) ? textIn(text) : undefined;
  if (held === undefined) yield text;
  else yield* [held, ...needleOnly(text)];
}

/** Short enough to be a word as well as base64: looked at both ways. */
function needleOnly(text: string): readonly string[] {
  return text.length < 300 ? [text] : [];
}

function textIn(base64: string): string | undefined {
  try {
    const text = utf8.decode(Buffer.from(base64, 'base64'));
    return PRINTABLE.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
