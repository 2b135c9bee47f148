/**
 * Goal: we hold for signed what Alipay's own SDKs hold for signed, in the forms of asynchronous notifications; and the official
 * Node SDK cannot tell what the simulator posts from what Alipay posts.
 * Method: random field sets, blank values among them, signed by the Java SDK and judged by us, signed by us and judged by it, whole
 * and touched. What the simulator posts is caught as raw bytes and given to the SDK as a web framework would.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlipaySdk } from 'alipay-sdk';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';

import { readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { readNotificationForm } from '../../alipay/notification-form.ts';
import { notificationText, verifyNotification } from '../../alipay/notification-signature.ts';
import { sign } from '../../alipay/signature.ts';
import { encodeText } from '../../simulator/charset.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { notifiedQuestion, readSigned, signQuestion } from './java-questions.ts';
import { javaSdkOrSkip, type JavaSdk } from './java-sdk.ts';
import { parameterSet } from './parameter-sets.ts';

type Form = Readonly<Record<string, string>>;

const SET_COUNT = 150;
const seed = Number(process.env['INTEROP_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateText = keys.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const publicText = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const privateKey = readPrivateKey(privateText);
const publicKey = readPublicKey(publicText);

/** Every kind of white space that Java, JavaScript or neither takes for blank. */
const blank = fc.string({
  unit: fc.constantFrom(
    ...Array.from(' \t\n\v\f\r\u001c\u001f\u0085\u00a0\u1680\u180e\u2003\u2007\u200b\u2028\u202f\u3000\ufeff'),
  ),
  maxLength: 3,
});
const formSet: fc.Arbitrary<Form> = fc
  .tuple(parameterSet, fc.dictionary(fc.constantFrom('memo', 'body', 'blank', '空'), blank, { noNullPrototype: true }))
  .map(([fields, blanks]) => ({ ...fields, ...blanks, charset: 'utf-8', sign_type: 'RSA2' }));
/** What GBK has bytes for; not the euro, which Java writes as 80 and the simulator as A2 E3. */
const gbkText = fc.string({ unit: fc.constantFrom(...Array.from('&=+%?#"\\/<> a1支付宝咖啡店元')), maxLength: 20 });
const gbkSet: fc.Arbitrary<Form> = fc
  .dictionary(fc.constantFrom('subject', 'body', 'out_trade_no', 'passback_params', '字'), gbkText, {
    noNullPrototype: true,
  })
  .map((fields) => ({ ...fields, charset: 'gbk', sign_type: 'RSA2' }));

function sample(sets: fc.Arbitrary<Form>): Form[] {
  return fc.sample(sets, { numRuns: SET_COUNT, seed });
}

