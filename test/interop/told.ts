/** What was told to whom, in one form, so that it can be compared: our names, our times, only what we read. */
import * as answers from '../../alipay/answer-fields.ts';
import type { ComparedCall } from './calls.ts';

export type PlainAnswer = Readonly<Record<string, unknown>>;

/** Our answer, without what is ours alone: our class of the failure, our words. */
export function toldByUs(answer: object): PlainAnswer {
  const { kind, code, subCode, retryFlag, action, ...rest } = answer as PlainAnswer;
  if (kind === 'failed') return present({ code, subCode, retryFlag, action });
  const { traceId: _traceId, ...fields } = rest;
  return present({ code, retryFlag, action, ...fields });
}

/** An SDK's answer, narrowed to what we read of such an answer, with times in our form. */
export function toldBySdk(call: ComparedCall, answer: PlainAnswer): PlainAnswer {
  const isCancel = call.method === 'alipay.trade.cancel';
  const isSuccess = answer['code'] === '10000' || answer['code'] === '10003';
  const failureNames = ['code', 'subCode', ...(isCancel ? ['retryFlag', 'action'] : [])];
  const table = answer['code'] === '10003' ? answers.AWAITING_BUYER_FIELDS : call.table;
  const names = isSuccess ? ['code', ...Object.keys(table)] : failureNames;
  return present(Object.fromEntries(names.map((name) => [name, inOurForm(answer[name])])));
}

/** Numbers and instants that two trades cannot have in common. */
export function withoutIdentity(told: PlainAnswer): PlainAnswer {
  const { outTradeNo: _outTradeNo, tradeNo: _tradeNo, gmtPayment, gmtRefundPay, qrCode, ...rest } = told;
  return {
    ...rest,
    hasGmtPayment: gmtPayment !== undefined,
    hasGmtRefundPay: gmtRefundPay !== undefined,
    hasQrCode: qrCode !== undefined,
  };
}

/** The Java SDK has times as milliseconds since the epoch, the Node SDK as Alipay's text. */
function inOurForm(value: unknown): unknown {
  if (typeof value === 'number') return `${new Date(value + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value))
    return `${value.replace(' ', 'T')}+08:00`;
  return value;
}

function present(fields: PlainAnswer): PlainAnswer {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
