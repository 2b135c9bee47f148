/** The state as callers see it: the answer to the query `resolution`, and the workflow's result. */
import { workflowIdOf } from '../contract/names.ts';
import { yuanFromFen } from '../contract/money.ts';
import { Outcome, type Resolution } from '../contract/resolution.ts';
import { CancelAction, TradeStatus } from '../contract/trade.ts';
import { cancelWindowEndMs, whyNoFirstCancel } from './cancelling.ts';
import { absenceProvenAtMs, absenceProves } from './evidence.ts';
import { isClosed } from './memory.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import type { Memory, State } from './state.ts';

export function toResolution(state: State): Resolution {
  const { memory, phase } = state;
  const known = { ...knownOf(memory), summary: summaryOf(state) };
  const provisional = provisionalOf(state);
  const underway = provisional === undefined ? {} : { provisional };
  switch (phase.kind) {
    case 'guarding':
      return { ...known, ...underway, phase: phase.kind, nextCheckAt: rfc3339(phase.untilMs) };
    case 'querying':
    case 'watching':
    case 'cancelling':
    case 'closing':
    case 'refunding':
      return { ...known, ...underway, ...nextCheck(phase.step), phase: phase.kind };
    case 'needs-operator':
      return {
        ...known,
        ...underway,
        ...nextCheck(phase.step),
        phase: phase.kind,
        reason: phase.reason,
        remedy: OPERATOR_REASONS[phase.reason].remedy,
      };
    case 'handed-over':
      return {
        ...known,
        phase: phase.kind,
        resolvedBy: workflowIdOf({ merchant: memory.merchant, outTradeNo: phase.outTradeNo }),
      };
    case 'done':
      return {
        ...known,
        phase: phase.kind,
        outcome: phase.outcome,
        decidedBy: phase.decidedBy,
        evidence: phase.evidence,
        decidedAt: rfc3339(phase.atMs),
        ...(phase.manualDecision !== undefined && { manualDecision: phase.manualDecision }),
      };
  }
}

function knownOf(memory: Memory): Omit<Resolution, 'phase' | 'summary'> {
  const { lastAnswer } = memory;
  return {
    merchant: memory.merchant,
    ...(memory.outTradeNo !== undefined && { outTradeNo: memory.outTradeNo }),
    ...(memory.tradeNo !== undefined && { tradeNo: memory.tradeNo }),
    ...(memory.totalFen !== undefined && { totalAmount: yuanFromFen(memory.totalFen) }),
    payRequestedAt: rfc3339(memory.payRequestedAtMs),
    payDeadline: rfc3339(memory.payDeadlineAtMs),
    ...(memory.callerSaysPaid && { payAnswer: 'paid' as const }),
    ...notesOf(memory),
    polls: memory.polls,
    ...(lastAnswer !== undefined && {
      lastAnswer: {
        at: rfc3339(lastAnswer.atMs),
        answer: lastAnswer.word,
        ...(lastAnswer.subCode !== undefined && { subCode: lastAnswer.subCode }),
        ...(lastAnswer.detail !== undefined && { detail: lastAnswer.detail }),
      },
    }),
    ...(memory.tradeStatus !== undefined && { tradeStatus: memory.tradeStatus }),
    ...(memory.tradeStatusAtMs !== undefined && { tradeStatusAt: rfc3339(memory.tradeStatusAtMs) }),
    cancelCount: memory.cancelCount,
    cancels: memory.cancels,
    actions: memory.actions,
  };
}

function notesOf({ disbelievedDeadlineAtMs, payDeadlineAtMs, wasReset }: Memory): { notes?: readonly string[] } {
  const notes = [
    ...(disbelievedDeadlineAtMs === undefined
      ? []
      : [
          `payExpiresAt ${rfc3339(disbelievedDeadlineAtMs)} lies before the start, or before the end of the guard: ${rfc3339(payDeadlineAtMs)} counts instead.`,
        ]),
    ...(wasReset ? ['This run was reset in Temporal: what was sent to Alipay before may be missing here.'] : []),
  ];
  return notes.length === 0 ? {} : { notes };
}

function nextCheck(step: { readonly kind: string; readonly untilMs?: number }): { nextCheckAt?: string } {
  return step.untilMs === undefined ? {} : { nextCheckAt: rfc3339(step.untilMs) };
}

/** What will most likely be proven: for a screen, never for the books. */
function provisionalOf({ memory, phase }: State): Outcome | undefined {
  if (phase.kind === 'refunding') return Outcome.REFUNDED;
  if (phase.kind === 'watching') return absenceProves(memory) ? Outcome.NOT_CREATED : undefined;
  if (memory.actions.includes(CancelAction.refund)) return Outcome.REFUNDED;
  const wasPaid = memory.everPaid || memory.maybePaid;
  if (memory.actions.includes(CancelAction.close) && !wasPaid) return Outcome.CLOSED;
  return undefined;
}

function summaryOf({ memory, phase }: State): string {
  switch (phase.kind) {
    case 'guarding':
      return `The service is in its pay call; without a word from it by ${rfc3339(phase.untilMs)} the trade is resolved.`;
    case 'refunding':
      return 'To be refunded in full instead of cancelled: going on until the refund is proven.';
    case 'querying':
      return memory.hurried
        ? `Asking Alipay once more whether the buyer has paid; without a final answer ${whatFollows(memory, phase.untilMs)}.`
        : `Asking Alipay whether the buyer has paid; without a final answer by ${rfc3339(phase.untilMs)} ${whatFollows(memory, phase.untilMs)}.`;
    case 'cancelling':
      if (!memory.cancelMayHaveReached) return beforeTheFirstCancel(memory);
      return memory.tradeStatus === TradeStatus.TRADE_SUCCESS && !isClosed(memory.signed?.says)
        ? 'Paid, but a cancel is under way: cancelling until Alipay says TRADE_CLOSED.'
        : 'Cancelling until Alipay says TRADE_CLOSED.';
    case 'watching':
      return memory.provenAbsenceAtMs === undefined
        ? `Alipay has never seen the trade; its pay request may still arrive until ${rfc3339(absenceProvenAtMs(memory))}. Watching until Alipay denies it after that.`
        : `Alipay has denied the trade although its pay deadline is over; ${absenceProves(memory) ? 'it is NOT_CREATED when a second question and a second interface say the same' : 'a person is asked when a second question says the same'}.`;
    case 'closing':
      return 'TRADE_CLOSED is proven; asking whether money went back to the buyer.';
    case 'needs-operator':
      return `Needs a person: ${phase.detail}.`;
    case 'handed-over':
      return `Resolved by the run of outTradeNo ${phase.outTradeNo}.`;
    case 'done':
      return `${phase.outcome}: ${phase.evidence}.`;
  }
}

function beforeTheFirstCancel(memory: Memory): string {
  return whyNoFirstCancel(memory) === undefined
    ? 'To be cancelled while Alipay allows it, unless it says first that the trade is paid or closed.'
    : 'Asking Alipay once more; unless it says that the trade is paid or closed, a person is asked.';
}

function whatFollows(memory: Memory, untilMs: number): string {
  if (whyNoFirstCancel(memory) !== undefined) return 'a person is asked';
  return untilMs < cancelWindowEndMs(memory) ? 'the trade is cancelled' : 'it is only watched, or a person is asked';
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
