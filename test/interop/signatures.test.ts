/**
 * Goal: the text we sign and the signature are those of Alipay's own SDKs, and each side accepts what the other signs.
 * Method: 200 random parameter sets through both; RSA with PKCS#1 v1.5 padding has one signature a text, so equal signatures mean equal text.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { beijingTime } from '../../alipay/beijing-time.ts';
import { canonicalText } from '../../alipay/canonical-text.ts';
import { readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import { createSignedCall } from '../../alipay/signed-call.ts';
import { sign, verify } from '../../alipay/signature.ts';
import { readSigned, signQuestion, timestampQuestion, verifyQuestion } from './java-questions.ts';
import { javaSdkOrSkip, type JavaSdk } from './java-sdk.ts';
import { bizContent, optionalParameterSet, parameterSet, type Parameters } from './parameter-sets.ts';

const SET_COUNT = 200;
const seed = Number(process.env['INTEROP_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyText = keys.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const publicKeyText = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const strangerText = stranger.export({ type: 'spki', format: 'der' }).toString('base64');
const privateKey = readPrivateKey(privateKeyText);
const publicKey = readPublicKey(publicKeyText);

function sample<T>(values: fc.Arbitrary<T>, count = SET_COUNT): T[] {
  return fc.sample(values, { numRuns: count, seed });
}

describe(`signatures of the official SDKs (once more: INTEROP_SEED=${seed})`, function () {
  this.timeout(60_000);
  describe('Java', () => {
    let java: JavaSdk;
    const ask = (inputLines: readonly string[]): Promise<readonly string[]> =>
      java.run({ program: 'SdkQuestions', inputLines });

    before(async function () {
      java = await javaSdkOrSkip(this);
    });

    it(`${SET_COUNT} parameter sets have the same signed text and the same signature`, async () => {
      const sets = sample(parameterSet);
      const answers = await ask(sets.map((parameters) => signQuestion(privateKeyText, parameters)));
      assert.equal(answers.length, SET_COUNT);
      sets.forEach((parameters, index) => {
        const text = canonicalText(parameters);
        assert.deepEqual({ text, signature: sign(text, privateKey) }, readSigned(answers[index] ?? ''));
      });
    });

    it('a parameter that is empty is left out by both', async () => {
      const parameters = { app_id: '2021', app_auth_token: '', charset: 'utf-8', notify_url: '' };
      const [answer = ''] = await ask([signQuestion(privateKeyText, parameters)]);
      assert.equal(readSigned(answer).text, 'app_id=2021&charset=utf-8');
      assert.equal(canonicalText(parameters), 'app_id=2021&charset=utf-8');
    });

    it('a parameter of white space alone is empty to the SDK and a value to us', async () => {
      // `StringUtils.isEmpty` of the Java SDK against the Node SDK and the document "自行实现签名", which speak of empty values only.
      const parameters = { app_id: '2021', notify_url: ' ' };
      const [answer = ''] = await ask([signQuestion(privateKeyText, parameters)]);
      assert.equal(readSigned(answer).text, 'app_id=2021');
      assert.equal(canonicalText(parameters), 'app_id=2021&notify_url= ');
    });

    it('what we sign the SDK verifies, what the SDK signs we verify, and neither accepts another text or another key', async () => {
      const sets = sample(parameterSet, 40);
      const texts = sets.map((parameters) => canonicalText(parameters));
      const ours = texts.map((text) => sign(text, privateKey));
      const verdicts = await ask(
        texts.flatMap((text, index) => [
          verifyQuestion(publicKeyText, text, ours[index] ?? ''),
          verifyQuestion(publicKeyText, `${text} `, ours[index] ?? ''),
          verifyQuestion(strangerText, text, ours[index] ?? ''),
        ]),
      );
      assert.deepEqual(
        verdicts,
        texts.flatMap(() => ['true', 'false', 'false']),
      );

      const theirs = (await ask(sets.map((parameters) => signQuestion(privateKeyText, parameters)))).map(readSigned);
      assert.equal(theirs.length, texts.length);
      for (const { text, signature } of theirs) {
        assert.equal(verify(text, signature, publicKey), true);
        assert.equal(verify(`${text} `, signature, publicKey), false);
        assert.equal(verify(text, signature, stranger), false);
      }
    });

    it('a whole request of ours, for a merchant itself and on behalf of one, has the signature that the SDK gives it', async () => {
      const sets = sample(bizContent, 40);
      const requests = sets.map((content, index) => {
        const merchant = createMerchant({
          appId: '2021000000000000',
          gateway: 'sandbox',
          privateKey: privateKeyText,
          alipayPublicKey: strangerText,
          ...(index % 2 === 0 ? {} : { appAuthToken: `token-${index}` }),
        });
        const call = createSignedCall(merchant, { method: 'alipay.trade.query', content }, index);
        return Object.fromEntries([
          ...new URLSearchParams(call.path.slice(call.path.indexOf('?'))),
          ...new URLSearchParams(call.body),
        ]);
      });
      const unsigned = requests.map(({ sign: _sign, ...parameters }) => parameters);
      const answers = await ask(unsigned.map((parameters) => signQuestion(privateKeyText, parameters)));
      assert.deepEqual(
        requests.map((parameters) => parameters['sign']),
        answers.map((answer) => readSigned(answer).signature),
      );
    });

    it('a timestamp is that of the SDK, whatever the zone of the process', async () => {
      const instants = sample(fc.integer({ min: 0, max: 4_102_444_800_000 }), 50);
      const answers = await java.run({
        program: 'SdkQuestions',
        properties: { 'user.timezone': 'America/New_York' },
        inputLines: instants.map(timestampQuestion),
      });
      assert.deepEqual(instants.map(beijingTime), answers);
    });
  });

  describe('Node', () => {
    const sdk = new AlipaySdk({ appId: '2021000000000000', privateKey: privateKeyText, keyType: 'PKCS8' });

    it(`${SET_COUNT} whole requests have the same signature`, () => {
      const optional = sample(optionalParameterSet);
      const business = sample(bizContent);
      optional.forEach((parameters, index) => {
        const signed = signedByNode(sdk, { ...parameters, bizContent: business[index] });
        assert.equal(sign(canonicalText(signed), privateKey), signed['sign']);
        assert.equal(verify(canonicalText(signed), signed['sign'] ?? '', publicKey), true);
      });
    });

    it('an empty parameter is the known difference: this SDK sends and signs it, we and the Java SDK do not', () => {
      // alipay/alipay-sdk-nodejs-all issue 48. When this fails the SDK has changed: empty values can join the sets above.
      const signed = signedByNode(sdk, { app_auth_token: '', bizContent: { out_trade_no: '1' } });
      assert.equal(signed['app_auth_token'], '');
      assert.notEqual(sign(canonicalText(signed), privateKey), signed['sign']);
    });
  });
});

/** The request that the SDK would send, its signature included. */
function signedByNode(sdk: AlipaySdk, parameters: Parameters | Record<string, unknown>): Record<string, string> {
  const query = sdk.sdkExecute('alipay.trade.query', parameters);
  return Object.fromEntries(
    query.split('&').map((pair) => {
      const middle = pair.indexOf('=');
      return [pair.slice(0, middle), decodeURIComponent(pair.slice(middle + 1))];
    }),
  );
}
