/**
 * The merchants that a worker serves: one JSON file, and beside it the files with keys and certificates that it names.
 *
 *     { "merchants": { "default": { "appId": "…", "gateway": "sandbox", "privateKeyFile": "…", "alipayPublicKeyFile": "…" } } }
 *
 * It is checked whole before any work is taken, and every mistake is named at once, each with what to do. No message holds
 * anything out of a file with a secret.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { createMerchant, type Merchant, MerchantProblems, type MerchantOptions } from '../alipay/merchant.ts';
import { encodingFlaw, invisibleIn } from '../alipay/text-flaws.ts';
import { isJsonObject, type JsonObject } from '../contract/json-object.ts';
import { parseResolutionInput } from '../contract/resolution-input.ts';
import { CALL_DEADLINE_MS } from '../contract/timeouts.ts';
import { codeOf, readKeyFile } from './key-file.ts';
import { repeatedNames } from './repeated-names.ts';

export type Merchants = ReadonlyMap<string, Merchant>;

export type MerchantsFile =
  | { readonly kind: 'merchants'; readonly merchants: Merchants }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

type Option = Exclude<keyof MerchantOptions, 'deadlineMs'>;

interface Field {
  readonly option: Option;
  /** How the field gives the option: the value itself, or the name of a file with it (relative to the merchants file). */
  readonly form: 'value' | 'file' | 'secretFile';
  readonly required?: true;
}

const FIELDS: Readonly<Record<string, Field>> = {
  appId: { option: 'appId', form: 'value', required: true },
  gateway: { option: 'gateway', form: 'value', required: true },
  sellerId: { option: 'sellerId', form: 'value' },
  privateKeyFile: { option: 'privateKey', form: 'secretFile', required: true },
  privateKeyPassphraseFile: { option: 'privateKeyPassphrase', form: 'secretFile' },
  alipayPublicKeyFile: { option: 'alipayPublicKey', form: 'file' },
  appCertificateFile: { option: 'appCertificate', form: 'file' },
  alipayCertificateFile: { option: 'alipayCertificate', form: 'file' },
  alipayRootCertificateFile: { option: 'alipayRootCertificate', form: 'file' },
  appAuthTokenFile: { option: 'appAuthToken', form: 'secretFile' },
  caFile: { option: 'ca', form: 'file' },
};

/** Never throws: what cannot be read is a problem like any other. */
export function readMerchantsFile(path: string): MerchantsFile {
  const content = parseJson(path);
  if (content.kind === 'problems') return content;
  const { merchants: entries, ...unknown } = content.fields;
  const problems = Object.keys(unknown).map((name) => `"${name}" is unknown; the file holds one object, "merchants"`);
  if (!isJsonObject(entries) || Object.keys(entries).length === 0) {
    problems.push('"merchants" must be an object with one entry per merchant, such as "default"');
    return { kind: 'problems', problems };
  }
  const merchants = new Map<string, Merchant>();
  for (const [name, entry] of Object.entries(entries)) {
    const read = readMerchant(name, entry, dirname(resolve(path)));
    if (read.kind === 'merchant') merchants.set(name, read.merchant);
    else problems.push(...read.problems.map((problem) => `merchant "${name}": ${problem}`));
  }
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'merchants', merchants };
}

type Problems = Extract<MerchantsFile, { kind: 'problems' }>;

function parseJson(path: string): { readonly kind: 'fields'; readonly fields: JsonObject } | Problems {
  let text = '';
  try {
    const bytes = readFileSync(path);
    const flaw = encodingFlaw(bytes);
    if (flaw !== undefined) return { kind: 'problems', problems: [`it ${flaw}`] };
    text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    const fields: unknown = JSON.parse(text);
    const [repeated] = repeatedNames(Buffer.from(text));
    if (repeated !== undefined) return { kind: 'problems', problems: [`"${repeated}" stands in it twice`] };
    if (isJsonObject(fields)) return { kind: 'fields', fields };
    return { kind: 'problems', problems: ['it must hold one JSON object: { "merchants": { … } }'] };
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    const detail = error instanceof SyntaxError ? `${positionOf(error)}${spoiltBy(text)}` : ` (${codeOf(error)})`;
    return { kind: 'problems', problems: [`${reason}${detail}`] };
  }
}

/** The parser's own message quotes the text around the place, which may be a key pasted by mistake. */
function positionOf({ message }: SyntaxError): string {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  return position === undefined ? '; check its brackets, quotes and commas' : ` (at character ${position})`;
}

/** What a text editor may have put in, or a web page: looked for only where the text is no JSON. */
function spoiltBy(text: string): string {
  const invisible = invisibleIn(text);
  if (invisible !== undefined) return `: it ${invisible}`;
  if (/[“”„«»]/.test(text)) return ': it has typographic quotation marks; JSON takes none but "';
  if (/[：，｛｝［］＂]/u.test(text))
    return ': it has the full-width signs of a Chinese keyboard; JSON takes only { } [ ] : , "';
  return /[\u00A0\u2000-\u200A\u3000]/u.test(text)
    ? ': it has blanks that are none for JSON, as web pages have; type them anew'
    : '';
}

