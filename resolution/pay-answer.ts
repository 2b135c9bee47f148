/**
 * The word of the service that its pay call was answered as paid, given after the guard. It proves nothing, as the query decides; but no
 * machine sends a first cancel against it, nor says NOT_CREATED. Where Alipay says otherwise, a person sees both sides.
 */
import type { QueryAnswerWord } from '../contract/answers.ts';
import { OperatorReason } from '../contract/resolution.ts';
import { FAILED_CALLS } from './failed-calls.ts';
import type { Memory, ParkReason } from './state.ts';

export function payAnswerMismatch({ lastAnswer, tradeStatus }: Memory): ParkReason {
  const alipay = lastAnswer === undefined ? 'has not answered yet' : wordsFor(lastAnswer.word);
  const before =
    tradeStatus === undefined || tradeStatus === lastAnswer?.word ? '' : `, and said ${tradeStatus} before`;
  return {
    reason: OperatorReason.payAnswerMismatch,
    detail: `the service says that its pay call was answered as paid; Alipay ${alipay}${before}`,
  };
}

function wordsFor(word: QueryAnswerWord): string {
  return Object.hasOwn(FAILED_CALLS, word) ? `gives no readable answer (${word})` : `says ${word}`;
}
