/**
 * Goal: however the link between worker and Temporal is struck while a call to Alipay is under way, no trade is lost and the outcome
 * that is reported is the truth.
 * Method: a worker with a link of its own for each of {query, cancel, query after cancel} × {what it sends, what it is told}; its trades
 * come one after the other, one a fault. The fault falls when the trade's call begins, so that the call's end is what cannot be told.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { ResolutionClient } from '../../client/resolution-client.ts';
import { createResolverWorker } from '../../worker/worker.ts';
import { quietRuntime } from '../shop.ts';
import { audit, startAndWait, type Waiting } from './audit.ts';
import { type NetworkFault, NETWORK_FAULTS, strike } from './network-faults.ts';
import { canStandAlone, type Environment, merchantAt, openEnvironment } from './environment.ts';
import { leaksOf, SALE_STORIES, sell, topUpOnceHeldBack } from './sales.ts';
import { type StruckCall, STRUCK_CALLS } from './stricken-gateway.ts';
import { hasToxiproxy, type Link, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';
import { WatchedGateway } from './watched-gateway.ts';

const DIRECTIONS = ['upstream', 'downstream'] as const;
const ROUNDS = process.env['RESOLVER_NIGHTLY'] ? SALE_STORIES.length : 1;
/** How long the link stays as it was struck. */
const STRUCK_MS = 1_500;

interface Lane {
  readonly call: StruckCall;
  readonly networkFaults: readonly NetworkFault[];
  readonly link: Link;
  readonly gateway: WatchedGateway;
  readonly client: ResolutionClient;
  end(): Promise<void>;
}

describe('The network between worker and Temporal', function () {
  this.timeout(ROUNDS * 180_000);
  let environment: Environment;
  let toxiproxy: Toxiproxy;
  let lanes: readonly Lane[] = [];

  before(async function () {
    if (!canStandAlone() || !hasToxiproxy()) this.skip();
    quietRuntime();
    environment = await openEnvironment();
    toxiproxy = await startToxiproxy();
    lanes = await Promise.all(STRUCK_CALLS.flatMap((call) => DIRECTIONS.map((direction) => openLane(call, direction))));
  });
  after(async () => {
    await Promise.all(lanes.map((lane) => lane.end()));
    await toxiproxy?.stop();
    await environment?.close();
  });

  async function openLane(call: StruckCall, direction: NetworkFault['direction']): Promise<Lane> {
    const taskQueue = `${call} ${direction}`.replaceAll(' ', '-');
    const { simulator } = environment;
    const link = await toxiproxy.link(taskQueue, environment.address);
    const connection = await NativeConnection.connect({ address: link.address });
    const gateway = new WatchedGateway(merchantAt(simulator, simulator.gatewayUrl, 2_000));
    const worker: Worker = await createResolverWorker({ connection, taskQueue, gateways: () => gateway });
    const running = worker.run();
    return {
      call,
      networkFaults: NETWORK_FAULTS.filter((fault) => fault.direction === direction),
      link,
      gateway,
      client: new ResolutionClient(environment.temporal, { taskQueue }),
      async end() {
        worker.shutdown();
        await running;
        await gateway.end();
        await connection.close();
      },
    };
  }

  async function run(
    { call, networkFaults, link, gateway, client }: Lane,
    offset: number,
  ): Promise<readonly Waiting[]> {
    const waiting: Waiting[] = [];
    for (const [index, fault] of Array.from({ length: ROUNDS }, () => networkFaults)
      .flat()
      .entries()) {
      const story = SALE_STORIES[(offset + index) % SALE_STORIES.length];
      assert.ok(story);
      const outTradeNo = `lane${offset}_${index}`;
      const struck = gateway.next(outTradeNo, call, () => strike(fault, link, () => Promise.resolve()));
      waiting.push(await startAndWait({ ...environment, client }, await sell(environment, story, { outTradeNo })));
      await struck;
      await pause(STRUCK_MS);
      await link.heal();
    }
    return waiting;
  }

  it('changes when an outcome is known, never what it is', async () => {
    const toppingUp = topUpOnceHeldBack(environment.simulator);
    const waiting = (await Promise.all(lanes.map((lane, index) => run(lane, index)))).flat();
    const { objections, outcomes, reports, papers } = await audit(environment, waiting);
    clearInterval(toppingUp);
    console.log(`      ${waiting.length} trades, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`);
    if (environment.illnesses() > 0)
      console.log(`      the development server fell ill ${environment.illnesses()} times`);
    assert.deepEqual(objections, []);
    assert.deepEqual(leaksOf(papers, environment.simulator), []);
  });
});
