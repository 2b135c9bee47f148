/**
 * A small Alipay whose every step is decided by one scenario: what is true changes with the number of the call or with the
 * time, never by chance while it runs. The same world is asked by the real workflow under time skipping and by `decide` alone.
 */
import type { CancelAnswer, FailedCall, QueryAnswer, RefundQueryAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { CancelAction, RetryFlag, TradeStatus } from '../../contract/trade.ts';

/** What goes wrong with one call. `answerLost`: executed, and nobody hears of it. */
export type Fault =
  | 'none'
  | 'requestLost'
  | 'answerLost'
  | 'unknown'
  | 'notSent'
  | 'limited'
  | 'forged'
  | 'retryY'
  | 'retryYExecuted'
  | 'balance'
  | 'frozen'
  | 'notAllowed'
  | 'misconfigured';

export interface Scenario {
  readonly seed: number;
  /** The pay request reaches Alipay just before this call, if its deadline has not passed; 0: before all; Infinity: never. */
  readonly payLandsAtCall: number;
  readonly buyerPaysAtCall: number;
  /** Someone refunds the trade in the merchant portal before this call. */
  readonly refundedElsewhereAtCall: number;
  /** Faults of the calls in order; calls beyond the list have none. */
  readonly faults: readonly Fault[];
  /** ms before and after the start. */
  readonly payRequestedAgoMs: number;
  readonly payExpiresInMs: number;
  /** Whether the pay call is guarded, and what the service says of it: 'silent' is a service that died. */
  readonly guard: 'none' | 'silent' | 'uncertain' | 'refused';
  readonly refundIfNotCancellable: boolean;
}

export type Call = 'query' | 'cancel' | 'refund' | 'queryRefund';

const NUMBERS = { outTradeNo: 'T1', tradeNo: '2026112422001494891000000001' } as const;

export class World {
  readonly calls: Call[] = [];
  #exists = false;
  #paid = false;
  #closed: CancelAction | undefined;
  #refundedByCall = false;
  readonly #scenario: Scenario;
  readonly #deadlineMs: number;

  constructor(scenario: Scenario, startedAtMs: number) {
    this.#scenario = scenario;
    this.#deadlineMs = startedAtMs + scenario.payExpiresInMs;
  }

  query(nowMs: number): QueryAnswer {
    const fault = this.#begin('query', nowMs);
    if (fault !== 'none' && fault !== 'answerLost') return failedBy(fault, 'query') ?? this.#status();
    return fault === 'answerLost' ? lost() : this.#status();
  }

  cancel(nowMs: number): CancelAnswer {
    const fault = this.#begin('cancel', nowMs);
    if (fault === 'retryY') return { kind: 'answered', retryFlag: RetryFlag.Y };
    if (
      this.#paid &&
      this.#closed === undefined &&
      (fault === 'balance' || fault === 'frozen' || fault === 'notAllowed')
    ) {
      return { ...business(SUB_CODES[fault]), retryFlag: RetryFlag.N };
    }
    const failed = failedBy(fault, 'cancel');
    if (failed !== undefined) return failed;
    const action = this.#reverse();
    if (fault === 'answerLost') return lost();
    if (fault === 'retryYExecuted') return { kind: 'answered', retryFlag: RetryFlag.Y };
    return {
      kind: 'answered',
      retryFlag: RetryFlag.N,
      ...(action !== undefined && { action, tradeNo: NUMBERS.tradeNo }),
    };
  }

  /** True: money moved by this call. */
  refund(nowMs: number): { readonly kind: 'answered'; readonly fundChange: boolean } | FailedCall {
    const fault = this.#begin('refund', nowMs);
    const failed = failedBy(fault, 'refund');
    if (failed !== undefined) return failed;
    const moves = this.#paid && this.#closed === undefined;
    if (moves) this.#closed = CancelAction.refund;
    if (moves) this.#refundedByCall = true;
    if (fault === 'answerLost') return lost();
    return moves || this.#refundedByCall ? { kind: 'answered', fundChange: moves } : business('ACQ.TRADE_HAS_CLOSE');
  }

  queryRefund(nowMs: number): RefundQueryAnswer {
    const fault = this.#begin('queryRefund', nowMs);
    const failed = fault === 'answerLost' ? lost() : failedBy(fault, 'queryRefund');
    if (failed !== undefined) return failed;
    if (!this.#exists) return { kind: 'tradeNotExist' };
    return { kind: 'refund', found: this.#closed === CancelAction.refund ? 'done' : 'nothing' };
  }

  #begin(call: Call, nowMs: number): Fault {
    const number = this.calls.length;
    this.calls.push(call);
    const { payLandsAtCall, buyerPaysAtCall, refundedElsewhereAtCall, faults } = this.#scenario;
    if (number >= payLandsAtCall && nowMs < this.#deadlineMs) this.#exists = true;
    if (this.#exists && !this.#paid && this.#closed === undefined) {
      if (nowMs >= this.#deadlineMs) this.#closed = CancelAction.close;
      else if (number >= buyerPaysAtCall) this.#paid = true;
    }
    if (this.#paid && this.#closed === undefined && number >= refundedElsewhereAtCall)
      this.#closed = CancelAction.refund;
    return faults[number] ?? 'none';
  }

  #status(): QueryAnswer {
    if (!this.#exists) return { kind: 'tradeNotExist' };
    const unpaid = TradeStatus.WAIT_BUYER_PAY;
    const open = this.#paid ? TradeStatus.TRADE_SUCCESS : unpaid;
    return {
      kind: 'trade',
      ...NUMBERS,
      tradeStatus: this.#closed === undefined ? open : TradeStatus.TRADE_CLOSED,
      totalAmount: '88.88',
      ...(this.#paid && { sendPayDate: '2026-11-24T10:00:12+08:00' }),
    };
  }

  #reverse(): CancelAction | undefined {
    if (!this.#exists || this.#closed !== undefined) return undefined;
    this.#closed = this.#paid ? CancelAction.refund : CancelAction.close;
    return this.#closed;
  }
}

const SUB_CODES = {
  balance: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  frozen: 'ACQ.REASON_TRADE_BEEN_FREEZEN',
  notAllowed: 'ACQ.CANCEL_NOT_ALLOWED',
} as const;

function business(subCode: string): FailedCall {
  return { kind: 'failed', failure: FailureClass.business, code: '40004', subCode, detail: 'refused in a scenario' };
}

function lost(): FailedCall {
  return { kind: 'failed', failure: FailureClass.unknown, detail: 'no answer in a scenario' };
}

/** Failures that leave the world as it is. */
function failedBy(fault: Fault, call: Call): FailedCall | undefined {
  switch (fault) {
    case 'requestLost':
    case 'unknown':
      return lost();
    case 'notSent':
      return { kind: 'failed', failure: FailureClass.notSent, detail: 'connection refused in a scenario' };
    case 'limited':
      return { kind: 'failed', failure: FailureClass.limited, code: '40005', detail: 'too many calls in a scenario' };
    case 'forged':
      return { kind: 'failed', failure: FailureClass.forged, detail: 'forged in a scenario' };
    case 'misconfigured':
      return call === 'query'
        ? {
            kind: 'failed',
            failure: FailureClass.configuration,
            code: '40002',
            subCode: 'isv.invalid-app-id',
            detail: 'a wrong app id in a scenario',
          }
        : lost();
    case 'none':
    case 'answerLost':
    case 'retryY':
    case 'retryYExecuted':
    case 'balance':
    case 'frozen':
    case 'notAllowed':
      return undefined;
  }
}
