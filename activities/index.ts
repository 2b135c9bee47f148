/**
 * The activities: one Alipay call per attempt, answers in, observations out, no policy. Nothing but the narrowed
 * answer leaves this module: a field that is not named here never reaches a workflow history. What an operator would ask Alipay about a
 * failed call goes into the worker's log.
 */
import type { TradeActivities } from '../contract/activities.ts';
import { cancelTrade } from './cancel-trade.ts';
import type { GatewayOf } from './gateway-of.ts';
import { queryRefund } from './query-refund.ts';
import { queryTrade } from './query-trade.ts';
import { refundTrade } from './refund-trade.ts';

export type { GatewayOf, TradeGateway } from './gateway-of.ts';

export function createActivities(gatewayOf: GatewayOf): TradeActivities {
  return {
    queryTrade: (call) => queryTrade(gatewayOf, call),
    cancelTrade: (call) => cancelTrade(gatewayOf, call),
    refundTrade: (call) => refundTrade(gatewayOf, call),
    queryRefund: (call) => queryRefund(gatewayOf, call),
  };
}
