/**
 * Sales without end, under faults without end: so many trades a second, each of them uncertain, resolved by two workers of which one is killed again
 * and again while the other lives on and is watched. Each batch of ended trades is reckoned up and then forgotten, so that a run can be long.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Outcome } from '../../contract/resolution.ts';
import { IMPATIENT } from '../shop.ts';
import { audit, startAndWait, type Waiting } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import type { Environment } from './environment.ts';
import { type Leak } from './leaks.ts';
import { leaksOf, PAID_STORIES, SALE_STORIES, sell } from './sales.ts';
import type { Toxiproxy } from './toxiproxy.ts';
import { stormySchedule, type FaultSchedule } from './fault-schedule.ts';
import type { Sample } from './worker-probe.ts';

export interface SoakOptions {
  readonly tradesPerSecond: number;
  readonly lastsMs: number;
  /** The share of calls that the gateway itself answers badly, beside the fault schedule. */
  readonly badAnswers: number;
  readonly temporalKillEveryMs: number;
}

export interface Soak {
  readonly trades: number;
  readonly reports: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly objections: readonly string[];
  readonly leaks: readonly Leak[];
  readonly happened: FaultSchedule['happened'];
  /** Of the worker that lived on: before the first trade, while they were sold, and after the last was resolved. */
  readonly before: Sample;
  readonly samples: readonly Sample[];
  readonly after: Sample;
  /** Resolutions that were dropped from its cache for want of room, those in it when the last trade was sold, and those after the last was resolved. */
  readonly evictions: number;
  readonly cachedAtTheEnd: number;
  readonly cached: number;
}

const QUEUE = 'soak';
const BATCH = 100;
const STORIES = [...SALE_STORIES, ...PAID_STORIES];

export async function playSoak(environment: Environment, toxiproxy: Toxiproxy, options: SoakOptions): Promise<Soak> {
  const { simulator, folder } = environment;
  const { host, pathname } = new URL(simulator.gatewayUrl);
  const link = await toxiproxy.link(QUEUE, host);
  const probeFile = path.join(folder, 'probe.jsonl');
  const gatewayUrl = `http://${link.address}${pathname}`;
  const watched = await startWorkerProcesses(environment, {
    name: 'watched',
    taskQueue: QUEUE,
    gatewayUrl,
    settings: { NODE_OPTIONS: `--import=${PROBE}`, WORKER_PROBE_FILE: probeFile },
  });
  const victim = await startWorkerProcesses(environment, { name: 'victim', taskQueue: QUEUE, gatewayUrl });
  const samples = (): readonly Sample[] =>
    readFileSync(probeFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Sample);
  try {
    await Promise.all([watched.serving(), victim.serving()]);
    await pause(REST_MS);
    const before = last(samples());
    simulator.randomFaults({ seed: 1, rate: options.badAnswers });
    const faultSchedule = stormySchedule(environment, {
      link,
      victim,
      faultEveryMs: 15_000,
      faultMs: 4_000,
      workerKillEveryMs: 40_000,
      temporalKillEveryMs: options.temporalKillEveryMs,
    });
    const books = new Books({ ...environment, client: watched.client });
    await sellOnAndOn(books, options);
    const during = samples();
    const { cached: cachedAtTheEnd } = await cacheOf(watched);
    await faultSchedule.end();
    simulator.heal();
    await books.close();
    await pause(REST_MS);
    return {
      ...books.totals,
      leaks: [...books.totals.leaks, ...leaksOf([watched.log(), victim.log()], simulator)],
      happened: faultSchedule.happened,
      before,
      samples: during,
      after: last(samples()),
      ...(await cacheOf(watched)),
      cachedAtTheEnd,
    };
  } finally {
    await Promise.all([watched.stop(), victim.stop()]);
  }
}

const PROBE = pathToFileURL(path.join(import.meta.dirname, 'worker-probe.js')).href;

