/**
 * Goal: a worker that dies at any point loses no trade, repeats no effect, and its successor replays what it left.
 * Method: worker processes (`worker/main.js`) on four task queues, each killed with SIGKILL at one point after the other of
 * `kill-points.ts`, a trade a point, and started again at once; at the end the ledger is the judge.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { audit, startAndWait, type Waiting } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { KILL_POINTS, type KillPoint } from './kill-points.ts';
import { leaksOf, sell, topUpOnceHeldBack } from './sales.ts';

const LANES = 4;
const ROUNDS = process.env['RESOLVER_NIGHTLY'] ? 5 : 1;

describe('A worker killed', function () {
  this.timeout(ROUNDS * 240_000);
  let environment: Environment;
  let allWorkers: readonly WorkerProcesses[] = [];

  before(async function () {
    if (!canStandAlone()) this.skip();
    environment = await openEnvironment();
    const lanes = Array.from({ length: LANES }, (_, lane) => `lane-${lane}`);
    allWorkers = await Promise.all(lanes.map((name) => startWorkerProcesses(environment, { name, taskQueue: name })));
  });
  after(async () => {
    await Promise.all(allWorkers.map((workers) => workers.stop()));
    await environment?.close();
  });

  async function kill(
    workers: WorkerProcesses,
    point: KillPoint,
    outTradeNo: string,
    acts: Promise<unknown>[],
  ): Promise<Waiting> {
    await workers.serving();
    const there = { ...environment, client: workers.client };
    const { plan, payableMs, reached } = point;
    const sale = { name: point.name, plan, ...(payableMs === undefined ? {} : { payableMs }) };
    const input = { ...(await sell(environment, sale, { outTradeNo })), ...point.input?.() };
    if (reached === undefined) await workers.kill();
    const waiting = await startAndWait(there, input);
    const meanwhile = (act: Promise<unknown>): number => acts.push(act);
    const unanswered = await Promise.race([reached?.({ ...there, outTradeNo, meanwhile }), workers.broken]);
    if (reached !== undefined) await workers.kill();
    const call = environment.simulator.ledger().calls.find(({ number }) => number === unanswered);
    assert.ok(!call?.answered, `${point.name}: the answer was there before the kill`);
    await workers.startAgain();
    return waiting;
  }

  async function killOneAfterTheOther(
    workers: WorkerProcesses,
    lane: number,
    acts: Promise<unknown>[],
  ): Promise<readonly Waiting[]> {
    const points = KILL_POINTS.filter((_, index) => index % LANES === lane);
    const waiting: Waiting[] = [];
    for (const [index, point] of Array.from({ length: ROUNDS }, () => points)
      .flat()
      .entries()) {
      waiting.push(await kill(workers, point, `lane${lane}_${index}`, acts));
    }
    return waiting;
  }

  it(`at ${KILL_POINTS.length} points, loses nothing and does nothing twice`, async () => {
    assert.ok(new Set(KILL_POINTS.map(({ name }) => name)).size >= 20);
    const acts: Promise<unknown>[] = [];
    const toppingUp = topUpOnceHeldBack(environment.simulator);
    const waiting = (
      await Promise.all(allWorkers.map((workers, lane) => killOneAfterTheOther(workers, lane, acts)))
    ).flat();
    const { objections, outcomes, reports, papers } = await audit(environment, waiting);
    await Promise.all(acts);
    clearInterval(toppingUp);
    console.log(`      ${waiting.length} kills, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`);
    assert.deepEqual(objections, []);
    const logs = allWorkers.map((workers) => workers.log());
    for (const log of logs) assert.doesNotMatch(log, /nondeterminis|TMPRL1100|"level":"ERROR"/i);
    const metrics = await Promise.all(allWorkers.map((workers) => workers.metrics()));
    const everything = [...papers, ...logs, ...metrics, readFileSync(environment.serverLog, 'utf8')];
    assert.deepEqual(leaksOf(everything, environment.simulator), []);
  });
});
