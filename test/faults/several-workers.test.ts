/**
 * Goal: workers that share a task queue take over from each other, whether one dies or is replaced by a new build.
 * Method: two and three worker processes on one queue, one of them killed while calls are under way; then a worker that runs another
 * bundle, whose words differ and whose commands do not, while the old one drains. The ledger is the judge.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { workflowIdOf } from '../../contract/names.ts';
import { defaultBundlePath } from '../../worker/workflow-code.ts';
import { audit, startAndWait, type Waiting } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { leaksOf, SALE_STORIES, type SaleStory, sell, topUpOnceHeldBack } from './sales.ts';

/** Its cancel is held back, so that a call is surely under way when it is looked at. */
const HELD: SaleStory = { name: 'cancel held back', plan: { buyerPaysAfterMs: 'never', cancel: [{ delayMs: 5_000 }] } };

describe('Several workers on one queue', function () {
  this.timeout(180_000);
  let environment: Environment;
  let toppingUp: NodeJS.Timeout;
  const started: WorkerProcesses[] = [];

  before(async function () {
    if (!canStandAlone()) this.skip();
    environment = await openEnvironment();
    toppingUp = topUpOnceHeldBack(environment.simulator);
  });
  after(async () => {
    clearInterval(toppingUp);
    await Promise.all(started.map((workers) => workers.stop()));
    await environment?.close();
  });

  async function workerProcessesOf(taskQueue: string, count: number): Promise<readonly WorkerProcesses[]> {
    const names = Array.from({ length: count }, (_, index) => `${taskQueue}-${index}`);
    const allWorkers = await Promise.all(names.map((name) => startWorkerProcesses(environment, { name, taskQueue })));
    started.push(...allWorkers);
    await Promise.all(allWorkers.map((workers) => workers.serving()));
    return allWorkers;
  }

  /** Every story once, and several whose cancel is held back. */
  async function beginTrades(workers: WorkerProcesses, prefix: string): Promise<readonly Waiting[]> {
    const there = { ...environment, client: workers.client };
    const stories = [...SALE_STORIES, HELD, HELD, HELD];
    return await Promise.all(
      stories.map(async (story, index) =>
        startAndWait(there, await sell(environment, story, { outTradeNo: `${prefix}_${index}` })),
      ),
    );
  }

  async function reckon(waiting: readonly Waiting[], allWorkers: readonly WorkerProcesses[]): Promise<void> {
    const { objections, outcomes, reports, papers } = await audit(environment, waiting);
    console.log(`      ${waiting.length} trades, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`);
    assert.deepEqual(objections, []);
    for (const workers of allWorkers) assert.doesNotMatch(workers.log(), /nondeterminis|TMPRL1100|"level":"ERROR"/i);
    const everything = [
      ...papers,
      ...allWorkers.map((workers) => workers.log()),
      readFileSync(environment.serverLog, 'utf8'),
    ];
    assert.deepEqual(leaksOf(everything, environment.simulator), []);
  }

  async function killOneOf(count: number): Promise<void> {
    const allWorkers = await workerProcessesOf(`queue-of-${count}`, count);
    const [first] = allWorkers;
    assert.ok(first);
    const waiting = await beginTrades(first, `of${count}`);
    const underWay = { method: 'alipay.trade.cancel', outTradeNo: `of${count}_${SALE_STORIES.length}` };
    await environment.simulator.callReceived(underWay);
    await first.kill();
    await reckon(waiting, allWorkers);
  }

  it('two or three, one of them killed: the others take its trades over', async () => {
    await Promise.all([2, 3].map(killOneOf));
  });

  it('replaced by a new build one after the other, which goes on with the histories of the old one', async () => {
    const taskQueue = 'rolling';
    const oldBuild = await workerProcessesOf(taskQueue, 2);
    const [first, second] = oldBuild;
    assert.ok(first && second);
    const bundle = path.join(environment.folder, 'new-build.js');
    const code = readFileSync(defaultBundlePath, 'utf8');
    const [OLD, NEW] = ['Cancel: alipay.trade.cancel', 'Cancel (new build): alipay.trade.cancel'];
    assert.ok(code.includes(OLD));
    writeFileSync(bundle, code.replaceAll(OLD, NEW));

    const early = await beginTrades(first, 'early');
    await environment.simulator.callReceived({
      method: 'alipay.trade.cancel',
      outTradeNo: `early_${SALE_STORIES.length}`,
    });
    const newBuild: WorkerProcesses[] = [];
    for (const [index, old] of oldBuild.entries()) {
      const workers = await startWorkerProcesses(environment, { name: `new-${index}`, taskQueue, bundle });
      newBuild.push(workers);
      started.push(workers);
      await workers.serving();
      await old.stop();
    }
    const late = await beginTrades(second, 'late');
    await reckon([...early, ...late], [...oldBuild, ...newBuild]);

    const summaries = await Promise.all([...early, ...late].map(({ trade }) => cancelSummaries(trade.outTradeNo)));
    const said = summaries.flat();
    assert.ok(said.includes(OLD) && said.includes(NEW), 'both builds have cancelled trades');
  });

  /** Under which words each cancel of a trade was scheduled: they tell the build. */
  async function cancelSummaries(outTradeNo: string): Promise<readonly string[]> {
    const history = await environment.temporal.workflow.getHandle(workflowIdOf({ outTradeNo })).fetchHistory();
    return (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }) => {
      if (scheduled?.activityType?.name !== 'cancelTrade') return [];
      return [JSON.parse(Buffer.from(userMetadata?.summary?.data ?? '""').toString('utf8')) as string];
    });
  }
});
