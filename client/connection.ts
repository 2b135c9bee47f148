/** The connection of the command line, by the `TEMPORAL_*` variables and TOML profiles that the Temporal CLI reads too. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface Connected {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
}

const CONNECT_MS_MAX = 5_000;
const ADDRESS_DEFAULT = 'localhost:7233';

/** @throws Error that says where nobody answered, and what to set */
export async function connect(): Promise<Connected> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const { address = ADDRESS_DEFAULT, tls, apiKey, metadata } = connectionOptions;
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: CONNECT_MS_MAX,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
    });
    return { client: new Client({ connection, namespace }), address, namespace };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `No Temporal server can be used at ${address} (${reason}). Set TEMPORAL_ADDRESS, and TEMPORAL_TLS or TEMPORAL_API_KEY where ` +
        'needed, or start one: `temporal server start-dev`.',
      { cause: error },
    );
  }
}
