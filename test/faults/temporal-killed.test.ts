/**
 * Goal: a Temporal server that dies and comes back on its database loses no trade, whether the workers die with it or not.
 * Method: `temporal` with its database on disk and a worker process, killed with SIGKILL at points of a trade while other trades are
 * under way; the payment service's client waits through it all; at the end the ledger is the judge.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { audit, persistently, startAndWait, type Waiting } from './audit.ts';
import { type Crew, hire } from './crew.ts';
import { canStandAlone, type Ground, openGround } from './ground.ts';
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
  let ground: Ground;
  let crew: Crew;

  before(async function () {
    if (!canStandAlone()) this.skip();
    ground = await openGround();
    crew = await hire(ground, { name: 'worker', taskQueue: 'temporal-killed' });
  });
  after(async () => {
    await crew?.stop();
    await ground?.close();
  });

  /** A trade for the point, and one that is anywhere. */
  async function begin(point: KillPoint, number: number): Promise<readonly [string, readonly Waiting[]]> {
    const there = { ...ground, client: crew.client };
    const outTradeNo = `point_${number}`;
    const bystander = SALE_STORIES[number % SALE_STORIES.length];
    assert.ok(bystander);
    const input = { ...(await sell(ground, point, { outTradeNo })), ...point.input?.() };
    const other = await sell(ground, bystander, { outTradeNo: `bystander_${number}` });
    return [outTradeNo, [await startAndWait(there, other), await startAndWait(there, input)]];
  }

  async function kill(name: string, dies: 'temporal' | 'both', number: number): Promise<readonly Waiting[]> {
    const point = KILL_POINTS.find((one) => one.name === name);
    assert.ok(point?.reached, name);
    await crew.serving();
    const [outTradeNo, waiting] = await begin(point, number);
    const scene = { ...ground, client: crew.client, outTradeNo, meanwhile: () => assert.fail('nobody acts here') };
    await Promise.race([point.reached(scene), crew.broken]);
    await Promise.all([ground.killTemporal(), ...(dies === 'both' ? [crew.kill()] : [])]);
    await ground.startTemporalAgain();
    if (dies === 'both') await crew.startAgain();
    // The next trade starts once this one is heard of again.
    await persistently(ground, () => crew.client.status({ outTradeNo }));
    return waiting;
  }

  it('alone or together with the worker, loses nothing and does nothing twice', async () => {
    const toppingUp = topUpOnceHeldBack(ground.simulator);
    const waiting: Waiting[] = [];
    for (let number = 0; number < ROUNDS * POINTS.length; number += 1) {
      const [name, dies] = POINTS[number % POINTS.length] ?? ['', 'both'];
      waiting.push(...(await kill(name, dies, number)));
    }
    const { objections, outcomes, reports, papers } = await audit(ground, waiting);
    clearInterval(toppingUp);
    console.log(
      `      ${ROUNDS * POINTS.length} kills, ${waiting.length} trades, ${reports} reports: ${JSON.stringify(outcomes)}`,
    );
    assert.deepEqual(objections, []);
    assert.doesNotMatch(crew.log(), /nondeterminis|TMPRL1100/i);
    const everything = [...papers, crew.log(), await crew.metrics(), readFileSync(ground.serverLog, 'utf8')];
    assert.deepEqual(leaksOf(everything, ground.simulator), []);
  });
});
