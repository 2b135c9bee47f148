/**
 * The reckoning after a run: all faults heal, everything is waited for, and then the ledger is the judge of every outcome that was
 * ever reported: to a client that waited all along, as a result, and in the search attributes.
 *
 * A1 Every trade has exactly one run, closed with an outcome.
 * A2 Every report of it says the same, and the ledger bears it out, effect by effect (`demo/verdict.ts`).
 * A3 Money went back to a buyer at most once, and nothing is on its way any more.
 * A4 No workflow task ever failed: replay after a crash met the same commands.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ResolutionError, ResolutionErrorCode } from '../../client/errors.ts';
import type { ListedResolution } from '../../client/listing.ts';
import type { TradeRef } from '../../client/resolution-client.ts';
import { workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import { contradictions } from '../../demo/verdict.ts';
import { until } from '../shop.ts';
import type { Environment } from './environment.ts';

/** A client that waits from the start, through every fault. */
export interface Waiting {
  readonly trade: TradeRef & { readonly outTradeNo: string };
  readonly outcome: Promise<Outcome>;
}

export interface Audit {
  /** Every way in which a report and the ledger differ, or a run is not as it must be. */
  readonly objections: readonly string[];
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Outcomes reported, all three ways together. */
  readonly reports: number;
  /** Everything that a person could read about these trades, for the leak search. */
  readonly papers: readonly unknown[];
}

const RESTART_PAUSE_MS = 200;

/** Starts the resolution, however often the server must be asked, and waits for its outcome likewise. */
export async function startAndWait(environment: Environment, input: ResolutionInput): Promise<Waiting> {
  const { outTradeNo = '', merchant } = input;
  const trade = { outTradeNo, ...(merchant === undefined ? {} : { merchant }) };
  await persistently(environment, () => environment.client.start(input));
  return {
    trade,
    outcome: persistently(environment, () => environment.client.wait(trade)).then(({ outcome }) => outcome),
  };
}

/** A caller that does not give up when the server is away; what the resolution itself says is an answer. */
export async function persistently<T>({ over }: Pick<Environment, 'over'>, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAnswer = error instanceof ResolutionError && error.code !== ResolutionErrorCode.Unavailable;
      if (isAnswer || over.aborted) throw error;
      await pause(RESTART_PAUSE_MS);
    }
  }
}

/** Once everything has healed. Bounded by the test's own time limit. */
export async function audit(environment: Environment, waiting: readonly Waiting[]): Promise<Audit> {
  const told = await Promise.all(waiting.map(async ({ outcome }) => await outcome));
  await landWhatIsQueued(environment, waiting);
  const listed = await everyRunListed(environment, waiting);
  const outcomes: Record<Outcome, number> = { PAID: 0, CLOSED: 0, REFUNDED: 0, NOT_CREATED: 0 };
  const objections: string[] = [];
  const papers: unknown[] = [listed];
  let reports = 0;
  for (const [index, { trade }] of waiting.entries()) {
    const object = (what: string): number => objections.push(`${trade.outTradeNo}: ${what}`);
    const workflowId = workflowIdOf(trade);
    const handle = environment.temporal.workflow.getHandle(workflowId);
    const runs = listed.filter((run) => run.workflowId === workflowId);
    if (runs.length !== 1) object(`${runs.length} runs`);
    const [status, history, described] = await persistently(environment, () =>
      Promise.all([environment.client.status(trade), handle.fetchHistory(), handle.describe()]),
    );
    papers.push(status, history, described.raw);
    const done = status.kind === 'closed' && status.resolution.phase === 'done' ? status.resolution : undefined;
    if (done !== undefined) outcomes[done.outcome] += 1;

    const truth = environment.simulator.trade(trade.outTradeNo);
    const said = { 'waiting client': told[index], result: done?.outcome, 'search attribute': runs[0]?.resolution };
    for (const [who, outcome] of Object.entries(said)) {
      reports += 1;
      if (!isOutcome(outcome)) object(`${who}: no outcome but ${String(outcome)}`);
      else
        for (const contradiction of contradictions(outcome, truth)) object(`${who}: ${outcome}, but ${contradiction}`);
    }
    if (truth.effects.filter(({ kind }) => kind === 'refunded').length > 1) object('refunded more than once');
    for (const { eventId, workflowTaskFailedEventAttributes: failed } of history.events ?? []) {
      if (failed)
        object(
          `event ${String(eventId)}: a workflow task failed, cause ${String(failed.cause)}: ${failed.failure?.message ?? ''}`,
        );
    }
  }
  return { objections, outcomes, reports, papers };
}

/**
 * What is still on its way comes in before anybody judges: its effect is the truth too. A request that waits for the next cancel of its trade
 * gets one, and another where that was lost as well.
 */
async function landWhatIsQueued({ simulator, till, over }: Environment, waiting: readonly Waiting[]): Promise<void> {
  for (const { outTradeNo } of waiting.map(({ trade }) => trade)) {
    for (;;) {
      const { pending } = simulator.trade(outTradeNo);
      if (pending.length === 0 || over.aborted) break;
      if (pending.some(({ at }) => at === undefined)) await till.cancel({ outTradeNo });
      else await pause(LANDING_LOOK_MS);
    }
  }
}

const LANDING_LOOK_MS = 100;

/** The visibility store is a second or so behind: asked until every trade has a closed run in it. */
async function everyRunListed(
  environment: Environment,
  waiting: readonly Waiting[],
): Promise<readonly ListedResolution[]> {
  const listed: ListedResolution[] = [];
  for (let at = 0; at < waiting.length; at += LISTED_AT_ONCE) {
    listed.push(...(await runsListed(environment, waiting.slice(at, at + LISTED_AT_ONCE))));
  }
  return listed;
}

/** Names in one filter. */
const LISTED_AT_ONCE = 50;
const RUNS_MAX = 1_000;

async function runsListed(environment: Environment, waiting: readonly Waiting[]): Promise<readonly ListedResolution[]> {
  const ids = waiting.map(({ trade }) => workflowIdOf(trade));
  const query = `WorkflowId IN (${ids.map((id) => `'${id}'`).join(', ')})`;
  return await until(async () => {
    const listed = await persistently(environment, () => environment.client.list({ query, limit: RUNS_MAX }));
    const closed = new Set(
      listed.filter((run) => run.closedAt !== undefined && isOutcome(run.resolution)).map((run) => run.workflowId),
    );
    return ids.every((id) => closed.has(id)) ? listed : undefined;
  });
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'string' && Object.hasOwn(Outcome, value);
}
