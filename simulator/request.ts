/**
 * Reads one call: protocol parameters and `biz_content`, from the URL's query and from the form in the body alike, since the
 * SDKs differ in where they put what. Text is kept as the bytes that came until the charset is known: the signature is
 * over those bytes.
 *
 * Checked in Alipay's order: who is it (app id), then is it really them (signature), then what do they want.
 */
import type { KeyObject } from 'node:crypto';

import { epochMsFromBeijingTime } from '../alipay/beijing-time.ts';
import { canonicalText } from '../alipay/canonical-text.ts';
import { isJsonObject } from '../contract/json-object.ts';
import { verify } from '../alipay/signature.ts';
import { type Charset, charsetOf, decodeText } from './charset.ts';

export interface GatewayRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly charset: Charset;
  readonly bizContent: Readonly<Record<string, unknown>>;
  /** The request named its app certificate, so the answer must name Alipay's. */
  readonly certificateMode: boolean;
  readonly appAuthToken: boolean;
}

export interface RequestRefusal {
  readonly kind: 'refused';
  readonly method: string | undefined;
  readonly code: '40001' | '40002';
  readonly subCode: string;
}

export interface KnownApp {
  readonly appId: string;
  readonly publicKey: KeyObject;
  /** `app_cert_sn` that belongs to the app; checked where a request carries one. */
  readonly certificateSerialNumber: string;
}

export interface RawRequest {
  /** Path and query as on the request line. */
  readonly url: string;
  readonly body: Uint8Array;
}

const REQUIRED: readonly (readonly [name: string, subCode: string])[] = [
  ['app_id', 'isv.missing-app-id'],
  ['sign', 'isv.missing-signature'],
  ['sign_type', 'isv.missing-signature-type'],
  ['timestamp', 'isv.missing-timestamp'],
  ['version', 'isv.missing-version'],
];

export function readRequest(
  raw: RawRequest,
  app: KnownApp,
  knownMethods: readonly string[],
): GatewayRequest | RequestRefusal {
  const query = raw.url.includes('?') ? raw.url.slice(raw.url.indexOf('?') + 1) : '';
  const bytes = new Map([...readForm(Buffer.from(raw.body).toString('latin1')), ...readForm(query)]);
  const text = (name: string): string => bytes.get(name) ?? '';
  const method = text('method') === '' ? undefined : text('method');
  const isKnown = method !== undefined && knownMethods.includes(method);
  const refuse = (code: RequestRefusal['code'], subCode: string): RequestRefusal => ({
    kind: 'refused',
    method: isKnown ? method : undefined,
    code,
    subCode,
  });

  if (method === undefined) return refuse('40001', 'isv.missing-method');
  if (!isKnown) return refuse('40002', 'isv.invalid-method');
  const [, missing] = REQUIRED.find(([name]) => text(name) === '') ?? [];
  if (missing !== undefined) return refuse('40001', missing);
  if (text('app_id') !== app.appId) return refuse('40002', 'isv.invalid-app-id');
  if (text('sign_type') !== 'RSA2') return refuse('40002', 'isv.invalid-signature-type');
  const charset = charsetOf(bytes.get('charset'));
  if (charset === undefined) return refuse('40002', 'isv.invalid-charset');
  const signed = Buffer.from(canonicalText(Object.fromEntries(bytes)), 'latin1');
  if (!verify(signed, text('sign'), app.publicKey)) return refuse('40002', 'isv.invalid-signature');
  if (epochMsFromBeijingTime(text('timestamp')) === undefined) return refuse('40002', 'isv.invalid-timestamp');
  const appCertSn = text('app_cert_sn');
  if (appCertSn !== '' && appCertSn !== app.certificateSerialNumber) return refuse('40002', 'isv.invalid-cert-sn');
  const bizContent = readBizContent(decodeText(Buffer.from(text('biz_content'), 'latin1'), charset));
  if (bizContent === undefined) return refuse('40002', 'isv.illegal-json');
  return {
    kind: 'request',
    method,
    charset,
    bizContent,
    certificateMode: appCertSn !== '',
    appAuthToken: text('app_auth_token') !== '',
  };
}

function readBizContent(json: string): GatewayRequest['bizContent'] | undefined {
  if (json === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `application/x-www-form-urlencoded` to names and values whose characters are the bytes that were sent. */
function readForm(form: string): readonly (readonly [string, string])[] {
  return form
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0
        ? [percentDecoded(pair), '']
        : [percentDecoded(pair.slice(0, at)), percentDecoded(pair.slice(at + 1))];
    });
}

function percentDecoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
