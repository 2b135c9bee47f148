/**
 * Every code that the seven interfaces can answer with a failure, what it officially means, and what it is worth as knowledge.
 * This is the one place that says so; `classification.ts` looks rows up here.
 *
 * The Chinese is the official description; the English is its translation, with the documented remedy. Where two interfaces
 * mean different things by one sub_code, there is a row for each. Prefixes `isv.`, `isp.` and `aop.` are left out: Alipay writes several codes with and without them.
 */
import { FailureClass } from '../contract/failure-class.ts';
import type { TradeInterfaceName } from './trade-interfaces.ts';

export interface CodeRow {
  /** `*`: whatever the code; the sub_code says it. */
  readonly code: string;
  /** `*`: the row of the code itself, for sub_codes without a row. */
  readonly subCode: string;
  readonly failure: FailureClass;
  readonly chinese: string;
  readonly english: string;
  /** Interfaces that answer it; empty: any of them. */
  readonly interfaces: readonly TradeInterfaceName[];
  readonly source: string;
}

const { unknown, limited, rejected, configuration, business } = FailureClass;

/** Platform document "公共错误码". */
const COMMON = '公共错误码';
/** `CommonErrorType` of the official Java SDK v3; there without prefix. */
const COMMON_V3 = 'CommonErrorType';
/** Error enumeration of the interface, `AlipayTrade…ErrorResponseModel` of the official Java SDK v3. */
const ENUM = 'AlipayTrade…ErrorResponseModel';
/** Seen in answers of the gateway, in no enumeration. */
const SEEN = 'seen in answers';

type Row = readonly [string, string, FailureClass, string, string, string, (readonly TradeInterfaceName[])?];

const PAY = ['pay'] as const;
const CREATE = ['pay', 'precreate'] as const;
const QUERIES = ['query', 'queryRefund'] as const;

