/**
 * The real workflow does what the brain says: generated scenarios, hours and days included, are played by the real workflow
 * and activities on the time-skipping test server, and by `decide` alone. Outcome and order of the Alipay calls are equal.
 *
 * `AGREEMENT_SEED` replays one scenario, `AGREEMENT_COUNT` plays more than the 200 of CI.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import process from 'node:process';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { quietRuntime } from '../shop.ts';
import { playByDecide } from './by-decide.ts';
import { openStage, type Stage } from './by-workflow.ts';
import { scenarioOf } from './scenario.ts';

const COUNT = Number(process.env['AGREEMENT_COUNT'] ?? '200');
const ONE_SEED = process.env['AGREEMENT_SEED'];
const seeds = ONE_SEED === undefined ? Array.from({ length: COUNT }, (_, index) => index + 1) : [Number(ONE_SEED)];

describe('The real workflow and the brain', () => {
  let env: TestWorkflowEnvironment | undefined;
  let stage: Stage;

  before(async function () {
    this.timeout(60_000);
    const script = process.env['RESOLVER_TEST_SERVER'];
    if (script === undefined) {
      if (process.env['CI'] === 'true')
        throw new Error('RESOLVER_TEST_SERVER is not set: run the tests by `npm test`, with Java and Maven at hand.');
      console.log('      skipped: no Java test server (RESOLVER_TEST_SERVER); it needs Java and Maven');
      this.skip();
    }
    quietRuntime();
    env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: script } },
    });
    stage = await openStage(env);
  });

  after(async () => {
    if (env === undefined) return;
    await stage.close();
    await env.teardown();
  });

  it(`agree on outcome and calls in each of ${seeds.length} scenarios`, async function () {
    this.timeout(20 * 60_000);
    const outcomes = new Map<string, number>();
    const startMs = Date.parse('2026-11-24T10:00:00+08:00');
    for (const seed of seeds) {
      const scenario = scenarioOf(seed);
      const expected = playByDecide(scenario, startMs);
      const played = await stage.play(scenario);
      assert.deepEqual(
        played,
        expected,
        `scenario ${seed} (replay: AGREEMENT_SEED=${seed}): ${JSON.stringify(scenario)}`,
      );
      outcomes.set(played.outcome, (outcomes.get(played.outcome) ?? 0) + 1);
    }
    console.log(`      ${[...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
    if (ONE_SEED === undefined)
      for (const outcome of ['PAID', 'CLOSED', 'REFUNDED', 'NOT_CREATED'])
        assert.ok(outcomes.has(outcome), `no scenario ended as ${outcome}`);
  });
});
