/**
 * Goal: no bytes whatever crash the three readers of foreign bytes or pass for signed; and what is validly signed is accepted, and
 * read as Alipay's own SDKs read it.
 * Method: grammars (`fuzz-grammar.ts`) against the promises of each reader (`fuzz-targets.ts`), as many inputs as FUZZ_RUNS says. A
 * failure prints seed and path; FUZZ_SEED repeats a run. `fuzz-nightly.ts` goes on where this ends, guided by coverage.
 */
import assert from 'node:assert/strict';
import { AlipaySdk } from 'alipay-sdk';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';

import { readEnvelope } from '../../alipay/envelope.ts';
import { verifyNode } from '../../alipay/verification.ts';
import { bare, ALIPAY, APP } from '../gateway/test-keys.ts';
import { nodeQuestion, notifiedQuestion, readSigned, verifyQuestion } from '../interop/java-questions.ts';
import { javaSdkOrSkip, type JavaSdk } from '../interop/java-sdk.ts';
import { inputsOf, signedAnswers, signedForms } from './fuzz-grammar.ts';
import { FUZZ_TARGETS, type FuzzTargetName, METHOD, NODE_NAME, NOT_SIGNED } from './fuzz-targets.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 8_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
/** What the SDKs are asked, one signature each. */
const signedRuns = Math.ceil(runs / 8);
const JAVA_RUNS = 200;

const KEYS = { mode: 'key', appId: '2021', privateKey: APP.privateKey, alipayPublicKey: ALIPAY.publicKey } as const;
const ALIPAY_KEY = bare(ALIPAY.publicKey, 'spki');
const sdk = new AlipaySdk({ appId: '2021', privateKey: bare(APP.privateKey, 'pkcs1'), alipayPublicKey: ALIPAY_KEY });

describe(`Any bytes at all (once more: FUZZ_SEED=${seed}, runs: ${runs})`, function () {
  this.timeout(60_000 + runs * 10);

  for (const name of Object.keys(FUZZ_TARGETS) as FuzzTargetName[]) {
    const target = FUZZ_TARGETS[name];
    it(`as ${target.name} neither crash it nor pass for signed`, () => {
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(inputsOf(name), (input) => {
          const result = target.run(input);
          seen.set(result, (seen.get(result) ?? 0) + 1);
        }),
        { numRuns: runs, seed },
      );
      // The grammar is worth something only where it reaches both what is taken and what is not.
      assert.ok(seen.size >= 3, `only ${[...seen.keys()].join(', ')} was reached`);
    });
  }

  it('an answer that is validly signed is accepted, over the bytes that the Node SDK verifies', () => {
    fc.assert(
      fc.property(signedAnswers, ({ node, signature, body }) => {
        assert.equal(acceptedText(body), node);
        assert.equal(sdk.getSignStr(body, NODE_NAME), node);
        sdk.checkResponseSign(body, NODE_NAME, signature, '');
      }),
      { numRuns: signedRuns, seed },
    );
  });

  it('a notification that is validly signed is accepted, as by the Node SDK', () => {
    fc.assert(
      fc.property(signedForms, ({ form, body }) => {
        assert.notEqual(FUZZ_TARGETS.notification.run(Buffer.from(body)), NOT_SIGNED);
        assert.equal(sdk.checkNotifySignV2({ ...form }), true);
        assert.equal(sdk.checkNotifySignV2({ ...form, app_id: '2022' }), false);
      }),
      { numRuns: signedRuns, seed },
    );
  });

  describe('that are validly signed', () => {
    let java: JavaSdk;
    before(async function () {
      java = await javaSdkOrSkip(this);
    });

    it(`${JAVA_RUNS} answers are verified by the Java SDK over the bytes that we accept`, async () => {
      const answers = fc.sample(signedAnswers, { numRuns: JAVA_RUNS, seed });
      const asked = answers.flatMap(({ node, signature, body }) => [
        nodeQuestion(body),
        verifyQuestion(ALIPAY_KEY, node, signature),
      ]);
      const told = await java.run({ program: 'SdkQuestions', inputLines: asked });
      answers.forEach(({ body, signature }, index) => {
        assert.deepEqual(readSigned(told[2 * index] ?? ''), { text: acceptedText(body), signature });
        assert.equal(told[2 * index + 1], 'true');
      });
    });

    it(`${JAVA_RUNS} notifications are held for signed by the Java SDK too`, async () => {
      const forms = fc.sample(signedForms, { numRuns: JAVA_RUNS, seed });
      const asked = forms.map(({ form }) => notifiedQuestion(ALIPAY_KEY, { charset: 'utf-8', form }));
      const told = await java.run({ program: 'SdkQuestions', inputLines: asked });
      assert.deepEqual(
        told,
        forms.map(() => 'true'),
      );
    });
  });
});

function acceptedText(body: string): string {
  const read = readEnvelope(Buffer.from(body), METHOD);
  assert.ok(read.kind === 'node', JSON.stringify(read));
  const verified = verifyNode(read, KEYS);
  assert.ok(verified.kind === 'signed', JSON.stringify(verified));
  return verified.text;
}
