/** Resolutions in words, for a terminal. */
import type { Resolution } from '../contract/resolution.ts';
import type { ListedResolution } from './listing.ts';
import type { PendingCall, ResolutionStatus } from './status.ts';

export function resolutionText(resolution: Resolution): string {
  const { merchant, outTradeNo, tradeNo, totalAmount, summary } = resolution;
  const amount = totalAmount === undefined ? '' : `, ${totalAmount} yuan`;
  const numbers = [outTradeNo, tradeNo && `tradeNo ${tradeNo}`].filter(Boolean).join(', ');
  return [
    `${numbers} (merchant ${merchant}${amount}): ${headline(resolution)}`,
    `  ${summary}`,
    ...nextSteps(resolution),
  ].join('\n');
}

function headline(resolution: Resolution): string {
  switch (resolution.phase) {
    case 'done':
      return `${resolution.outcome}, decided by ${resolution.decidedBy} at ${resolution.decidedAt}`;
    case 'needs-operator':
      return `needs a person (${resolution.reason})`;
    case 'handed-over':
      return `resolved by workflow ${resolution.resolvedBy}`;
    case 'guarding':
    case 'querying':
    case 'cancelling':
    case 'watching':
    case 'closing':
    case 'refunding':
      return resolution.provisional === undefined
        ? resolution.phase
        : `${resolution.phase}, probably ${resolution.provisional}`;
  }
}

function nextSteps(resolution: Resolution): string[] {
  switch (resolution.phase) {
    case 'done':
      return [`  evidence: ${resolution.evidence}`];
    case 'needs-operator':
      return [`  what to do: ${resolution.remedy}`, ...nextCheck(resolution.nextCheckAt)];
    case 'handed-over':
      return [];
    case 'guarding':
    case 'querying':
    case 'cancelling':
    case 'watching':
    case 'closing':
    case 'refunding':
      return nextCheck(resolution.nextCheckAt);
  }
}

function nextCheck(at: string | undefined): string[] {
  return at === undefined ? [] : [`  next check: ${at}`];
}

export function statusText(status: ResolutionStatus): string {
  const workflow = `  workflow ${status.workflowId}, started ${status.startedAt}`;
  switch (status.kind) {
    case 'open': {
      const state =
        status.resolution === undefined
          ? 'open; no worker answered, so only what the server knows is shown'
          : resolutionText(status.resolution);
      return [state, ...status.pending.map(pendingText), workflow].join('\n');
    }
    case 'closed':
      return [resolutionText(status.resolution), `${workflow}, closed ${status.closedAt}`].join('\n');
    case 'failed':
      return [`${status.error.code}: ${status.error.message}`, `${workflow}, closed ${status.closedAt}`].join('\n');
  }
}

function pendingText({ activity, attempt, nextAttemptAt, polls, trail = [] }: PendingCall): string {
  const asked = polls === undefined ? '' : `, ${polls} asked`;
  const answers =
    trail.length === 0 ? '' : `: ${trail.map(({ at, answer }) => `${at.slice(11, 19)} ${answer}`).join(', ')}`;
  const next = nextAttemptAt === undefined ? 'under way' : `next at ${nextAttemptAt}`;
  return `  ${activity}, attempt ${attempt}, ${next}${asked}${answers}`;
}

export function listText(found: readonly ListedResolution[]): string {
  if (found.length === 0) return 'none';
  const rows = found.map((one) => [
    one.outTradeNo ?? one.tradeNo ?? one.workflowId,
    one.merchant ?? '',
    one.resolution ?? '',
    one.workflowStatus.toLowerCase(),
    one.startedAt,
  ]);
  return tableText([['trade', 'merchant', 'resolution', 'workflow', 'started'], ...rows]);
}

export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
