/** Finds resolutions by the server's visibility store, so without a worker. */
import type { Client, WorkflowExecutionInfo, WorkflowExecutionStatusName } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';

import { SearchAttributes, WORKFLOW_TYPE } from '../contract/names.ts';
import type { Outcome, Phase } from '../contract/resolution.ts';
import { inWords } from './temporal-error.ts';

export interface ListOptions {
  /** True: only those still open; false: only closed ones. */
  readonly open?: boolean;
  readonly merchant?: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  /** The phase of open ones, such as `needs-operator`; the outcome of closed ones, such as `PAID`. */
  readonly resolution?: Phase | Outcome;
  /** A further condition in Temporal's list filter language. */
  readonly query?: string;
  /** @default 100 */
  readonly limit?: number;
}

export interface ListedResolution {
  readonly workflowId: string;
  readonly runId: string;
  readonly merchant?: string;
  readonly outTradeNo?: string;
  readonly tradeNo?: string;
  readonly resolution?: string;
  readonly workflowStatus: WorkflowExecutionStatusName;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly closedAt?: string;
}

const LIMIT = 100;

export async function listResolutions(client: Client, options: ListOptions): Promise<readonly ListedResolution[]> {
  const limit = options.limit ?? LIMIT;
  const found: ListedResolution[] = [];
  if (limit < 1) return found;
  await inWords(client, 'The search for resolutions', async () => {
    for await (const info of client.workflow.list({ query: filterOf(options), pageSize: Math.min(limit, LIMIT) })) {
      found.push(listed(info));
      if (found.length >= limit) break;
    }
  });
  return found;
}

export function filterOf({ open, merchant, outTradeNo, tradeNo, resolution, query }: ListOptions): string {
  const conditions = [
    equal('WorkflowType', WORKFLOW_TYPE),
    ...(open === undefined ? [] : [`ExecutionStatus ${open ? '=' : '!='} 'Running'`]),
    ...(merchant === undefined ? [] : [equal(SearchAttributes.merchant, merchant)]),
    ...(outTradeNo === undefined ? [] : [equal(SearchAttributes.outTradeNo, outTradeNo)]),
    ...(tradeNo === undefined ? [] : [equal(SearchAttributes.tradeNo, tradeNo)]),
    ...(resolution === undefined ? [] : [equal(SearchAttributes.resolution, resolution)]),
    ...(query === undefined ? [] : [`(${query})`]),
  ];
  return conditions.join(' AND ');
}

function equal(name: string, value: string): string {
  return `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const KEYS = {
  merchant: defineSearchAttributeKey(SearchAttributes.merchant, 'KEYWORD'),
  outTradeNo: defineSearchAttributeKey(SearchAttributes.outTradeNo, 'KEYWORD'),
  tradeNo: defineSearchAttributeKey(SearchAttributes.tradeNo, 'KEYWORD'),
  resolution: defineSearchAttributeKey(SearchAttributes.resolution, 'KEYWORD'),
};

function listed(info: WorkflowExecutionInfo): ListedResolution {
  const known: { [Name in keyof typeof KEYS]?: string } = {};
  for (const name of Object.keys(KEYS) as (keyof typeof KEYS)[]) {
    const value = info.typedSearchAttributes.get(KEYS[name]);
    if (value !== undefined) known[name] = value;
  }
  return {
    workflowId: info.workflowId,
    runId: info.runId,
    ...known,
    workflowStatus: info.status.name,
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime === undefined ? {} : { closedAt: info.closeTime.toISOString() }),
  };
}
