/**
 * Lets one resolution run for hours of virtual time against whatever answers a test gives, as the workflow and its activities would: polls ask
 * again by their plan, waits end, messages cut both short. Keeps the time of every call and of what a person could see.
 */
import { delayAfterMs, isKnown, LEAST_DELAY_MS, questionsBy, type PollPlan } from '../../contract/activities.ts';
import {
  wordOf,
  type CancelAnswer,
  type QueryAnswer,
  type RefundQueryAnswer,
  type RefundAnswer,
} from '../../contract/answers.ts';
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import { parseResolutionInput } from '../../contract/resolution-input.ts';
import { begin, whyNotCancelNow, decide, whyNotDecideManually } from '../../resolution/index.ts';
import type { Decision, Observation, PhaseState } from '../../resolution/index.ts';
import { START_MS } from './play.ts';

/** What Alipay says: asked for each call anew, with the count of all calls so far. */
export interface Answers {
  readonly query: (calls: number, atMs: number) => QueryAnswer;
  readonly cancel: (calls: number, atMs: number) => CancelAnswer;
  readonly refund: (calls: number, atMs: number) => RefundAnswer;
  readonly queryRefund: (calls: number, atMs: number) => RefundQueryAnswer;
}

export interface Call {
  readonly kind: 'query' | 'cancel' | 'refund' | 'queryRefund';
  readonly atMs: number;
  readonly answer: Answer;
}

export interface Moment {
  readonly atMs: number;
  readonly phase: PhaseState['kind'];
}

export interface MessageInTime {
  readonly atMs: number;
  readonly message: Extract<Observation, { kind: 'lookNow' | 'payAnswered' | 'cancelNow' | 'decidedManually' }>;
}

type Answer = QueryAnswer | CancelAnswer | RefundQueryAnswer | RefundAnswer;

/** Verified: Alipay's own word, a refusal too. */
export function isReadable(answer: Answer): boolean {
  return answer.kind !== 'failed' || answer.failure === 'business' || answer.failure === 'rejected';
}

export class Driver {
  nowMs: number = START_MS;
  readonly calls: Call[] = [];
  /** The phase at each step of the resolution. */
  readonly moments: Moment[] = [];
  private decision: Decision;
  private readonly answers: Answers;
  private readonly callMs: number;
  private readonly watch: (driver: Driver) => void;
  private readonly inbox: MessageInTime[];

  constructor(
    input: ResolutionInput,
    answers: Answers,
    {
      callMs = 0,
      messages = [],
      watch = () => {},
    }: { callMs?: number; messages?: readonly MessageInTime[]; watch?: (driver: Driver) => void } = {},
  ) {
    const parsed = parseResolutionInput(input, START_MS);
    if (parsed.kind !== 'input') throw new TypeError(JSON.stringify(parsed.problems));
    this.answers = answers;
    this.callMs = callMs;
    this.watch = watch;
    this.inbox = [...messages];
    this.decision = begin(parsed.input, START_MS, START_MS);
    this.note();
  }

  get state(): Decision['state'] {
    return this.decision.state;
  }

  get command(): Decision['command'] {
    return this.decision.command;
  }

  get isOver(): boolean {
    const { kind } = this.decision.command;
    return kind === 'finish' || kind === 'handOver';
  }

  runUntil(endMs: number): this {
    while (!this.isOver && this.nowMs < endMs) this.step(endMs);
    return this;
  }

  private step(endMs: number): void {
    const sent = this.inbox[0];
    if (sent !== undefined && sent.atMs <= this.nowMs) {
      this.inbox.shift();
      // A query that starts now answers every wish to look.
      if (this.decision.command.kind === 'query' && sent.message.kind === 'lookNow') return;
      return this.isRefused(sent.message) ? undefined : this.take(sent.message);
    }
    const { command } = this.decision;
    switch (command.kind) {
      case 'wait':
        return this.wait(command.untilMs, endMs);
      case 'query':
        return command.poll === undefined ? this.query() : this.poll(command.poll, endMs);
      case 'cancel': {
        const scheduledAtMs = this.nowMs;
        return this.take({ kind: 'cancelled', report: { answer: this.call('cancel'), scheduledAtMs } });
      }
      case 'refund': {
        const scheduledAtMs = this.nowMs;
        return this.take({ kind: 'refunded', report: { answer: this.call('refund'), scheduledAtMs } });
      }
      case 'queryRefund': {
        const scheduledAtMs = this.nowMs;
        return this.take({ kind: 'refundQueried', report: { answer: this.call('queryRefund'), scheduledAtMs } });
      }
      case 'handOver':
      case 'finish':
        return;
    }
  }

  /** As the validators of the updates have it. */
  private isRefused(message: MessageInTime['message']): boolean {
    if (message.kind === 'cancelNow') return whyNotCancelNow(this.state) !== undefined;
    return (
      message.kind === 'decidedManually' &&
      whyNotDecideManually(this.state, message.manualDecision, this.nowMs) !== undefined
    );
  }

