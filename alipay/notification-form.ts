/**
 * The form that an asynchronous notification posts, read so strictly that it means one thing only: every name once, every value
 * decoded once, every byte valid in the charset that the form itself names. Alipay's own forms are all of that.
 *
 * The bytes of each field are kept beside its text: what is signed is bytes, and Node does not encode GBK.
 */
export interface FormField {
  readonly name: string;
  readonly value: string;
  /** The same as sent, percent-decoded, one character a byte. */
  readonly nameBytes: string;
  readonly valueBytes: string;
}

export const FormFlaw = {
  /** Neither utf-8 nor one of the GBK names. */
  unknownCharset: 'unknownCharset',
  /** Bytes that are no text in the charset named. */
  notInItsCharset: 'notInItsCharset',
  /** A `%` that two hexadecimal digits do not follow. */
  badEscape: 'badEscape',
  /** Which of two equal names counts is anybody's choice, and a verifier and a reader may choose differently. */
  duplicateField: 'duplicateField',
  tooManyFields: 'tooManyFields',
} as const;
export type FormFlaw = (typeof FormFlaw)[keyof typeof FormFlaw];

export type NotificationForm =
  | { readonly kind: 'form'; readonly fields: ReadonlyMap<string, FormField> }
  | { readonly kind: 'flawed'; readonly flaw: FormFlaw };

/** Chosen: the documented fields are about 35 (document "异步通知说明"). */
const FIELDS_MAX = 200;

/** Never throws: whatever was posted is a form or has a flaw. */
export function readNotificationForm(body: Uint8Array): NotificationForm {
  const parts = Buffer.from(body)
    .toString('latin1')
    .split('&', FIELDS_MAX + 1);
  if (parts.length > FIELDS_MAX) return flawed(FormFlaw.tooManyFields);
  const pairs: (readonly [name: string, value: string])[] = [];
  for (const part of parts.filter((text) => text !== '')) {
    const at = part.indexOf('=');
    const name = percentDecoded(at < 0 ? part : part.slice(0, at));
    const value = percentDecoded(at < 0 ? '' : part.slice(at + 1));
    if (name === undefined || value === undefined) return flawed(FormFlaw.badEscape);
    pairs.push([name, value]);
  }
  const decoder = decoderOf(pairs.find(([name]) => name === 'charset')?.[1]);
  return decoder === undefined ? flawed(FormFlaw.unknownCharset) : fieldsOf(pairs, decoder);
}

function fieldsOf(pairs: readonly (readonly [string, string])[], decode: Decoder): NotificationForm {
  const fields = new Map<string, FormField>();
  for (const [nameBytes, valueBytes] of pairs) {
    const name = decode(nameBytes);
    const value = decode(valueBytes);
    if (name === undefined || value === undefined) return flawed(FormFlaw.notInItsCharset);
    if (fields.has(name)) return flawed(FormFlaw.duplicateField);
    fields.set(name, { name, value, nameBytes, valueBytes });
  }
  return { kind: 'form', fields };
}

function flawed(flaw: FormFlaw): NotificationForm {
  return { kind: 'flawed', flaw };
}

/** Bytes to the bytes that they stand for, one character each; `undefined` for a broken escape. */
function percentDecoded(text: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  return text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

type Decoder = (bytes: string) => string | undefined;

/** The names that Alipay's `charset` takes ("utf-8, gbk, gb2312"); absent, it is utf-8. GB18030 contains the other two. */
const ENCODINGS: ReadonlyMap<string, 'utf-8' | 'gb18030'> = new Map([
  ['', 'utf-8'],
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['gbk', 'gb18030'],
  ['gb2312', 'gb18030'],
  ['gb18030', 'gb18030'],
]);

function decoderOf(charset = ''): Decoder | undefined {
  const encoding = ENCODINGS.get(charset.toLowerCase());
  if (encoding === undefined) return undefined;
  // A byte order mark is text here: it was signed.
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(Buffer.from(bytes, 'latin1'));
    } catch {
      return undefined;
    }
  };
}