/** Longer than a connection is kept without use, and than two samples are apart. */
const REST_MS = 8_000;

/** At their own pace, whatever becomes of them: tills do not wait for each other. */
async function sellOnAndOn(books: Books, { tradesPerSecond, lastsMs }: SoakOptions): Promise<void> {
  const startedMs = performance.now();
  const count = Math.floor((tradesPerSecond * lastsMs) / 1_000);
  for (let number = 0; number < count; number += 1) {
    const dueMs = startedMs + (number * 1_000) / tradesPerSecond - performance.now();
    if (dueMs > 0) await pause(dueMs);
    books.open(number);
  }
}

/** Every trade from its sale to its reckoning. */
class Books {
  readonly totals = {
    trades: 0,
    reports: 0,
    outcomes: { PAID: 0, CLOSED: 0, REFUNDED: 0, NOT_CREATED: 0 } as Record<Outcome, number>,
    objections: [] as string[],
    leaks: [] as Leak[],
  };
  readonly #environment: Environment;
  readonly #sales = new Set<Promise<void>>();
  #ended: Waiting[] = [];
  #reckoning: Promise<void> = Promise.resolve();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  open(number: number): void {
    const sale = this.#sell(number).finally(() => this.#sales.delete(sale));
    this.#sales.add(sale);
  }

  async #sell(number: number): Promise<void> {
    const { simulator } = this.#environment;
    const story = STORIES[number % STORIES.length];
    if (story === undefined) return;
    const outTradeNo = `soak_${number}`;
    const input = await sell(this.#environment, { payableMs: PAYABLE_MS, ...story }, { outTradeNo });
    const waiting = await startAndWait(this.#environment, { ...input, policy: IMPATIENT });
    const toppingUp = setInterval(() => {
      if (simulator.trade(outTradeNo).sellerBalanceShort) simulator.topUp(outTradeNo);
    }, TOP_UP_EVERY_MS);
    await waiting.outcome;
    clearInterval(toppingUp);
    this.#ended.push(waiting);
    if (this.#ended.length >= BATCH) this.#reckonUp();
  }

  /** One batch after the other. */
  #reckonUp(): void {
    const batch = this.#ended;
    this.#ended = [];
    this.#reckoning = this.#reckoning.then(() => this.#reckon(batch));
  }

  async #reckon(batch: readonly Waiting[]): Promise<void> {
    const { simulator } = this.#environment;
    const { objections, outcomes, reports, papers } = await audit(this.#environment, batch);
    const { totals } = this;
    totals.trades += batch.length;
    totals.reports += reports;
    for (const outcome of Object.values(Outcome)) totals.outcomes[outcome] += outcomes[outcome];
    totals.objections.push(...objections);
    totals.leaks.push(...leaksOf(papers, simulator));
    for (const { trade } of batch) simulator.forget(trade.outTradeNo);
  }

  /** Waits for every trade, and reckons up the rest. */
  async close(): Promise<void> {
    await Promise.all(this.#sales);
    this.#reckonUp();
    await this.#reckoning;
  }
}

/** Short, so that a sale whose pay call was lost is proven never created soon. */
const PAYABLE_MS = 20_000;
/** Each sale for itself, unlike `topUpOnceHeldBack`: the ledger of a long run is too long to be searched every second. */
const TOP_UP_EVERY_MS = 10_000;

async function cacheOf(workers: WorkerProcesses): Promise<Pick<Soak, 'evictions' | 'cached'>> {
  const metrics = await workers.metrics();
  const sumOf = (name: string): number =>
    [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  return {
    evictions: sumOf('temporal_sticky_cache_total_forced_eviction'),
    cached: sumOf('temporal_sticky_cache_size'),
  };
}

function last(samples: readonly Sample[]): Sample {
  const sample = samples.at(-1);
  if (sample === undefined) throw new Error('the worker was never measured');
  return sample;
}
