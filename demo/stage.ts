/**
 * Everything that the play needs, started in order and ended in the reverse of it: a folder, a Temporal server with its Web UI,
 * the simulated gateway, a worker process, and the payment service's own clients of Temporal and of the gateway.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { AlipayGateway } from '../alipay/gateway.ts';
import { createMerchant } from '../alipay/merchant.ts';
import { connect, STRAIGHT } from '../client/connection.ts';
import { ResolutionClient } from '../client/resolution-client.ts';
import { SearchAttributes, TASK_QUEUE } from '../contract/names.ts';
import { CREDENTIAL_FILES, openCredentials } from '../simulator/credential-files.ts';
import { type Simulator, startSimulator } from '../simulator/simulator.ts';
import { registerSearchAttributes } from '../worker/search-attributes.ts';
import { type DevServer, startDevServer } from './dev-server.ts';
import { startWorkers, type Workers } from './worker-process.ts';

export interface Stage {
  readonly folder: string;
  /** The merchant's name in the worker's configuration. */
  readonly merchant: string;
  readonly simulator: Simulator;
  readonly client: Client;
  readonly resolutions: ResolutionClient;
  /** The payment service's own; its short deadline makes slow pay calls time out. */
  readonly gateway: AlipayGateway;
  readonly workers: Workers;
  /** Undefined where the server is not ours: its Web UI may be anywhere. */
  readonly webUiUrl: string | undefined;
}

export interface StageOptions {
  /** Folder of the simulator's keys, made when it is not there. @default inside the stage's own folder */
  readonly credentialsFolder?: string;
  readonly say: (sentence: string) => void;
  /** Ends the set-up between two steps. */
  readonly signal: AbortSignal;
  /** Takes what ends the thing just started; the latest is to be called first. */
  readonly onEnd: (end: () => Promise<unknown>) => void;
}

const PAY_DEADLINE_MS = 2_000;

export async function setStage({ say, signal, onEnd, ...options }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'alipay-demo-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));

  const server = await startDevServer({
    searchAttributes: Object.fromEntries(Object.values(SearchAttributes).map((name) => [name, 'Keyword'])),
    logFile: join(folder, 'temporal.log'),
  });
  onEnd(() => server.stop());
  say(`Temporal at ${server.address}${server.uiUrl === undefined ? '' : `, its Web UI at ${server.uiUrl}`}`);
  signal.throwIfAborted();
  const client = await connectTo(server);

  const { credentialsFolder = join(folder, 'credentials') } = options;
  const credentials = await openCredentials(credentialsFolder);
  const simulator = await startSimulator({ credentials });
  onEnd(() => simulator.stop());
  say(`the gateway that is not Alipay at ${simulator.gatewayUrl}, its ledger at ${simulator.controlUrl}/ledger`);
  signal.throwIfAborted();

  const { merchant, taskQueue } = namesOn(server);
  const merchantsFile = join(folder, 'merchants.json');
  await writeFile(merchantsFile, merchantsJson(merchant, simulator, credentialsFolder));
  const workers = await startWorkers({
    environment: {
      ...(await temporalOf(server, folder)),
      RESOLVER_MERCHANTS_FILE: merchantsFile,
      RESOLVER_TASK_QUEUE: taskQueue,
    },
    logFile: join(folder, 'worker.log'),
  });
  onEnd(() => workers.stop());
  say(`a worker, process ${workers.pid()}`);
  signal.throwIfAborted();

  const gateway = new AlipayGateway(
    createMerchant({
      appId: credentials.appId,
      gateway: simulator.gatewayUrl,
      privateKey: credentials.appPrivateKey,
      alipayPublicKey: credentials.alipayPublicKey,
      deadlineMs: PAY_DEADLINE_MS,
    }),
  );
  onEnd(() => gateway.end());
  const resolutions = new ResolutionClient(client, { taskQueue });
  return { folder, merchant, simulator, client, resolutions, gateway, workers, webUiUrl: server.uiUrl };
}

function isOurs(server: DevServer): boolean {
  return server.pid !== undefined;
}

async function connectTo(server: DevServer): Promise<Client> {
  if (isOurs(server)) {
    return new Client({ connection: await Connection.connect({ address: server.address, channelArgs: STRAIGHT }) });
  }
  const { client, namespace } = await connect();
  await registerSearchAttributes(client.connection, namespace);
  return client;
}

/** On a server that others use, other workers and earlier plays must have nothing to do with this one. */
function namesOn(server: DevServer): { readonly merchant: string; readonly taskQueue: string } {
  if (isOurs(server)) return { merchant: 'demo', taskQueue: TASK_QUEUE };
  const play = Date.now().toString(36);
  return { merchant: `demo-${play}`, taskQueue: `${TASK_QUEUE}-demo-${play}` };
}

/** The environment by which the worker finds the server: for ours, nothing of what the user has set up for another. */
async function temporalOf(server: DevServer, folder: string): Promise<NodeJS.ProcessEnv> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('RESOLVER_'));
  if (!isOurs(server)) return Object.fromEntries(others);
  const noProfile = join(folder, 'temporal.toml');
  await writeFile(noProfile, '[profile.default]\n');
  return {
    ...Object.fromEntries(others.filter(([name]) => !name.startsWith('TEMPORAL_') && name !== 'grpc_proxy')),
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_CONFIG_FILE: noProfile,
  };
}

/** As in `worker/merchants.example.json`, with the files that the simulator has written. */
function merchantsJson(merchant: string, { gatewayUrl, credentials }: Simulator, folder: string): string {
  const entry = {
    appId: credentials.appId,
    gateway: gatewayUrl,
    privateKeyFile: join(folder, CREDENTIAL_FILES.appPrivateKey.name),
    alipayPublicKeyFile: join(folder, CREDENTIAL_FILES.alipayPublicKey.name),
  };
  return `${JSON.stringify({ merchants: { [merchant]: entry } }, undefined, 2)}\n`;
}
