/**
 * Goal: a Temporal server that dies and comes back on its database loses no trade, whether the workers die with it or not.
 * Method: `temporal` with its database on disk and a worker process, killed with SIGKILL at points of a trade while other trades are
 * under way; the payment service's client waits through it all; at the end the ledger is the judge.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { audit, persistently, startAndWait, type Waiting } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { KILL_POINTS, type KillPoint } from './kill-points.ts';
import { leaksOf, SALE_STORIES, sell, topUpOnceHeldBack } from './sales.ts';

const ROUNDS = process.env['RESOLVER_NIGHTLY'] ? 5 : 1;

/** Some of the worker's points: what was sent, what was just answered, and what only a timer of the server remembers. */
const POINTS: readonly (readonly [name: string, dies: 'temporal' | 'both'])[] = [
  ['first query answered', 'temporal'],
  ['cancel sent and executed', 'temporal'],
  ['waiting to repeat the cancel', 'temporal'],
  ['closed, waiting to ask for the refund', 'both'],
  ['cancel sent, a refund by it executed', 'both'],
  ['cancel answered', 'both'],
];

describe('A Temporal server killed', function () {
  this.timeout(ROUNDS * 240_000);
  let environment: Environment;
  let workers: WorkerProcesses;

  before(async function () {
    if (!canStandAlone()) this.skip();
    environment = await openEnvironment();
    workers = await startWorkerProcesses(environment, { name: 'worker', taskQueue: 'temporal-killed' });
  });
  after(async () => {
    await workers?.stop();
    await environment?.close();
  });

  /** A trade for the point, and one that is anywhere. */
  async function begin(point: KillPoint, number: number): Promise<readonly [string, readonly Waiting[]]> {
    const there = { ...environment, client: workers.client };
    const outTradeNo = `point_${number}`;
    const bystander = SALE_STORIES[number % SALE_STORIES.length];
    assert.ok(bystander);
    const input = { ...(await sell(environment, point, { outTradeNo })), ...point.input?.() };
    const other = await sell(environment, bystander, { outTradeNo: `bystander_${number}` });
    return [outTradeNo, [await startAndWait(there, other), await startAndWait(there, input)]];
  }

  async function kill(name: string, dies: 'temporal' | 'both', number: number): Promise<readonly Waiting[]> {
    const point = KILL_POINTS.find((one) => one.name === name);
    assert.ok(point?.reached, name);
    await workers.serving();
    const [outTradeNo, waiting] = await begin(point, number);
    const scene = {
      ...environment,
      client: workers.client,
      outTradeNo,
      meanwhile: () => assert.fail('nobody acts here'),
    };
    await Promise.race([point.reached(scene), workers.broken]);
    await Promise.all([environment.killTemporal(), ...(dies === 'both' ? [workers.kill()] : [])]);
    await environment.startTemporalAgain();
    if (dies === 'both') await workers.startAgain();
    // The next trade starts once this one is heard of again.
    await persistently(environment, () => workers.client.status({ outTradeNo }));
    return waiting;
  }

  it('alone or together with the worker, loses nothing and does nothing twice', async () => {
    const toppingUp = topUpOnceHeldBack(environment.simulator);
    const waiting: Waiting[] = [];
    for (let number = 0; number < ROUNDS * POINTS.length; number += 1) {
      const [name, dies] = POINTS[number % POINTS.length] ?? ['', 'both'];
      waiting.push(...(await kill(name, dies, number)));
    }
    const { objections, outcomes, reports, papers } = await audit(environment, waiting);
    clearInterval(toppingUp);
    console.log(
      `      ${ROUNDS * POINTS.length} kills, ${waiting.length} trades, ${reports} reports: ${JSON.stringify(outcomes)}`,
    );
    assert.deepEqual(objections, []);
    assert.doesNotMatch(workers.log(), /nondeterminis|TMPRL1100/i);
    const everything = [...papers, workers.log(), await workers.metrics(), readFileSync(environment.serverLog, 'utf8')];
    assert.deepEqual(leaksOf(everything, environment.simulator), []);
  });
});
