/**
 * Inputs for the fuzz targets, as grammars: what Alipay and its key tool write, spelled in every way that means the same, and then
 * damaged at random with pieces that a reader may trip over.
 */
import fc from 'fast-check';

import { notificationText } from '../../alipay/notification-signature.ts';
import { readNotificationForm } from '../../alipay/notification-form.ts';
import { ALIPAY, APP, APP_CERT, bare, pem, pkcs12 } from '../gateway/test-keys.ts';
import { FUZZ_TARGETS, type FuzzTargetName, NODE_NAME, signAsAlipay } from './fuzz-targets.ts';

/** Everything that a scanner for braces, quotes and separators can trip over. */
const awkward: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...Array.from('{}[]"\\/:,&=+%;\n\t\u0000 a1支付宝\u{1F600}')),
  maxLength: 16,
});
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: awkward },
  fc.array(fc.dictionary(fc.constantFrom('amount', 'fund_channel', 'sign'), awkward, { noNullPrototype: true }), {
    maxLength: 3,
  }),
  fc.constantFrom(null, 0, -1, 1e21, true, 'TRADE_SUCCESS', '88.88', '2026-11-24 10:00:00'),
);
const fields = fc.dictionary(
  fc.constantFrom(
    'code',
    'msg',
    'sub_code',
    'out_trade_no',
    'trade_no',
    'trade_status',
    'total_amount',
    'fund_bill_list',
  ),
  value,
  { noNullPrototype: true },
);

/** A signed answer in Alipay's own order of members: what every official SDK takes. */
export interface SignedAnswer {
  readonly node: string;
  readonly signature: string;
  readonly body: string;
}

const spelling = fc.record({
  indent: fc.constantFrom('', ' ', '\t'),
  escapesSlashes: fc.boolean(),
  escapesLetters: fc.boolean(),
  certificateSn: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined }),
});

export const signedAnswers: fc.Arbitrary<SignedAnswer> = fc.tuple(fields, spelling).map(([content, spelled]) => {
  const written = JSON.stringify(content, undefined, spelled.indent);
  const slashes = spelled.escapesSlashes ? written.replaceAll('/', '\\/') : written;
  const node = spelled.escapesLetters ? slashes.replaceAll(/[^\0-\x7f]/g, escaped) : slashes;
  const signature = signAsAlipay(Buffer.from(node));
  const sn = spelled.certificateSn === undefined ? '' : `"alipay_cert_sn":"${spelled.certificateSn}",`;
  return { node, signature, body: `{"${NODE_NAME}":${node},${sn}"sign":"${signature}"}` };
});

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A signed notification, its fields in any order. No value is blank: the SDKs differ there (`test/interop/notifications.test.ts`). */
export interface SignedForm {
  readonly form: Readonly<Record<string, string>>;
  readonly body: string;
}

export const signedForms: fc.Arbitrary<SignedForm> = fc
  .dictionary(
    fc.constantFrom(
      'subject',
      'body',
      'out_trade_no',
      'total_amount',
      'trade_no',
      'notify_id',
      'seller_id',
      '字',
      'a&b',
    ),
    awkward.map((text) => `x${text}`),
    { noNullPrototype: true },
  )
  .map((some) => {
    const unsigned = { ...some, app_id: '2021', charset: 'utf-8', sign_type: 'RSA2' };
    const read = readNotificationForm(Buffer.from(encode(unsigned)));
    if (read.kind === 'flawed') throw new Error(`a form of our own has a flaw: ${read.flaw}`);
    const form = { ...unsigned, sign: signAsAlipay(notificationText(read.fields)) };
    return { form, body: encode(form) };
  });

function encode(form: Readonly<Record<string, string>>): string {
  return Object.entries(form)
    .map((pair) => pair.map((text) => encodeURIComponent(text)).join('='))
    .join('&');
}

