/**
 * Why a file with a key or a certificate cannot be read, where that is not the key's fault: what editors, web pages, shells and
 * YAML do to a text on its way. Question only after reading has failed, so that what is merely unusual is never refused here.
 * Each sentence goes on from the name of the field, says what was found and what to do, and quotes nothing.
 */
import { isUtf8 } from 'node:buffer';

import { kindOfDer } from './der.ts';

/** UTF-16 as Windows editors and PowerShell write it: by its mark, or by every other byte being zero. */
export function encodingFlaw(bytes: Uint8Array): string | undefined {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  return mark === 'fffe' || mark === 'feff' || isZeroAtEverySecond(bytes) ? UTF_16 : undefined;
}

/** `undefined` where nothing of the kind is to be seen. */
export function textFlaw(input: string | Uint8Array): string | undefined {
  if (typeof input === 'string') return flawIn(input.replace(/^\uFEFF/, '').trim());
  return encodingFlaw(input) ?? (isUtf8(input) ? textFlaw(Buffer.from(input).toString('utf8')) : undefined);
}

function flawIn(text: string): string | undefined {
  const sentence = FLAWS.find(([pattern]) => pattern.test(text))?.[1];
  return invisibleIn(text) ?? sentence ?? armourFlaw(text) ?? plusFlaw(text);
}

/** For values that are no keys too: what nobody can see must not be part of them. */
export function invisibleIn(text: string): string | undefined {
  const [, invisible] = INVISIBLE.exec(text) ?? [];
  return invisible === undefined ? undefined : invisibleFlaw(invisible);
}

const UTF_16 = 'is in UTF-16; save it again as UTF-8 (PowerShell: Out-File -Encoding ascii)';

/** Cf: zero-width blanks and joiners, soft hyphens, marks of direction, a byte order mark in the middle. */
const INVISIBLE = /(\p{Cf})/u;

function invisibleFlaw(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `holds a character that nobody can see (U+${code}), as web pages and chat programs put into text; copy it again through a plain text editor`;
}

// oxfmt-ignore
const FLAWS: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/(?:^|[^\0])\0[^\0]\0/, UTF_16],
  [/\0/, 'holds a zero byte, which is part of no text; copy it again through a plain text editor'],
  [/\\[nr]/, 'holds the two characters \\n where a line ends; put real line breaks in their place'],
  [/^["'“”‘’`].*["'“”‘’`]$/s, 'stands in quotation marks; leave them out'],
  [/^</, 'is a web page or XML; download the file itself'],
  [/^[[{]/, 'is JSON; put only the key or certificate itself into the file'],
  [/-----BEGIN OPENSSH PRIVATE KEY-----|^ssh-(?:rsa|ed25519) /, 'is a key in the form of OpenSSH; give the one that the Alipay key tool made'],
  [
    /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/,
    'is a certificate request (CSR); upload it in the console and give the certificate that is issued for it',
  ],
  [/%(?:2[BbFf]|3[Dd]|0[Aa])/, 'is URL-encoded (%2B, %2F, %3D); decode it first'],
];

/** RFC 7468: five hyphens, the same words in both lines. */
function armourFlaw(text: string): string | undefined {
  const [, begin] = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text) ?? [];
  const [, end] = /-----END ([A-Z0-9 ]{1,40})-----/.exec(text) ?? [];
  if (begin === undefined && end === undefined) {
    return /\b(?:BEGIN|END) [A-Z ]*(?:KEY|CERTIFICATE)/.test(text)
      ? 'has BEGIN and END lines without their five hyphens (-----) on both sides; restore them'
      : undefined;
  }
  if (end === undefined) return 'has a BEGIN line and no END line: it is cut short; copy the file again, whole';
  if (begin === undefined)
    return 'has an END line and no BEGIN line: its first line is missing; copy the file again, whole';
  return begin === end ? undefined : `begins as ${begin} and ends as ${end}; copy the file again as it was written`;
}

/** What decodes form data makes a blank of `+`: with the `+` put back it is a key. */
function plusFlaw(text: string): string | undefined {
  const body = text.replaceAll(/-----[A-Z0-9 ]+-----/g, '').trim();
  const restored = body.replaceAll(' ', '+').replaceAll(/\s/g, '');
  if (restored === body.replaceAll(/\s/g, '') || !/^[A-Za-z0-9+/]+={0,2}$/.test(restored)) return undefined;
  return kindOfDer(Buffer.from(restored, 'base64')) === 'unrecognised'
    ? undefined
    : 'has blanks where + was, which a URL decoder leaves behind; copy it again from where it came';
}

const PAIRS_LOOKED_AT = 16;

function isZeroAtEverySecond(bytes: Uint8Array): boolean {
  const pairs = Math.min(PAIRS_LOOKED_AT, Math.floor(bytes.length / 2));
  const zeros = (offset: number): number =>
    Array.from({ length: pairs }, (_, pair) => bytes[2 * pair + offset]).filter((byte) => byte === 0).length;
  const [first, second] = [zeros(0), zeros(1)];
  return pairs > 3 && ((first === 0 && second === pairs) || (second === 0 && first === pairs));
}
