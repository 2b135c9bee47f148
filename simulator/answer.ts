/**
 * One answer as the gateway writes it: `{"<method>_response":{...},"alipay_cert_sn":"..","sign":".."}`. The signature is over the
 * exact bytes of the node, braces included; slashes are escaped, as Alipay's own serialiser does. Fields stand as in
 * the recorded answers: `code`, `msg`, `sub_code`, `sub_msg`, then the rest by name.
 */
import type { KeyObject } from 'node:crypto';

import { sign } from '../alipay/signature.ts';
import { type Charset, encodeText } from './charset.ts';
import { MESSAGES, subMessage } from './codes.ts';
import { Signature } from './fault-plan.ts';

export type FieldValue = string | readonly FieldValue[] | { readonly [name: string]: FieldValue };

export interface Answer {
  readonly code: string;
  readonly subCode?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export function success(fields: Answer['fields'] = {}): Answer {
  return { code: '10000', fields };
}

/** A business refusal, 40004. */
export function refusal(subCode: string, fields: Answer['fields'] = {}): Answer {
  return { code: '40004', subCode, fields };
}

export interface Sealing {
  readonly method: string;
  readonly charset: Charset;
  readonly key: KeyObject;
  /** Present in certificate mode. */
  readonly alipayCertSn: string | undefined;
  readonly signature: Signature | undefined;
}

export function sealAnswer(answer: Answer, sealing: Sealing): Buffer {
  const name = `"${sealing.method.replaceAll('.', '_')}_response":`;
  const node = nodeBytes(answer, sealing.charset);
  const certificate = sealing.alipayCertSn === undefined ? '' : `,"alipay_cert_sn":"${sealing.alipayCertSn}"`;
  const tail = (signed: Uint8Array): string => `${certificate},"sign":"${sign(signed, sealing.key)}"`;
  switch (sealing.signature) {
    case undefined:
      return joined('{', name, node, tail(node), '}');
    case Signature.wrong:
      return joined('{', name, node, tail(Buffer.concat([node, Buffer.from(' ')])), '}');
    case Signature.missing:
      return joined('{', name, node, '}');
    case Signature.duplicateNode:
      return joined('{', name, node, tail(node), ',', name, nodeBytes(rosier(answer), sealing.charset), '}');
  }
}

/** As the gateway answers a request that it refuses before it knows whose it is: without a signature. */
export function unsignedRefusal(options: {
  readonly method: string | undefined;
  readonly code: string;
  readonly subCode: string;
}): Buffer {
  const node = options.method === undefined ? 'error' : options.method.replaceAll('.', '_');
  return joined('{', `"${node}_response":`, nodeBytes({ ...options, fields: {} }, 'utf-8'), '}');
}

function nodeBytes(answer: Answer, charset: Charset): Buffer {
  const rest = Object.entries(answer.fields).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const fields = {
    code: answer.code,
    msg: MESSAGES[answer.code] ?? answer.code,
    ...(answer.subCode === undefined ? {} : { sub_code: answer.subCode, sub_msg: subMessage(answer.subCode) }),
    ...Object.fromEntries(rest),
  };
  return encodeText(JSON.stringify(fields).replaceAll('/', '\\/'), charset);
}

/** What a forger would like to be believed. */
function rosier(answer: Answer): Answer {
  return {
    code: '10000',
    fields: { ...answer.fields, action: 'close', retry_flag: 'N', trade_status: 'TRADE_SUCCESS', fund_change: 'Y' },
  };
}

function joined(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}
