/** The Temporal worker with every option that matters written out, for the process (`main.ts`), the tests and the demo. */
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';

import { createActivities } from '../activities/index.ts';
import type { AlipayGateway } from '../alipay/gateway.ts';
import { TASK_QUEUE } from '../contract/names.ts';
import { SHUTDOWN_GRACE_MS } from '../contract/timeouts.ts';
import { limitQueue } from './call-rate.ts';
import { findWorkflowCode, unusableBundle, type WorkflowCode } from './workflow-code.ts';

export interface ResolverWorkerOptions {
  readonly connection: NativeConnection;
  /** @default 'default' */
  readonly namespace?: string;
  /** @default TASK_QUEUE of `contract/names.ts` */
  readonly taskQueue?: string;
  /** The gateway of a merchant by its configured name; undefined: no such merchant. Who opened the gateways ends them. */
  readonly gateways: (merchant: string) => AlipayGateway | undefined;
  /** @default the bundle of the build where there is one, else the modules */
  readonly workflowCode?: WorkflowCode;
  /** Most calls to Alipay in any second, of all workers of the task queue together. @default no limit */
  readonly callsPerSecondMax?: number;
}

/**
 * Resolves with a worker that is not yet running: `run()` it, and end it with `shutdown()`.
 * @throws StartProblem where the bundle is none
 */
export async function createResolverWorker(options: ResolverWorkerOptions): Promise<Worker> {
  const { connection, namespace = 'default', taskQueue = TASK_QUEUE, gateways, callsPerSecondMax } = options;
  const code = options.workflowCode ?? findWorkflowCode();
  try {
    return await Worker.create({
      connection,
      namespace,
      taskQueue,
      activities: createActivities(gateways),
      ...workflowSource(code),
      ...(callsPerSecondMax === undefined ? {} : limitQueue(callsPerSecondMax)),
      ...SLOTS,
      ...CACHE,
      ...SHUTDOWN,
    });
  } catch (error) {
    const isOfBundle = code.kind === 'bundle' && error instanceof Error && error.message.includes('Workflow Bundle');
    throw isOfBundle ? unusableBundle(code.codePath, error.message, { cause: error }) : error;
  }
}

function workflowSource(code: WorkflowCode): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  switch (code.kind) {
    case 'bundle':
      return { workflowBundle: { codePath: code.codePath } };
    case 'modules':
      return { workflowsPath: code.workflowsPath };
  }
}

/** An attempt is one HTTP call of well under a second, and a poll that waits holds no slot. */
const SLOTS: Partial<WorkerOptions> = {
  maxConcurrentActivityTaskExecutions: 100,
  maxConcurrentWorkflowTaskExecutions: 40,
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 5, maximum: 20 },
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 5, maximum: 20 },
};

/** The SDK's own figure comes from the heap of the machine and is wrong in a container. One cached resolution is about 100 kB. */
const CACHE: Partial<WorkerOptions> = {
  maxCachedWorkflows: 500,
  stickyQueueScheduleToStartTimeout: '10s',
};

/** Calls under way may finish. Forced only after longer than any attempt can last, and within the 30 s that orchestrators grant. */
const SHUTDOWN: Partial<WorkerOptions> = {
  shutdownGraceTime: SHUTDOWN_GRACE_MS,
  shutdownForceTime: SHUTDOWN_GRACE_MS + 5_000,
};
