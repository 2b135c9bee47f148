/**
 * What a call that brought no usable answer is worth as knowledge. Every failed Alipay call is exactly one of these;
 * `alipay/` assigns them from one table, `resolution/` decides what each means for the trade.
 */
export const FailureClass = {
  /** Surely never executed: no connection, no name, no TLS, or refused by us before the call. */
  notSent: 'notSent',
  /** May have been executed: timeout, reset, HTTP error, unreadable answer, 20000, SYSTEM_ERROR. */
  unknown: 'unknown',
  /** An answer without a signature: no information. */
  unsigned: 'unsigned',
  /** An answer whose signature does not assertInvariant, or that smuggles a second node: no information. */
  forged: 'forged',
  /** A signed answer about another trade: no information. */
  notOurs: 'notOurs',
  /** 40005: too many calls. Slow down. */
  limited: 'limited',
  /** The gateway found the request itself wrong (40001, 40002, 40004 INVALID_PARAMETER): our defect. */
  rejected: 'rejected',
  /** Wrong key, app id, authorisation or permission: a human must mend the configuration. */
  configuration: 'configuration',
  /** A signed business refusal (40004 with an ACQ code). */
  business: 'business',
} as const;
export type FailureClass = (typeof FailureClass)[keyof typeof FailureClass];
