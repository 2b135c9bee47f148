/**
 * Goal: however one call to Alipay is struck on its way, the outcome that is reported is the truth.
 * Method: one trade a cell of {fault} × {query, cancel, query after cancel} × {request, answer} × {how the buyer and the gateway behave},
 * each over a link of its own (Toxiproxy, real sockets), resolved by a real worker against a real Temporal server; at the end
 * everything heals and the ledger is the judge. `RESOLVER_NIGHTLY=1`: every cell with every behaviour, above 500 trades.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { AlipayGateway } from '../../alipay/gateway.ts';
import { createResolverWorker } from '../../worker/worker.ts';
import { quietRuntime } from '../shop.ts';
import { audit, startAndWait, type Waiting } from './audit.ts';
import { type NetworkFault, NETWORK_FAULTS, CALL_DEADLINE_MS, describeFault, SURELY_LOST } from './network-faults.ts';
import { canStandAlone, type Environment, merchantAt, openEnvironment } from './environment.ts';
import { leaksOf, PAID_STORIES, SALE_STORIES, type SaleStory, sell, topUpOnceHeldBack } from './sales.ts';
import { StrickenGateway, type Struck, STRUCK_CALLS, type StruckCall } from './stricken-gateway.ts';
import { hasToxiproxy, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';

const nightly = Boolean(process.env['RESOLVER_NIGHTLY']);

/** Open at the same time: more would make the machine the fault. */
const WAVE = 54;

interface Cell {
  readonly merchant: string;
  readonly call: StruckCall;
  readonly fault: NetworkFault;
  readonly story: SaleStory;
}

/** In CI each cell meets one behaviour, another one from cell to cell; at night all of them. */
function cells(): readonly Cell[] {
  let number = 0;
  return STRUCK_CALLS.flatMap((call) =>
    NETWORK_FAULTS.flatMap((fault) => {
      const stories = call === 'query' ? [...SALE_STORIES, ...PAID_STORIES] : SALE_STORIES;
      const chosen = nightly ? stories : stories.filter((_, index) => index === number % stories.length);
      return chosen.map((story) => ({ merchant: `cell-${(number += 1)}`, call, fault, story }));
    }),
  );
}

describe('The network between worker and gateway', function () {
  this.timeout(nightly ? 20 * 60_000 : 180_000);
  let environment: Environment;
  let toxiproxy: Toxiproxy;
  let connection: NativeConnection;
  let worker: Worker;
  let running: Promise<void>;
  const gateways = new Map<string, StrickenGateway>();
  const planned = cells();

  before(async function () {
    if (!canStandAlone() || !hasToxiproxy()) this.skip();
    quietRuntime();
    environment = await openEnvironment();
    toxiproxy = await startToxiproxy();
    connection = await NativeConnection.connect({ address: environment.address });
    const gatewayOf = (merchant: string): AlipayGateway | undefined => gateways.get(merchant);
    worker = await createResolverWorker({ connection, gateways: gatewayOf });
    running = worker.run();
  });
  after(async () => {
    worker?.shutdown();
    await running;
    await Promise.all([...gateways.values()].map((gateway) => gateway.end()));
    await connection?.close();
    await toxiproxy?.stop();
    await environment?.close();
  });

  async function begin({ merchant, call, fault, story }: Cell): Promise<Waiting> {
    const { simulator } = environment;
    const { host, pathname } = new URL(simulator.gatewayUrl);
    const link = await toxiproxy.link(merchant, host);
    const struck = merchantAt(simulator, `http://${link.address}${pathname}`, CALL_DEADLINE_MS);
    gateways.set(merchant, new StrickenGateway({ merchant: struck, link, simulator, call, fault }));
    return await startAndWait(
      environment,
      await sell(environment, story, { outTradeNo: outTradeNoOf(merchant), merchant }),
    );
  }

  it('changes when an outcome is known, never what it is', async () => {
    const waiting: Waiting[] = [];
    const toppingUp = topUpOnceHeldBack(environment.simulator);
    for (let at = 0; at < planned.length; at += WAVE) {
      const wave: Waiting[] = [];
      for (const cell of planned.slice(at, at + WAVE)) wave.push(await begin(cell));
      waiting.push(...wave);
      await Promise.all(wave.map(({ outcome }) => outcome));
    }
    const { objections, outcomes, reports, papers } = await audit(environment, waiting);
    clearInterval(toppingUp);
    console.log(`      ${waiting.length} trades, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`);
    assert.deepEqual(objections, []);
    assert.ok(
      Object.values(outcomes).every((count) => count > 0),
      'some outcome was never met',
    );
    for (const cell of planned) assertStruck(cell, gateways.get(cell.merchant)?.struck);
    const late = [...gateways.values()].filter(({ struck }) => struck?.arrivedLate);
    assert.ok(late.length > 0, 'no request arrived after its caller had given up');
    assert.deepEqual(leaksOf(papers, environment.simulator), []);
  });
});

/** The request was lost, so the gateway knows nothing of it; or its answer, and then the caller knows nothing and says so. */
function assertStruck({ fault, call }: Cell, struck: Struck | undefined): void {
  const what = `${describeFault(fault)} of a ${call}: ${JSON.stringify(struck)}`;
  assert.ok(struck, what);
  if (!SURELY_LOST.includes(fault.name)) return;
  // On a slow machine the connection may be shut before the gateway has read what it was sent.
  assert.equal(struck.received || struck.arrivedLate, fault.direction === 'downstream', what);
  assert.equal(struck.came, fault.name === 'cut' && fault.direction === 'upstream' ? 'notSent' : 'unknown', what);
}

function outTradeNoOf(merchant: string): string {
  return merchant.replaceAll('-', '_');
}
