/** One scenario played by the real workflow and the real activities, on a server that skips the waiting. */
import { activityInfo } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createActivities, type TradeGateway } from '../../activities/index.ts';
import type { GatewayProblem } from '../../alipay/gateway-problem.ts';
import type { TradeActivities } from '../../contract/activities.ts';
import type { FailedCall, QueryAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { SearchAttributes, Signals, WORKFLOW_TYPE } from '../../contract/names.ts';
import type { Resolution } from '../../contract/resolution.ts';
import { workflowsPath } from '../../worker/workflow-code.ts';
import { inputOf, type ScenarioResult } from './by-decide.ts';
import { openClock, type ElapsedTime } from './scenario-clock.ts';
import type { TimeSkippingServer } from './time-skipping-server.ts';
import { readTurns, type Attempt, type Timeline } from './timeline.ts';
import { World, type Scenario } from './world.ts';

export interface Stage {
  play(scenario: Scenario): Promise<PlayedForReal>;
  close(): Promise<void>;
}

export interface PlayedForReal extends ScenarioResult {
  readonly timeline: Timeline;
  readonly passed: ElapsedTime;
}

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2;

/** One worker for all scenarios; strictly one scenario at a time, because the clock belongs to the server. */
export async function openStage({ connection, nativeConnection, testService }: TimeSkippingServer): Promise<Stage> {
  let world: World | undefined;
  let attempts: Attempt[] = [];
  const clock = await openClock(testService);
  await connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(SearchAttributes).map((name) => [name, KEYWORD])),
  });
  const taskQueue = 'agreement';
  const { workflow } = new Client({ connection });
  const activities = createActivities(() => (world === undefined ? undefined : gatewayTo(world, lastAskedAtMs)));
  const worker = await Worker.create({
    connection: nativeConnection,
    taskQueue,
    workflowsPath,
    activities: {
      queryTrade: noted(activities.queryTrade),
      cancelTrade: noted(activities.cancelTrade),
      refundTrade: noted(activities.refundTrade),
      queryRefund: noted(activities.queryRefund),
    } satisfies TradeActivities,
  });
  const running = worker.run();

  /** The server's time can be asked for here, because its clock is locked while an activity is in progress. */
  function noted<Call, Report>(activity: (call: Call) => Promise<Report>): (call: Call) => Promise<Report> {
    return async (call) => {
      const askedAtMs = await clock.nowMs();
      attempts.push({ scheduledAtMs: activityInfo().currentAttemptScheduledTimestampMs, askedAtMs });
      return await activity(call);
    };
  }

  function lastAskedAtMs(): number {
    return attempts.at(-1)?.askedAtMs ?? Number.NaN;
  }

  return {
    async play(scenario) {
      const writtenAtMs = await clock.nowMs();
      world = new World(scenario, writtenAtMs);
      attempts = [];
      // No timeout, as in a real start.
      const options = {
        workflowId: `agreement-${scenario.seed}`,
        taskQueue,
        args: [inputOf(scenario, writtenAtMs)],
      } as const;
      const { guard } = scenario;
      const handle =
        guard === 'uncertain' || guard === 'refused'
          ? await workflow.signalWithStart(WORKFLOW_TYPE, {
              ...options,
              signal: Signals.payAnswered,
              signalArgs: [guard],
            })
          : await workflow.start(WORKFLOW_TYPE, options);
      await clock.moveUntilClosed(handle);
      const resolution = (await handle.result()) as Resolution;
      const passed = await clock.passed();
      const turns = await readTurns(handle);
      const timeline = { writtenAtMs, ...turns, attempts, wallMs: passed.wallMs };
      return { resolution, calls: world.calls, timeline, passed };
    },
    async close() {
      worker.shutdown();
      await running;
    },
  };
}

/** The activities' gateway, answered by the world; the time is that of the attempt. */
function gatewayTo(world: World, now: () => number): TradeGateway {
  return {
    query: async () => wired(world.query(now())),
    cancel: async () => {
      const answer = world.cancel(now());
      return answer.kind === 'failed' ? failed(answer) : { code: '10000', outTradeNo: 'T1', ...answer };
    },
    refund: async () => {
      const answer = world.refund(now());
      if (answer.kind === 'failed') return failed(answer);
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
      if (answer.kind === 'failed') return failed(answer);
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
      return failed(answer);
  }
}

/** As the gateway client gives it: with what the activities put into the log. */
function failed(answer: FailedCall): FailedCall & { readonly problem: Pick<GatewayProblem, 'message'> } {
  return { ...answer, problem: { message: answer.detail } };
}

const notExist: FailedCall = {
  kind: 'failed',
  failure: FailureClass.business,
  code: '40004',
  subCode: 'ACQ.TRADE_NOT_EXIST',
  detail: 'no such trade',
};
