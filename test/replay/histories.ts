/** Where the recorded histories lie: one per path and version of the workflow, and its golden trace beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../repository-root.ts';

/** Raised when the workflow is changed on purpose; histories of earlier versions stay and must go on replaying. */
export const HISTORY_VERSION = 'v1';

export const historiesFolder: string = path.join(repositoryRoot, 'test', 'replay', 'histories');
export const historyFile = (name: string): string => path.join(historiesFolder, `${name}.json`);
export const traceFile = (name: string): string => path.join(historiesFolder, `${name}.trace.json`);

export interface RecordedHistory {
  readonly name: string;
  readonly workflowId: string;
  readonly history: unknown;
  readonly trace: unknown;
}

export function recordedHistories(): RecordedHistory[] {
  const names = readdirSync(historiesFolder)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.trace.json'))
    .map((file) => file.slice(0, -'.json'.length));
  return names.map((name) => ({
    name,
    ...(JSON.parse(readFileSync(historyFile(name), 'utf8')) as { workflowId: string; history: unknown }),
    trace: JSON.parse(readFileSync(traceFile(name), 'utf8')) as unknown,
  }));
}
