/**
 * What must hold for any bytes at all, by reader. Each target reads one input and throws an AssertionError where a promise is broken;
 * whatever else comes out of it is a crash. Signatures are made with keys of this process, so it is known what has been signed:
 *
 *   P1 a reader ends with its own kinds of result or its own class of error, and with nothing else
 *   P2 what is accepted as signed is, byte for byte, a text that was signed
 *   P3 an error holds nothing of a key
 */
import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';

import { readEnvelope } from '../../alipay/envelope.ts';
import { KeyProblem, readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { readNotificationForm } from '../../alipay/notification-form.ts';
import { notificationText, verifyNotification } from '../../alipay/notification-signature.ts';
import { readReply } from '../../alipay/reply.ts';
import { sign } from '../../alipay/signature.ts';
import { verifyNode } from '../../alipay/verification.ts';
import { applicationsOf } from '../../client/notified-merchants.ts';
import { readVerified } from '../../client/verified-notification.ts';
import { ALIPAY, APP } from '../gateway/test-keys.ts';

export interface FuzzTarget {
  readonly name: string;
  /** What its input is made of: mutations put these in. */
  readonly dictionary: readonly string[];
  /** @throws AssertionError for a broken promise, anything for a crash. Gives in one word what became of the input. */
  readonly run: (input: Uint8Array) => string;
}

/** Every text signed in this process, one character a byte. */
const signedTexts = new Set<string>();

/** As Alipay signs, and remembered. */
export function signAsAlipay(content: Uint8Array): string {
  signedTexts.add(Buffer.from(content).toString('latin1'));
  return sign(content, ALIPAY.privateKey);
}

export const METHOD = 'alipay.trade.query';
export const NODE_NAME = 'alipay_trade_query_response';
const KEYS = { mode: 'key', appId: '2021', privateKey: APP.privateKey, alipayPublicKey: ALIPAY.publicKey } as const;

const envelope: FuzzTarget = {
  name: 'the envelope of an answer',
  dictionary: [
    ...Array.from('{}[]"\\,: \n\0\uFEFF支'),
    ...`\\" \\/ \\u0061 null 1e9 "${NODE_NAME}": "${NODE_NAME}":{} "error_response":{} "sign": ,"sign":"x" _response`.split(
      ' ',
    ),
    ...'__proto__ "alipay_cert_sn":"a" "code":"10000" "trade_status":"TRADE_SUCCESS" \u{1F600}'.split(' '),
  ],
  run(input) {
    const read = readEnvelope(input, METHOD);
    if (read.kind !== 'node') return read.kind;
    const start = read.node.byteOffset - input.byteOffset;
    assert.equal(read.node.buffer, input.buffer, 'the node is not a part of the answer');
    assert.deepEqual(read.node, input.subarray(start, start + read.node.length));
    const verified = verifyNode(read, KEYS);
    if (verified.kind !== 'signed') return verified.kind;
    const bytes = Buffer.from(read.node).toString('latin1');
    const wasSigned = [bytes, bytes.replaceAll('\\/', '/')].some((text) => signedTexts.has(text));
    assert.ok(wasSigned, 'P2: accepted, and nobody has signed it');
    readReply(verified.text);
    return 'signed';
  },
};

const applications = applicationsOf(new Map([['default', { appId: '2021', alipayPublicKey: ALIPAY.publicKey }]]));

/** What a notification comes to whose signature does not hold. */
export const NOT_SIGNED = 'notSigned';

const notification: FuzzTarget = {
  name: 'a notification',
  dictionary: [
    ...Array.from('&=%+\0\u3000'),
    ...'%00 %26 %3D %25 %FF %E6%94%AF %u0061 && =& &charset=gbk &charset=utf-8 &charset=utf-7 &sign_type=RSA2'.split(
      ' ',
    ),
    ...'&sign_type=RSA &sign= &app_id=2021 &__proto__=1 &out_trade_no=T2 &total_amount=0.01 &a[]=1'.split(' '),
  ],
  run(input) {
    const form = readNotificationForm(input);
    const verified = readVerified(input, applications);
    if (form.kind === 'flawed') {
      assert.equal(verified.kind, 'refused');
      return form.flaw;
    }
    if (!verifyNotification(form.fields, ALIPAY.publicKey)) {
      assert.equal(verified.kind, 'refused');
      return NOT_SIGNED;
    }
    const text = Buffer.from(notificationText(form.fields)).toString('latin1');
    assert.ok(signedTexts.has(text), 'P2: accepted, and nobody has signed it');
    return verified.kind;
  },
};

function readKey(read: () => KeyObject, input: string): string {
  try {
    const key = read();
    assert.equal(key.asymmetricKeyType, 'rsa');
    assert.ok((key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048);
    return key.type;
  } catch (error) {
    if (!(error instanceof KeyProblem)) throw error;
    assert.equal(error.cause, undefined, 'P3: the cause of an error may quote the key');
    const shown = `${error.message}${JSON.stringify(error)}`;
    for (const [run] of input.matchAll(/[A-Za-z0-9+/=]{24,}/g))
      assert.ok(!shown.includes(run.slice(0, 24)), 'P3: quoted');
    return 'refused';
  }
}

const key: FuzzTarget = {
  name: 'a key',
  dictionary: [
    ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'PUBLIC KEY', 'CERTIFICATE'].flatMap((label) => [
      `-----BEGIN ${label}-----`,
      `-----END ${label}-----`,
    ]),
    ...'-----BEGIN |-----|Proc-Type: 4,ENCRYPTED|DEK-Info: AES-256-CBC,00|\uFEFF|=|==|\r\n|\n\n|MII|\0|0|\u00800|AAAA'.split(
      '|',
    ),
  ],
  run(input) {
    const text = Buffer.from(input).toString('utf8');
    const results = [
      readKey(() => readPrivateKey(input), text),
      readKey(() => readPrivateKey(text, { passphrase: 'correct horse' }), text),
      readKey(() => readPublicKey(text), text),
    ];
    return results.join(' ');
  },
};

export const FUZZ_TARGETS: Readonly<Record<'envelope' | 'notification' | 'key', FuzzTarget>> = {
  envelope,
  notification,
  key,
};
export type FuzzTargetName = keyof typeof FUZZ_TARGETS;
