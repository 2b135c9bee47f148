/** Replays a recorded history against a workflow and tells every command that this workflow gives meanwhile. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker, type InjectedSinks, type WorkflowBundle } from '@temporalio/worker';
import { quietRuntime } from '../shop.ts';
import { plainCommand } from './plain-command.ts';
import type { TraceSinks } from './trace-interceptor.ts';

export interface ReplayResult {
  /** Absent: the history and the workflow agree. */
  readonly error?: Error;
  /** The commands of each workflow task, in order, with their options. */
  readonly trace: readonly (readonly unknown[])[];
}

const here = path.dirname(fileURLToPath(import.meta.url));
const interceptorModule = path.join(here, 'trace-interceptor.js');

/** The bundle of the workflow under `workflowsPath`, with the interceptor that tells its commands. */
export async function bundleWithTrace(workflowsPath: string): Promise<WorkflowBundle> {
  return await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptorModule],
    logger: new DefaultLogger('ERROR'),
  });
}

export async function replay(
  workflowBundle: WorkflowBundle,
  history: unknown,
  workflowId: string,
): Promise<ReplayResult> {
  quietRuntime();
  const trace: (readonly unknown[])[] = [];
  const sinks: InjectedSinks<TraceSinks> = {
    trace: {
      commands: {
        fn: (_info, commands) => void trace.push(Array.from(commands as readonly object[], plainCommand)),
        callDuringReplay: true,
      },
    },
  };
  try {
    await Worker.runReplayHistory(
      { workflowBundle, sinks, interceptors: { workflowModules: [interceptorModule] } },
      history,
      workflowId,
    );
  } catch (error) {
    return { error: error as Error, trace };
  }
  return { trace: trace.filter((commands) => commands.length > 0) };
}
