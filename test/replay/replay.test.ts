/**
 * Every recorded history replays on the present workflow, and the present workflow gives the very same commands with
 * the very same options. Two deliberate breaks show that each of the two checks bites.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkflowBundle } from '@temporalio/worker';
import { workflowsPath } from '../../worker/workflow-code.ts';
import { recordedHistories, type RecordedHistory } from './histories.ts';
import { bundleWithTrace, replay } from './replay.ts';
import { scenarios } from './scenarios.ts';

const histories = recordedHistories();

describe('Recorded histories', () => {
  let present: WorkflowBundle;

  before(async () => {
    present = await bundleWithTrace(workflowsPath);
  });

  it('exist for every path', () => {
    const paths = new Set(histories.map(({ name }) => name.replace(/-v\d+$/, '')));
    assert.deepEqual([...paths].toSorted(), scenarios.map(({ name }) => name).toSorted());
  });

  it('can be read from JSON: protobufjs is there once', () => {
    for (const { history } of histories) assert.ok((historyFromJSON(history).events ?? []).length > 10);
  });

  for (const recorded of histories) {
    it(`${recorded.name} replays, command for command and option for option`, async () => {
      const { error, trace } = await replay(present, recorded.history, recorded.workflowId);
      assert.equal(error, undefined);
      assert.ok(trace.length >= 2, 'the trace is empty');
      assert.deepEqual(trace, recorded.trace);
    });
  }
});

describe('A workflow that is broken on purpose', () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('in the order of its commands is caught by replay', async () => {
    const broken = await breakOnPurpose(
      'resolution/cancelling.js',
      'answer.retryFlag === RetryFlag.N)\n        return look();',
      'answer.retryFlag === RetryFlag.N)\n        return backOff(memory, nowMs);',
    );
    const { error } = await replay(broken, named('never-paid-v1').history, named('never-paid-v1').workflowId);
    assert.match(String(error), /[Nn]ondeterminism|TMPRL1100/);
  });

  it('in a delay is caught by the golden trace, though replay accepts it', async () => {
    const broken = await breakOnPurpose('resolution/cancelling.js', 'nowMs + Math.min(', 'nowMs + 2 * Math.min(');
    const recorded = named('retry-flag-three-times-v1');
    const { error, trace } = await replay(broken, recorded.history, recorded.workflowId);
    assert.equal(error, undefined);
    assert.notDeepEqual(trace, recorded.trace);
  });

  it('in a retry policy is caught by the golden trace, though replay accepts it', async () => {
    const broken = await breakOnPurpose('workflows/call-options.js', 'maximumAttempts: 1', 'maximumAttempts: 2');
    const recorded = named('never-paid-v1');
    const { error, trace } = await replay(broken, recorded.history, recorded.workflowId);
    assert.equal(error, undefined);
    assert.notDeepEqual(trace, recorded.trace);
  });

  /** Bundles a copy of the compiled workflow in which one text is replaced by another. */
  async function breakOnPurpose(file: string, text: string, by: string): Promise<WorkflowBundle> {
    const compiled = path.dirname(path.dirname(workflowsPath));
    const copy = mkdtempSync(path.join(compiled, 'broken-'));
    folders.push(copy);
    for (const module of ['contract', 'resolution', 'workflows']) {
      cpSync(path.join(compiled, module), path.join(copy, module), { recursive: true });
    }
    const source = readFileSync(path.join(copy, file), 'utf8');
    assert.ok(source.includes(text), `${file} no longer holds: ${text}`);
    writeFileSync(
      path.join(copy, file),
      source.replace(text, () => by),
    );
    return await bundleWithTrace(path.join(copy, 'workflows', 'index.js'));
  }
});

function named(name: string): RecordedHistory {
  const recorded = histories.find((one) => one.name === name);
  assert.ok(recorded !== undefined, `${name} is not recorded`);
  return recorded;
}
