/**
 * Sets of request parameters, drawn at random, for comparing what is signed.
 *
 * Names: those of the protocol, and some that tell sorting by UTF-16 unit (Java's, JavaScript's) from sorting by code point, by locale or
 * without case. Values: any characters at all, the separators of the signed text among them, and JSON as in biz_content.
 *
 * Kept out of these sets:
 *   - empty values: the Java SDK neither sends nor signs them, the Node SDK does both (a test of its own says so);
 *   - values of nothing but white space: the Java SDK takes them for empty, the Node SDK does not (a test of its own);
 *   - the Node SDK's timestamp is in the zone of the process: its text is compared as it stands, not as an instant;
 *   - half a surrogate pair: it is no text, and UTF-8 encoders replace it each in their own way.
 */
import fc from 'fast-check';

export type Parameters = Readonly<Record<string, string>>;

const PROTOCOL_NAMES = [
  'app_id',
  'method',
  'format',
  'charset',
  'sign_type',
  'timestamp',
  'version',
  'notify_url',
  'return_url',
  'app_auth_token',
  'app_cert_sn',
  'alipay_root_cert_sn',
  'biz_content',
] as const;

/** U+FB00 comes after U+1F600 in UTF-16 units (D83D) and before it in code points. */
const SORTING_NAMES = ['a', 'A', 'B', 'b', 'a1', 'a_1', 'a-1', 'aa', '_a', 'é', '字', '\u{FB00}', '\u{1F600}'] as const;

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...Array.from('&=+%?#"\\/<>\'\r\n\t 支付宝€😀a1')), minLength: 1, maxLength: 30 }),
);

const value: fc.Arbitrary<string> = fc
  .oneof(
    anyText,
    fc.jsonValue().map((json) => JSON.stringify(json)),
  )
  .filter((text) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text));

/** For a comparison of text: every name may be there, once. */
export const parameterSet: fc.Arbitrary<Parameters> = fc.dictionary(
  fc.constantFrom(...PROTOCOL_NAMES, ...SORTING_NAMES),
  value,
  { minKeys: 1, maxKeys: 20, noNullPrototype: true },
);

/** For the Node SDK, which builds the protocol's own parameters itself and adds what it is given. */
export const optionalParameterSet: fc.Arbitrary<Parameters> = fc.dictionary(
  fc.constantFrom('notify_url', 'return_url', 'app_auth_token', 'target_app_id', 'prod_code', 'alipay_sdk'),
  value,
  { noNullPrototype: true },
);

export const bizContent: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  fc.constantFrom(
    'out_trade_no',
    'trade_no',
    'subject',
    'total_amount',
    'query_options',
    'extend_params',
    'goods_detail',
  ),
  fc.oneof(anyText, fc.array(anyText), fc.dictionary(fc.constantFrom('goods_id', 'price', 'quantity'), anyText)),
  { minKeys: 1, noNullPrototype: true },
);
