/**
 * When a person is told although a machine could go on. Nobody waits for longer than ten minutes without one readable answer once the buyer's
 * time is over, nor for longer than fifteen while cancels have no effect; both minus the longest wait and calls that lie before the next look at
 * the clock.
 */
import { OperatorReason } from '../contract/resolution.ts';
import { park } from './park.ts';
import { silenceEndsAtMs } from './silence.ts';
import type { Memory, ParkReason, State } from './state.ts';

const WITHOUT_EFFECT_MS = 13 * 60_000;

/**
 * The clocks of both begin where the buyer's time ends. A park and its return do not start that of the cancels again; that of the silence begins
 * anew, since somebody has been told.
 */
export function leavingQuerying(before: State, after: State, nowMs: number): State {
  const { memory, phase } = after;
  const leaves = startsTheSilence(before) && !startsTheSilence(after);
  const begins = phase.kind === 'cancelling' && memory.cancellingSinceMs === undefined;
  if (!leaves && !begins) return after;
  return {
    memory: { ...memory, ...(leaves && { silentSinceMs: nowMs }), ...(begins && { cancellingSinceMs: nowMs }) },
    phase,
  };
}

function startsTheSilence({ phase }: State): boolean {
  return phase.kind === 'guarding' || phase.kind === 'querying' || phase.kind === 'needs-operator';
}

/** Only where it would wait now: a cancel or a refund directly follows its query. */
export function tellAPerson(state: State, nowMs: number): State {
  const { memory, phase } = state;
  switch (phase.kind) {
    case 'cancelling':
      if (phase.step.kind !== 'wait') return state;
      if (nowMs >= silenceEndsAtMs(memory)) return park(memory, SILENT, nowMs);
      return nowMs >= effectDueAtMs(memory) ? park(memory, withoutEffect(memory), nowMs) : state;
    case 'watching':
    case 'refunding':
      return phase.step.kind === 'wait' && nowMs >= silenceEndsAtMs(memory) ? park(memory, SILENT, nowMs) : state;
    case 'guarding':
    case 'querying':
    case 'closing':
    case 'needs-operator':
    case 'handed-over':
    case 'done':
      return state;
  }
}

function effectDueAtMs({ cancellingSinceMs = Number.POSITIVE_INFINITY }: Memory): number {
  return cancellingSinceMs + WITHOUT_EFFECT_MS;
}

/** A wait of the cancelling ends no later than this, so that the clock is looked at. */
export function toldByMs(memory: Memory): number {
  return Math.min(silenceEndsAtMs(memory), effectDueAtMs(memory));
}

const SILENT = {
  reason: OperatorReason.noReadableAnswer,
  detail: 'Alipay gave no readable answer for minutes',
} as const;

function withoutEffect({ cancelMayHaveReached }: Memory): ParkReason {
  const detail = cancelMayHaveReached
    ? 'cancels have been tried for minutes, and no query says TRADE_CLOSED'
    : 'for minutes no cancel could be sent: calls of Alipay had to wait, or no worker made them';
  return { reason: OperatorReason.cancelWithoutEffect, detail };
}
