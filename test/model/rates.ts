/**
 * 19 and 20, for the random runs, whose clock is a real one: how often Alipay is called, and when a person is told. Judged from the calls and
 * answers of the world alone.
 */
import { FailureClass } from '../../contract/failure-class.ts';
import type { Observation } from '../../resolution/index.ts';
import { Violation } from './violation.ts';
import type { Move } from './move.ts';
import type { Call, World } from './world.ts';

const MINUTE_MS = 60_000;
/** Beyond one query per message that somebody sent. */
const LIMITS = [
  { calls: 40, withinMs: 5 * MINUTE_MS },
  { calls: 250, withinMs: 60 * MINUTE_MS },
] as const;
const SILENCE_MS = 10 * MINUTE_MS;

export class Rates {
  readonly #callsAtMs: number[] = [];
  #readableAtMs = 0;
  #lastWasReadable = false;
  #reported = false;

  /** Each observation that reaches the rules. */
  hear(observation: Observation, nowMs: number): void {
    switch (observation.kind) {
      case 'queried':
      case 'cancelled':
      case 'refunded':
      case 'refundQueried':
        this.#reported = true;
        this.#read(observation.report.answer, nowMs);
        return;
      case 'interrupted':
        // Its questions were answered as the last one that is known. That no worker was there to ask them, for hours in these runs, is known to
        // nobody; what the rules make of the last pause has its own test (`test/resolution/patience.test.ts`).
        if (this.#lastWasReadable) this.#readableAtMs = nowMs;
        return;
      case 'waited':
      case 'payAnswered':
      case 'lookNow':
      case 'cancelNow':
      case 'decidedManually':
      case 'reset':
    }
  }

  /** After each move. @throws Violation */
  note(move: Move, before: World, after: World): void {
    const reported = this.#reported;
    this.#reported = false;
    if (isNewAttempt(before.call, after.call) && !isFree(move)) this.#count(after.nowMs);
    if (startsTheSilence(before)) this.#readableAtMs = after.nowMs;
    const kept = answerThatAPollKeeps(before.call, after.call);
    if (kept !== undefined) this.#read(kept, after.nowMs);
    if (reported && waitsSilently(after) && after.nowMs - this.#readableAtMs > SILENCE_MS) {
      throw new Violation(20, `${SILENCE_MS / MINUTE_MS} minutes without a readable answer, and nobody is told`);
    }
  }

  #read(answer: SomeAnswer, nowMs: number): void {
    this.#lastWasReadable =
      answer.kind !== 'failed' || answer.failure === FailureClass.business || answer.failure === FailureClass.rejected;
    if (this.#lastWasReadable) this.#readableAtMs = nowMs;
  }

  #count(nowMs: number): void {
    this.#callsAtMs.push(nowMs);
    for (const { calls, withinMs } of LIMITS) {
      const first = this.#callsAtMs.at(-1 - calls);
      if (first !== undefined && nowMs - first < withinMs) {
        throw new Violation(19, `more than ${calls} calls in ${withinMs / MINUTE_MS} minutes`);
      }
    }
  }
}

type SomeAnswer = { readonly kind: string; readonly failure?: FailureClass };

function isNewAttempt(before: Call, after: Call): boolean {
  if (before === after || !('stage' in after) || after.stage !== 'scheduled') return false;
  return !(before.kind === after.kind && 'stage' in before && before.stage === 'scheduled');
}

/** The query that a message brings; and what a worker only does again, as another died or was away. */
function isFree(move: Move): boolean {
  return (
    move.message !== undefined || move.name.startsWith('Operator') || AGAIN.some((again) => move.name.includes(again))
  );
}

function startsTheSilence({ state }: World): boolean {
  const kind = state?.phase.kind;
  return kind === undefined || kind === 'guarding' || kind === 'querying' || kind === 'needs-operator';
}

/** One after which it asks again by itself, so that the rules hear nothing of it. */
function answerThatAPollKeeps(before: Call, after: Call): SomeAnswer | undefined {
  const rests = after.kind === 'query' && after.stage === 'resting' && before !== after;
  return rests && before.kind === 'query' && before.stage === 'answered' ? before.answer : undefined;
}

/** It would go on by itself, after a wait. */
function waitsSilently({ state, call }: World): boolean {
  const kind = state?.phase.kind;
  return call.kind === 'wait' && (kind === 'cancelling' || kind === 'watching' || kind === 'refunding');
}

const AGAIN: readonly string[] = ['Workflow: a worker goes on', 'the worker dies, Temporal tries again'];
