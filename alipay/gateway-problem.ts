/**
 * A failed call in the four parts that Alipay asks every question to have (使用环境 + 接口名称 + 请求参数 + 报错信息详情), so that
 * it can be pasted into one as it is. It never holds a key, a signature, a token, a payment code, the buyer or the raw answer.
 */
import type { FailureClass } from '../contract/failure-class.ts';
import type { CodeRow } from './codes.ts';
import type { GatewayEnvironment } from './gateway-url.ts';

export interface GatewayProblemParts {
  /** 使用环境 */
  readonly environment: { readonly name: GatewayEnvironment; readonly host: string };
  /** 接口名称 */
  readonly interface: { readonly english: string; readonly chinese: string };
  /** 请求参数, by wire name; only those that name the trade and say how much. */
  readonly parameters: Readonly<Record<string, string>>;
  /** 报错信息详情 */
  readonly error: {
    readonly failure: FailureClass;
    readonly detail: string;
    readonly code?: string;
    readonly subCode?: string;
    readonly msg?: string;
    readonly subMsg?: string;
    readonly meaning?: { readonly chinese: string; readonly english: string; readonly source: string };
    /** Whether Alipay's signature held over the answer. */
    readonly signed?: boolean;
    readonly traceId?: string;
  };
}

export class GatewayProblem extends Error {
  override readonly name: string = 'GatewayProblem';
  readonly environment: GatewayProblemParts['environment'];
  readonly interface: GatewayProblemParts['interface'];
  readonly parameters: GatewayProblemParts['parameters'];
  readonly error: GatewayProblemParts['error'];

  constructor(parts: GatewayProblemParts) {
    super(describe(parts));
    this.environment = parts.environment;
    this.interface = parts.interface;
    this.parameters = parts.parameters;
    this.error = parts.error;
  }

  toJSON(): GatewayProblemParts {
    const { environment, interface: called, parameters, error } = this;
    return { environment, interface: called, parameters, error };
  }
}

const TOLD_PARAMETERS: readonly string[] = [
  'out_trade_no',
  'trade_no',
  'out_request_no',
  'total_amount',
  'refund_amount',
  'scene',
  'time_expire',
];

/** Of all parameters those that a question needs, and none that could tell who the buyer is or let anybody pay. */
export function toldParameters(appId: string, content: Readonly<Record<string, unknown>>): Record<string, string> {
  const told: Record<string, string> = { app_id: appId };
  for (const name of TOLD_PARAMETERS) {
    const value = content[name];
    if (typeof value === 'string') told[name] = value;
  }
  return told;
}

const MESSAGE_LENGTH_MAX = 160;

/**
 * The gateway's own words, as far as they can be told on. For a refused signature it quotes the whole text it verified
 * (网关生成的验签字符串为…), payment code and all; so everything from the first quotation of parameters on is cut off, and what
 * looks like an account (e-mail, mobile number, PID) is masked.
 */
export function toldMessage(message: unknown): string | undefined {
  if (typeof message !== 'string') return undefined;
  const [words = ''] = message.split(/验签字符串|[={]/u);
  const told = words
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll(/[^\s@，。：]+@[^\s@，。：]+/gu, '***')
    .replaceAll(/\d{11,}/g, '***')
    .trim()
    .slice(0, MESSAGE_LENGTH_MAX);
  return told === '' ? undefined : told;
}

export function meaningOf(row: CodeRow | undefined): {
  meaning?: { chinese: string; english: string; source: string };
} {
  return row === undefined ? {} : { meaning: { chinese: row.chinese, english: row.english, source: row.source } };
}

function describe({ environment, interface: called, parameters, error }: GatewayProblemParts): string {
  const codes = [error.code, error.subCode].filter((code) => code !== undefined).join(' ');
  const words = [error.msg, error.subMsg].filter((message) => message !== undefined).join(': ');
  const lines = [
    `${called.english}: ${error.detail}`,
    `环境 environment: ${environment.name} (${environment.host})`,
    `接口 interface: ${called.chinese} ${called.english}`,
    `参数 parameters: ${Object.entries(parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')}`,
    `错误 error: ${[error.failure, codes, words].filter((part) => part !== '').join(', ')}`,
    ...(error.meaning === undefined ? [] : [`含义 meaning: ${error.meaning.chinese} (${error.meaning.english})`]),
    ...(error.traceId === undefined ? [] : [`trace id: ${error.traceId}`]),
  ];
  return lines.join('\n');
}
