/**
 * How a payment service hands over a pay call that ended without a clear answer, and how it learns what became of it.
 *
 * 1. `start` with what it knows. The same trade twice is one run; the answer to a late second start is the first result.
 *    `guard` does that before the pay call itself, so that not even the service's own death loses the trade.
 * 2. `wait` for the outcome, or `status` now and then; `notified` when Alipay's asynchronous notification arrives.
 * 3. `cancelNow` when the cashier gives up; `resolveManually`, `orderRefund` and `retryNow` for operators; `list` for all of them.
 *
 * Never rejects with anything but {@link ResolutionError}: with code `Unavailable` where Temporal is away or does not do it. Only a time to
 * wait that is no number is a RangeError.
 */
import type { Client } from '@temporalio/client';

import { Signals, TASK_QUEUE, Updates, workflowIdOf } from '../contract/names.ts';
import type { DoneResolution, ManualResolution, RefundOrder, Resolution } from '../contract/resolution.ts';
import type { ParsedInput, ResolutionInput } from '../contract/resolution-input.ts';
import { readStartInput } from './existing-run.ts';
import { type GuardedPay, type GuardOptions, guardPay, type PayResult } from './guard.ts';
import { listResolutions, type ListedResolution, type ListOptions } from './listing.ts';
import { sendSignal, sendUpdate } from './messages.ts';
import { type StartedRun, startRun } from './start.ts';
import { readStatus, type ResolutionStatus } from './status.ts';
import { waitForOutcome } from './wait.ts';

/** One trade as callers name it: the numbers that its start named. */
export interface TradeRef {
  /** @default 'default' */
  readonly merchant?: string;
  readonly outTradeNo?: string;
  /** Only for a trade that was started by tradeNo alone. */
  readonly tradeNo?: string;
}

export interface WaitOptions {
  /** @default for as long as it takes */
  readonly timeoutMs?: number;
}

export interface SendOptions {
  /** How long the Temporal server may take. @default 10_000 */
  readonly deadlineMs?: number;
}

export interface StartedResolution extends StartedRun {
  /** As `wait` of the client. */
  wait(options?: WaitOptions): Promise<DoneResolution>;
}

export interface ResolutionClientOptions {
  /** @default TASK_QUEUE of `contract/names.ts` */
  readonly taskQueue?: string;
}

export class ResolutionClient {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor(client: Client, options: ResolutionClientOptions = {}) {
    this.#client = client;
    this.#taskQueue = options.taskQueue ?? TASK_QUEUE;
  }

  /** @throws ResolutionError InvalidInput, AnotherTrade */
  async start(input: ResolutionInput): Promise<StartedResolution> {
    const run = await startRun(this.#client, this.#taskQueue, input);
    return { ...run, wait: (options) => waitForOutcome(this.#client, run.workflowId, options) };
  }

  /**
   * Runs the service's own pay call under guard: the resolution is started first, so a service that dies at any moment loses no
   * trade. A paid answer ends it at once; anything else resolves the trade.
   * @throws ResolutionError InvalidInput, AnotherTrade, AlreadyStarted: pay was not called then
   */
  async guard<T extends PayResult>(
    input: ResolutionInput,
    pay: () => Promise<T>,
    options: GuardOptions = {},
  ): Promise<GuardedPay<T>> {
    return await guardPay(this.#client, { taskQueue: this.#taskQueue, input }, pay, options);
  }

  /**
   * The outcome, however long it takes.
   * @throws ResolutionError NotFound, StillOpen, InvalidInput, AlreadyResolving, EndedUnresolved
   */
  async wait(trade: TradeRef, options?: WaitOptions): Promise<DoneResolution> {
    return await waitForOutcome(this.#client, workflowIdOf(trade), options);
  }

  /** Where the resolution stands, without waiting; without a worker too, then with less. @throws ResolutionError NotFound */
  async status(trade: TradeRef): Promise<ResolutionStatus> {
    return await readStatus(this.#client, workflowIdOf(trade));
  }

  /** The cashier gives up: ask once more, and cancel unless the trade turns out paid. @throws ResolutionError NotNow, NotFound, NoWorker */
  async cancelNow(trade: TradeRef): Promise<Resolution> {
    return await sendUpdate(this.#client, workflowIdOf(trade), Updates.cancelNow, []);
  }

  /** An operator decides a trade that needs a person. @throws ResolutionError NotNow, NotFound, NoWorker */
  async resolveManually(trade: TradeRef, resolution: ManualResolution): Promise<Resolution> {
    return await sendUpdate(this.#client, workflowIdOf(trade), Updates.resolveManually, [resolution]);
  }

  /** An operator has a paid trade that needs a person refunded in full. @throws ResolutionError NotNow, NotFound, NoWorker */
  async orderRefund(trade: TradeRef, order: RefundOrder): Promise<Resolution> {
    return await sendUpdate(this.#client, workflowIdOf(trade), Updates.orderRefund, [order]);
  }

  /** An operator has mended something: look now. @throws ResolutionError NotFound, NotNow */
  async retryNow(trade: TradeRef): Promise<void> {
    await sendSignal(this.#client, workflowIdOf(trade), Signals.retryNow);
  }

  /** What the trade's resolution was started with, open or closed; undefined where there is none, or a wrong input ended it at once. */
  async startedWith(trade: TradeRef, { deadlineMs }: SendOptions = {}): Promise<ParsedInput | undefined> {
    return await readStartInput(this.#client, workflowIdOf(trade), deadlineMs);
  }

  /** Alipay's asynchronous notification arrived: look now. Its content is not believed, so none is passed. @throws ResolutionError NotFound, NotNow */
  async notified(trade: TradeRef, { deadlineMs }: SendOptions = {}): Promise<void> {
    await sendSignal(this.#client, workflowIdOf(trade), Signals.tradeNotified, { deadlineMs });
  }

  /** The newest first, as far as the server's visibility store has them: a second or so behind. */
  async list(options: ListOptions = {}, { deadlineMs }: SendOptions = {}): Promise<readonly ListedResolution[]> {
    const list = (): Promise<readonly ListedResolution[]> => listResolutions(this.#client, options);
    return deadlineMs === undefined ? await list() : await this.#client.withDeadline(Date.now() + deadlineMs, list);
  }
}
