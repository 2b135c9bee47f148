/** The seven interfaces of face-to-face payment (当面付) that are called here, by method and official Chinese name. */
export const TradeInterface = {
  pay: { method: 'alipay.trade.pay', chineseName: '统一收单交易支付接口' },
  query: { method: 'alipay.trade.query', chineseName: '统一收单交易查询接口' },
  cancel: { method: 'alipay.trade.cancel', chineseName: '统一收单交易撤销接口' },
  refund: { method: 'alipay.trade.refund', chineseName: '统一收单交易退款接口' },
  queryRefund: { method: 'alipay.trade.fastpay.refund.query', chineseName: '统一收单交易退款查询接口' },
  close: { method: 'alipay.trade.close', chineseName: '统一收单交易关闭接口' },
  precreate: { method: 'alipay.trade.precreate', chineseName: '统一收单线下交易预创建接口' },
} as const;
export type TradeInterfaceName = keyof typeof TradeInterface;
