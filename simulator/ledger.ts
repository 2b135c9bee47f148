/**
 * The truth: every trade with every effect on it, and every call that was received. Money that the seller has, no
 * answer can change; an answer may lie by plan, the ledger never does.
 *
 * What happens later (a buyer pays, a deadline passes, a request leaves a queue) is kept as an event with its instant
 * and takes place, in order of those instants, before anybody looks: there are no timers here, so a clock that a test
 * moves moves the trades too.
 *
 * Invariants: L1 an effect is written down before the answer that reports it leaves; L2 a trade once in the ledger
 * is never replaced, only moved on by the machine; L3 reading never shows an instant that is past as still to come.
 */
import type { TradeIds } from '../contract/trade.ts';
import { closeTrade, type Trade } from './trade-machine.ts';

/** One request received. Never holds an auth code, a token, a signature or a buyer. */
export interface Call {
  readonly number: number;
  readonly method: string;
  readonly ids: TradeIds;
  readonly outRequestNo?: string;
  readonly receivedAtMs: number;
  readonly appAuthToken: boolean;
  /** Set when the request took effect, or was read and refused by the rules of the trade. */
  executedAtMs?: number;
  /** Set when a whole answer was handed to a connection that was still open. */
  answeredAtMs?: number;
  /** The gateway's words, whether or not they arrived. */
  code?: string;
  subCode?: string;
  /** The planned or random fault that this call met, in words. */
  fault?: string;
}

/** Something that is still on its way: `atMs` absent means "after the next cancel of this trade". */
export interface Pending {
  readonly outTradeNo: string;
  readonly what: string;
  readonly atMs?: number;
  readonly happen: (atMs: number) => void;
}

export class Ledger {
  readonly #now: () => number;
  readonly #trades = new Map<string, Trade>();
  readonly #outTradeNos = new Map<string, string>();
  #calls: Call[] = [];
  #pending: Pending[] = [];
  /** No pending event is due before this instant; spares a search on every look. */
  #nothingDueBeforeMs = Infinity;
  #isCatchingUp = false;
  #listeners: ((call: Call) => void)[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The present instant in ms, after everything due by then has happened. */
  catchUp(): number {
    const nowMs = this.#now();
    // An event that looks at the ledger must not run the events behind it first.
    if (this.#isCatchingUp || nowMs < this.#nothingDueBeforeMs) return nowMs;
    this.#isCatchingUp = true;
    try {
      for (let next = this.#nextDue(nowMs); next !== undefined; next = this.#nextDue(nowMs)) {
        const { event, atMs } = next;
        this.#pending = this.#pending.filter((other) => other !== event);
        event.happen(atMs);
      }
    } finally {
      this.#isCatchingUp = false;
    }
    this.#nothingDueBeforeMs = this.#pending.reduce(
      (least, event) => Math.min(least, event.atMs ?? Infinity),
      Infinity,
    );
    return nowMs;
  }

  /** By `tradeNo` where given, as Alipay does when both numbers are sent. */
  find(ids: TradeIds): Trade | undefined {
    this.catchUp();
    const outTradeNo = ids.tradeNo === undefined ? ids.outTradeNo : this.#outTradeNos.get(ids.tradeNo);
    return outTradeNo === undefined ? undefined : this.#trades.get(outTradeNo);
  }

  trades(): readonly Trade[] {
    this.catchUp();
    return [...this.#trades.values()];
  }

  calls(): readonly Call[] {
    return this.#calls;
  }

  pending(outTradeNo: string): readonly Pending[] {
    return this.#pending.filter((event) => event.outTradeNo === outTradeNo && event.what !== DEADLINE);
  }

  /** Enters a new trade and its deadline. @throws when the number is taken. */
  enter(trade: Trade): void {
    if (this.#trades.has(trade.outTradeNo)) throw new Error(`${trade.outTradeNo} is in the ledger already`);
    if (this.#outTradeNos.has(trade.tradeNo)) throw new Error(`trade_no ${trade.tradeNo} is in the ledger already`);
    this.#trades.set(trade.outTradeNo, trade);
    this.#outTradeNos.set(trade.tradeNo, trade.outTradeNo);
    const { outTradeNo, expiresAtMs } = trade;
    this.later({ outTradeNo, what: DEADLINE, atMs: expiresAtMs, happen: (atMs) => this.#expire(outTradeNo, atMs) });
  }

  /** Moves a trade on. */
  move(trade: Trade): void {
    if (!this.#trades.has(trade.outTradeNo)) throw new Error(`${trade.outTradeNo} is not in the ledger`);
    this.#trades.set(trade.outTradeNo, trade);
  }

  later(event: Pending): void {
    this.#pending.push(event);
    this.#nothingDueBeforeMs = Math.min(this.#nothingDueBeforeMs, event.atMs ?? Infinity);
  }

  /** Lets the queued requests of this trade land that were waiting for a cancel. */
  cancelExecuted(outTradeNo: string, atMs: number): void {
    const waiting = this.#pending.filter((event) => event.outTradeNo === outTradeNo && event.atMs === undefined);
    this.#pending = this.#pending.filter((event) => !waiting.includes(event));
    for (const event of waiting) event.happen(atMs);
  }

  receive(call: Omit<Call, 'number'>): Call {
    const received = { ...call, number: this.#calls.length + 1 };
    this.#calls.push(received);
    for (const listener of this.#listeners) listener(received);
    return received;
  }

  /** Calls `listener` for each call as it is received, until the returned function is called. */
  onCall(listener: (call: Call) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Forgets one trade and what was on its way to it; the calls stay. */
  forget(outTradeNo: string): void {
    const trade = this.#trades.get(outTradeNo);
    if (trade !== undefined) this.#outTradeNos.delete(trade.tradeNo);
    this.#trades.delete(outTradeNo);
    this.#pending = this.#pending.filter((event) => event.outTradeNo !== outTradeNo);
  }

  reset(): void {
    this.#trades.clear();
    this.#outTradeNos.clear();
    this.#calls = [];
    this.#pending = [];
  }

  #nextDue(nowMs: number): { readonly event: Pending; readonly atMs: number } | undefined {
    let earliest: { readonly event: Pending; readonly atMs: number } | undefined;
    for (const event of this.#pending) {
      const { atMs } = event;
      if (atMs === undefined || atMs > nowMs) continue;
      if (earliest === undefined || atMs < earliest.atMs) earliest = { event, atMs };
    }
    return earliest;
  }

  #expire(outTradeNo: string, atMs: number): void {
    const trade = this.#trades.get(outTradeNo);
    if (trade?.tradeStatus !== 'WAIT_BUYER_PAY') return;
    this.move(closeTrade(trade, { atMs, cause: { kind: 'deadline' } }));
  }
}

const DEADLINE = 'deadline';
