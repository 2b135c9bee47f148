/**
 * What the gateway says beside a code. `code` and `msg`: platform document "公共错误码". `sub_msg`: the same, and the error
 * tables of each method. A sub code that is not listed is still sent, with itself as its text.
 */
export const MESSAGES: Readonly<Record<string, string>> = {
  '10000': 'Success',
  '10003': 'order success pay inprocess',
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
};

const SUB_MESSAGES: Readonly<Record<string, string>> = {
  'isp.unknow-error': '系统繁忙',
  'isv.missing-method': '缺少方法名参数',
  'isv.missing-app-id': '缺少appId参数',
  'isv.missing-signature': '缺少签名参数',
  'isv.missing-signature-type': '缺少签名类型参数',
  'isv.missing-timestamp': '缺少时间戳参数',
  'isv.missing-version': '缺少版本参数',
  'isv.invalid-method': '不存在的方法名',
  'isv.invalid-app-id': '无效的AppID参数',
  'isv.invalid-signature': '验签出错,建议检查签名字符串或签名私钥与应用公钥是否匹配',
  'isv.invalid-signature-type': '无效的签名类型',
  'isv.invalid-charset': '字符集错误',
  'isv.invalid-timestamp': '非法的时间戳参数',
  'isv.illegal-json': 'json格式错误',
  'isv.invalid-cert-sn': '无效的证书序列号',
  'isv.method-call-limited': '接口调用次数超限',
  'ACQ.SYSTEM_ERROR': '系统错误',
  'ACQ.INVALID_PARAMETER': '参数无效',
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_HAS_SUCCESS': '交易已被支付',
  'ACQ.TRADE_HAS_CLOSE': '交易已经关闭',
  'ACQ.TRADE_HAS_FINISHED': '交易已经完结',
  'ACQ.TRADE_STATUS_ERROR': '交易状态不合法',
  'ACQ.CONTEXT_INCONSISTENT': '交易信息被篡改',
  'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR': '当前时间已超过允许支付的时间',
  'ACQ.TRADE_CANCEL_TIME_OUT': '超过撤销时间范围',
  'ACQ.CANCEL_NOT_ALLOWED': '交易不允许撤销',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': '卖家余额不足',
  'ACQ.REASON_TRADE_BEEN_FREEZEN': '交易已经被冻结',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': '退款金额无效',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '不一致的请求',
};

export function subMessage(subCode: string): string {
  return Object.hasOwn(SUB_MESSAGES, subCode) ? (SUB_MESSAGES[subCode] ?? subCode) : subCode;
}
