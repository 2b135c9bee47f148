/**
 * The real workflow does what the rules say: generated scenarios, hours and days included, are played by the real workflow
 * and activities on the time-skipping test server, and by `decide` alone. Calls, their order and the whole resolution are equal.
 *
 * Neither the speed of the machine nor the server's timers have a say. The server's clock is locked; the scenario moves it, and only while
 * its workflow is open (`scenario-clock.ts`). `decide` is asked at the instants at which the workflow decided (`timeline.ts`), and
 * all that passed must be what `decide` wanted waited for, plus at most what passed on the wall (`waits.ts`): a clock that leaps fails the test.
 *
 * `AGREEMENT_SEED` replays one scenario, `AGREEMENT_COUNT` plays more than the 200 of CI.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import process from 'node:process';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { quietRuntime } from '../shop.ts';
import { playByDecide } from './by-decide.ts';
import { openStage, type PlayedForReal, type Stage } from './by-workflow.ts';
import type { ElapsedTime } from './scenario-clock.ts';
import { scenarioOf } from './scenario.ts';
import { START_MS_MAX, startTimeSkippingServer, type TimeSkippingServer } from './time-skipping-server.ts';
import type { Timeline } from './timeline.ts';
import type { Scenario } from './world.ts';

const COUNT = Number(process.env['AGREEMENT_COUNT'] ?? '200');
const ONE_SEED = process.env['AGREEMENT_SEED'];
const seeds = ONE_SEED === undefined ? Array.from({ length: COUNT }, (_, index) => index + 1) : [Number(ONE_SEED)];
const DAY_MS = 24 * 3_600_000;

describe('The real workflow and the rules', () => {
  let server: TimeSkippingServer | undefined;
  let stage: Stage | undefined;

  before(async function () {
    this.timeout(2 * START_MS_MAX);
    const script = process.env['RESOLVER_TEST_SERVER'];
    if (script === undefined) {
      if (process.env['CI'] === 'true')
        throw new Error('RESOLVER_TEST_SERVER is not set: run the tests by `npm test`, with Java and Maven at hand.');
      console.log('      skipped: no Java test server (RESOLVER_TEST_SERVER); it needs Java and Maven');
      this.skip();
    }
    quietRuntime();
    server = await startTimeSkippingServer(script);
    stage = await openStage(server);
  });

  after(async () => {
    await stage?.close();
    await server?.stop();
  });

  it(`agree on the resolution and its calls in each of ${seeds.length} scenarios, on a clock that never leaps`, async function () {
    this.timeout(20 * 60_000);
    const ends = new Map<string, number>();
    for (const seed of seeds) {
      const scenario = scenarioOf(seed);
      const { timeline, passed, ...played } = await play(scenario);
      const { waits, ...expected } = playByDecide(scenario, timeline);
      const told = `scenario ${seed} (replay: AGREEMENT_SEED=${seed}): ${JSON.stringify({ scenario, timeline, passed })}`;
      assert.deepEqual(played, expected, told);
      assert.deepEqual(waits.objections(timeline), [], told);
      assert.ok(leapMsOf(passed) <= 0, `the clock leapt while or before this was played: ${told}`);
      const end = played.resolution.phase === 'done' ? played.resolution.outcome : played.resolution.phase;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    console.log(`      ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}`);
    if (ONE_SEED === undefined)
      for (const end of ['PAID', 'CLOSED', 'REFUNDED', 'NOT_CREATED'])
        assert.ok(ends.has(end), `no scenario ended as ${end}`);
  });

  it('would be seen to disagree if the clock leapt, or if a wait were cut short', async () => {
    const scenario = { ...scenarioOf(1), seed: 0, guard: 'silent' as const };
    const { timeline } = await play(scenario);
    const objections = (other: Timeline): string => playByDecide(scenario, other).waits.objections(other).join('; ');
    const { writtenAtMs, turnsMs } = timeline;
    const middleMs = turnsMs[Math.floor(turnsMs.length / 2)] ?? Number.NaN;
    assert.equal(objections(timeline), '');
    assert.match(objections(within(timeline, (ms) => (ms < middleMs ? ms : ms + 400 * DAY_MS))), /the clock leapt/);
    assert.match(objections(within(timeline, (ms) => writtenAtMs + (ms - writtenAtMs) / 2)), /a wait was over after/);

    await server?.testService.unlockTimeSkippingWithSleep({ duration: msNumberToTs(400 * DAY_MS) });
    const { passed } = await play({ ...scenario, seed: -1 });
    assert.ok(leapMsOf(passed) > 399 * DAY_MS, `the server's clock leapt unseen: ${JSON.stringify(passed)}`);
  });

  async function play(scenario: Scenario): Promise<PlayedForReal> {
    assert.ok(stage);
    return await stage.play(scenario);
  }
});

/** More than nothing: the clock went further than it was moved and than the clock on the wall went. */
function leapMsOf({ clockMs, movedMs, wallMs }: ElapsedTime): number {
  return clockMs - movedMs - wallMs;
}

/** The same timeline by another clock. */
function within(timeline: Timeline, clock: (ms: number) => number): Timeline {
  return {
    ...timeline,
    turnsMs: timeline.turnsMs.map(clock),
    attempts: timeline.attempts.map(({ scheduledAtMs, askedAtMs }) => ({
      scheduledAtMs: clock(scheduledAtMs),
      askedAtMs: clock(askedAtMs),
    })),
  };
}