type OneMerchant = { readonly kind: 'merchant'; readonly merchant: Merchant } | Problems;

function readMerchant(name: string, entry: unknown, folder: string): OneMerchant {
  const problems: string[] = [];
  if (parseResolutionInput({ merchant: name, outTradeNo: '1' }).kind === 'problems') {
    problems.push('its name must be 1-64 letters, digits, "_", "-" or "."');
  }
  if (!isJsonObject(entry)) return { kind: 'problems', problems: [...problems, 'must be an object'] };
  const options: Partial<Record<Option, string | Uint8Array>> = {};
  /** Said already: what `createMerchant` finds wrong with the stand-in is no news. */
  const unusable = new Set<string>();
  for (const [field, value] of Object.entries(entry)) {
    const known = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    if (known === undefined) {
      problems.push(unknownField(field));
      continue;
    }
    const read = readField(field, known, value, folder);
    if (read.kind === 'problem') {
      problems.push(read.problem);
      unusable.add(known.option);
    }
    options[known.option] = read.kind === 'problem' ? '' : read.content;
  }
  for (const [field, { option, required }] of Object.entries(FIELDS)) {
    if (required !== true || options[option] !== undefined) continue;
    problems.push(`${field} is missing`);
    unusable.add(option);
    options[option] = '';
  }
  return create(options as unknown as MerchantOptions, unusable, problems);
}

function create(options: MerchantOptions, unusable: ReadonlySet<string>, problems: readonly string[]): OneMerchant {
  try {
    const merchant = createMerchant({ ...options, deadlineMs: CALL_DEADLINE_MS });
    return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'merchant', merchant };
  } catch (error) {
    if (!(error instanceof MerchantProblems)) throw error;
    const news = error.problems.filter((problem) => !unusable.has(problem.split(' ', 1)[0] ?? ''));
    return { kind: 'problems', problems: [...problems, ...news.map(inWordsOfTheFile)] };
  }
}

/** `privateKey is …` → `privateKeyFile is …` */
function inWordsOfTheFile(problem: string): string {
  const [option = ''] = problem.split(' ', 1);
  const field = Object.keys(FIELDS).find((name) => FIELDS[name]?.option === option) ?? option;
  return field + problem.slice(option.length);
}

function unknownField(field: string): string {
  const invisible = invisibleIn(field);
  if (invisible !== undefined) return `the name "${field}" ${invisible}`;
  const asFile = `${field}File`;
  if (Object.hasOwn(FIELDS, asFile))
    return `"${field}" is unknown: put the content into a file of its own and name it by "${asFile}"`;
  return `"${field}" is unknown; known: ${Object.keys(FIELDS).join(', ')}`;
}

type FieldContent =
  | { readonly kind: 'content'; readonly content: string | Uint8Array }
  | { readonly kind: 'problem'; readonly problem: string };

function readField(field: string, { option, form }: Field, value: unknown, folder: string): FieldContent {
  // A number of 16 digits may have lost its last ones already: it is not mended here.
  if (typeof value === 'number')
    return { kind: 'problem', problem: `${field} is a number without quotation marks; put it into them, as a text` };
  if (typeof value !== 'string' || value === '')
    return { kind: 'problem', problem: `${field} must be a text that is not empty` };
  const invisible = invisibleIn(value);
  if (invisible !== undefined) return { kind: 'problem', problem: `${field} ${invisible}` };
  if (form === 'value') {
    return value === value.trim()
      ? { kind: 'content', content: value }
      : { kind: 'problem', problem: `${field} begins or ends with a blank or a line break; leave that out` };
  }
  // It must not stand in a message as a path that cannot be read.
  if (CONTENT.test(value)) {
    return {
      kind: 'problem',
      problem: `${field} holds the content itself; put it into a file and give that file's name`,
    };
  }
  const file = readKeyFile(resolve(folder, value), form);
  if (file.kind === 'problem') return { kind: 'problem', problem: `${field}: ${file.problem}` };
  // A key or a certificate may be DER or PKCS#12, which are no text; their readers say what spoils one that is.
  if (!TEXTS.includes(option)) return { kind: 'content', content: file.bytes };
  const flaw = encodingFlaw(file.bytes);
  if (flaw !== undefined) return { kind: 'problem', problem: `${field} ${flaw}` };
  return { kind: 'content', content: Buffer.from(file.bytes).toString('utf8').trim() };
}

const TEXTS: readonly Option[] = ['privateKeyPassphrase', 'appAuthToken', 'ca'];

/** PEM, or as much base64 in one piece as no path has and every key does. */
const CONTENT = /-----BEGIN|[A-Za-z0-9+/=]{150}/;