// oxfmt-ignore
const ROWS: readonly Row[] = [
  // The gateway itself, by code.
  ['20000', '*', unknown, '服务不可用', 'service unavailable; the call may have been executed', COMMON],
  ['20001', '*', configuration, '授权权限不足', 'the authorisation does not suffice', COMMON],
  ['40001', '*', rejected, '缺少必选参数', 'a required parameter is missing', COMMON],
  ['40002', '*', rejected, '非法的参数', 'a parameter is illegal', COMMON],
  ['40003', '*', configuration, '条件异常', 'a condition of the call is not met', COMMON],
  ['40004', '*', business, '业务处理失败', 'the business was refused', COMMON],
  ['40005', '*', limited, '调用频次超限', 'too many calls; slow down', COMMON],
  ['40006', '*', configuration, '权限不足', 'the permission does not suffice', COMMON],

  // 20000: nobody knows.
  ['20000', 'unknow-error', unknown, '服务暂不可用', 'service unavailable for the moment; the call may have been executed', COMMON],

  // 20001: tokens and authorisation.
  ['20001', 'invalid-auth-token', configuration, '无效的访问令牌', 'the access token is invalid', COMMON],
  ['20001', 'auth-token-time-out', configuration, '访问令牌已过期', 'the access token has expired', COMMON],
  ['20001', 'invalid-app-auth-token', configuration, '无效的应用授权令牌', 'app_auth_token is invalid; ask the merchant to authorise again', COMMON],
  ['20001', 'invalid-app-auth-token-no-api', configuration, '商户未授权当前接口', 'the merchant has not authorised this interface', COMMON],
  ['20001', 'app-auth-token-time-out', configuration, '应用授权令牌已过期', 'app_auth_token has expired; refresh it', COMMON],
  ['20001', 'no-product-reg-by-partner', configuration, '商家未签约任何产品', 'the merchant has signed no product', COMMON],

  // 40001: something is missing. Certificate numbers and keys are configuration, the rest is our defect.
  ['40001', 'missing-method', rejected, '缺少方法名参数', 'method is missing', COMMON],
  ['40001', 'missing-signature', rejected, '缺少签名参数', 'sign is missing', COMMON],
  ['40001', 'missing-signature-type', rejected, '缺少签名类型参数', 'sign_type is missing', COMMON],
  ['40001', 'missing-signature-key', configuration, '缺少签名配置', 'the application has no key in the console', COMMON],
  ['40001', 'missing-app-id', rejected, '缺少appId参数', 'app_id is missing', COMMON],
  ['40001', 'missing-timestamp', rejected, '缺少时间戳参数', 'timestamp is missing', COMMON],
  ['40001', 'missing-version', rejected, '缺少版本参数', 'version is missing', COMMON],
  ['40001', 'missing-app-cert-sn', configuration, '缺少应用公钥证书序列号', 'app_cert_sn is missing: this app id is in certificate mode', COMMON_V3],
  ['40001', 'missing-alipay-root-cert-sn', configuration, '缺少支付宝根证书序列号', 'alipay_root_cert_sn is missing: this app id is in certificate mode', COMMON_V3],
  ['40001', 'decryption-error-missing-encrypt-type', configuration, '解密出错，未指定加密算法', 'content encryption is switched on for this app id; switch it off', COMMON],

  // 40002: something is wrong. What a human can mend in the console or in the configuration comes first.
  ['40002', 'invalid-signature', configuration, '无效签名', 'the signature does not verify: the private key is not the one whose public key the console holds, or it is of the other environment', COMMON],
  ['40002', 'invalid-signature-type', configuration, '无效的签名类型', 'this app id does not take RSA2', COMMON],
  ['40002', 'invalid-app-id', configuration, '无效的appId参数', 'the app id does not exist here or is not online: check it and the environment', COMMON],
  ['40002', 'invalid-timestamp', configuration, '非法的时间戳参数', 'the timestamp is refused: check the clock of this machine', COMMON],
  ['40002', 'app-cert-expired', configuration, '应用公钥证书已经不在有效期内', 'the application certificate has expired; renew it in the console', COMMON],
  ['40002', 'app-cert-not-exist', configuration, '应用公钥证书不存在', 'the console holds no such application certificate', COMMON_V3],
  ['40002', 'alipay-cert-not-exist', configuration, '支付宝公钥证书不存在', 'there is no such Alipay certificate', COMMON_V3],
  ['40002', 'invalid-alipay-root-cert-sn', configuration, '支付宝根证书序列号无效', 'the Alipay root certificate is not the present one; download it again', COMMON_V3],
  ['40002', 'unsupported-expired-app-key-sign', configuration, '应用密钥已过期', 'the key of the application has expired; set a new one in the console', COMMON_V3],
  ['40002', 'app-key-security-risk', configuration, '应用密钥存在安全风险', 'Alipay holds the key of the application for unsafe; set a new one', COMMON_V3],
  ['40002', 'not-online-app', configuration, '应用未上线', 'the application is not online; bring it online in the console', COMMON],
  ['40002', 'invalid-app-state', configuration, '应用状态异常', 'the application is in a state that forbids calls', COMMON_V3],
  ['40002', 'forbidden-api', configuration, '接口被禁用', 'the interface is forbidden to this application', COMMON],
  ['40002', 'not-support-app-auth', configuration, '本接口不支持第三方代理调用', 'the interface takes no calls by a third party', COMMON],
  ['40002', 'invalid-encrypt-type', configuration, '无效的加密类型', 'content encryption is set up wrongly for this app id; switch it off', COMMON],
  ['40002', 'invalid-encrypt', configuration, '解密异常', 'content encryption is switched on for this app id; switch it off', COMMON],
  ['40002', 'decryption-error-not-valid-encrypt-type', configuration, '解密出错，不支持的加密算法', 'content encryption is set up wrongly for this app id; switch it off', COMMON],
  ['40002', 'decryption-error-not-valid-encrypt-key', configuration, '解密出错，未配置加密密钥或加密密钥格式错误', 'content encryption is set up wrongly for this app id; switch it off', COMMON],
  ['40002', 'decryption-error-unknown', configuration, '解密出错，未知异常', 'content encryption is switched on for this app id; switch it off', COMMON],
  ['40002', 'invalid-parameter', rejected, '参数无效', 'a parameter is invalid', COMMON],
  ['40002', 'invalid-method', rejected, '不存在的方法名', 'there is no such method', COMMON],
  ['40002', 'invalid-format', rejected, '无效的数据格式', 'format is invalid', COMMON],
  ['40002', 'invalid-charset', rejected, '字符集错误', 'charset is invalid', COMMON],
  ['40002', 'invalid-digest', rejected, '摘要错误', 'a digest is wrong', COMMON],
  ['40002', 'illegal-json', rejected, 'JSON格式不合法', 'biz_content is not JSON', COMMON],
  ['40002', 'suspected-attack', rejected, '可疑的攻击请求', 'a value holds a parameter name of Alipay’s and was taken for an attack; reword subject or body', COMMON],

  // 40003: the application is not set up.
  ['40003', 'missing-signature-config', configuration, '验签出错，未配置对应签名算法的公钥或者证书', 'the console holds no RSA2 public key or certificate of the application', COMMON],
  ['40003', 'invalid-auth-relations', configuration, '无效的授权关系', 'the authorisation between merchant and application is not valid', COMMON],

  // 40005, 40006.
  ['40005', 'app-call-limited', limited, '应用调用次数超限，包含调用频率超限', 'the application makes too many calls, or too fast', COMMON],
  ['40005', 'method-call-limited', limited, 'API调用次数超限，包含调用频率超限', 'the interface is called too often, or too fast', COMMON],
  ['40006', 'insufficient-isv-permissions', configuration, 'ISV权限不足', 'the application lacks this interface; add and sign the product in the console', COMMON],
  ['40006', 'insufficient-user-permissions', configuration, '用户权限不足', 'the merchant called for lacks this interface; let the merchant sign the product', COMMON],
  ['40006', 'self-invoke-forbidden', configuration, '应用禁止自调用', 'a third party’s application may not call for itself; give appAuthToken', COMMON_V3],

  // 40004, all interfaces.
  ['*', 'SYSTEM_ERROR', unknown, '系统错误', 'error inside Alipay; the call may have been executed or not: query and decide', ENUM],
  ['*', 'INVALID_PARAMETER', rejected, '参数无效', 'a parameter is invalid', ENUM],
  ['*', 'ACQ.ENTERPRISE_PAY_BIZ_ERROR', unknown, '因公付业务异常', 'error in enterprise payment; ask again, then ask support', ENUM, ['query', 'refund', 'queryRefund']],
  ['*', 'ACQ.ACCESS_FORBIDDEN', configuration, '无权限使用接口', 'the merchant has not signed the product of this call', ENUM, CREATE],
  ['*', 'ACQ.PARTNER_ERROR', configuration, '应用APP_ID填写错误', 'the app id is wrong', ENUM, CREATE],

  // 40004 of query and refund query.
  ['40004', 'ACQ.TRADE_NOT_EXIST', business, '查询的交易不存在', 'there is no such trade; right after a pay call it may still appear', ENUM, QUERIES],
  ['40004', 'TRADE_NOT_EXIST', business, '查询退款的交易不存在', 'the trade whose refund is asked for does not exist', ENUM, ['queryRefund']],

  // 40004 of cancel.
  ['40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', business, '商户的支付宝账户中无足够的资金进行撤销', 'the trade is paid and the merchant’s balance cannot refund it; top up, then cancel again', ENUM, ['cancel']],
  ['40004', 'ACQ.REASON_TRADE_BEEN_FREEZEN', business, '当前交易被冻结，不允许进行撤销', 'the trade is frozen and cannot be cancelled; ask Alipay', ENUM, ['cancel']],
  ['40004', 'ACQ.TRADE_HAS_FINISHED', business, '交易已经完结', 'the trade is finished: paid, and no longer reversible by cancel', ENUM, ['cancel']],
  ['40004', 'ACQ.TRADE_CANCEL_TIME_OUT', business, '超过撤销时间范围', 'the time in which the trade can be cancelled (24 h) has passed; use refund', ENUM, ['cancel']],
  ['40004', 'ACQ.REASON_TRADE_REFUND_FEE_ERR', business, '退款金额无效', 'a refund has been made before; such a trade cannot be cancelled', ENUM, ['cancel']],
  ['40004', 'ACQ.CANCEL_NOT_ALLOWED', business, '交易不允许撤销', 'this trade does not allow cancel', ENUM, ['cancel']],

  // 40004 of close.
  ['40004', 'ACQ.TRADE_STATUS_ERROR', business, '交易状态不合法', 'the trade does not await payment, so it cannot be closed', ENUM, ['close']],
  ['40004', 'ACQ.REASON_TRADE_STATUS_INVALID', business, '交易状态不合法', 'the trade does not await payment, so it cannot be closed', ENUM, ['close']],
  ['40004', 'ACQ.REASON_ILLEGAL_STATUS', business, '交易状态异常', 'the trade does not await payment, so it cannot be closed', ENUM, ['close']],

  // 40004 of refund.
  ['40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', business, '卖家余额不足', 'the merchant’s balance cannot pay the refund; top up, then repeat the same refund', ENUM, ['refund']],
  ['40004', 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', business, '退款金额超限', 'more is to be refunded than was paid', ENUM, ['refund']],
  ['40004', 'ACQ.REASON_TRADE_BEEN_FREEZEN', business, '请求退款的交易被冻结', 'the trade is frozen and cannot be refunded; ask Alipay', ENUM, ['refund']],
  ['40004', 'ACQ.TRADE_HAS_FINISHED', business, '交易已完结', 'the trade is finished, the time for refunds has passed', ENUM, ['refund']],
  ['40004', 'ACQ.TRADE_HAS_CLOSE', business, '交易已经关闭', 'the trade is closed: never paid, or refunded in full', ENUM, ['refund']],
  ['40004', 'ACQ.TRADE_STATUS_ERROR', business, '交易状态非法', 'the trade is not paid', ENUM, ['refund']],
  ['40004', 'ACQ.DISCORDANT_REPEAT_REQUEST', business, '请求信息不一致', 'this out_request_no was refunded before with another amount', ENUM, ['refund']],
  ['40004', 'ACQ.REASON_TRADE_REFUND_FEE_ERR', business, '退款金额无效', 'the amount to refund is invalid', ENUM, ['refund']],
  ['40004', 'ACQ.REFUND_FEE_ERROR', business, '交易退款金额有误', 'the amount to refund is wrong', ENUM, ['refund']],
  ['40004', 'ACQ.TRADE_NOT_ALLOW_REFUND', business, '当前交易不允许退款', 'this trade does not allow refunds', ENUM, ['refund']],
  ['40004', 'ACQ.NOT_ALLOW_PARTIAL_REFUND', business, '不支持部分退款', 'this trade can only be refunded in full', ENUM, ['refund']],
  ['40004', 'ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND', business, '交易不允许退款', 'a bought voucher was used in this trade, it cannot be refunded', ENUM, ['refund']],
  ['40004', 'ACQ.REASON_TRADE_STATUS_INVALID', business, '交易状态异常', 'the trade is in a state that allows no refund', ENUM, ['refund']],
  ['40004', 'ACQ.REFUND_CHARGE_ERROR', business, '退收费异常', 'the fee could not be returned; repeat the same refund later', ENUM, ['refund']],
  ['40004', 'ACQ.BUYER_ERROR', business, '买家状态异常', 'the buyer’s account cannot take the refund', ENUM, ['refund']],
  ['40004', 'ACQ.CUSTOMER_VALIDATE_ERROR', business, '账户已注销或者被冻结', 'the account is closed or frozen', ENUM, ['refund']],
  ['40004', 'ACQ.USER_NOT_MATCH_ERR', business, '交易用户不匹配', 'the trade is another merchant’s', ENUM, ['refund']],
  ['40004', 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR', business, '退分账金额超限', 'more of a split is to be returned than was split', ENUM, ['refund']],
  ['40004', 'ACQ.OVERDRAFT_ASSIGN_ACCOUNT_INVALID', business, '垫资退款出资账号和商户信息不一致', 'the account that advances the refund is not the merchant’s', ENUM, ['refund']],
  ['40004', 'ACQ.OVERDRAFT_AGREEMENT_NOT_MATCH', business, '垫资退款接口传入模式和签约配置不一致', 'the way of advancing the refund is not the one signed', ENUM, ['refund']],
  ['40004', 'ACQ.REFUND_ACCOUNT_NOT_EXIST', business, '退款出资账号不存在或账号异常', 'the account that pays the refund does not exist or is not in order', ENUM, ['refund']],
  ['40004', 'ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST', business, '退分账收入方账户不存在', 'the account that a split is returned to does not exist', ENUM, ['refund']],

  // 40004 of pay alone. A refusal of a second pay says nothing about the first: query before concluding.
  ['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', business, '付款码无效', 'the payment code is wrong, used or expired; let the buyer refresh it', ENUM, PAY],
  ['40004', 'ACQ.PAYMENT_FAIL', business, '支付失败', 'the payment failed; let the buyer refresh the code and try once more', ENUM, PAY],
  ['40004', 'ACQ.PULL_MOBILE_CASHIER_FAIL', business, '唤起移动收银台失败', 'the buyer’s app could not be called up; let the buyer refresh the code', ENUM, PAY],
  ['40004', 'ACQ.TRADE_STATUS_ERROR', business, '交易状态异常', 'the trade is in another state; check whether it is paid', ENUM, PAY],
  ['40004', 'ACQ.BUYER_BALANCE_NOT_ENOUGH', business, '买家余额不足', 'the buyer’s balance does not suffice', ENUM, PAY],
  ['40004', 'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', business, '用户银行卡余额不足', 'the buyer’s bank card does not suffice', ENUM, PAY],
  ['40004', 'ACQ.ERROR_BALANCE_PAYMENT_DISABLE', business, '余额支付功能关闭', 'the buyer has switched off paying by balance', ENUM, PAY],
  ['40004', 'ACQ.MOBILE_PAYMENT_SWITCH_OFF', business, '用户的无线支付开关关闭', 'the buyer has switched off mobile payment', ENUM, PAY],
  ['40004', 'ACQ.USER_FACE_PAYMENT_SWITCH_OFF', business, '用户当面付付款开关关闭', 'the buyer has switched off face-to-face payment', ENUM, PAY],
  ['40004', 'ACQ.PAYMENT_REQUEST_HAS_RISK', business, '支付有风险', 'the payment is held to be risky; pay another way', ENUM, PAY],
  ['40004', 'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE', business, '没有可用的支付工具', 'the buyer has no means of payment that can be used', ENUM, PAY],
  ['40004', 'ACQ.NOT_SUPPORT_PAYMENT_INST', business, '不支持的钱包版本', 'the buyer’s wallet is of a version that cannot pay', ENUM, PAY],
  ['40004', 'ACQ.NOT_CERTIFIED_USER', business, '买家非实名认证用户', 'the buyer’s identity is not verified', ENUM, PAY],
  ['40004', 'ACQ.BUYER_NOT_MAINLAND_CERT', business, '买家证件类型非大陆身份证', 'the buyer’s identity document is not of the mainland', ENUM, PAY],
  ['40004', 'ACQ.PAYER_UNMATCHED', business, '付款人不匹配', 'another payer was asked for', ENUM, PAY],
  ['40004', 'ACQ.USER_LOGONID_DUP', business, '用户账号重复', 'the user’s account name is used twice', ENUM, PAY],
  ['40004', 'ACQ.SUB_MERCHANT_CREATE_FAIL', business, '二级商户创建失败', 'the secondary merchant could not be created', ENUM, PAY],
  ['40004', 'ACQ.SUB_MERCHANT_TYPE_INVALID', business, '二级商户类型非法', 'the kind of secondary merchant is invalid', ENUM, PAY],
  ['40004', 'ACQ.AGREEMENT_NOT_EXIST', business, '用户协议不存在或已解约', 'the user’s agreement does not exist or has ended', ENUM, PAY],
  ['40004', 'ACQ.AGREEMENT_INVALID', business, '用户协议失效', 'the user’s agreement is no longer valid', ENUM, PAY],
  ['40004', 'ACQ.AGREEMENT_STATUS_NOT_NORMAL', business, '用户协议状态非NORMAL', 'the user’s agreement is not in its normal state', ENUM, PAY],
  ['40004', 'ACQ.AGREEMENT_ERROR', business, '协议信息异常', 'the agreement given is wrong', ENUM, PAY],
  ['40004', 'ACQ.MERCHANT_AGREEMENT_NOT_EXIST', business, '商户协议不存在', 'the merchant has no contract', ENUM, PAY],
  ['40004', 'ACQ.MERCHANT_AGREEMENT_INVALID', business, '商户协议已失效', 'the merchant’s contract has ended; sign again', ENUM, PAY],
  ['40004', 'ACQ.CARD_USER_NOT_MATCH', business, '脱机记录用户信息不匹配', 'the offline record is another user’s', ENUM, PAY],
  ['40004', 'ACQ.CARD_TYPE_ERROR', business, '卡类型错误', 'the kind of card is wrong', ENUM, PAY],
  ['40004', 'ACQ.CERT_EXPIRED', business, '凭证过期', 'the voucher has expired', ENUM, PAY],
  ['40004', 'ACQ.AMOUNT_OR_CURRENCY_ERROR', business, '订单金额或币种信息错误', 'amount or currency is wrong', ENUM, PAY],
  ['40004', 'ACQ.CURRENCY_NOT_SUPPORT', business, '订单币种不支持', 'the currency is not signed', ENUM, ['pay', 'refund']],
  ['40004', 'ACQ.MERCHANT_UNSUPPORT_ADVANCE', business, '商户不支持垫资支付产品', 'the merchant does not take advanced payment', ENUM, PAY],
  ['40004', 'ACQ.BUYER_UNSUPPORT_ADVANCE', business, '买家不满足垫资条件', 'the buyer does not qualify for advanced payment', ENUM, PAY],
  ['40004', 'ACQ.ORDER_UNSUPPORT_ADVANCE', business, '订单不支持先享后付垫资', 'the trade does not take advanced payment', ENUM, PAY],
  ['40004', 'ACQ.CYCLE_PAY_DATE_NOT_MATCH', business, '扣款日期不在签约时的允许范围之内', 'the day is outside the agreed days of deduction', ENUM, PAY],
  ['40004', 'ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED', business, '商家扣款的单笔金额超过签约时限制', 'one deduction exceeds what was agreed', ENUM, PAY],
  ['40004', 'ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED', business, '商家扣款的累计金额超过签约时限制', 'all deductions together exceed what was agreed', ENUM, PAY],
  ['40004', 'ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED', business, '商家扣款的总次数超过签约时限制', 'more deductions than were agreed', ENUM, PAY],
  ['40004', 'ACQ.OVER_MAX_DEDUCT_COUNT', business, '超过最大扣款次数', 'more deductions than are allowed', ENUM, PAY],
  ['40004', 'ACQ.OVER_MAX_UNDER_WAY_DEDUCT_COUNT', business, '超过最大进行中扣款次数', 'more deductions under way than are allowed', ENUM, PAY],
  ['40004', 'ACQ.OVER_DEDUCT_PERIOD', business, '超过扣款周期', 'outside the period of deduction', ENUM, PAY],
  ['40004', 'ACQ.OVER_MERCHANT_DAILY_DEDUCT_AMOUNT', business, '超过商户单日扣款金额', 'the merchant’s deductions of the day exceed what is allowed', ENUM, PAY],
  ['40004', 'ACQ.AUTH_NO_ERROR', business, '预授权号错误或状态不对', 'the pre-authorisation is wrong or in another state', ENUM, PAY],
  ['40004', 'ACQ.AUTH_AMOUNT_NOT_ENOUGH', business, '授权金额不足', 'the pre-authorised amount does not suffice', ENUM, PAY],
  ['40004', 'ACQ.AUTH_TOKEN_IS_NOT_EXIST', business, '支付授权码为空', 'no payment code, agreement or pre-authorisation was given', ENUM, PAY],
  ['40004', 'ACQ.AUTH_ORDER_NOT_PAID', business, '预授权订单未支付', 'the pre-authorisation is not paid', ENUM, PAY],
  ['40004', 'ACQ.AUTH_ORDER_HAS_FINISHED', business, '预授权订单已经完结', 'the pre-authorisation is finished', ENUM, PAY],
  ['40004', 'ACQ.AUTH_ORDER_HAS_CLOSED', business, '预授权订单已关闭', 'the pre-authorisation is closed', ENUM, PAY],
  ['40004', 'ACQ.PRE_AUTH_PROD_CODE_INCONSISTENT', business, '预授权产品码不一致', 'the product differs from the pre-authorisation’s', ENUM, PAY],
  ['40004', 'ACQ.PRODUCT_AMOUNT_LIMIT_ERROR', business, '产品额度超限', 'the limit of the product is exceeded', ENUM, PAY],
  ['40004', 'ACQ.REQUEST_AMOUNT_EXCEED', business, '请求金额超限', 'the amount exceeds the limit', ENUM, PAY],
  ['40004', 'ACQ.RESTRICTED_MERCHANT_INDUSTRY', business, '行业信息交易受限', 'the amount exceeds what the merchant’s trade allows', ENUM, PAY],
  ['40004', 'ACQ.PLATFORM_BUSINESS_ACQUIRE_MODE_MUST_MERCHANT_ID', business, '二级商户编码为空', 'the secondary merchant’s number is missing', ENUM, PAY],
  ['40004', 'ACQ.SMILE_PAY_MERCHANT_NOT_MATCH', business, '请求支付和刷脸服务的商户身份不一致', 'payment and face recognition are of two merchants', ENUM, PAY],
  ['40004', 'ACQ.ZM_AUTH_AMOUNT_EXCEED', business, '先用后付场景下超过约定的免密支付金额', 'more than may be paid without a password', ENUM, PAY],
  ['40004', 'ACQ.ZM_CREDIT_AUTH_FAIL', business, '综合评估不通过', 'the buyer’s credit was refused', ENUM, PAY],
  ['40004', 'ACQ.ZM_AUTH_RULE_LIMIT', business, '命中先用后付场景限制规则', 'a rule of paying later forbids it', ENUM, PAY],
  ['40004', 'ACQ.ROYALTY_ACCOUNT_NOT_EXIST', business, '分账收款方账号不存在', 'the account that a split goes to does not exist', ENUM, PAY],
  ['40004', 'ACQ.UN_SUPPORT_TRADE_SCENE', business, '不支持该交易场景', 'the contract does not cover this kind of trade', ENUM, PAY],

  // 40004 of pay and precreate.
  ['40004', 'ACQ.TRADE_HAS_SUCCESS', business, '交易已被支付', 'the trade is paid already; check whether it is this sale, else take a new out_trade_no', ENUM, CREATE],
  ['40004', 'ACQ.TRADE_HAS_CLOSE', business, '交易已经关闭', 'the trade is closed (timed out or refunded in full); take a new out_trade_no', ENUM, CREATE],
  ['40004', 'ACQ.CONTEXT_INCONSISTENT', business, '订单信息不一致', 'this out_trade_no exists with another amount or subject', ENUM, CREATE],
  ['40004', 'ACQ.TRADE_BUYER_NOT_MATCH', business, '交易买家不匹配', 'this out_trade_no exists with another buyer', ENUM, CREATE],
  ['40004', 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR', business, '当前时间已超过允许支付的时间', 'the deadline of the payment has passed', ENUM, CREATE],
  ['40004', 'ACQ.EXIST_FORBIDDEN_WORD', business, '订单信息中包含违禁词', 'subject or body holds a forbidden word', ENUM, CREATE],
  ['40004', 'ACQ.TOTAL_FEE_EXCEED', business, '订单总金额超过限额', 'the amount is outside what Alipay takes', ENUM, CREATE],
  ['40004', 'ACQ.BUYER_SELLER_EQUAL', business, '买卖家不能相同', 'buyer and seller are the same', ENUM, CREATE],
  ['40004', 'ACQ.BUYER_NOT_EXIST', business, '买家不存在', 'there is no such buyer', ENUM, ['pay', 'precreate', 'refund']],
  ['40004', 'ACQ.BUYER_ENABLE_STATUS_FORBID', business, '买家状态非法', 'the buyer’s account is in a state that forbids it', ENUM, ['pay', 'precreate', 'refund']],
  ['40004', 'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR', business, '买家付款日限额超限', 'the buyer’s limit of the day is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR', business, '买家付款月额度超限', 'the buyer’s limit of the month is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT', business, '买家未通过人行认证', 'the buyer is not verified as the central bank asks', ENUM, CREATE],
  ['40004', 'ACQ.SELLER_BEEN_BLOCKED', business, '商家账号被冻结', 'the merchant’s account is frozen; ask Alipay', ENUM, CREATE],
  ['40004', 'ACQ.SELLER_NOT_EXIST', business, '卖家不存在', 'there is no such seller', ENUM, CREATE],
  ['40004', 'ACQ.INVALID_RECEIVE_ACCOUNT', business, '收款账户不支持', 'seller_id may not receive this money', ENUM, CREATE],
  ['40004', 'ACQ.INVALID_STORE_ID', business, '商户门店编号无效', 'store_id is invalid', ENUM, CREATE],
  ['40004', 'ACQ.BEYOND_PAY_RESTRICTION', business, '商户收款额度超限', 'the merchant’s limit is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.BEYOND_PER_RECEIPT_RESTRICTION', business, '商户收款金额超过月限额', 'the merchant’s limit of the month is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION', business, '订单金额超过当日累计限额', 'the merchant’s limit of the day is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION', business, '订单金额超过单笔限额', 'the merchant’s limit of one trade is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT', business, '商户暂停收款', 'the merchant is barred from receiving money', ENUM, CREATE],
  ['40004', 'ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT', business, '超过单笔收款限额', 'the limit of one receipt is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT', business, '超过单日累计收款额度', 'the limit of the day’s receipts is exceeded', ENUM, CREATE],
  ['40004', 'ACQ.MERCHANT_STATUS_NOT_NORMAL', business, '商户状态异常', 'the merchant’s account is not in order (three months without a trade?)', ENUM, CREATE],
  ['40004', 'ACQ.SECONDARY_MERCHANT_STATUS_ERROR', business, '商户状态异常', 'the secondary merchant’s account is not in order', ENUM, CREATE],
  ['40004', 'ACQ.SECONDARY_MERCHANT_ID_INVALID', business, '二级商户不存在', 'there is no such secondary merchant', ENUM, CREATE],
  ['40004', 'ACQ.SECONDARY_MERCHANT_ID_BLANK', business, '二级商户编号错误', 'the secondary merchant’s number is wrong', ENUM, CREATE],
  ['40004', 'ACQ.SECONDARY_MERCHANT_NOT_MATCH', business, '二级商户信息不匹配', 'the secondary merchant is another’s', ENUM, CREATE],
  ['40004', 'ACQ.SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID', business, '二级商户账户异常', 'the secondary merchant’s settlement account is not in order', ENUM, CREATE],
  ['40004', 'ACQ.SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT', business, '商户状态异常', 'the merchant is barred; ask the service provider', ENUM, CREATE],
  ['40004', 'ACQ.TRADE_SETTLE_ERROR', business, '交易结算异常', 'the settlement given is wrong', ENUM, ['pay', 'precreate', 'refund']],
  ['40004', 'ACQ.SUB_GOODS_SIZE_MAX_COUNT', business, '子商品明细超长', 'more than 150 goods are listed', ENUM, CREATE],
  ['40004', 'ACQ.RISK_MERCHANT_IP_NOT_EXIST', business, '当前交易未传入IP信息', 'the IP address of the trade is missing', ENUM, CREATE],
  ['40004', 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR', business, '申请二维码失败', 'no code can be had; one out_trade_no takes one', ENUM, ['precreate']],
  ['40004', 'ACQ.DEFAULT_SETTLE_RULE_NOT_EXIST', business, '默认结算条款不存在', 'the secondary merchant has no settlement account', ENUM, ['precreate']],

  // 40004 of what acts on an existing trade. Cancel has no such code in its enumeration, but answers it for an unknown trade_no.
  ['40004', 'ACQ.TRADE_NOT_EXIST', business, '交易不存在', 'there is no such trade; check the number', ENUM, ['refund', 'close']],
  ['40004', 'ACQ.TRADE_NOT_EXIST', business, '交易不存在', 'there is no such trade; check the number', SEEN],
];

export const CODES: readonly CodeRow[] = ROWS.map(
  ([code, subCode, failure, chinese, english, source, interfaces = []]) => ({
    code,
    subCode,
    failure,
    chinese,
    english,
    interfaces,
    source,
  }),
);
