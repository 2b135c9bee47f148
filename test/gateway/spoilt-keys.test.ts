/**
 * Goal: what editors, shells, web pages and YAML did to a key on its way is named as what it is, with what to do, and nothing of the key
 * is told. Method: good keys, each spoilt in one way. What such things do to a key without spoiling it is in `keys.test.ts`: it is read.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { KeyProblem, readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { APP, bare, pem, tellsNothing } from './test-keys.ts';

const PEM_TEXT = pem(APP.privateKey, 'pkcs8');
const BARE = bare(APP.privateKey, 'pkcs8');
const PUBLIC_TEXTS = [pem(APP.publicKey, 'spki'), bare(APP.publicKey, 'spki')];
const at90 = (text: string, character: string): string => text.slice(0, 90) + character + text.slice(90);

describe('a key is not read, and the file is named for what it is:', () => {
  // oxfmt-ignore
  const spoilt: readonly (readonly [what: string, spoil: (text: string) => string | Uint8Array, message: RegExp])[] = [
    ['UTF-16 with its mark', (text) => utf16(`\uFEFF${text}`), /^is in UTF-16; save it again as UTF-8/],
    ['UTF-16 of the other order', (text) => utf16(`\uFEFF${text}`).swap16(), /^is in UTF-16/],
    ['UTF-16 without its mark', utf16, /^is in UTF-16/],
    ['UTF-16 that was read as UTF-8', (text) => utf16(text).toString('utf8'), /^is in UTF-16/],
    ['a zero-width blank in it', (text) => at90(text, '\u200B'), /that nobody can see \(U\+200B\)/],
    ['a soft hyphen in it', (text) => at90(text, '\u00AD'), /that nobody can see \(U\+00AD\)/],
    ['a mark of direction in it', (text) => Buffer.from(at90(text, '\u202C')), /that nobody can see \(U\+202C\)/],
    ['\\n in two characters', (text) => text.replaceAll(/\n|(?<=^.{64})/g, String.raw`\n`), /the two characters \\n where a line ends/],
    ['URL encoding', (text) => encodeURIComponent(text), /^is URL-encoded/],
  ];
  for (const [what, spoil, message] of spoilt) {
    it(what, () => {
      for (const text of [PEM_TEXT, BARE]) refuses(readPrivateKey, spoil(text), message);
      for (const text of PUBLIC_TEXTS) refuses(readPublicKey, spoil(text), message);
    });
  }

  // oxfmt-ignore
  const privately: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['BEGIN and END that differ', PEM_TEXT.replace('END PRIVATE', 'END RSA PRIVATE'), /^begins as PRIVATE KEY and ends as RSA PRIVATE KEY/],
    ['no END line', PEM_TEXT.slice(0, 900), /^has a BEGIN line and no END line: it is cut short/],
    ['no BEGIN line', PEM_TEXT.slice(30), /^has an END line and no BEGIN line/],
    ['dashes in place of hyphens', PEM_TEXT.replaceAll('-----', '——'), /^has BEGIN and END lines without their five hyphens/],
    ['four hyphens', PEM_TEXT.replaceAll('-----', '----'), /^has BEGIN and END lines without their five hyphens/],
    ['quotation marks around it', `"${BARE}"`, /^stands in quotation marks/],
    ['blanks where + was', BARE.replaceAll('+', ' '), /^has blanks where \+ was/],
    ['blanks where + was, in PEM', PEM_TEXT.replaceAll('+', ' '), /^has blanks where \+ was/],
    ['a zero byte behind it', `${BARE}\0`, /^holds a zero byte/],
    ['a web page', '<!DOCTYPE html><html><body>Log in</body></html>', /^is a web page/],
    ['JSON', `{"privateKey":"${BARE}"}`, /^is JSON/],
    ['the form of OpenSSH', PEM_TEXT.replaceAll('PRIVATE', 'OPENSSH PRIVATE').replace('MII', 'b3B'), /^is a key in the form of OpenSSH/],
  ];
  for (const [what, text, message] of privately) {
    it(what, () => refuses(readPrivateKey, text, message));
  }
});

function refuses(read: (text: string | Uint8Array) => unknown, text: string | Uint8Array, message: RegExp): void {
  assert.throws(
    () => read(text),
    (error) => {
      assert.ok(error instanceof KeyProblem);
      assert.match(error.message, message);
      return tellsNothing(error, text);
    },
  );
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
