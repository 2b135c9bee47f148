/**
 * A shop with all its real parts: a Temporal dev server, the simulator, the resolver's worker in this process, and the
 * client that a payment service uses. One per test file; every trade takes its own number.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { AlipayGateway } from '../alipay/gateway.ts';
import { createMerchant } from '../alipay/merchant.ts';
import { ResolutionClient, type TradeRef } from '../client/resolution-client.ts';
import { SearchAttributes } from '../contract/names.ts';
import type { Policy } from '../contract/policy.ts';
import type { OperatorReason, Resolution, ManualResolution } from '../contract/resolution.ts';
import type { ResolutionInput } from '../contract/resolution-input.ts';
import { startDevServer, type DevServer } from '../demo/dev-server.ts';
import type { TradePlan } from '../simulator/fault-plan.ts';
import { startSimulator, type Simulator } from '../simulator/simulator.ts';
import { createResolverWorker } from '../worker/worker.ts';

/** As impatient as Temporal's timers allow: a whole resolution takes seconds. */
export const IMPATIENT: Policy = {
  pollFirstMs: 1_000,
  pollFactor: 1,
  pollCapMs: 1_000,
  pollBudgetMs: 2_000,
  cancelFirstMs: 1_000,
  cancelFactor: 1,
  cancelCapMs: 1_000,
  watchFirstMs: 1_000,
  watchFactor: 1,
  watchCapMs: 1_000,
  marginMs: 1_000,
  slowMs: 2_000,
};

export interface Shop {
  readonly server: DevServer;
  readonly simulator: Simulator;
  readonly temporal: Client;
  readonly client: ResolutionClient;
  /** Plans the trade and gives the input with which its resolution starts; the pay deadline is near. */
  uncertain(outTradeNo: string, plan: TradePlan, input?: Partial<ResolutionInput>): ResolutionInput;
  close(): Promise<void>;
}

/** `dynamicConfig`: settings of the Temporal server by name, each value as JSON. */
export async function openShop(
  options: { readonly dynamicConfig?: Readonly<Record<string, string>> } = {},
): Promise<Shop> {
  quietRuntime();
  const folder = mkdtempSync(path.join(tmpdir(), 'shop-'));
  const server = await startDevServer({
    searchAttributes: Object.fromEntries(Object.values(SearchAttributes).map((name) => [name, 'Keyword'])),
    logFile: path.join(folder, 'server.log'),
    ...options,
  });
  const simulator = await startSimulator();
  const { credentials } = simulator;
  const gateway = new AlipayGateway(
    createMerchant({
      appId: credentials.appId,
      gateway: simulator.gatewayUrl,
      privateKey: credentials.appPrivateKey,
      alipayPublicKey: credentials.alipayPublicKey,
      deadlineMs: 2_000,
    }),
  );
  const connection = await Connection.connect({ address: server.address });
  const nativeConnection = await NativeConnection.connect({ address: server.address });
  const worker = await createResolverWorker({
    connection: nativeConnection,
    gateways: (merchant) => (merchant === 'default' ? gateway : undefined),
  });
  const running = worker.run();
  const temporal = new Client({ connection });
  return {
    server,
    simulator,
    temporal,
    client: new ResolutionClient(temporal),
    uncertain(outTradeNo, plan, input = {}) {
      simulator.plan(outTradeNo, plan);
      return {
        outTradeNo,
        totalAmount: '88.88',
        payRequestedAt: new Date().toISOString(),
        policy: IMPATIENT,
        ...input,
      };
    },
    async close() {
      await shutDown(worker, running);
      await gateway.end();
      await Promise.all([connection.close(), nativeConnection.close()]);
      await simulator.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a level, not for a time: asks until the resolution is there. Mocha's own limit bounds it. */
export async function reached(
  shop: Shop,
  trade: TradeRef,
  there: (resolution: Resolution) => boolean,
): Promise<Resolution> {
  return await until(async () => {
    const status = await shop.client.status(trade);
    if (status.kind === 'failed') throw status.error;
    return status.resolution !== undefined && there(status.resolution) ? status.resolution : undefined;
  });
}

export function parkedFor(reason: OperatorReason): (resolution: Resolution) => boolean {
  return (resolution) => resolution.phase === 'needs-operator' && resolution.reason === reason;
}

/** An operator who is told to wait until a cancel can no longer land, and does. */
export async function decideWhenAllowed(
  shop: Shop,
  trade: TradeRef,
  resolution: ManualResolution,
): Promise<Resolution> {
  return await until(async () => {
    try {
      return await shop.client.resolveManually(trade, resolution);
    } catch (error) {
      if (String(error).includes('wait until then')) return undefined;
      throw error;
    }
  });
}

/** Asks again until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function shutDown(worker: Worker, running: Promise<void>): Promise<void> {
  if (worker.getState() === 'RUNNING') worker.shutdown();
  await running;
}

/** A runtime can be installed once per process; the tests want warnings only. */
export function quietRuntime(): void {
  if (Runtime._instance !== undefined) return;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
  });
}
