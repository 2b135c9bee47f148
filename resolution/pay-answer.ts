/**
 * The word of the service that its pay call was answered as paid, given after the guard. It proves nothing, as the query decides; but no
 * machine sends a first cancel against it, nor says NOT_CREATED. Where Alipay says otherwise, a person sees both sides.
 */
import { OperatorReason } from '../contract/resolution.ts';
import type { Memory, Refusal } from './state.ts';

export function payAnswerMismatch({ lastAnswer, tradeStatus }: Memory): Refusal {
  const alipay = lastAnswer === undefined ? 'has not answered yet' : `says ${lastAnswer.word}`;
  const before =
    tradeStatus === undefined || tradeStatus === lastAnswer?.word ? '' : `, and said ${tradeStatus} before`;
  return {
    reason: OperatorReason.payAnswerMismatch,
    detail: `the service says that its pay call was answered as paid; Alipay ${alipay}${before}`,
  };
}
