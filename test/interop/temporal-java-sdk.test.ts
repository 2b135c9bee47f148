/**
 * Goal: what `docs/contract.md` gives to a service in another language makes one run per trade, after a wrong input too, and never begins
 * again what a person has ended. Method: the document's own Java, run with Temporal's own SDK against the whole system.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { TASK_QUEUE, WORKFLOW_TYPE, workflowIdOf } from '../../contract/names.ts';
import { document } from '../docs/documents.ts';
import { openShop, type Shop } from '../shop.ts';

const JARS = process.env['RESOLVER_TEMPORAL_JAVA_SDK'] ?? '';
/** Of one program, which is compiled first. Measured: 2 to 4 s; the rest is for a loaded machine. */
const PROGRAM_MS_MAX = 100_000;
const TEST_MS_MAX = 240_000;

describe('A start in Java, as the documents show it', function () {
  this.timeout(TEST_MS_MAX);
  let shop: Shop;
  let folder: string;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    if (!existsSync(JARS)) {
      const lack = 'RESOLVER_TEMPORAL_JAVA_SDK names no folder of jars; with java and mvn `npm test` makes one.';
      if (process.env['CI'] === 'true') throw new Error(lack);
      process.stdout.write(`    skipped: ${lack}\n`);
      this.skip();
    }
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'start-in-java-'));
  });
  after(async () => {
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The document's program, for this trade. Resolves with what it prints. @throws Error with all that it said */
  async function start(outTradeNo: string): Promise<string> {
    const [block] = document('docs/contract.md').blocks.filter(({ language }) => language === 'java');
    assert.ok(block);
    const program = path.join(folder, 'StartResolution.java');
    const text = block.text.replaceAll('T20261124-4', outTradeNo).replace('localhost:7233', shop.server.address);
    writeFileSync(program, text);
    const args = ['-XX:TieredStopAtLevel=1', '-cp', path.join(JARS, '*'), program];
    return (await promisify(execFile)('java', args, { timeout: PROGRAM_MS_MAX })).stdout.trim();
  }

  function plan(outTradeNo: string): string {
    shop.simulator.plan(outTradeNo, { exists: 'TRADE_SUCCESS' });
    return workflowIdOf({ outTradeNo });
  }

  it('takes the result of the run before', async () => {
    const workflowId = plan('SDK-TWICE');
    assert.equal(await start('SDK-TWICE'), 'PAID');
    const first = await shop.temporal.workflow.getHandle(workflowId).describe();
    assert.equal(await start('SDK-TWICE'), 'PAID');
    assert.equal((await shop.temporal.workflow.getHandle(workflowId).describe()).runId, first.runId);
  });

  it('starts anew where the run before failed for its input', async () => {
    const workflowId = plan('SDK-WRONG');
    const args = [{ outTradeNo: 'SDK-WRONG', totalAmount: 88.88 }];
    const wrong = await shop.temporal.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue: TASK_QUEUE, args });
    await assert.rejects(wrong.result());
    assert.equal(await start('SDK-WRONG'), 'PAID');
  });

  it('does not begin again what a person has ended', async () => {
    const workflowId = plan('SDK-TERMINATED');
    const args = [{ outTradeNo: 'SDK-TERMINATED', totalAmount: '88.88' }];
    const ended = await shop.temporal.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue: 'unserved', args });
    await ended.terminate('the case is closed by hand');
    await assert.rejects(start('SDK-TERMINATED'), /terminated/i);
    const latest = await shop.temporal.workflow.getHandle(workflowId).describe();
    assert.deepEqual([latest.runId, latest.status.name], [ended.firstExecutionRunId, 'TERMINATED']);
  });
});
