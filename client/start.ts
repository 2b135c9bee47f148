/** Starts the one run of a trade, or finds the one that is there and makes sure that it means the same trade. */
import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

import { DEFAULT_MERCHANT, SearchAttributes, WORKFLOW_TYPE, workflowIdOf } from '../contract/names.ts';
import {
  describeProblems,
  type ParsedInput,
  parseResolutionInput,
  type ResolutionInput,
} from '../contract/resolution-input.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { readExistingRun, refuseAnotherTrade } from './existing-run.ts';
import { inWords } from './temporal-error.ts';

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** False: the run was there already, open or closed. */
  readonly isNew: boolean;
}

/** @throws ResolutionError InvalidInput, AnotherTrade, Unavailable */
export async function startRun(client: Client, taskQueue: string, input: ResolutionInput): Promise<StartedRun> {
  const parsed = parseResolutionInput(input);
  if (parsed.kind === 'problems') {
    const { problems } = parsed;
    throw new ResolutionError(ResolutionErrorCode.InvalidInput, `Nothing was started: ${describeProblems(problems)}.`);
  }
  const workflowId = workflowIdOf(parsed.input);
  const options = startOptions(workflowId, taskQueue, input);
  return await inWords(client, `The start of workflow ${workflowId}`, () => startOrFind(client, options, parsed.input));
}

/**
 * The policy "failed only" would begin a terminated run again too, and no single call of Temporal tells a run that failed from one that an
 * operator has ended. So the run is looked at first, and the policy is used only after one that called nothing.
 */
async function startOrFind(client: Client, options: WorkflowStartOptions, input: ParsedInput): Promise<StartedRun> {
  const { workflowId } = options;
  const begun = await begin(client, options);
  if (begun !== undefined) return begun;

  let existing = await readExistingRun(client, workflowId);
  if (existing.kind === 'neverBegan') {
    const again = await begin(client, { ...options, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' });
    if (again !== undefined) return again;
    // Another service has begun it between our two looks.
    existing = await readExistingRun(client, workflowId);
  }
  if (existing.kind === 'neverBegan') {
    throw new ResolutionError(
      ResolutionErrorCode.AnotherTrade,
      `Workflow ${workflowId} was started twice with a wrong input by somebody else. Find out who does that, then start again.`,
    );
  }
  refuseAnotherTrade(existing, input);
  return { workflowId, runId: existing.runId, isNew: false };
}

/** `undefined`: there is a run of this trade already. */
async function begin(client: Client, options: WorkflowStartOptions): Promise<StartedRun | undefined> {
  try {
    const { workflowId, firstExecutionRunId: runId } = await client.workflow.start(WORKFLOW_TYPE, options);
    return { workflowId, runId, isNew: true };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/**
 * A run that is there already is reported (`FAIL`, not `USE_EXISTING`), because then its amount must be compared. The run that
 * results is the same.
 */
function startOptions(workflowId: string, taskQueue: string, input: ResolutionInput): WorkflowStartOptions {
  return {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    typedSearchAttributes: searchAttributesOf(input),
    staticSummary: `Alipay trade ${input.outTradeNo ?? input.tradeNo ?? ''}: is it paid?`,
    staticDetails: detailsOf(input),
  };
}

const KEYS = {
  merchant: defineSearchAttributeKey(SearchAttributes.merchant, 'KEYWORD'),
  outTradeNo: defineSearchAttributeKey(SearchAttributes.outTradeNo, 'KEYWORD'),
  tradeNo: defineSearchAttributeKey(SearchAttributes.tradeNo, 'KEYWORD'),
};

function searchAttributesOf({ merchant, outTradeNo, tradeNo }: ResolutionInput): SearchAttributePair[] {
  return [
    { key: KEYS.merchant, value: merchant ?? DEFAULT_MERCHANT },
    ...(typeof outTradeNo === 'string' ? [{ key: KEYS.outTradeNo, value: outTradeNo }] : []),
    ...(typeof tradeNo === 'string' ? [{ key: KEYS.tradeNo, value: tradeNo }] : []),
  ];
}

/** Markdown for the Web UI. */
function detailsOf(input: ResolutionInput): string {
  const rows = [
    ['merchant', input.merchant ?? DEFAULT_MERCHANT],
    ['outTradeNo', input.outTradeNo],
    ['tradeNo', input.tradeNo],
    ['totalAmount', input.totalAmount],
    ['payRequestedAt', input.payRequestedAt],
    ['payExpiresAt', input.payExpiresAt],
  ].flatMap(([name, value]) => (typeof value === 'string' ? [`| ${name} | \`${value}\` |`] : []));
  return [
    'The pay call of this trade ended without a clear answer. This workflow asks Alipay until the trade is proven paid, or cancels it',
    'and proves it closed. Its result is the outcome. A Temporal cancellation does not stop it: send the update `cancelNow` instead.',
    '',
    '| as started | |',
    '| --- | --- |',
    ...rows,
  ].join('\n');
}