/** Every form of a key that the readers take. PKCS#12 only as it is: a damaged count of iterations would take forge minutes. */
const KEYS: readonly Buffer[] = [
  ...(['pkcs1', 'pkcs8'] as const).flatMap((type) => [pem(APP.privateKey, type), bare(APP.privateKey, type)]),
  ...(['pkcs1', 'spki'] as const).flatMap((type) => [pem(ALIPAY.publicKey, type), bare(ALIPAY.publicKey, type)]),
  APP_CERT + pem(APP.privateKey, 'pkcs8'),
].map((text) => Buffer.from(text));
const DER = (['pkcs1', 'pkcs8'] as const).map((type) => Buffer.from(bare(APP.privateKey, type), 'base64'));
const ENCRYPTED = Buffer.from(
  APP.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' }),
);
const PKCS12 = pkcs12(APP.privateKey, 'correct horse');

const whole: Readonly<Record<FuzzTargetName, fc.Arbitrary<Uint8Array>>> = {
  envelope: signedAnswers.map(({ body }) => Buffer.from(body)),
  notification: signedForms.map(({ body }) => Buffer.from(body)),
  key: fc.constantFrom(...KEYS, ...DER, ENCRYPTED),
};

type Damage = (input: Uint8Array) => Uint8Array;

function damages(dictionary: readonly string[]): fc.Arbitrary<Damage> {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const piece = fc.oneof(
    fc.constantFrom(...dictionary).map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
  );
  return fc.oneof(
    fc.tuple(at, fc.nat(8), piece).map(
      ([where, removed, put]): Damage =>
        (input) =>
          spliced(input, where, removed, put),
    ),
    fc.tuple(at, at).map(([from, to]): Damage => (input) => {
      const [start = 0, end = 0] = [from, to].map((part) => Math.floor(part * input.length)).toSorted((a, b) => a - b);
      return Buffer.concat([input.subarray(0, end), input.subarray(start)]);
    }),
    at.map(
      (where): Damage =>
        (input) =>
          input.subarray(0, Math.floor(where * input.length)),
    ),
    fc.tuple(at, fc.nat(7)).map(([where, bit]): Damage => (input) => {
      const index = Math.floor(where * input.length);
      return spliced(input, where, 1, Uint8Array.of((input[index] ?? 0) ^ (1 << bit)));
    }),
  );
}

function spliced(input: Uint8Array, where: number, removed: number, put: Uint8Array): Uint8Array {
  const index = Math.floor(where * input.length);
  return Buffer.concat([input.subarray(0, index), put, input.subarray(index + removed)]);
}

/** Whole, damaged in a few places, pieces alone, or any bytes. */
export function inputsOf(name: FuzzTargetName): fc.Arbitrary<Uint8Array> {
  const { dictionary } = FUZZ_TARGETS[name];
  const damaged = fc
    .tuple(whole[name], fc.array(damages(dictionary), { minLength: 1, maxLength: 4 }))
    .map(([input, done]) => done.reduce((bytes, damage) => damage(bytes), input));
  const pieces = fc
    .array(fc.constantFrom(...dictionary), { maxLength: 30 })
    .map((parts) => new Uint8Array(Buffer.from(parts.join(''))));
  return fc.oneof(
    { weight: 1, arbitrary: name === 'key' ? fc.constantFrom<Uint8Array>(PKCS12, ...KEYS) : whole[name] },
    { weight: 10, arbitrary: damaged },
    { weight: 3, arbitrary: pieces },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  );
}

/** Any of these inputs, damaged; or two of them, the head of one and the tail of the other. */
export function mutationsOf(name: FuzzTargetName, inputs: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const one = fc.constantFrom(...inputs);
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const crossed = fc
    .tuple(one, one, at, at)
    .map(([head, tail, to, from]) =>
      Buffer.concat([head.subarray(0, Math.floor(to * head.length)), tail.subarray(Math.floor(from * tail.length))]),
    );
  return fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: one }, crossed),
      fc.array(damages(FUZZ_TARGETS[name].dictionary), { maxLength: 4 }),
    )
    .map(([input, done]) => done.reduce((bytes, damage) => damage(bytes), input));
}