/** As posted: the bytes of the charset, escaped. */
function bytesOf(form: Form): Buffer {
  const charset = form['charset'] === 'gbk' ? 'gbk' : 'utf-8';
  const escaped = (text: string): string =>
    Array.from(encodeText(text, charset), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return Buffer.from(
    Object.entries(form)
      .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
      .join('&'),
  );
}

function fieldsOf(form: Form): Extract<ReturnType<typeof readNotificationForm>, { kind: 'form' }>['fields'] {
  const read = readNotificationForm(bytesOf(form));
  assert.ok(read.kind === 'form', JSON.stringify(form));
  return read.fields;
}

function weHold(form: Form): boolean {
  return verifyNotification(fieldsOf(form), publicKey);
}

describe(`notifications by the official SDKs (once more: INTEROP_SEED=${seed})`, function () {
  this.timeout(60_000);

  describe('Java', () => {
    let java: JavaSdk;
    const ask = (inputLines: readonly string[]): Promise<readonly string[]> =>
      java.run({ program: 'SdkQuestions', inputLines });
    before(async function () {
      java = await javaSdkOrSkip(this);
    });

    it(`what the SDK signs we hold for signed, in ${SET_COUNT} sets with blank values among them`, async () => {
      const sets = sample(formSet);
      const asked = sets.map((form) => signQuestion(privateText, without(form, 'sign_type')));
      const answers = (await ask(asked)).map(readSigned);
      sets.forEach((form, index) => {
        const { text, signature = '' } = answers[index] ?? { text: '' };
        assert.equal(Buffer.from(notificationText(fieldsOf(form))).toString(), text);
        assert.ok(weHold({ ...form, sign: signature }), text);
      });
    });

    it('what it signs with sign_type, as for a life account, neither it nor we hold for signed', async () => {
      const sets = sample(formSet);
      const answers = (await ask(sets.map((form) => signQuestion(privateText, form)))).map(readSigned);
      const forms = sets.map((form, index) => ({ ...form, sign: answers[index]?.signature ?? '' }));
      const verdicts = await ask(forms.map((form) => notifiedQuestion(publicText, { charset: 'utf-8', form })));
      assert.deepEqual([new Set(verdicts), new Set(forms.map(weHold))], [new Set(['false']), new Set([false])]);
    });

    for (const [charset, arbitrary] of [
      ['utf-8', formSet],
      ['gbk', gbkSet],
    ] as const) {
      it(`what we hold for signed in ${charset}, whole and touched, the SDK does, and nothing else`, async () => {
        const forms = sample(arbitrary).flatMap((form) => {
          const proof = sign(notificationText(fieldsOf(form)), privateKey);
          const whole = { ...form, sign: proof };
          return [
            whole,
            { ...whole, total_amount: '0.01' },
            { ...whole, sign: proof.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
          ];
        });
        const verdicts = await ask(forms.map((form) => notifiedQuestion(publicText, { charset, form })));
        assert.deepEqual(
          forms.map((form) => String(weHold(form))),
          verdicts,
        );
        assert.equal(verdicts.filter((verdict) => verdict === 'true').length, SET_COUNT);
      });
    }
  });

  describe('Node', () => {
    let simulator: Simulator;
    let sdk: AlipaySdk;
    let sink: Server;
    let url: string;
    let bodies: Buffer[] = [];

    before(async () => {
      simulator = await startSimulator();
      const { appId, appPrivateKey, alipayPublicKey } = simulator.credentials;
      sdk = new AlipaySdk({ appId, privateKey: appPrivateKey, keyType: 'PKCS8', alipayPublicKey });
      sink = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          bodies.push(Buffer.concat(chunks));
          response.end('success');
        });
      }).listen(0, '127.0.0.1');
      await once(sink, 'listening');
      url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
    });
    after(async () => {
      sink.closeAllConnections();
      sink.close();
      await simulator.stop();
    });

    const postedFor = async (
      outTradeNo: string,
      order: Omit<Parameters<Simulator['notify']>[1], 'url'> = {},
    ): Promise<Form> => {
      bodies = [];
      await simulator.notify(outTradeNo, { url, ...order });
      return Object.fromEntries(new URLSearchParams(bodies[0]?.toString('latin1') ?? ''));
    };

    for (const exists of ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'] as const) {
      it(`takes what the simulator posts of a trade that is ${exists}, and we do`, async () => {
        simulator.plan(`posted_${exists}`, { exists });
        const form = await postedFor(`posted_${exists}`);
        assert.equal(form['trade_status'], exists);
        assert.equal(sdk.checkNotifySignV2(form), true);
        assert.ok(weHoldBytes(bodies[0], simulator));
      });
    }

    it('refuses what the simulator signs wrongly or not at all, or what was touched on the way, and we do', async () => {
      simulator.plan('posted_wrongly', { exists: 'TRADE_SUCCESS' });
      for (const signature of ['wrong', 'missing'] as const) {
        assert.equal(sdk.checkNotifySignV2(await postedFor('posted_wrongly', { signature })), false);
        assert.ok(!weHoldBytes(bodies[0], simulator));
      }
      const form = await postedFor('posted_wrongly');
      assert.equal(sdk.checkNotifySignV2({ ...form, total_amount: '0.01' }), false);
    });

    it('has the fields of a face-to-face payment, as JSON where Alipay writes JSON, and escapes that one decoding leaves', async () => {
      simulator.plan('posted_whole', { exists: 'TRADE_SUCCESS', totalAmount: '12.50' });
      const form = await postedFor('posted_whole', { times: 3 });
      for (const name of FIELDS) assert.ok((form[name] ?? '') !== '', name);
      assert.deepEqual(JSON.parse(form['fund_bill_list'] ?? ''), [{ amount: '12.50', fundChannel: 'ALIPAYACCOUNT' }]);
      assert.equal(form['passback_params'], 'till%3D3%26cashier%3D%E6%9D%8E+%25');
      assert.equal(bodies.length, 3);
      assert.ok(
        bodies.every((body) => body.equals(bodies[0] ?? Buffer.alloc(0))),
        'a redelivery is the same, notify_id too',
      );
    });
  });
});

/** Source: document "异步通知说明", as far as a face-to-face payment has them. */
const FIELDS: readonly string[] = (
  'notify_time notify_type notify_id sign_type sign app_id auth_app_id charset version trade_no out_trade_no trade_status total_amount ' +
  'receipt_amount invoice_amount buyer_pay_amount point_amount gmt_create gmt_payment fund_bill_list seller_id seller_email buyer_id ' +
  'buyer_logon_id subject body passback_params'
).split(' ');

function weHoldBytes(body: Uint8Array | undefined, { credentials }: Simulator): boolean {
  const read = readNotificationForm(body ?? Buffer.alloc(0));
  return read.kind === 'form' && verifyNotification(read.fields, readPublicKey(credentials.alipayPublicKey));
}

function without(form: Form, name: string): Form {
  return Object.fromEntries(Object.entries(form).filter(([other]) => other !== name));
}
