/**
 * The run that a trade has already: how it ended, from the server's description of it, and what it was started with, from its first
 * event. So both are known without a worker, whatever language started it, and after it has closed.
 */
import {
  type Client,
  isGrpcServiceError,
  WorkflowFailedError,
  type WorkflowExecutionStatusName,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';

import { yuanFromFen } from '../contract/money.ts';
import { FailureTypes } from '../contract/names.ts';
import { type ParsedInput, parseResolutionInput } from '../contract/resolution-input.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { deadlineAfter } from './patience.ts';
import { inWords } from './temporal-error.ts';

export type ExistingRun =
  | { readonly kind: 'run'; readonly workflowId: string; readonly runId: string; readonly input: ParsedInput }
  /** It failed with `InvalidInput`, so before any call: it stands in nobody's way. */
  | { readonly kind: 'neverBegan' };

/** @throws ResolutionError AnotherTrade where its input is wrong and it has not failed, or not for that */
export async function readExistingRun(client: Client, workflowId: string): Promise<ExistingRun> {
  const { runId, status } = await client.workflow.getHandle(workflowId).describe();
  // Its own word counts, not our reading of its input: a worker of another version may judge otherwise.
  if (status.name === 'FAILED' && (await failedForItsInput(client, workflowId, runId))) return { kind: 'neverBegan' };
  const begun = await readFirstEvent(client, { workflowId, runId });
  if (begun.input === undefined) throw wrongInput(workflowId, status.name);
  return { kind: 'run', workflowId, runId: begun.firstRunId, input: begun.input };
}

async function failedForItsInput(client: Client, workflowId: string, runId: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId, runId).result();
    return false;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return error.cause instanceof ApplicationFailure && error.cause.type === FailureTypes.invalidInput;
  }
}

interface Begun {
  readonly firstRunId: string;
  /** `undefined`: not an input. */
  readonly input: ParsedInput | undefined;
}

async function readFirstEvent(
  client: Client,
  execution: { readonly workflowId: string; readonly runId?: string },
): Promise<Begun> {
  const { history } = await client.workflow.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [raw] = await decodeArrayFromPayloads(client.options.loadedDataConverter, started?.input?.payloads);
  const parsed = parseResolutionInput(raw);
  return {
    firstRunId: started?.firstExecutionRunId ?? '',
    input: parsed.kind === 'input' ? parsed.input : undefined,
  };
}

const READ_DEADLINE_MS = 10_000;

/** What the run of a workflow id was started with; `undefined` where there is none, or where a wrong input ends it before any call. */
export async function readStartInput(
  client: Client,
  workflowId: string,
  deadlineMs: number = READ_DEADLINE_MS,
): Promise<ParsedInput | undefined> {
  const deadline = deadlineAfter(deadlineMs);
  return await inWords(client, `The look at the start of workflow ${workflowId}`, () =>
    client.withDeadline(deadline, async () => {
      try {
        return (await readFirstEvent(client, { workflowId })).input;
      } catch (error) {
        if (isGrpcServiceError(error) && (await isMissing(client, workflowId))) return undefined;
        throw error;
      }
    }),
  );
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

/** Nothing was called for it; but what a person has ended is not begun again by a machine. */
function wrongInput(workflowId: string, status: WorkflowExecutionStatusName): ResolutionError {
  const what = `Workflow ${workflowId} was started with a wrong input by somebody else`;
  const message =
    status === 'RUNNING'
      ? `${what}, and will fail with ${FailureTypes.invalidInput} as soon as a worker sees it. See that one runs, then start again.`
      : `${what}, and was ended from outside (${status}). Nothing was called for it, and nothing was started now. If the trade is to be ` +
        'resolved all the same, start it by hand with the reuse policy AllowDuplicate of the Temporal CLI.';
  return new ResolutionError(ResolutionErrorCode.AnotherTrade, message);
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
