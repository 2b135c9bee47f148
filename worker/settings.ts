/** Every environment variable that a worker reads, in one table: the docs and the deployment files are checked against it. */
import { type Proxies, readProxies } from '../alipay/proxy-rules.ts';
import { TASK_QUEUE } from '../contract/names.ts';
import { StartProblem } from './start-problem.ts';

export interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** In words where it is not a value. */
  readonly default: string;
  readonly unit?: string;
  /** Who reads it: this program, the rules of proxies (`alipay/proxy-rules.ts`), or `@temporalio/envconfig`, which the Temporal CLI shares. */
  readonly readBy: 'worker' | 'proxyRules' | 'envconfig';
}

export const settings: readonly Setting[] = [
  worker('RESOLVER_MERCHANTS_FILE', 'JSON file of the merchants to serve', '`merchants.json` in the working directory'),
  worker('RESOLVER_TASK_QUEUE', 'Temporal task queue to serve', TASK_QUEUE),
  worker(
    'RESOLVER_MAX_CALLS_PER_SECOND',
    'most Alipay calls in any second, of all workers of the task queue together',
    'no limit',
    '1/s',
  ),
  worker(
    'RESOLVER_WORKFLOW_BUNDLE',
    'workflow code, bundled',
    'the bundle of the build; without one, bundled at start',
  ),
  worker('RESOLVER_HEALTH_ADDRESS', 'host:port for /healthz and /readyz', 'not served'),
  worker('RESOLVER_METRICS_ADDRESS', 'host:port for Prometheus metrics (/metrics)', 'not served'),
  worker('RESOLVER_LOG_LEVEL', 'least level of a log line: DEBUG, INFO, WARN or ERROR', 'INFO'),
  proxy('RESOLVER_PROXY', 'HTTP proxy for the calls of every gateway', 'none'),
  proxy('HTTPS_PROXY', 'without RESOLVER_PROXY: HTTP proxy for gateways by https that are not on this machine', 'none'),
  proxy('NO_PROXY', 'hosts that no proxy is used for', 'none'),
  proxy('grpc_proxy', 'HTTP proxy for the connection to Temporal', 'none'),
  temporal('TEMPORAL_ADDRESS', 'host:port of the Temporal server', 'localhost:7233'),
  temporal('TEMPORAL_NAMESPACE', 'Temporal namespace', 'default'),
  temporal('TEMPORAL_API_KEY', 'API key; switches TLS on', 'none'),
  temporal('TEMPORAL_TLS', 'true or false', 'true where an API key or a TLS setting is given'),
  temporal('TEMPORAL_TLS_CLIENT_CERT_PATH', 'client certificate for mutual TLS (…_DATA: its PEM text)', 'none'),
  temporal('TEMPORAL_TLS_CLIENT_KEY_PATH', 'key of the client certificate (…_DATA: its PEM text)', 'none'),
  temporal(
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    'authority of the server certificate (…_DATA: its PEM text)',
    "the system's",
  ),
  temporal('TEMPORAL_TLS_SERVER_NAME', 'name in the server certificate, where it is not the address', 'none'),
  temporal('TEMPORAL_CONFIG_FILE', 'TOML file of profiles', "the Temporal CLI's own"),
  temporal('TEMPORAL_PROFILE', 'profile in that file', 'default'),
];

function worker(name: string, meaning: string, byDefault: string, unit?: string): Setting {
  return { name, meaning, default: byDefault, readBy: 'worker', ...(unit === undefined ? {} : { unit }) };
}

function proxy(name: string, meaning: string, byDefault: string): Setting {
  return { name, meaning, default: byDefault, readBy: 'proxyRules' };
}

function temporal(name: string, meaning: string, byDefault: string): Setting {
  return { name, meaning, default: byDefault, readBy: 'envconfig' };
}

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface WorkerSettings {
  readonly merchantsFile?: string;
  readonly taskQueue: string;
  readonly callsPerSecondMax?: number;
  readonly workflowBundle?: string;
  readonly healthAddress?: Address;
  readonly metricsAddress?: Address;
  readonly logLevel: LogLevel;
  /** Absent: none is named. */
  readonly proxies?: Proxies;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws StartProblem naming every setting that cannot be used */
export function readSettings(environment: Environment): WorkerSettings {
  const problems: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | undefined, rule: string): T | undefined => {
    const text = environment[name];
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`${name} ${rule}; it is ${JSON.stringify(text)}`);
    return value;
  };
  const asIs = (text: string): string => text;
  const found = {
    merchantsFile: read('RESOLVER_MERCHANTS_FILE', asIs, ''),
    taskQueue: read('RESOLVER_TASK_QUEUE', asIs, ''),
    callsPerSecondMax: read('RESOLVER_MAX_CALLS_PER_SECOND', positiveNumber, 'must be a number above 0'),
    workflowBundle: read('RESOLVER_WORKFLOW_BUNDLE', asIs, ''),
    healthAddress: read('RESOLVER_HEALTH_ADDRESS', address, ADDRESS_RULE),
    metricsAddress: read('RESOLVER_METRICS_ADDRESS', address, ADDRESS_RULE),
    logLevel: read('RESOLVER_LOG_LEVEL', logLevel, `must be one of ${LOG_LEVELS.join(', ')}`),
    proxies: readProxies(environment, problems),
  };
  if (problems.length > 0) {
    throw new StartProblem(
      `The settings are wrong:\n${problems.map((line) => `- ${line}`).join('\n')}`,
      'Mend these environment variables, or unset them: each has a default.',
    );
  }
  const { taskQueue = TASK_QUEUE, logLevel: level = 'INFO', ...others } = found;
  return { ...withoutUndefined(others), taskQueue, logLevel: level };
}

function positiveNumber(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

const ADDRESS_RULE = 'must be host:port, such as 127.0.0.1:9090 or 0.0.0.0:9090';

function address(text: string): Address | undefined {
  const [, host, digits] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port > 65_535) return undefined;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
}

function logLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text.toUpperCase());
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
