/**
 * What the answer to a query is worth for this trade.
 *
 * E1 An answer counts as of the moment its call was scheduled, never as of its arrival.
 * E2 A failed call is no information about the trade, whatever it says.
 * E3 TRADE_NOT_EXIST is final only for a trade that was never seen and whose tradeNo nobody named, and only when Alipay
 *    says so twice, asked after the pay deadline plus margin, the second time minutes after the first was read, and a second
 *    interface says the same (`closure.ts`): the query has been seen to say it during Alipay's own errors (Antom barcode "错误处理").
 * E4 A trade of another amount or another number is not this trade.
 */
import type { QueryAnswer, SeenTrade } from '../contract/answers.ts';
import type { QueryReport } from '../contract/activities.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { fenFromYuan, yuanFromFen } from '../contract/money.ts';
import { isOutTradeNo } from '../contract/resolution-input.ts';
import { OperatorReason } from '../contract/resolution.ts';
import { TradeStatus } from '../contract/trade.ts';
import { detailOf } from './failed-calls.ts';
import type { Memory, ParkReason } from './state.ts';

export type Verdict =
  | { readonly kind: 'paid' }
  | { readonly kind: 'closed' }
  /** TRADE_NOT_EXIST twice, as E3 has it: the second interface is asked next. */
  | { readonly kind: 'absentTwice' }
  /** WAIT_BUYER_PAY. */
  | { readonly kind: 'unpaid' }
  /** TRADE_NOT_EXIST, and a pay request may still create the trade. */
  | { readonly kind: 'notYet' }
  | { readonly kind: 'noInformation' }
  /** Only a tradeNo was known, and now its outTradeNo is. */
  | { readonly kind: 'identified'; readonly outTradeNo: string; readonly tradeNo: string }
  | { readonly kind: 'park'; readonly refusal: ParkReason };

/** Answers that prove nothing about the trade: `paid` is among them once a cancel may land (D3). */
export type Inconclusive = Extract<Verdict, { kind: 'paid' | 'unpaid' | 'notYet' | 'noInformation' }>;

/** `memory` is what was known BEFORE this report. */
export function judge(memory: Memory, report: QueryReport): Verdict {
  const { answer } = report;
  switch (answer.kind) {
    case 'trade':
      return judgeTrade(memory, answer);
    case 'tradeNotExist':
      return judgeAbsence(memory, report);
    case 'failed':
      return judgeFailure(answer);
  }
}

function judgeTrade(memory: Memory, trade: SeenTrade): Verdict {
  const stranger = strangerReason(memory, trade);
  if (stranger !== undefined) return { kind: 'park', refusal: stranger };
  // A number that no service could start a resolution with has no run of its own: it is resolved here.
  if (memory.outTradeNo === undefined && isOutTradeNo(trade.outTradeNo)) {
    return { kind: 'identified', outTradeNo: trade.outTradeNo, tradeNo: trade.tradeNo };
  }
  switch (trade.tradeStatus) {
    case TradeStatus.TRADE_SUCCESS:
    case TradeStatus.TRADE_FINISHED:
      return { kind: 'paid' };
    case TradeStatus.TRADE_CLOSED:
      return { kind: 'closed' };
    case TradeStatus.WAIT_BUYER_PAY:
      return { kind: 'unpaid' };
  }
}

function strangerReason(memory: Memory, trade: SeenTrade): ParkReason | undefined {
  if (memory.totalFen !== undefined && fenFromYuan(trade.totalAmount) !== memory.totalFen) {
    return {
      reason: OperatorReason.amountMismatch,
      detail: `Alipay holds this trade at ${trade.totalAmount} yuan, the start named ${yuanFromFen(memory.totalFen)} yuan`,
    };
  }
  if (memory.tradeNo !== undefined && trade.tradeNo !== memory.tradeNo) {
    return {
      reason: OperatorReason.tradeNoMismatch,
      detail: `Alipay's tradeNo for this trade is ${trade.tradeNo}, known before as ${memory.tradeNo}`,
    };
  }
  return undefined;
}

function judgeAbsence(memory: Memory, report: QueryReport): Verdict {
  if (memory.outTradeNo === undefined) {
    return {
      kind: 'park',
      refusal: {
        reason: OperatorReason.tradeNoUnknown,
        detail: `Alipay does not know tradeNo ${memory.tradeNo}, which it must have issued itself`,
      },
    };
  }
  if (memory.seen) return { kind: 'noInformation' };
  const { provenAbsenceAtMs } = memory;
  const twice = provenAbsenceAtMs !== undefined && report.scheduledAtMs >= provenAbsenceAtMs + absenceConfirmMs(memory);
  if (!twice) return { kind: 'notYet' };
  if (memory.tradeNo === undefined) return { kind: 'absentTwice' };
  const detail = `Alipay knows no trade of this outTradeNo, but tradeNo ${memory.tradeNo}, which it issued itself, was named with it`;
  return { kind: 'park', refusal: { reason: OperatorReason.tradeNoMismatch, detail } };
}

/**
 * Longer than a passing error behind Alipay's gateway, and than replicas lag: chosen, as nothing is documented. The trade has been watched for
 * hours by then. Whoever takes a smaller margin than 3 minutes wants it faster, but never below 10 s.
 */
export function absenceConfirmMs({ policy }: Memory): number {
  return Math.max(10_000, Math.min(policy.marginMs, 180_000));
}

function judgeFailure(failed: Extract<QueryAnswer, { kind: 'failed' }>): Verdict {
  const detail = detailOf(failed);
  switch (failed.failure) {
    case FailureClass.configuration:
      return { kind: 'park', refusal: { reason: OperatorReason.configuration, detail } };
    case FailureClass.rejected:
    case FailureClass.business:
      return { kind: 'park', refusal: { reason: OperatorReason.queryRefused, detail } };
    case FailureClass.notSent:
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
    case FailureClass.limited:
      return { kind: 'noInformation' };
  }
}

/** From this instant on no pay request can create the trade any more. */
export function absenceProvenAtMs(memory: Memory): number {
  return memory.payDeadlineAtMs + memory.policy.marginMs;
}

/** Otherwise TRADE_NOT_EXIST never proves NOT_CREATED, however late it is asked for. */
export function absenceProves({ seen, callerSaysPaid, outTradeNo, tradeNo }: Memory): boolean {
  return !seen && !callerSaysPaid && outTradeNo !== undefined && tradeNo === undefined;
}
