/**
 * One request of the v2 gateway as it goes over the wire: protocol parameters and signature in the URL, `biz_content` in the
 * body. `charset` must stand in the URL; with it in the body alone the gateway rebuilds another text and refuses the signature.
 * Source: document "公共请求参数"; `AbstractAlipayClient.getRequestHolderWithSign` of the official Java SDK.
 */
import { beijingTime } from './beijing-time.ts';
import { canonicalText } from './canonical-text.ts';
import type { Merchant, MerchantKeys } from './merchant.ts';
import { sign } from './signature.ts';

export interface SignedCall {
  /** Path and query; holds the signature and perhaps a token, so it is a secret. */
  readonly path: string;
  readonly body: string;
}

export interface CallContent {
  readonly method: string;
  /** Fields of `biz_content` by wire name; `undefined` ones are left out. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** `nowMs`: milliseconds since the epoch; becomes the `timestamp`, in GMT+8. */
export function createSignedCall(merchant: Merchant, call: CallContent, nowMs: number): SignedCall {
  const protocol = {
    app_id: merchant.appId,
    method: call.method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: beijingTime(nowMs),
    version: '1.0',
    ...(merchant.appAuthToken === undefined ? {} : { app_auth_token: merchant.appAuthToken.reveal() }),
    ...certificateParameters(merchant.keys),
  };
  const bizContent = JSON.stringify(call.content);
  const signature = sign(canonicalText({ ...protocol, biz_content: bizContent }), merchant.keys.privateKey);
  const query = new URLSearchParams({ ...protocol, sign: signature });
  return {
    path: `${new URL(merchant.gatewayUrl).pathname}?${query.toString()}`,
    body: new URLSearchParams({ biz_content: bizContent }).toString(),
  };
}

function certificateParameters(keys: MerchantKeys): Record<string, string> {
  if (keys.mode === 'key') return {};
  return { app_cert_sn: keys.appCertificate.serialNumber, alipay_root_cert_sn: keys.alipayRootCertSn };
}
