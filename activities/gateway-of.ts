import type { AlipayGateway } from '../alipay/gateway.ts';
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import type { TradeIds } from '../contract/trade.ts';

/** What the activities call. */
export type TradeGateway = Pick<AlipayGateway, 'query' | 'cancel' | 'refund' | 'queryRefund'>;

/** The gateway of a merchant by its name in this worker's configuration; `undefined` for one it does not serve. */
export type GatewayOf = (merchant: string) => TradeGateway | undefined;

/** Not an error of the trade: the workflow parks it, and goes on once a worker that knows the merchant is there. */
export function unknownMerchant(merchant: string): FailedCall {
  return { kind: 'failed', failure: FailureClass.configuration, detail: noSuchMerchant(merchant) };
}

/** For a call that would move money it counts that nothing has left this worker; another one may know the merchant. */
export function notSentForMerchant(merchant: string): FailedCall {
  return { kind: 'failed', failure: FailureClass.notSent, detail: noSuchMerchant(merchant) };
}

function noSuchMerchant(merchant: string): string {
  return `merchant "${merchant}" is not in this worker's merchants file: add it and restart the workers`;
}

/** Only our own words, Alipay's codes and its trace id go into a history. */
export function narrowFailure(failed: FailedCall): FailedCall {
  return {
    kind: 'failed',
    failure: failed.failure,
    ...(failed.code !== undefined && { code: failed.code }),
    ...(failed.subCode !== undefined && { subCode: failed.subCode }),
    detail: failed.detail,
    ...(failed.traceId !== undefined && { traceId: failed.traceId }),
  };
}

export function idsOf({ outTradeNo, tradeNo }: TradeIds): TradeIds {
  return { ...(outTradeNo !== undefined && { outTradeNo }), ...(tradeNo !== undefined && { tradeNo }) };
}
