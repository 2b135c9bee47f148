/**
 * Goal: when the gateway comes back after an outage, the trades that became uncertain meanwhile are all resolved, and Alipay is not run over:
 * the configured calls per second are never exceeded, over all workers together.
 * Method: `storm.ts`. `RESOLVER_NIGHTLY=1`: 2,000 trades, the gateway gone for 60 s.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_POLICY } from '../../contract/policy.ts';
import { repositoryRoot } from '../repository-root.ts';
import { IMPATIENT } from '../shop.ts';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { leaksOf } from './sales.ts';
import { mostWithin, playStorm, type StormOptions } from './storm.ts';
import { hasToxiproxy, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';

const LONG = {
  name: 'long-storm',
  trades: 2_000,
  goneMs: 60_000,
  callsPerSecondMax: 60,
  policy: DEFAULT_POLICY,
} satisfies StormOptions;
const SHORT = {
  name: 'short-storm',
  trades: 240,
  goneMs: 12_000,
  callsPerSecondMax: 40,
  policy: IMPATIENT,
} satisfies StormOptions;

/** A machine that stands still for a moment hands over in one second what was sent in two; it does not stand still for so long. */
const STRETCH_MS = 3_000;

describe('A storm', function () {
  const options = process.env['RESOLVER_NIGHTLY'] ? LONG : SHORT;
  this.timeout(options === LONG ? 30 * 60_000 : 180_000);
  let environment: Environment;
  let toxiproxy: Toxiproxy;

  before(async function () {
    if (!canStandAlone() || !hasToxiproxy()) this.skip();
    environment = await openEnvironment({ dynamicConfig: shippedSettings() });
    toxiproxy = await startToxiproxy();
  });
  after(async () => {
    await toxiproxy?.stop();
    await environment?.close();
  });

  it('ends with every trade resolved, and the configured calls per second are never exceeded', async () => {
    const { audit, callsAtMs, dropped, recoveryMs, papers } = await playStorm(environment, toxiproxy, options);
    console.log(
      `      ${options.trades} trades, ${audit.reports} reports of an outcome: ${JSON.stringify(audit.outcomes)}\n` +
        `      ${callsAtMs.length} calls, ${mostWithin(1_000, callsAtMs)} in the busiest second, ${options.callsPerSecondMax} allowed; ` +
        `${dropped} cancels dropped unsent; all resolved ${recoveryMs / 1_000} s after the gateway was back`,
    );
    assert.deepEqual(audit.objections, []);
    const most = mostWithin(STRETCH_MS, callsAtMs);
    assert.ok(most <= (options.callsPerSecondMax * STRETCH_MS) / 1_000, `${most} calls within ${STRETCH_MS} ms`);
    assert.deepEqual(leaksOf(papers, environment.simulator), []);
  });
});

/** Of the server, as `docker-compose.yml` starts it. */
function shippedSettings(): Readonly<Record<string, string>> {
  const file = path.join(repositoryRoot, 'deploy', 'temporal', 'dynamic-config.yaml');
  const settings = parse(readFileSync(file, 'utf8')) as Readonly<
    Record<string, readonly { readonly value: unknown }[]>
  >;
  return Object.fromEntries(Object.entries(settings).map(([name, [only]]) => [name, JSON.stringify(only?.value)]));
}
