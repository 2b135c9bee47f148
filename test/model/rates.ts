/**
 * 19 and 20, for the random runs, whose clock is a real one: how often Alipay is called, and when a person is told. Judged from the calls and
 * answers of the world alone.
 */
import { Violation } from './invariants.ts';
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

  /** After each move. @throws Violation */
  note(move: Move, before: World, after: World): void {
    if (isNewAttempt(before.call, after.call) && !isFree(move)) this.#count(after.nowMs);
    if (startsTheSilence(before) || isReadable(move, before.call)) this.#readableAtMs = after.nowMs;
    const isReport = before.call !== after.call && REPORTS.some((report) => move.name.includes(report));
    if (isReport && waitsSilently(after) && after.nowMs - this.#readableAtMs > SILENCE_MS) {
      throw new Violation(20, `${SILENCE_MS / MINUTE_MS} minutes without a readable answer, and nobody is told`);
    }
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

const REPORTS: readonly string[] = ['the answer arrives', 'lost', 'no answer in time', 'the worker dies under'];

function isNewAttempt(before: Call, after: Call): boolean {
  if (before === after || !('stage' in after) || after.stage !== 'scheduled') return false;
  return !(before.kind === after.kind && 'stage' in before && before.stage === 'scheduled');
}

/** The query that a message brings; and what a worker that comes back only does again. */
function isFree(move: Move): boolean {
  return move.message !== undefined || move.name.startsWith('Operator') || move.name === 'Workflow: a worker goes on';
}

function startsTheSilence({ state }: World): boolean {
  const kind = state?.phase.kind;
  return kind === undefined || kind === 'guarding' || kind === 'querying' || kind === 'needs-operator';
}

function isReadable({ name }: Move, call: Call): boolean {
  if (!name.includes('the answer arrives') || !('answer' in call) || call.answer === undefined) return false;
  const { answer } = call;
  return answer.kind !== 'failed' || answer.failure === 'business' || answer.failure === 'rejected';
}

/** It would go on by itself, after a wait. */
function waitsSilently({ state, call }: World): boolean {
  const kind = state?.phase.kind;
  return call.kind === 'wait' && (kind === 'cancelling' || kind === 'watching' || kind === 'refunding');
}
