/** Every form of key that the key tool, the console and OpenSSL hand out is read; everything else is named for what it is. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'mocha';

import { KeyProblem, readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { ALIPAY, APP, APP_CERT, bare, pem, pkcs12, ROOT_PEM, rsaPair, tellsNothing } from './test-keys.ts';

const PASSPHRASE = 'correct horse';
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const short = rsaPair(1024);

function encrypted(type: 'pkcs1' | 'pkcs8'): string {
  return APP.privateKey
    .export({ type: type as 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
    .toString();
}

function wrapped(text: string): string {
  return text.replaceAll(/.{64}/g, '$&\r\n');
}

describe('a private key is read from', () => {
  const forms: readonly (readonly [string, string | Uint8Array, string?])[] = [
    ['PKCS#1 in PEM', pem(APP.privateKey, 'pkcs1')],
    ['PKCS#8 in PEM', pem(APP.privateKey, 'pkcs8')],
    ['PKCS#1 in bare base64', bare(APP.privateKey, 'pkcs1')],
    ['PKCS#8 in bare base64', bare(APP.privateKey, 'pkcs8')],
    ['bare base64 wrapped by Windows', `\uFEFF${wrapped(bare(APP.privateKey, 'pkcs8'))}\r\n`],
    ['a PKCS#1 body under a PKCS#8 header', pem(APP.privateKey, 'pkcs1').replaceAll('RSA PRIVATE', 'PRIVATE')],
    ['a PKCS#8 body under a PKCS#1 header', pem(APP.privateKey, 'pkcs8').replaceAll(' PRIVATE', ' RSA PRIVATE')],
    ['PEM with the certificate in front', `Bag Attributes\n${APP_CERT}${pem(APP.privateKey, 'pkcs8')}`],
    ['DER', APP.privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['PEM as bytes', Buffer.from(pem(APP.privateKey, 'pkcs1'))],
    ['encrypted PKCS#8', encrypted('pkcs8'), PASSPHRASE],
    ['encrypted PKCS#1', encrypted('pkcs1'), PASSPHRASE],
    ['PKCS#12', pkcs12(APP.privateKey, PASSPHRASE), PASSPHRASE],
    [
      'PEM with Windows line ends and a byte order mark',
      `\uFEFF${pem(APP.privateKey, 'pkcs8').replaceAll('\n', '\r\n')}`,
    ],
    ['PEM whose lines a YAML file has indented', pem(APP.privateKey, 'pkcs8').replaceAll(/^/gm, '    ')],
    ['PEM on one line, with blanks where lines ended', pem(APP.privateKey, 'pkcs8').replaceAll('\n', ' ')],
    ['PEM with an invisible character behind its end', `${pem(APP.privateKey, 'pkcs8')}\u200B`],
    ['bare base64 with blanks that do not break', bare(APP.privateKey, 'pkcs8').replaceAll(/.{64}/g, '$&\u00A0\n')],
    ['PEM in quotation marks', `"${pem(APP.privateKey, 'pkcs8').trim()}"`],
    ['bare base64 without its =', bare(APP.privateKey, 'pkcs8').replaceAll('=', '')],
    ['PKCS#12 in base64', pkcs12(APP.privateKey, PASSPHRASE).toString('base64'), PASSPHRASE],
  ];
  for (const [form, text, passphrase] of forms) {
    it(form, () => {
      const key = readPrivateKey(text, passphrase === undefined ? {} : { passphrase });
      assert.ok(key.equals(APP.privateKey));
    });
  }
});

describe('a public key is read from', () => {
  const forms: readonly (readonly [string, string | Uint8Array])[] = [
    ['X.509 in DER', APP.publicKey.export({ type: 'spki', format: 'der' })],
    ['X.509 in PEM', pem(APP.publicKey, 'spki')],
    ['X.509 in bare base64', bare(APP.publicKey, 'spki')],
    ['PKCS#1 in PEM', pem(APP.publicKey, 'pkcs1')],
    ['PKCS#1 in bare base64', bare(APP.publicKey, 'pkcs1')],
    ['a certificate', APP_CERT],
  ];
  for (const [form, text] of forms) {
    it(form, () => {
      assert.ok(readPublicKey(text).equals(APP.publicKey));
    });
  }
});

describe('what is no usable private key is refused:', () => {
  const half = bare(APP.privateKey, 'pkcs8').slice(0, 800);
  const refused: readonly (readonly [string, string | Uint8Array, RegExp, string?])[] = [
    ['nothing', '', /neither PEM nor base64/],
    ['prose', 'paste your key here!', /neither PEM nor base64/],
    ['base64 of something else', Buffer.from('hello, world').toString('base64'), /damaged or cut short/],
    ['half a key', half, /damaged or cut short/],
    ['an empty PEM block', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', /damaged or cut short/],
    ['a public key', pem(APP.publicKey, 'spki'), /is a public key; give the private key/],
    ['a certificate', APP_CERT, /is a certificate/],
    [
      'an elliptic-curve key in SEC 1',
      ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      /elliptic-curve/,
    ],
    ['an elliptic-curve key in PKCS#8', pem(ec.privateKey, 'pkcs8'), /another kind than RSA/],
    ['1024 bits', pem(short.privateKey, 'pkcs8'), /has 1024 bits; RSA2 needs 2048: make a new pair/],
    ['two keys', pem(APP.privateKey, 'pkcs8') + pem(ALIPAY.privateKey, 'pkcs8'), /holds 2 private keys/],
    ['an encrypted key without its passphrase', encrypted('pkcs8'), /is encrypted; give its passphrase/],
    ['an old encrypted key without its passphrase', encrypted('pkcs1'), /is encrypted; give its passphrase/],
    ['a wrong passphrase', encrypted('pkcs8'), /does not open with the passphrase/, 'wrong'],
    ['a wrong passphrase of PKCS#12', pkcs12(APP.privateKey, PASSPHRASE), /PKCS#12 file that does not open/, 'wrong'],
  ];
  for (const [what, text, message, passphrase] of refused) {
    it(what, () => {
      assert.throws(
        () => readPrivateKey(text, passphrase === undefined ? {} : { passphrase }),
        (error: unknown) => error instanceof KeyProblem && message.test(error.message) && tellsNothing(error, text),
      );
    });
  }
});

describe('what is no usable public key is refused:', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /neither PEM nor base64/],
    ['a private key', bare(APP.privateKey, 'pkcs8'), /is a private key; give the 支付宝公钥/],
    ['an elliptic-curve key', pem(ec.publicKey, 'spki'), /another kind than RSA/],
    ['1024 bits', pem(short.publicKey, 'spki'), /has 1024 bits.* 支付宝公钥 .* for RSA2, not the one for RSA/],
    ['a root', ROOT_PEM, /is the certificate of an authority/],
    ['half a key', bare(APP.publicKey, 'spki').slice(0, 200), /damaged or cut short/],
  ];
  for (const [what, text, message] of refused) {
    it(what, () => {
      assert.throws(
        () => readPublicKey(text),
        (error: unknown) => error instanceof KeyProblem && message.test(error.message),
      );
    });
  }
});
