/** Whether Alipay itself wrote the node of an answer. What is handed on as text is decoded from the very bytes that verified. */
import type { KeyObject } from 'node:crypto';

import type { Envelope } from './envelope.ts';
import { decodeStrictly } from './gateway-text.ts';
import type { MerchantKeys } from './merchant.ts';
import { verify } from './signature.ts';

export type VerifiedNode =
  | { readonly kind: 'signed'; readonly text: string }
  /** Nobody's word: kept only for what the gateway is known to send unsigned. */
  | { readonly kind: 'unsigned'; readonly text: string }
  | { readonly kind: 'forged'; readonly detail: string }
  /** Signed with a certificate of Alipay's that is not the configured one. */
  | { readonly kind: 'otherCertificate'; readonly detail: string };

export function verifyNode(envelope: Envelope & { kind: 'node' }, keys: MerchantKeys): VerifiedNode {
  const { node, sign, alipayCertSn } = envelope;
  if (sign === undefined) return { kind: 'unsigned', text: decode(node) };
  if (
    keys.mode === 'certificate' &&
    alipayCertSn !== undefined &&
    alipayCertSn !== keys.alipayCertificate.serialNumber
  ) {
    return {
      kind: 'otherCertificate',
      detail:
        'the answer names another Alipay certificate than alipayCertificate: Alipay has rotated it; ' +
        'download alipayCertPublicKey_RSA2.crt from the console again and restart',
    };
  }
  const verified = verifiedBytes(node, sign, alipayKeyOf(keys));
  if (verified === undefined) return { kind: 'forged', detail: whyForged(keys, alipayCertSn) };
  return { kind: 'signed', text: decode(verified) };
}

/** The key that answers, and notifications, are verified with. */
export function alipayKeyOf(keys: MerchantKeys): KeyObject {
  return keys.mode === 'key' ? keys.alipayPublicKey : keys.alipayCertificate.publicKey;
}

/**
 * The bytes that the signature covers. Where the node writes its slashes as `\/`, the gateway may have signed it without the
 * backslashes: the one other form that the official SDK tries (`AbstractAlipayClient.checkResponseSign`).
 */
function verifiedBytes(node: Uint8Array, sign: string, key: KeyObject): Uint8Array | undefined {
  if (verify(node, sign, key)) return node;
  const text = Buffer.from(node).toString('latin1');
  if (!text.includes('\\/')) return undefined;
  const unescaped = Buffer.from(text.replaceAll('\\/', '/'), 'latin1');
  return verify(unescaped, sign, key) ? unescaped : undefined;
}

function whyForged(keys: MerchantKeys, alipayCertSn: string | undefined): string {
  if (keys.mode === 'key' && alipayCertSn !== undefined) {
    return 'the signature does not hold and names a certificate: this app id is in certificate mode, give its certificates';
  }
  const source =
    keys.mode === 'key' ? 'alipayPublicKey is the 支付宝公钥 of this app id' : 'alipayCertificate is this app’s';
  return `the signature does not hold; if every answer is like this, check that ${source} and of this environment`;
}

/** The envelope was decoded as a whole before, and is ASCII outside the node: the node decodes too, and in the same encoding. */
function decode(bytes: Uint8Array): string {
  return decodeStrictly(bytes)?.text ?? '';
}
