/**
 * Looks at everything that a worker needs, without doing anything: settings, keys, Temporal, search attributes, and per merchant the
 * clock and the gateway. The gateway is asked about a trade number made up on the spot: only with the right keys on both sides does
 * Alipay answer, signed, that there is no such trade.
 */
import { randomBytes } from 'node:crypto';

import { authorityOf } from '../alipay/dial.ts';
import { isRefusedAs } from '../alipay/failed-call.ts';
import type { AlipayGateway } from '../alipay/gateway.ts';
import type { HttpProxy } from '../alipay/http-proxy.ts';
import type { Merchant } from '../alipay/merchant.ts';
import { type Proxies, readProxies } from '../alipay/proxy-rules.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { readClock } from './clock.ts';
import { connectToTemporal } from './connection.ts';
import { openGateways } from './gateways.ts';
import { loadMerchants } from './load-merchants.ts';
import type { Merchants } from './merchants-file.ts';
import { checkSearchAttributes } from './search-attributes.ts';
import { readSettings } from './settings.ts';
import { StartProblem } from './start-problem.ts';

export interface Finding {
  readonly check:
    | 'settings'
    | 'merchants'
    | 'certificates'
    | 'temporal'
    | 'search attributes'
    | 'proxy'
    | 'clock'
    | 'gateway';
  /** Whose: for a check that is done per merchant. */
  readonly merchant?: string;
  readonly result: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do; present unless all is well. */
  readonly remedy?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The findings in the order in which they can be made. Never rejects: what goes wrong is a finding. */
export async function* examine(environment: Environment): AsyncGenerator<Finding> {
  const settings = yield* attempt('settings', async () => readSettings(environment));
  const merchants = yield* attempt('merchants', async () => loadMerchants(settings?.merchantsFile));
  if (merchants !== undefined)
    yield ok('merchants', `${merchants.size} configured: ${[...merchants.keys()].join(', ')}`);
  const problems: string[] = [];
  const proxies = readProxies(environment, problems);
  // By another way than the one that was meant nothing is asked; the finding on the settings names the mistake.
  if (problems.length > 0) return;
  yield* examineTemporal(proxies);
  if (merchants !== undefined) yield* examineMerchants(merchants, proxies);
}

function ok(check: Finding['check'], detail: string, merchant?: string): Finding {
  return { check, result: 'ok', detail, ...(merchant === undefined ? {} : { merchant }) };
}

async function* attempt<T>(check: Finding['check'], work: () => Promise<T>): AsyncGenerator<Finding, T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    yield { check, result: 'failed', detail: error.what, remedy: error.remedy };
    return undefined;
  }
}

async function* examineTemporal(proxies: Proxies | undefined): AsyncGenerator<Finding> {
  const temporal = yield* attempt('temporal', () =>
    connectToTemporal({ onRetry: () => {}, signal: new AbortController().signal, patienceMs: 0, proxies }),
  );
  if (temporal === undefined) return;
  const { connection, address, namespace } = temporal;
  try {
    const attributes = yield* attempt('temporal', () => checkSearchAttributes(connection, namespace));
    if (attributes === undefined) return;
    yield ok('temporal', `connected to ${address}, namespace ${namespace}`);
    switch (attributes.kind) {
      case 'registered':
        yield ok('search attributes', 'all four are registered with type Keyword');
        break;
      case 'unknown':
        yield { check: 'search attributes', result: 'warning', detail: 'cannot be checked', remedy: attributes.reason };
        break;
      case 'missing':
      case 'wrongType': {
        const what = attributes.kind === 'missing' ? 'not registered' : 'of another type than Keyword';
        const detail = `${what}: ${attributes.names.join(', ')}`;
        yield { check: 'search attributes', result: 'failed', detail, remedy: attributes.remedy };
      }
    }
  } finally {
    await connection.close();
  }
}

async function* examineMerchants(merchants: Merchants, proxies: Proxies | undefined): AsyncGenerator<Finding> {
  const gateways = openGateways(merchants, proxies === undefined ? {} : { proxies });
  try {
    for (const [name, merchant] of merchants) {
      yield* examineCertificates(name, merchant);
      const proxy = proxies?.forGateway(merchant.gatewayUrl);
      if (proxy !== undefined) yield ok('proxy', `Alipay is called through ${authorityOf(proxy)}`, name);
      yield* examineClock(name, merchant, proxy);
      const gateway = gateways.of(name);
      if (gateway !== undefined) yield { ...(await askGateway(gateway, merchant)), merchant: name };
    }
  } finally {
    await gateways.end();
  }
}

