/**
 * A storm: trades become uncertain one after the other, the gateway goes away, more and more of them wait, and it comes back. Two worker processes
 * share the task queue and a limit of calls per second. What is measured is read off the simulated gateway's own record of what it received.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Policy } from '../../contract/policy.ts';
import { type Audit, audit, persistently, startAndWait, type Waiting } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import type { Environment } from './environment.ts';
import { PAID_STORIES, SALE_STORIES, sell, topUpOnceHeldBack } from './sales.ts';
import type { Toxiproxy } from './toxiproxy.ts';

export interface StormOptions {
  readonly name: string;
  readonly trades: number;
  /** How long the gateway is gone, in ms: half of it silent, half of it refusing connections; longer if the sales take longer. */
  readonly goneMs: number;
  /** `RESOLVER_MAX_CALLS_PER_SECOND`. */
  readonly callsPerSecondMax: number;
  readonly policy: Policy;
}

export interface Storm {
  readonly audit: Audit;
  /** When the gateway received the calls of the workers, from the first on. */
  readonly callsAtMs: readonly number[];
  /** Cancels that waited in the queue for so long that they were dropped unsent. */
  readonly dropped: number;
  /** From the gateway's return until the last trade was resolved. */
  readonly recoveryMs: number;
  /** For the leak search. */
  readonly papers: readonly unknown[];
}

/** The first sales meet a gateway that answers, and a limit that has saved up all it can. */
const STILL_THERE_MS = 1_500;
/** Trades that are sold at the same time: tills are many, but this machine is one. */
const TILLS = 10;
/** Clients that wait all along. A Temporal server holds 1,200 such requests at a time, so most services ask now and then instead. */
const WAITING_MAX = 300;

export async function playStorm(environment: Environment, toxiproxy: Toxiproxy, options: StormOptions): Promise<Storm> {
  const { name, goneMs, callsPerSecondMax } = options;
  const { simulator } = environment;
  const { host, pathname } = new URL(simulator.gatewayUrl);
  const link = await toxiproxy.link(name, host);
  const settings = { RESOLVER_MAX_CALLS_PER_SECOND: String(callsPerSecondMax) };
  const gatewayUrl = `http://${link.address}${pathname}`;
  const allWorkers = await Promise.all(
    ['a', 'b'].map((letter) =>
      startWorkerProcesses(environment, { name: `${name}-${letter}`, taskQueue: name, gatewayUrl, settings }),
    ),
  );
  const toppingUp = topUpOnceHeldBack(simulator);
  try {
    await Promise.all(allWorkers.map((workers) => workers.serving()));
    const [first] = allWorkers as [WorkerProcesses, WorkerProcesses];
    const customers = { ...environment, client: first.client };
    const selling = sellAll(customers, options);
    await pause(STILL_THERE_MS);
    await link.poison({ type: 'timeout', attributes: { timeout: 0 } }, 'upstream');
    await pause(goneMs / 2);
    await link.cut();
    const [sold] = await Promise.all([selling, pause(goneMs / 2)]);
    await link.heal();
    const backAtMs = Date.now();
    await allEnded(environment, name);
    const recoveryMs = Date.now() - backAtMs;
    const calls = simulator.ledger().calls.filter(({ method }) => method !== 'alipay.trade.pay');
    const result = await audit(customers, await askAll(sold));
    const papers = [...result.papers, ...allWorkers.map((workers) => workers.log())];
    return {
      audit: result,
      callsAtMs: calls.map(({ receivedAt }) => Date.parse(receivedAt)),
      dropped: result.papers.reduce<number>((sum, paper) => sum + droppedIn(paper), 0),
      recoveryMs,
      papers,
    };
  } finally {
    clearInterval(toppingUp);
    await Promise.all(allWorkers.map((workers) => workers.stop()));
  }
}

/** Sells them all, and starts the resolution of each; the services that do not wait all along ask once all is over. */
async function sellAll(environment: Environment, { name, trades, policy }: StormOptions): Promise<readonly Ask[]> {
  const asks: Ask[] = [];
  let sold = 0;
  const till = async (): Promise<void> => {
    for (let number = sold++; number < trades; number = sold++) {
      const story = STORIES[number % STORIES.length];
      if (story === undefined) continue;
      const input = { ...(await sell(environment, story, { outTradeNo: `${name}_${number}` })), policy };
      if (number < WAITING_MAX) {
        const waiting = await startAndWait(environment, input);
        asks.push(() => Promise.resolve(waiting));
      } else {
        await persistently(environment, () => environment.client.start(input));
        asks.push(() => startAndWait(environment, input));
      }
    }
  };
  await Promise.all(Array.from({ length: TILLS }, till));
  return asks;
}

type Ask = () => Promise<Waiting>;
const STORIES = [...SALE_STORIES, ...PAID_STORIES];

/** Not all at once: a server holds so many waiting requests and no more. */
async function askAll(asks: readonly Ask[]): Promise<readonly Waiting[]> {
  const waiting: Waiting[] = [];
  for (const ask of asks) {
    const one = await ask();
    await one.outcome;
    waiting.push(one);
  }
  return waiting;
}

async function allEnded({ temporal, over }: Environment, taskQueue: string): Promise<void> {
  const open = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for (;;) {
    const { count } = await persistently({ over }, () => temporal.workflow.count(open));
    if (count === 0) return;
    await pause(LOOK_EVERY_MS);
  }
}

const LOOK_EVERY_MS = 1_000;

/** `paper`: a history, or something else. */
function droppedIn(paper: unknown): number {
  const { events = [] } = paper as { readonly events?: readonly TimedOut[] };
  return events.filter(
    ({ activityTaskTimedOutEventAttributes: timedOut }) =>
      timedOut?.failure?.timeoutFailureInfo?.timeoutType === SCHEDULE_TO_START,
  ).length;
}

interface TimedOut {
  readonly activityTaskTimedOutEventAttributes?: {
    readonly failure?: { readonly timeoutFailureInfo?: { readonly timeoutType?: number } | null } | null;
  } | null;
}

/** `TIMEOUT_TYPE_SCHEDULE_TO_START` of Temporal's API. */
const SCHEDULE_TO_START = 2;

/** Most of them in any stretch so long, wherever it begins. */
export function mostWithin(stretchMs: number, callsAtMs: readonly number[]): number {
  const sorted = callsAtMs.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, ms] of sorted.entries()) {
    while ((sorted[first] ?? ms) <= ms - stretchMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
