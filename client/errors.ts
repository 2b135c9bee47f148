/** What can go wrong for a caller. Match `code`; the message says what to do next. */
export const ResolutionErrorCode = {
  /** The start input is wrong; `problems` names every wrong field. Nothing was started. */
  InvalidInput: 'InvalidInput',
  /** The trade is being, or was, resolved with another amount or another tradeNo. Nothing was started. */
  AnotherTrade: 'AnotherTrade',
  /** This tradeNo belongs to an outTradeNo that has its own resolution; the message names it. */
  AlreadyResolving: 'AlreadyResolving',
  /** A guarded pay found that the trade has a resolution already, or that its guard was over before its start was acknowledged: pay was not called. */
  AlreadyStarted: 'AlreadyStarted',
  NotFound: 'NotFound',
  /** The present state of the resolution does not allow this. */
  NotNow: 'NotNow',
  /** No worker answered in time; the resolution itself is safe. */
  NoWorker: 'NoWorker',
  /**
   * Temporal did not do it: it is away, overloaded, lets us not in, or lacks the namespace or the search attributes. The message has
   * the cause and what to do; `cause` is Temporal's own error.
   */
  Unavailable: 'Unavailable',
  /** The time to wait is over, and the resolution is still open. */
  StillOpen: 'StillOpen',
  /** The resolution was ended from outside, by terminate or by a timeout set at its start: the trade is NOT resolved. */
  EndedUnresolved: 'EndedUnresolved',
} as const;
export type ResolutionErrorCode = (typeof ResolutionErrorCode)[keyof typeof ResolutionErrorCode];

export class ResolutionError extends Error {
  override readonly name: string = 'ResolutionError';
  readonly code: ResolutionErrorCode;

  constructor(code: ResolutionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
