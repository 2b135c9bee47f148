/** The command follows from the state: what to do next, how often and until when. */
import type { PollPlan } from '../contract/activities.ts';
import { absenceDueAtMs, isReadableLast } from './asking.ts';
import { absenceProves } from './evidence.ts';
import { assertInvariant } from './invariant.ts';
import { meanwhileOf } from './operator-reasons.ts';
import { LIMITED_MS, PACED_MS, quickMax } from './pace.ts';
import { silenceEndsAtMs } from './silence.ts';
import type {
  CancellingStep,
  ClosingStep,
  Command,
  Memory,
  ParkedPhase,
  PhaseState,
  RefundingStep,
  State,
} from './state.ts';

export function commandFor({ memory, phase }: State, nowMs: number): Command {
  switch (phase.kind) {
    case 'guarding':
      return phase.step === 'query' ? { kind: 'query' } : { kind: 'wait', untilMs: phase.untilMs };
    case 'querying':
      if (phase.step.kind === 'wait') return { kind: 'wait', untilMs: phase.step.untilMs };
      return memory.hurried ? { kind: 'query' } : query(memory, buyerRhythm(memory, phase), nowMs);
    case 'cancelling':
      return cancellingCommand(phase.step);
    case 'watching':
      return watchingCommand(memory, phase, nowMs);
    case 'closing':
    case 'refunding':
      return refundCommand(memory, phase.step);
    case 'needs-operator':
      return parkedCommand(memory, phase, nowMs);
    case 'handed-over':
      return { kind: 'handOver', outTradeNo: phase.outTradeNo, tradeNo: phase.tradeNo };
    case 'done':
      return { kind: 'finish', done: phase };
  }
}

/** These directly follow their query: nothing may come between. */
export function movesMoney({ kind }: Command): boolean {
  return kind === 'cancel' || kind === 'refund';
}

function cancellingCommand(step: CancellingStep): Command {
  switch (step.kind) {
    case 'cancel':
      return { kind: 'cancel' };
    case 'query':
      return { kind: 'query' };
    case 'wait':
      return { kind: 'wait', untilMs: step.untilMs };
  }
}

function watchingCommand(memory: Memory, phase: Extract<PhaseState, { kind: 'watching' }>, nowMs: number): Command {
  switch (phase.step.kind) {
    case 'wait':
      return { kind: 'wait', untilMs: phase.step.untilMs };
    case 'queryRefund':
      return { kind: 'queryRefund' };
    case 'query':
      return query(memory, watchRhythm(memory, phase.asked), nowMs);
  }
}

function refundCommand(memory: Memory, step: ClosingStep | RefundingStep): Command {
  switch (step.kind) {
    case 'query':
      return { kind: 'query' };
    case 'refund': {
      const { outTradeNo, seenFen } = memory;
      assertInvariant(outTradeNo !== undefined && seenFen !== undefined, 'Only a trade that was seen is refunded');
      return { kind: 'refund', outRequestNo: outTradeNo, refundFen: seenFen };
    }
    case 'queryRefund':
      return { kind: 'queryRefund' };
    case 'wait':
      return { kind: 'wait', untilMs: step.untilMs };
  }
}

function parkedCommand(memory: Memory, phase: ParkedPhase, nowMs: number): Command {
  switch (phase.step.kind) {
    case 'wait':
      return { kind: 'wait', untilMs: phase.step.untilMs };
    case 'query':
      return meanwhileOf(memory, phase.reason) === 'query' && phase.told
        ? query(memory, parkedRhythm(memory, nowMs), nowMs)
        : { kind: 'query' };
    case 'checkDecision':
      return { kind: 'query' };
    case 'cancel':
      return { kind: 'cancel' };
    case 'queryRefund':
      return { kind: 'queryRefund' };
  }
}

type Rhythm = Pick<PollPlan, 'asked' | 'firstMs' | 'factor' | 'capMs' | 'untilMs'>;

/** The same question goes on by itself only while the answer is the one that was read last; whatever is new comes here. */
function query(memory: Memory, rhythm: Rhythm, nowMs: number): Command {
  const { lastAnswer } = memory;
  // The first answer of a phase is told in any case.
  if (lastAnswer === undefined || rhythm.asked === 0 || nowMs >= rhythm.untilMs) return { kind: 'query' };
  const { atMs: _, detail: __, ...known } = lastAnswer;
  const pace = { quickMax: quickMax(memory, nowMs), pacedMs: PACED_MS, limitedMs: LIMITED_MS };
  return { kind: 'query', poll: { known, ...rhythm, ...pace } };
}

/** The buyer is typing a password, or the pay request is on its way. */
function buyerRhythm({ policy }: Memory, { asked, untilMs }: Extract<PhaseState, { kind: 'querying' }>): Rhythm {
  return { asked, firstMs: policy.pollFirstMs, factor: policy.pollFactor, capMs: policy.pollCapMs, untilMs };
}

/** TRADE_NOT_EXIST is reported when it begins to prove something; a silence, when a person must be told of it. */
function watchRhythm(memory: Memory, asked: number): Rhythm {
  const { policy } = memory;
  const dueAtMs = absenceDueAtMs(memory);
  const untilMs = isReadableLast(memory) ? dueAtMs : Math.min(dueAtMs, silenceEndsAtMs(memory));
  return { asked, firstMs: policy.watchFirstMs, factor: policy.watchFactor, capMs: policy.watchCapMs, untilMs };
}

/** Slowly; a day at a time, so that the trail in one activity stays readable. */
function parkedRhythm(memory: Memory, nowMs: number): Rhythm {
  const { slowMs } = memory.policy;
  const dayEndMs = nowMs + DAY_MS;
  const dueAtMs = absenceProves(memory) ? absenceDueAtMs(memory) : dayEndMs;
  return { asked: 1, firstMs: slowMs, factor: 1, capMs: slowMs, untilMs: Math.min(dayEndMs, dueAtMs) };
}

const DAY_MS = 24 * 3_600_000;
