/** Trades at a simulator whose clock the test moves: fresh numbers, raw calls that must be signed, the ledger's causes. */
import assert from 'node:assert/strict';

import type { Simulator } from '../../simulator/simulator.ts';
import { type Biz, call, startForTest } from './caller.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS: number = 60 * MINUTE_MS;

export interface Counter {
  readonly simulator: Simulator;
  readonly clock: { nowMs: number };
  /** A number that no trade has yet. */
  fresh(): string;
  /** The node of a signed answer. */
  ask(method: string, biz: Biz): Promise<Biz>;
  /** sub_code where there is one, else code. */
  codeOf(method: string, biz: Biz): Promise<unknown>;
  /** trade_status of a query, or its sub_code. */
  statusOf(outTradeNo: string): Promise<unknown>;
  /** Each effect with its cause, the number of the call left out. */
  causes(outTradeNo: string): readonly string[];
}

export async function openCounter(): Promise<Counter> {
  const clock = { nowMs: Date.parse('2026-01-31T12:00:00+08:00') };
  const simulator = await startForTest({ now: () => clock.nowMs });
  let made = 0;
  const ask = async (method: string, biz: Biz): Promise<Biz> => {
    const answer = await call(simulator, method, biz);
    assert.ok(answer.signed, answer.text);
    return answer.node;
  };
  const codeOf = async (method: string, biz: Biz): Promise<unknown> => {
    const node = await ask(method, biz);
    return node['sub_code'] ?? node['code'];
  };
  return {
    simulator,
    clock,
    ask,
    codeOf,
    fresh: () => `trade_${(made += 1)}`,
    statusOf: async (outTradeNo) => {
      const node = await ask('query', { out_trade_no: outTradeNo });
      return node['trade_status'] ?? node['sub_code'];
    },
    causes: (outTradeNo) =>
      simulator.trade(outTradeNo).effects.map(({ kind, cause }) => `${kind} by ${cause.replace(/\d+$/, 'n')}`),
  };
}