  /** Sleeps, unless a message comes first: then until that. */
  private sleep(untilMs: number, endMs: number): 'slept' | 'woken' | 'ended' {
    const wokenMs = this.inbox[0]?.atMs ?? Number.POSITIVE_INFINITY;
    const firstMs = Math.min(untilMs, wokenMs, endMs);
    this.nowMs = Math.max(this.nowMs, firstMs);
    if (firstMs === endMs && endMs < untilMs && endMs < wokenMs) return 'ended';
    return wokenMs < untilMs ? 'woken' : 'slept';
  }

  private wait(untilMs: number, endMs: number): void {
    if (this.sleep(untilMs, endMs) === 'slept') this.take({ kind: 'waited' });
  }

  private query(): void {
    const scheduledAtMs = this.nowMs;
    const answer = this.call('query');
    const trail = [{ at: new Date(scheduledAtMs).toISOString(), answer: wordOf(answer) }];
    this.take({ kind: 'queried', report: { answer, scheduledAtMs, startedAtMs: scheduledAtMs, polls: 1, trail } });
  }

  private poll(poll: PollPlan, endMs: number): void {
    const startedAtMs = this.nowMs;
    const trail: { at: string; answer: ReturnType<typeof wordOf> }[] = [];
    for (let polls = 1; ; polls += 1) {
      const scheduledAtMs = this.nowMs;
      const answer = this.call('query');
      trail.push({ at: new Date(scheduledAtMs).toISOString(), answer: wordOf(answer) });
      if (scheduledAtMs >= poll.untilMs || !isKnown(answer, poll.known)) {
        return this.take({ kind: 'queried', report: { answer, scheduledAtMs, startedAtMs, polls, trail } });
      }
      const leastMs = poll.known.word === 'limited' ? poll.limitedMs : LEAST_DELAY_MS;
      const delayMs = Math.max(leastMs, Math.min(delayAfterMs(poll, polls), poll.untilMs - this.nowMs));
      const slept = this.sleep(this.nowMs + delayMs, endMs);
      if (slept === 'ended') return;
      if (slept === 'woken') {
        const questions = questionsBy(poll, startedAtMs, this.nowMs);
        return this.take({ kind: 'interrupted', questions, startedAtMs });
      }
    }
  }

  private call(kind: 'query'): QueryAnswer;
  private call(kind: 'cancel'): CancelAnswer;
  private call(kind: 'refund'): RefundAnswer;
  private call(kind: 'queryRefund'): RefundQueryAnswer;
  private call(kind: Call['kind']): Answer {
    const answer = this.answers[kind](this.calls.length, this.nowMs);
    this.calls.push({ kind, atMs: this.nowMs, answer });
    this.nowMs += this.callMs;
    return answer;
  }

  private take(observation: Observation): void {
    this.decision = decide(this.decision.state, observation, this.nowMs);
    this.note();
  }

  private note(): void {
    this.moments.push({ atMs: this.nowMs, phase: this.decision.state.phase.kind });
    this.watch(this);
  }
}

/** The most calls that lie within any stretch of so many ms. */
export function busiest(calls: readonly { readonly atMs: number }[], withinMs: number): number {
  let first = 0;
  let most = 0;
  calls.forEach(({ atMs }, index) => {
    while ((calls[first]?.atMs ?? atMs) <= atMs - withinMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

/** The longest time in the phases after `querying` without a readable answer and without a person who was told, in ms. */
export function longestSilence({ moments, calls }: Driver): number {
  const readable = calls.filter(({ answer }) => isReadable(answer)).map(({ atMs }) => atMs);
  let next = 0;
  let sinceMs = START_MS;
  let longestMs = 0;
  let untold = false;
  for (const { atMs, phase } of moments) {
    while (next < readable.length && (readable[next] ?? atMs) <= atMs) {
      if (untold) longestMs = Math.max(longestMs, (readable[next] ?? atMs) - sinceMs);
      sinceMs = Math.max(sinceMs, readable[next] ?? atMs);
      next += 1;
    }
    if (untold) longestMs = Math.max(longestMs, atMs - sinceMs);
    untold = !['guarding', 'querying', 'needs-operator', 'done', 'handed-over'].includes(phase);
    if (!untold) sinceMs = atMs;
  }
  return longestMs;
}

/** The longest time of cancelling in one go without a person who was told, in ms. */
export function longestCancelling({ moments }: Driver): number {
  let sinceMs: number | undefined;
  let longestMs = 0;
  for (const { atMs, phase } of moments) {
    if (sinceMs !== undefined) longestMs = Math.max(longestMs, atMs - sinceMs);
    sinceMs = phase === 'cancelling' ? (sinceMs ?? atMs) : undefined;
  }
  return longestMs;
}
