/**
 * `npm run histories`: runs every scenario on real parts and records its history and its golden trace. To be run when a
 * change of the workflow is meant to change what it does; the old files of an older version stay and must go on replaying.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { workflowsPath } from '../../worker/workflow-code.ts';
import { openShop, type Shop } from '../shop.ts';
import { historiesFolder, historyFile, HISTORY_VERSION, traceFile } from './histories.ts';
import { bundleWithTrace, replay } from './replay.ts';
import { scenarios, type Scenario } from './scenarios.ts';

mkdirSync(historiesFolder, { recursive: true });
const bundle = await bundleWithTrace(workflowsPath);
const shop = await openShop();
try {
  for (const scenario of scenarios) await record(scenario);
} finally {
  await shop.close();
}

async function record(scenario: Scenario): Promise<void> {
  const workflowId = await run(shop, scenario);
  const fetched = await shop.temporal.workflow.getHandle(workflowId).fetchHistory();
  const history = withoutMachine(JSON.parse(historyToJSON(fetched)));
  const { error, trace } = await replay(bundle, history, workflowId);
  if (error !== undefined) throw error;
  const name = `${scenario.name}-${HISTORY_VERSION}`;
  writeFileSync(historyFile(name), `${JSON.stringify({ workflowId, history }, undefined, 1)}\n`);
  writeFileSync(traceFile(name), `${JSON.stringify(trace, undefined, 1)}\n`);
  process.stdout.write(`${name}: ${scenario.outcome}\n`);
}

/** Which machine recorded it, and where its code lay, is nobody's business and would only make two recordings differ. */
function withoutMachine(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^\d+@.*/, 'recorded');
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'stackTrace');
  return Object.fromEntries(
    kept.map(([name, inner]) => [name, name === 'identity' ? 'recorded' : withoutMachine(inner)]),
  );
}

/** Resolves with the workflow id when the scenario has ended as it must. */
async function run(there: Shop, scenario: Scenario): Promise<string> {
  const outTradeNo = `history_${scenario.name.replaceAll('-', '_')}`;
  const input = there.uncertain(outTradeNo, scenario.plan, scenario.input?.(outTradeNo));
  const { outTradeNo: _unknown, ...byTradeNo } = { ...input, tradeNo: scenario.byTradeNo };
  const started = await there.client.start(
    scenario.byTradeNo === undefined ? input : { ...byTradeNo, tradeNo: scenario.byTradeNo },
  );
  await scenario.drive?.(there, outTradeNo);
  const { outcome } = await started.wait();
  if (outcome !== scenario.outcome) throw new Error(`${scenario.name} ended as ${outcome}, not as ${scenario.outcome}`);
  return started.workflowId;
}
