/** What an answer says, in a few words of Alipay's, for a person to compare. Nothing of the buyer is in the answers, or here. */
import type {
  CancelResponse,
  CloseResponse,
  CancelFailure,
  PayResponse,
  PrecreateResponse,
  QueryRefundResponse,
  QueryResponse,
} from '../alipay/gateway.ts';

export function queryWords(answer: QueryResponse): string {
  if (answer.kind === 'failed') return failureWords(answer);
  const { tradeStatus, totalAmount, sendPayDate } = answer;
  return `${tradeStatus}, ${totalAmount}, ${sendPayDate === undefined ? 'no' : 'with'} send_pay_date`;
}

export function cancelWords(answer: CancelResponse): string {
  const { retryFlag, action } = answer;
  const said = answer.kind === 'failed' ? failureWords(answer) : answer.code;
  return `${said}, retry_flag ${retryFlag ?? 'absent'}, action ${action ?? 'absent'}`;
}

export function queryRefundWords(answer: QueryRefundResponse): string {
  if (answer.kind === 'failed') return failureWords(answer);
  const { code, refundStatus, refundAmount } = answer;
  return refundStatus === undefined ? `${code}, no refund` : `${code}, ${refundStatus}, ${refundAmount ?? 'no amount'}`;
}

/** Of pay, precreate and close the code says it all. */
export function codeWords(answer: PayResponse | PrecreateResponse | CloseResponse): string {
  return answer.kind === 'failed' ? failureWords(answer) : answer.code;
}

function failureWords({ code, subCode, signed, failure, detail }: CancelFailure): string {
  if (code === undefined) return `no usable answer (${failure}): ${detail}`;
  return [code, subCode, signed === false ? 'unsigned' : undefined].filter((word) => word !== undefined).join(' ');
}
