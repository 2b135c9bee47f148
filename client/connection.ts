/**
 * The connection of the command line, by the `TEMPORAL_*` variables and TOML profiles that the Temporal CLI reads too, and through a
 * proxy only where the worker's goes through it.
 */
import process from 'node:process';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import { authorityOf } from '../alipay/dial.ts';
import type { HttpProxy } from '../alipay/http-proxy.ts';
import { readTemporalProxy } from '../alipay/proxy-rules.ts';
import { causeOf } from './temporal-error.ts';

export interface Connected {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
}

const CONNECT_MS_MAX = 5_000;
type ChannelArgs = { readonly 'grpc.enable_http_proxy'?: 0 };

/** Past every proxy that the environment names. */
export const STRAIGHT: ChannelArgs = { 'grpc.enable_http_proxy': 0 };

const ADDRESS_DEFAULT = 'localhost:7233';

/** @throws Error that says where nobody answered and why, and what to set */
export async function connect(): Promise<Connected> {
  const { connectionOptions, namespace = 'default' } = readConfig();
  const { address = ADDRESS_DEFAULT, tls, apiKey, metadata } = connectionOptions;
  const proxy = proxyTo(address);
  const options: ConnectionOptions = {
    address,
    connectTimeout: CONNECT_MS_MAX,
    channelArgs: channelArgsFor(proxy),
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
  };
  try {
    const connection = await Connection.connect(options);
    return { client: new Client({ connection, namespace }), address, namespace };
  } catch (error) {
    const way = proxy === undefined ? '' : ` through the proxy ${authorityOf(proxy)} (grpc_proxy)`;
    throw new Error(
      `No Temporal server can be used at ${address}${way} (${await whyNot(options, error)}). Set TEMPORAL_ADDRESS, and TEMPORAL_TLS or TEMPORAL_API_KEY ` +
        'where needed, or start one: `temporal server start-dev`.',
      { cause: error },
    );
  }
}

/** @throws Error that names every variable that cannot be used */
function proxyTo(address: string): HttpProxy | undefined {
  const problems: string[] = [];
  const proxyFor = readTemporalProxy(process.env, problems);
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nMend these environment variables, or unset them.`);
  return proxyFor?.(address);
}

/**
 * grpc-js obeys https_proxy and http_proxy too, on loopback as well, and understands no_proxy in a way of its own. So it is told by
 * its own means: to use no proxy, or to use this one whatever else is set. Source: `http_proxy.js` of grpc-js 1.14.
 */
function channelArgsFor(proxy: HttpProxy | undefined): ChannelArgs {
  if (proxy === undefined) return STRAIGHT;
  const { user = '', password } = proxy.credentials ?? {};
  const secret = password?.reveal() ?? '';
  const credentials = proxy.credentials && `${encodeURIComponent(user)}:${encodeURIComponent(secret)}@`;
  process.env['grpc_proxy'] = `http://${credentials ?? ''}${authorityOf(proxy)}`;
  process.env['no_grpc_proxy'] = 'nobody.invalid';
  return {};
}

function readConfig(): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    throw new Error(
      `Temporal's configuration cannot be read: ${error instanceof Error ? error.message : String(error)}\n` +
        'Mend the TEMPORAL_* variables, or the file that TEMPORAL_CONFIG_FILE names.',
      { cause: error },
    );
  }
}

/** To connect says only that it took too long; a call that is not repeated says why. */
async function whyNot(options: ConnectionOptions, failure: unknown): Promise<string> {
  if (!(failure instanceof Error) || failure.message !== CONNECT_LATE) return causeOf(failure);
  // With the channel that has failed it would share the waiting after a failure, which says nothing.
  const channelArgs = { ...options.channelArgs, 'grpc.use_local_subchannel_pool': 1 };
  const connection = Connection.lazy({ ...options, channelArgs, interceptors: [] });
  try {
    await connection.withDeadline(Date.now() + WHY_MS_MAX, () => connection.workflowService.getSystemInfo({}));
    return 'it answers only now: try again';
  } catch (error) {
    return causeOf(error);
  } finally {
    await connection.close();
  }
}

const CONNECT_LATE = 'Failed to connect before the deadline';
const WHY_MS_MAX = 1_000;
