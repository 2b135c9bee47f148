/**
 * What the run of a trade was started with, read from its first event: so it is known without a worker, whatever language
 * started it, and after it has closed.
 */
import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';

import { yuanFromFen } from '../contract/money.ts';
import { Refusals } from '../contract/names.ts';
import { type ParsedInput, parseResolutionInput } from '../contract/resolution-input.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';

export type ExistingRun =
  | { readonly kind: 'run'; readonly workflowId: string; readonly runId: string; readonly input: ParsedInput }
  /** Its input was wrong, so it failed before any call: it stands in nobody's way. */
  | { readonly kind: 'neverBegan' };

export async function readExistingRun(client: Client, workflowId: string): Promise<ExistingRun> {
  const { history } = await client.workflow.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [raw] = await decodeArrayFromPayloads(client.options.loadedDataConverter, started?.input?.payloads);
  const parsed = parseResolutionInput(raw);
  if (parsed.kind === 'input')
    return { kind: 'run', workflowId, runId: started?.firstExecutionRunId ?? '', input: parsed.input };
  return await failedAtOnce(client, workflowId);
}

const READ_DEADLINE_MS = 10_000;

/** What the run of a workflow id was started with; `undefined` where there is none, or where a wrong input ends it before any call. */
export async function readStartInput(
  client: Client,
  workflowId: string,
  deadlineMs: number = READ_DEADLINE_MS,
): Promise<ParsedInput | undefined> {
  return await client.withDeadline(Date.now() + deadlineMs, async () => {
    try {
      const run = await readExistingRun(client, workflowId);
      return run.kind === 'run' ? run.input : undefined;
    } catch (error) {
      if (error instanceof ResolutionError) return undefined;
      if (isGrpcServiceError(error) && (await isMissing(client, workflowId))) return undefined;
      throw error;
    }
  });
}

/** A history's "not found" is said of a missing namespace too; the description tells the two apart. */
async function isMissing(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).describe();
    return false;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

/** Only a run with a wrong input gets here; it may not have failed yet when no worker has seen it. */
async function failedAtOnce(client: Client, workflowId: string): Promise<ExistingRun> {
  const { status } = await client.workflow.getHandle(workflowId).describe();
  if (status.name === 'FAILED') return { kind: 'neverBegan' };
  throw new ResolutionError(
    ResolutionErrorCode.AnotherTrade,
    `Workflow ${workflowId} is ${status.name}, was started with a wrong input, and will fail with ${Refusals.invalidInput} ` +
      'as soon as a worker sees it. Start again then, or terminate it.',
  );
}

/** @throws ResolutionError AnotherTrade, naming what both starts say */
export function refuseAnotherTrade(existing: Extract<ExistingRun, { kind: 'run' }>, input: ParsedInput): void {
  const { totalFen, tradeNo, outTradeNo = `tradeNo ${tradeNo ?? ''}` } = existing.input;
  if (totalFen !== undefined && input.totalFen !== undefined && totalFen !== input.totalFen) {
    throw another(existing.workflowId, outTradeNo, 'totalAmount', yuanFromFen(totalFen), yuanFromFen(input.totalFen));
  }
  if (tradeNo !== undefined && input.tradeNo !== undefined && tradeNo !== input.tradeNo) {
    throw another(existing.workflowId, outTradeNo, 'tradeNo', tradeNo, input.tradeNo);
  }
}

function another(workflowId: string, trade: string, field: string, first: string, second: string): ResolutionError {
  return new ResolutionError(
    ResolutionErrorCode.AnotherTrade,
    `Trade ${trade} was started with ${field} ${first}; this start says ${second}. Nothing was started. ` +
      `If the sale is another one, it needs an outTradeNo of its own; else see workflow ${workflowId}.`,
  );
}
