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
import { type Crew, hire } from './crew.ts';
import { canStandAlone, type Ground, openGround } from './ground.ts';
import { leaksOf, SALE_STORIES, type SaleStory, sell, topUpOnceHeldBack } from './sales.ts';

/** Its cancel is held back, so that a call is surely under way when it is looked at. */
const HELD: SaleStory = { name: 'cancel held back', plan: { buyerPaysAfterMs: 'never', cancel: [{ delayMs: 5_000 }] } };

describe('Several workers on one queue', function () {
  this.timeout(180_000);
  let ground: Ground;
  let toppingUp: NodeJS.Timeout;
  const hired: Crew[] = [];

  before(async function () {
    if (!canStandAlone()) this.skip();
    ground = await openGround();
    toppingUp = topUpOnceHeldBack(ground.simulator);
  });
  after(async () => {
    clearInterval(toppingUp);
    await Promise.all(hired.map((crew) => crew.stop()));
    await ground?.close();
  });

  async function crewsOf(taskQueue: string, count: number): Promise<readonly Crew[]> {
    const names = Array.from({ length: count }, (_, index) => `${taskQueue}-${index}`);
    const crews = await Promise.all(names.map((name) => hire(ground, { name, taskQueue })));
    hired.push(...crews);
    await Promise.all(crews.map((crew) => crew.serving()));
    return crews;
  }

  /** Every story once, and several whose cancel is held back. */
  async function beginTrades(crew: Crew, prefix: string): Promise<readonly Waiting[]> {
    const there = { ...ground, client: crew.client };
    const stories = [...SALE_STORIES, HELD, HELD, HELD];
    return await Promise.all(
      stories.map(async (story, index) =>
        startAndWait(there, await sell(ground, story, { outTradeNo: `${prefix}_${index}` })),
      ),
    );
  }

  async function reckon(waiting: readonly Waiting[], crews: readonly Crew[]): Promise<void> {
    const { objections, outcomes, reports, papers } = await audit(ground, waiting);
    console.log(`      ${waiting.length} trades, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`);
    assert.deepEqual(objections, []);
    for (const crew of crews) assert.doesNotMatch(crew.log(), /nondeterminis|TMPRL1100|"level":"ERROR"/i);
    const everything = [...papers, ...crews.map((crew) => crew.log()), readFileSync(ground.serverLog, 'utf8')];
    assert.deepEqual(leaksOf(everything, ground.simulator), []);
  }

  async function killOneOf(count: number): Promise<void> {
    const crews = await crewsOf(`queue-of-${count}`, count);
    const [first] = crews;
    assert.ok(first);
    const waiting = await beginTrades(first, `of${count}`);
    const underWay = { method: 'alipay.trade.cancel', outTradeNo: `of${count}_${SALE_STORIES.length}` };
    await ground.simulator.callReceived(underWay);
    await first.kill();
    await reckon(waiting, crews);
  }

  it('two or three, one of them killed: the others take its trades over', async () => {
    await Promise.all([2, 3].map(killOneOf));
  });

  it('replaced by a new build one after the other, which goes on with the histories of the old one', async () => {
    const taskQueue = 'rolling';
    const oldBuild = await crewsOf(taskQueue, 2);
    const [first, second] = oldBuild;
    assert.ok(first && second);
    const bundle = path.join(ground.folder, 'new-build.js');
    const code = readFileSync(defaultBundlePath, 'utf8');
    const [OLD, NEW] = ['Cancel: alipay.trade.cancel', 'Cancel (new build): alipay.trade.cancel'];
    assert.ok(code.includes(OLD));
    writeFileSync(bundle, code.replaceAll(OLD, NEW));

    const early = await beginTrades(first, 'early');
    await ground.simulator.callReceived({ method: 'alipay.trade.cancel', outTradeNo: `early_${SALE_STORIES.length}` });
    const newBuild: Crew[] = [];
    for (const [index, old] of oldBuild.entries()) {
      const crew = await hire(ground, { name: `new-${index}`, taskQueue, bundle });
      newBuild.push(crew);
      hired.push(crew);
      await crew.serving();
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
    const history = await ground.temporal.workflow.getHandle(workflowIdOf({ outTradeNo })).fetchHistory();
    return (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }) => {
      if (scheduled?.activityType?.name !== 'cancelTrade') return [];
      return [JSON.parse(Buffer.from(userMetadata?.summary?.data ?? '""').toString('utf8')) as string];
    });
  }
});
