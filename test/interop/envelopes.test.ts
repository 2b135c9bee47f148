/**
 * Goal: the bytes that we verify in an answer are the ones that Alipay's Java SDK verifies, whatever the business fields hold.
 * Method: random answers, spelled in several ways that mean the same JSON, taken apart by both.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { readEnvelope } from '../../alipay/envelope.ts';
import { nodeQuestion, readSigned } from './java-questions.ts';
import { javaSdkOrSkip, type JavaSdk } from './java-sdk.ts';

const ENVELOPE_COUNT = 200;
const seed = Number(process.env['INTEROP_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

/** Everything that a scanner for braces and quotes can trip over. */
const fieldText = fc.string({ unit: fc.constantFrom(...Array.from('{}[]"\\/:,\n\t a1支付宝😀')), maxLength: 20 });
const fieldValue = fc.oneof(
  fieldText,
  fc.array(fc.dictionary(fc.constantFrom('amount', 'fund_channel', 'action'), fieldText, { noNullPrototype: true })),
);
const fields = fc.dictionary(
  fc.constantFrom('code', 'msg', 'sub_code', 'trade_no', 'trade_status', 'subject', 'fund_bill_list', 'ext_infos'),
  fieldValue,
  { noNullPrototype: true },
);

/** The same JSON in different bytes: with blanks or not, with slashes escaped as Alipay does or not, other letters escaped or not. */
const spelling = fc.record({
  indent: fc.constantFrom('', ' ', '\t'),
  escapesSlashes: fc.boolean(),
  escapesLetters: fc.boolean(),
});

const signature = fc.base64String({ minLength: 4, maxLength: 344 });
const certificateSn = fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined });

const envelope = fc
  .record({
    fields,
    spelling,
    signature,
    certificateSn,
    nodeName: fc.constantFrom('alipay_trade_query', 'error'),
    signFirst: fc.boolean(),
  })
  .map((parts) => {
    const node = spell(JSON.stringify(parts.fields, undefined, parts.spelling.indent), parts.spelling);
    const members = [`"${parts.nodeName}_response":${parts.spelling.indent}${node}`];
    if (parts.certificateSn !== undefined) members.push(`"alipay_cert_sn":"${parts.certificateSn}"`);
    const sign = `"sign":"${parts.signature}"`;
    return {
      node,
      signature: parts.signature,
      body: `{${(parts.signFirst ? [sign, ...members] : [...members, sign]).join(',')}}`,
    };
  });

function spell(
  json: string,
  { escapesSlashes, escapesLetters }: { escapesSlashes: boolean; escapesLetters: boolean },
): string {
  const slashes = escapesSlashes ? json.replaceAll('/', '\\/') : json;
  if (!escapesLetters) return slashes;
  return slashes.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

describe(`what is signed in an answer (once more: INTEROP_SEED=${seed})`, function () {
  this.timeout(60_000);
  let java: JavaSdk;

  before(async function () {
    java = await javaSdkOrSkip(this);
  });

  it(`of ${ENVELOPE_COUNT} answers the same bytes are signed, and with the same signature, as for the Java SDK`, async () => {
    const envelopes = fc.sample(envelope, { numRuns: ENVELOPE_COUNT, seed });
    const answers = await java.run({
      program: 'SdkQuestions',
      inputLines: envelopes.map(({ body }) => nodeQuestion(body)),
    });
    assert.equal(answers.length, ENVELOPE_COUNT);
    envelopes.forEach(({ body, node, signature: sign }, index) => {
      const ours = readEnvelope(Buffer.from(body, 'utf8'), 'alipay.trade.query');
      assert.equal(ours.kind, 'node', body);
      assert(ours.kind === 'node');
      const read = { text: Buffer.from(ours.node).toString('utf8'), signature: ours.sign };
      assert.deepEqual(read, readSigned(answers[index] ?? ''), body);
      assert.deepEqual(read, { text: node, signature: sign }, body);
    });
  });
});