const DAY_MS = 86_400_000;
const EXPIRY_WARNING_DAYS = 30;

function* examineCertificates(name: string, { keys }: Merchant): Generator<Finding> {
  if (keys.mode !== 'certificate') return;
  for (const option of ['appCertificate', 'alipayCertificate'] as const) {
    const { notAfter } = keys[option];
    const days = Math.floor((notAfter.getTime() - Date.now()) / DAY_MS);
    const detail = `${option} ${days < 0 ? 'expired' : 'is valid until'} ${notAfter.toISOString().slice(0, 10)}`;
    if (days >= EXPIRY_WARNING_DAYS) {
      yield ok('certificates', detail, name);
      continue;
    }
    const remedy = `Renew it in the console, put the new file in place of ${option}File, and restart the workers.`;
    yield { check: 'certificates', merchant: name, result: days < 0 ? 'failed' : 'warning', detail, remedy };
  }
}

/** Far below the margin of five minutes that a resolution adds to deadlines, so there is time to mend it. */
const CLOCK_WARNING_MS = 30_000;

async function* examineClock(name: string, merchant: Merchant, proxy?: HttpProxy): AsyncGenerator<Finding> {
  const reading = await readClock(merchant, proxy);
  if (reading === undefined) return; // The gateway's own finding says why.
  const seconds = Math.round(reading.aheadMs / 1_000);
  if (Math.abs(reading.aheadMs) < CLOCK_WARNING_MS) {
    yield ok('clock', `within ${Math.max(1, Math.abs(seconds))} s of the gateway's`, name);
    return;
  }
  const detail = `this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the gateway`;
  yield {
    check: 'clock',
    merchant: name,
    result: 'warning',
    detail,
    remedy: 'Synchronise the clock of this machine (NTP).',
  };
}

async function askGateway(gateway: AlipayGateway, { environment, gatewayUrl }: Merchant): Promise<Finding> {
  const answer = await gateway.query({ outTradeNo: `doctor_${randomBytes(12).toString('hex')}` });
  if (answer.kind === 'answered' || isRefusedAs(['ACQ.TRADE_NOT_EXIST'], answer)) {
    return ok('gateway', `${environment} answers, and the signatures hold both ways (${gatewayUrl})`);
  }
  const { result, remedy } = VERDICTS[answer.failure];
  return { check: 'gateway', result, detail: answer.detail, remedy };
}

const OUR_SIDE =
  'Compare with the console of this very environment (the sandbox has its own): appId, the 应用公钥 there against privateKeyFile, the ' +
  'products signed, and appAuthTokenFile where one is used.';

const VERDICTS: { readonly [F in FailureClass]: { readonly result: 'warning' | 'failed'; readonly remedy: string } } = {
  [FailureClass.notSent]: {
    result: 'failed',
    remedy:
      'The gateway cannot be reached from here: check its URL, DNS, the firewall, RESOLVER_PROXY (HTTPS_PROXY) and its password where a ' +
      'proxy stands in between, and caFile where a private authority, or a proxy that opens TLS, is used.',
  },
  [FailureClass.unknown]: {
    result: 'failed',
    remedy: 'Run this again; if it stays, ask Alipay with the trace id and the code above.',
  },
  [FailureClass.unsigned]: {
    result: 'failed',
    remedy: `Alipay signs what it answers to an app that it knows. ${OUR_SIDE}`,
  },
  [FailureClass.forged]: {
    result: 'failed',
    remedy:
      "The answer's signature does not hold: copy this app's 支付宝公钥 (not 应用公钥) from the console to alipayPublicKeyFile, or renew the three " +
      'certificates; the sandbox has its own keys.',
  },
  [FailureClass.notOurs]: {
    result: 'failed',
    remedy: 'Something between here and Alipay answers for it: look for a proxy or a cache.',
  },
  [FailureClass.limited]: {
    result: 'warning',
    remedy: 'Alipay counts too many calls of this app: lower RESOLVER_MAX_CALLS_PER_SECOND.',
  },
  [FailureClass.rejected]: {
    result: 'failed',
    remedy: 'Alipay finds the request wrong: compare appId, gateway and appAuthTokenFile with the console.',
  },
  [FailureClass.configuration]: { result: 'failed', remedy: OUR_SIDE },
  [FailureClass.business]: {
    result: 'failed',
    remedy: 'The keys work, but Alipay refuses the query: look the code up in docs/errors.md.',
  },
};
