/** What an operator may decide. A settlement never contradicts what Alipay has signed, and never runs ahead of a cancel. */
import { OperatorReason, Outcome, type Settlement } from '../contract/resolution.ts';
import { TradeStatus } from '../contract/trade.ts';
import { absenceProvenAtMs } from './evidence.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import type { Memory, State } from './state.ts';

/** Why this settlement is refused now, as a sentence for the operator; `undefined`: it is allowed. */
export function settleRefusal({ memory, phase }: State, settlement: Settlement, nowMs: number): string | undefined {
  if (phase.kind !== 'needs-operator') {
    return `The trade is in phase ${phase.kind}; only one that needs an operator can be settled. Use retryNow or cancelNow.`;
  }
  if (!isSettlement(settlement))
    return `outcome must be one of ${Object.keys(Outcome).join(', ')}; or give "refund": true instead.`;
  if (!filled(settlement.who)) return 'who is required: the name of the person who decides.';
  if (!filled(settlement.why)) return 'why is required: what the decision rests on.';
  return 'refund' in settlement
    ? refundRefusal(memory, phase.reason)
    : contradiction(memory, settlement.outcome, nowMs);
}

/** Why `cancelNow` is refused now; `undefined`: it is allowed, or already under way. */
export function cancelRefusalNow({ phase }: State): string | undefined {
  switch (phase.kind) {
    case 'guarding':
    case 'querying':
    case 'cancelling':
    case 'watching':
    case 'closing':
      return undefined;
    case 'needs-operator':
      return OPERATOR_REASONS[phase.reason].cancelAllowed
        ? undefined
        : `This trade needs a person (${phase.reason}) and must not be cancelled: ${OPERATOR_REASONS[phase.reason].remedy}`;
    case 'refunding':
      return 'The trade is being refunded: a cancel must not run beside that.';
    case 'handed-over':
      return `This run has handed over to outTradeNo ${phase.outTradeNo}: send cancelNow there.`;
    case 'done':
      return `The trade is resolved: ${phase.outcome}.`;
  }
}

/** What arrives here comes from outside: its shape is checked, not believed. */
function isSettlement(settlement: Settlement): boolean {
  if (typeof settlement !== 'object' || settlement === null) return false;
  return 'refund' in settlement
    ? settlement.refund === true && !('outcome' in settlement)
    : typeof settlement.outcome === 'string' && Object.hasOwn(Outcome, settlement.outcome);
}

/** A cancel that may still land is no reason: the refund waits for that by itself. */
function refundRefusal(memory: Memory, reason: OperatorReason): string | undefined {
  if (reason === OperatorReason.amountMismatch || reason === OperatorReason.tradeNoMismatch) {
    return 'It is not certain that this is the trade that was meant: refund it in the merchant portal.';
  }
  if (memory.tradeStatus !== TradeStatus.TRADE_SUCCESS) {
    return `Only a trade that Alipay has signed as TRADE_SUCCESS can be refunded; the last signed status is ${memory.tradeStatus ?? 'none'}.`;
  }
  return undefined;
}

function cancelInFlight({ cancelMayLandUntilMs = 0 }: Memory, nowMs: number): string | undefined {
  if (nowMs >= cancelMayLandUntilMs) return undefined;
  return `A cancel without a known answer may still land until ${new Date(cancelMayLandUntilMs).toISOString()}: wait until then.`;
}

function filled(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '' && text.length <= 500;
}

function contradiction(memory: Memory, outcome: Outcome, nowMs: number): string | undefined {
  const { tradeStatus } = memory;
  const paidNow = tradeStatus === TradeStatus.TRADE_SUCCESS || tradeStatus === TradeStatus.TRADE_FINISHED;
  switch (outcome) {
    case Outcome.PAID:
      if (tradeStatus === TradeStatus.TRADE_CLOSED) return 'Alipay has signed TRADE_CLOSED: the trade is not paid.';
      if (memory.refundMayHaveReached) {
        return 'A refund was sent and its result is not known: settle with refund again, which sees it through.';
      }
      if (nowMs < (memory.refundMayLandUntilMs ?? 0)) {
        return `A copy of the refused refund may still land until ${new Date(memory.refundMayLandUntilMs ?? 0).toISOString()}: wait until then.`;
      }
      return cancelInFlight(memory, nowMs);
    case Outcome.REFUNDED:
      return paidNow
        ? 'Alipay has signed that the trade is paid. Refund it at Alipay first: the resolution then sees TRADE_CLOSED by itself.'
        : undefined;
    case Outcome.CLOSED:
      if (paidNow) return 'Alipay has signed that the trade is paid: it cannot be settled as CLOSED.';
      if (memory.everPaid) return 'The trade was paid once: settle it as REFUNDED.';
      return stillPayable(memory, nowMs);
    case Outcome.NOT_CREATED:
      if (tradeStatus !== undefined) return `Alipay has signed ${tradeStatus}: the trade exists.`;
      return stillPayable(memory, nowMs);
  }
}

function stillPayable(memory: Memory, nowMs: number): string | undefined {
  if (memory.tradeStatus === TradeStatus.TRADE_CLOSED || nowMs >= absenceProvenAtMs(memory)) return undefined;
  return `The trade can still be paid until ${new Date(absenceProvenAtMs(memory)).toISOString()}: wait until then, or send cancelNow.`;
}
