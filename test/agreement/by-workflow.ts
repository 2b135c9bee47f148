/** The same scenario played by the real workflow and the real activities, on a server that skips the waiting. */
import { activityInfo } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createActivities, type TradeGateway } from '../../activities/index.ts';
import type { FailedCall, QueryAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { SearchAttributes, Signals, WORKFLOW_TYPE } from '../../contract/names.ts';
import type { Resolution } from '../../contract/resolution.ts';
import { workflowsPath } from '../../worker/workflow-code.ts';
import { inputOf, type Played } from './by-decide.ts';
import { World, type Scenario } from './world.ts';

export interface Stage {
  play(scenario: Scenario): Promise<Played>;
  close(): Promise<void>;
}

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2;

/** One worker for all scenarios; strictly one scenario at a time, because the clock belongs to the server. */
export async function openStage(env: TestWorkflowEnvironment): Promise<Stage> {
  let world: World | undefined;
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(SearchAttributes).map((name) => [name, KEYWORD])),
  });
  const taskQueue = 'agreement';
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowsPath,
    activities: createActivities(() => (world === undefined ? undefined : gatewayTo(world))),
  });
  const running = worker.run();
  return {
    async play(scenario) {
      const startedAtMs = await env.currentTimeMs();
      world = new World(scenario, startedAtMs);
      const options = {
        workflowId: `agreement-${scenario.seed}`,
        taskQueue,
        args: [inputOf(scenario, startedAtMs)],
        workflowExecutionTimeout: '400 days',
      } as const;
      const { guard } = scenario;
      const handle =
        guard === 'uncertain' || guard === 'refused'
          ? await env.client.workflow.signalWithStart(WORKFLOW_TYPE, {
              ...options,
              signal: Signals.payAnswered,
              signalArgs: [guard],
            })
          : await env.client.workflow.start(WORKFLOW_TYPE, options);
      const resolution = (await handle.result()) as Resolution;
      return { outcome: resolution.phase === 'done' ? resolution.outcome : 'open', calls: world.calls };
    },
    async close() {
      worker.shutdown();
      await running;
    },
  };
}

/** The activities' gateway, answered by the world; the time is the server's. */
function gatewayTo(world: World): TradeGateway {
  const now = (): number => activityInfo().currentAttemptScheduledTimestampMs;
  return {
    query: async () => wired(world.query(now())),
    cancel: async () => {
      const answer = world.cancel(now());
      return answer.kind === 'failed' ? answer : { code: '10000', outTradeNo: 'T1', ...answer };
    },
    refund: async () => {
      const answer = world.refund(now());
      if (answer.kind === 'failed') return answer;
      return {
        kind: 'answered',
        code: '10000',
        outTradeNo: 'T1',
        tradeNo: '1',
        refundFee: '88.88',
        fundChange: answer.fundChange ? 'Y' : 'N',
      };
    },
    queryRefund: async () => {
      const answer = world.queryRefund(now());
      if (answer.kind === 'failed') return answer;
      if (answer.kind === 'tradeNotExist') return notExist;
      return {
        kind: 'answered',
        code: '10000',
        ...(answer.found === 'done' && { refundStatus: 'REFUND_SUCCESS' as const }),
      };
    },
  } as TradeGateway;
}

function wired(answer: QueryAnswer): unknown {
  switch (answer.kind) {
    case 'trade':
      return { ...answer, kind: 'answered', code: '10000' };
    case 'tradeNotExist':
      return notExist;
    case 'failed':
      return answer;
  }
}

const notExist: FailedCall = {
  kind: 'failed',
  failure: FailureClass.business,
  code: '40004',
  subCode: 'ACQ.TRADE_NOT_EXIST',
  detail: 'no such trade',
};
