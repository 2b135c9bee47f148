/** The command follows from the state: what to do next, how often and until when. */
import { FailureClass } from '../contract/failure-class.ts';
import type { QueryAnswerWord } from '../contract/answers.ts';
import type { PollPlan } from '../contract/activities.ts';
import type { OperatorReason } from '../contract/resolution.ts';
import { TradeStatus } from '../contract/trade.ts';
import { ABSENCE_CONFIRM_MS, absenceProvenAtMs, NO_INFORMATION } from './evidence.ts';
import { hold } from './invariant.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import type { CancellingStep, ClosingStep, Command, Memory, ParkedPhase, RefundingStep, State } from './state.ts';

export function commandFor({ memory, phase }: State, nowMs: number): Command {
  switch (phase.kind) {
    case 'guarding':
      return phase.step === 'look' ? { kind: 'query' } : { kind: 'wait', untilMs: phase.untilMs };
    case 'querying':
      return memory.hurried ? { kind: 'query' } : { kind: 'query', poll: buyerPoll(memory, phase.untilMs) };
    case 'cancelling':
      return cancellingCommand(phase.step);
    case 'watching':
      return { kind: 'query', poll: watchPoll(memory, nowMs) };
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
    case 'confirm':
    case 'recheck':
      return { kind: 'query' };
    case 'backOff':
      return { kind: 'wait', untilMs: step.untilMs };
  }
}

function refundCommand(memory: Memory, step: ClosingStep | RefundingStep): Command {
  switch (step.kind) {
    case 'check':
      return { kind: 'query' };
    case 'refund': {
      const { outTradeNo, seenFen } = memory;
      hold(outTradeNo !== undefined && seenFen !== undefined, 'Only a trade that was seen is refunded');
      return { kind: 'refund', outRequestNo: outTradeNo, refundFen: seenFen };
    }
    case 'ask':
      return { kind: 'queryRefund' };
    case 'backOff':
      return { kind: 'wait', untilMs: step.untilMs };
  }
}

function parkedCommand(memory: Memory, phase: ParkedPhase, nowMs: number): Command {
  switch (phase.step.kind) {
    case 'wait':
      return { kind: 'wait', untilMs: phase.step.untilMs };
    case 'query':
      return OPERATOR_REASONS[phase.reason].meanwhile === 'ask'
        ? { kind: 'query', poll: parkedPoll(memory, phase.reason, nowMs) }
        : { kind: 'query' };
    case 'cancel':
      return { kind: 'cancel' };
    case 'askRefund':
      return { kind: 'queryRefund' };
  }
}

/** The buyer is typing a password: WAIT_BUYER_PAY, and TRADE_NOT_EXIST for "not yet". One worker's wrong configuration, or one forged error, costs no more than a poll. */
function buyerPoll({ policy }: Memory, untilMs: number): PollPlan {
  return {
    keepAskingOn: [TradeStatus.WAIT_BUYER_PAY, 'TRADE_NOT_EXIST', FailureClass.configuration, ...NO_INFORMATION],
    firstMs: policy.pollFirstMs,
    factor: policy.pollFactor,
    capMs: policy.pollCapMs,
    untilMs,
  };
}

/** TRADE_NOT_EXIST is worth another question until it has been said at both ends of the time that proves it. */
function watchPoll(memory: Memory, nowMs: number): PollPlan {
  const { policy, provenAbsenceAtMs } = memory;
  const enoughAtMs =
    provenAbsenceAtMs === undefined ? absenceProvenAtMs(memory) : provenAbsenceAtMs + ABSENCE_CONFIRM_MS;
  const due = nowMs >= enoughAtMs;
  return {
    keepAskingOn: due ? NO_INFORMATION : ['TRADE_NOT_EXIST', ...NO_INFORMATION],
    firstMs: policy.watchFirstMs,
    factor: policy.watchFactor,
    capMs: policy.watchCapMs,
    untilMs: due ? nowMs + DAY_MS : enoughAtMs,
  };
}

/** Slowly, and only until the picture changes; a day at a time, so that the trail in one activity stays readable. */
function parkedPoll({ policy, tradeStatus, strangerSeen }: Memory, reason: OperatorReason, nowMs: number): PollPlan {
  // Of a trade that was seen TRADE_NOT_EXIST tells nothing: reported, it would be asked for again at once, without end.
  const known = tradeStatus !== undefined || strangerSeen;
  const unchanged = UNCHANGED[reason];
  const addAbsence = known && !unchanged.includes('TRADE_NOT_EXIST');
  return {
    keepAskingOn: addAbsence ? [...unchanged, 'TRADE_NOT_EXIST'] : unchanged,
    firstMs: policy.slowMs,
    factor: 1,
    capMs: policy.slowMs,
    untilMs: nowMs + DAY_MS,
  };
}

const DAY_MS = 24 * 3_600_000;

const STILL_BROKEN: readonly QueryAnswerWord[] = [
  ...NO_INFORMATION,
  FailureClass.configuration,
  FailureClass.rejected,
  FailureClass.business,
];
const STILL_OPEN: readonly QueryAnswerWord[] = [
  ...STILL_BROKEN,
  'TRADE_NOT_EXIST',
  TradeStatus.WAIT_BUYER_PAY,
  TradeStatus.TRADE_SUCCESS,
  TradeStatus.TRADE_FINISHED,
];

/** Answers that leave a parked trade where it is. */
const UNCHANGED: { readonly [R in OperatorReason]: readonly QueryAnswerWord[] } = {
  configuration: STILL_BROKEN,
  queryRefused: STILL_BROKEN,
  tradeNoUnknown: [...STILL_BROKEN, 'TRADE_NOT_EXIST'],
  cancelRefused: STILL_OPEN,
  cancelWindowOver: STILL_OPEN,
  amountMismatch: [...STILL_OPEN, TradeStatus.TRADE_CLOSED],
  tradeNoMismatch: [...STILL_OPEN, TradeStatus.TRADE_CLOSED],
  sellerBalanceNotEnough: STILL_OPEN,
  frozen: STILL_OPEN,
  cancelNotPermitted: STILL_OPEN,
  closureKindUnknown: STILL_OPEN,
  refundRefused: STILL_OPEN,
};
