/**
 * The two phases that only ask. Every answer that says something new comes back here; before the same question is asked again there is a
 * wait, which grows with the questions of the phase, whatever they were answered.
 */
import { absenceConfirmMs, absenceProvenAtMs } from './evidence.ts';
import { FAILED_CALLS } from './failed-calls.ts';
import type { Interruption } from './observation.ts';
import { PACED_MS, roomAtMs, spend } from './pace.ts';
import { silenceEndsAtMs } from './silence.ts';
import type { Memory, PhaseState, State } from './state.ts';

type Querying = Extract<PhaseState, { kind: 'querying' }>;
type Watching = Extract<PhaseState, { kind: 'watching' }>;

/** The buyer gets a whole budget from now on. */
export function startQuerying(memory: Memory, nowMs: number): State {
  const untilMs = nowMs + memory.policy.pollBudgetMs;
  return { memory, phase: { kind: 'querying', untilMs, step: { kind: 'query' }, asked: 0 } };
}

/** The last question of the budget falls on its end. */
export function keepQuerying(memory: Memory, phase: Querying, questions: number, nowMs: number): State {
  const { pollFirstMs, pollFactor, pollCapMs } = memory.policy;
  const asked = phase.asked + questions;
  const grown = grownMs(pollFirstMs, pollFactor, pollCapMs, asked);
  const untilMs = Math.max(Math.min(nowMs + grown, phase.untilMs), roomAtMs(memory, 1));
  return { memory, phase: { ...phase, asked, step: { kind: 'wait', untilMs } } };
}

/** `cancellingSinceMs` is forgotten: the cancels so far had nothing to take effect on. */
export function startWatching(before: Memory): State {
  const { cancellingSinceMs: _, ...memory } = before;
  return { memory, phase: { kind: 'watching', step: { kind: 'query' }, asked: 0 } };
}

/** Never later than the instant at which "no such trade" begins to prove something, or proves it. */
export function keepWatching(memory: Memory, phase: Watching, questions: number, nowMs: number): State {
  const { watchFirstMs, watchFactor, watchCapMs } = memory.policy;
  const asked = phase.asked + questions;
  const grown = grownMs(watchFirstMs, watchFactor, watchCapMs, asked);
  const dueAtMs = absenceDueAtMs(memory);
  const wantedMs = nowMs < dueAtMs ? Math.min(nowMs + grown, dueAtMs) : nowMs + grown;
  const toldByMs = isReadableLast(memory) ? wantedMs : Math.max(nowMs, silenceEndsAtMs(memory));
  const untilMs = Math.max(Math.min(wantedMs, toldByMs), roomAtMs(memory, 2));
  return { memory, phase: { ...phase, asked, step: { kind: 'wait', untilMs } } };
}

/**
 * A message ended a poll between two questions; all of them were answered as the last one that was read. The last of them was asked no longer ago
 * than a pause takes, so a flood of messages does not hide a silence.
 */
export function afterInterruption(
  { memory: before, phase }: State,
  { questions, startedAtMs }: Interruption,
  nowMs: number,
): State {
  const heardAtMs = isReadableLast(before) ? Math.max(startedAtMs, nowMs - pauseMs(before, phase, questions)) : 0;
  const silentSinceMs = Math.max(before.silentSinceMs, heardAtMs);
  const free = before.lookWanted ? 1 : 0;
  const spent = spend(before, Math.max(0, questions - free), startedAtMs);
  // The message wants a look, whatever else it wants.
  const memory = { ...spent, lookWanted: true, polls: before.polls + questions, silentSinceMs };
  const counts = phase.kind === 'querying' || phase.kind === 'watching';
  return { memory, phase: counts ? { ...phase, asked: phase.asked + questions } : phase };
}

/** The next TRADE_NOT_EXIST counts when it is asked for at this instant or later. */
export function absenceDueAtMs(memory: Memory): number {
  const { provenAbsenceAtMs } = memory;
  return provenAbsenceAtMs === undefined ? absenceProvenAtMs(memory) : provenAbsenceAtMs + absenceConfirmMs(memory);
}

/** The answer that was read last was Alipay's own word about the trade. */
export function isReadableLast({ lastAnswer }: Memory): boolean {
  const word = lastAnswer?.word;
  return word !== undefined && !Object.hasOwn(FAILED_CALLS, word);
}

/** Between the last two of so many questions at most. Only a silence of `watching` is told to a person. */
function pauseMs({ policy }: Memory, phase: PhaseState, questions: number): number {
  if (phase.kind !== 'watching') return 0;
  const { watchFirstMs, watchFactor, watchCapMs } = policy;
  return Math.max(PACED_MS, grownMs(watchFirstMs, watchFactor, watchCapMs, phase.asked + questions));
}

/** The wait after so many questions, in ms. */
function grownMs(firstMs: number, factor: number, capMs: number, asked: number): number {
  return Math.min(capMs, firstMs * factor ** Math.min(Math.max(asked - 1, 0), 60));
}
