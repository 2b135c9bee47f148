/**
 * A caller that signs like an SDK and shows everything that came back, raw. Written on fetch rather than on our own
 * gateway client, so that the simulator is judged by what it sends and not by what the client makes of it.
 */
import { beijingTime } from '../../alipay/beijing-time.ts';
import { canonicalText } from '../../alipay/canonical-text.ts';
import { readPrivateKey, readPublicKey } from '../../alipay/keys.ts';
import { sign, verify } from '../../alipay/signature.ts';
import { createCredentials, type Credentials } from '../../simulator/credentials.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.ts';

/** Four RSA keys take a second on an idle machine; on a busy one chance decides. */
export const KEYS_TIMEOUT_MS = 60_000;

/** One set for all files that need no second: making it is the slowest thing here. */
let credentials: Promise<Credentials> | undefined;

export async function startForTest(options: SimulatorOptions = {}): Promise<Simulator> {
  credentials ??= createCredentials();
  return startSimulator({ credentials: await credentials, ...options });
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** The fields of the one node. */
  readonly node: Readonly<Record<string, unknown>>;
  /** Whether a signature is there and holds over the exact bytes of the node. */
  readonly signed: boolean;
}

export type Biz = Readonly<Record<string, unknown>>;

export interface CallOptions {
  /** Added to or put in place of the protocol parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** `split`: protocol parameters in the URL, `biz_content` in the body, as the SDKs do. @default 'split' */
  readonly place?: 'split' | 'url' | 'body';
  readonly signature?: string;
  readonly signal?: AbortSignal;
}

/** Calls `alipay.trade.<name>`, or another method by its whole name. Rejects when the connection breaks. */
export async function call(
  simulator: Simulator,
  name: string,
  biz: Biz,
  options: CallOptions = {},
): Promise<ReceivedAnswer> {
  const { place = 'split', parameters = {}, signal } = options;
  const method = name.startsWith('alipay.') ? name : `alipay.trade.${name}`;
  const protocol = {
    app_id: simulator.credentials.appId,
    method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: beijingTime(Date.now()),
    version: '1.0',
    ...parameters,
  };
  const bizContent = { biz_content: JSON.stringify(biz) };
  const key = readPrivateKey(simulator.credentials.appPrivateKey);
  const signature = options.signature ?? sign(canonicalText({ ...protocol, ...bizContent }), key);
  const all = { ...protocol, sign: signature };
  const inUrl = { split: all, url: { ...all, ...bizContent }, body: {} }[place];
  const inBody = { split: bizContent, url: {}, body: { ...all, ...bizContent } }[place];
  const response = await fetch(`${simulator.gatewayUrl}?${new URLSearchParams(inUrl).toString()}`, {
    method: 'POST',
    body: new URLSearchParams(inBody),
    redirect: 'manual',
    ...(signal === undefined ? {} : { signal }),
  });
  return received(simulator, method, response);
}

async function received(simulator: Simulator, method: string, response: Response): Promise<ReceivedAnswer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('latin1');
  const name = text.startsWith('{"error_response":') ? 'error' : method.replaceAll('.', '_');
  const start = text.indexOf(`"${name}_response":`) + name.length + '"_response":'.length;
  const end = text.search(/\}(?:,"alipay_cert_sn":"[0-9a-f]{32}")?(?:,"sign":"|\}$)/) + 1;
  const nodeBytes = bytes.subarray(start, end);
  const [, signature = ''] = /"sign":"([^"]+)"/.exec(text.slice(end)) ?? [];
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    text: bytes.toString('utf8'),
    node: parsed(nodeBytes.toString('utf8')),
    signed: verify(nodeBytes, signature, readPublicKey(simulator.credentials.alipayPublicKey)),
  };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    // The simulator's node is an object whenever it is JSON at all.
    return JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** What a pay call needs at least. */
export function sale(outTradeNo: string, more: Biz = {}): Biz {
  return {
    out_trade_no: outTradeNo,
    total_amount: '88.88',
    subject: '咖啡 coffee',
    scene: 'bar_code',
    auth_code: '281234567890123456',
    ...more,
  };
}

/** Fetches from the control endpoint. */
export async function control(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }> {
  const response = await fetch(`${simulator.controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // The control endpoint answers with a JSON object always.
  return { status: response.status, json: (await response.json()) as Readonly<Record<string, unknown>> };
}
