/**
 * The environment that the fault tests stand on: a Temporal server whose database lies on disk and that can be killed and started again,
 * the simulated gateway with its ledger, and the payment service's own clients of both. Workers are the tests' own matter.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { AlipayGateway } from '../../alipay/gateway.ts';
import { createMerchant, type Merchant } from '../../alipay/merchant.ts';
import { ResolutionClient } from '../../client/resolution-client.ts';
import { SearchAttributes } from '../../contract/names.ts';
import { type DevServer, startDevServer } from '../../demo/dev-server.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { watchdog } from './server-watchdog.ts';

export interface Environment {
  readonly folder: string;
  readonly address: string;
  readonly serverLog: string;
  readonly simulator: Simulator;
  /** The payment service's own way to the gateway, without faults of ours. */
  readonly till: AlipayGateway;
  readonly temporal: Client;
  readonly client: ResolutionClient;
  /** Aborted when the environment closes: nobody waits any longer. */
  readonly over: AbortSignal;
  /** SIGKILL. */
  killTemporal(): Promise<void>;
  /** On the same database and the same port. */
  startTemporalAgain(): Promise<void>;
  /** How often the development server fell ill by itself and was started again (`server-watchdog.ts`). */
  illnesses(): number;
  close(): Promise<void>;
}

/** These tests own their server, since they kill it and count what is on it. */
export function canStandAlone(): boolean {
  return Boolean(process.env['RESOLVER_TEMPORAL_BINARY']) && !process.env['TEMPORAL_ADDRESS'];
}

/** `dynamicConfig`: settings of the Temporal server by name, each value as JSON. */
export async function openEnvironment({
  dynamicConfig = {},
}: { readonly dynamicConfig?: Readonly<Record<string, string>> } = {}): Promise<Environment> {
  const folder = mkdtempSync(path.join(tmpdir(), 'faults-'));
  const serverLog = path.join(folder, 'temporal.log');
  const options = {
    dbFile: path.join(folder, 'temporal.db'),
    searchAttributes: Object.fromEntries(Object.values(SearchAttributes).map((name) => [name, 'Keyword'])),
    logFile: serverLog,
    dynamicConfig,
  };
  let server: DevServer = await startDevServer(options);
  const { address } = server;
  const port = Number(address.split(':')[1]);
  const simulator = await startSimulator();
  const till = new AlipayGateway(merchantAt(simulator, simulator.gatewayUrl, TILL_DEADLINE_MS));
  const connection = await Connection.connect({ address });
  const temporal = new Client({ connection });
  const over = new AbortController();
  let isMeantToRun = true;
  const startAgain = async (): Promise<void> => {
    server = await startDevServer({ ...options, port });
  };
  const nursing = watchdog({
    connection,
    isMeantToRun: () => isMeantToRun,
    async restart() {
      await server.kill();
      await startAgain();
    },
  });
  return {
    folder,
    address,
    serverLog,
    simulator,
    till,
    temporal,
    client: new ResolutionClient(temporal),
    over: over.signal,
    illnesses: () => nursing.restarts(),
    async killTemporal() {
      isMeantToRun = false;
      await server.kill();
    },
    async startTemporalAgain() {
      await startAgain();
      isMeantToRun = true;
    },
    async close() {
      over.abort();
      await nursing.end();
      await till.end();
      await connection.close();
      await simulator.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const TILL_DEADLINE_MS = 2_000;

/** The app that the simulator knows, calling it at `gateway`. */
export function merchantAt({ credentials }: Simulator, gateway: string, deadlineMs: number): Merchant {
  return createMerchant({
    appId: credentials.appId,
    gateway,
    privateKey: credentials.appPrivateKey,
    alipayPublicKey: credentials.alipayPublicKey,
    deadlineMs,
  });
}
