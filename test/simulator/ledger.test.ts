/** Goal: what is due has happened before anybody looks, in the order of its instants. Method: a clock that the test moves. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { Ledger } from '../../simulator/ledger.ts';
import { createTrade, payTrade } from '../../simulator/trade-machine.ts';

const HOUR_MS = 3_600_000;

function atNoon(): { clock: { nowMs: number }; ledger: Ledger } {
  const clock = { nowMs: Date.parse('2026-01-31T12:00:00+08:00') };
  return { clock, ledger: new Ledger(() => clock.nowMs) };
}

function enter(ledger: Ledger, outTradeNo: string, expiresAtMs: number): void {
  const atMs = ledger.catchUp();
  const tradeNo = `20260131220014${outTradeNo.padStart(14, '0')}`;
  ledger.enter(
    createTrade({ outTradeNo, tradeNo, totalFen: 1, subject: 's', expiresAtMs }, { atMs, cause: { kind: 'control' } }),
  );
}

describe('the ledger', () => {
  it('closes an unpaid trade at its deadline, and not a millisecond before', () => {
    const { clock, ledger } = atNoon();
    const deadlineMs = clock.nowMs + HOUR_MS;
    enter(ledger, '1', deadlineMs);
    clock.nowMs = deadlineMs - 1;
    assert.equal(ledger.find({ outTradeNo: '1' })?.tradeStatus, 'WAIT_BUYER_PAY');
    clock.nowMs = deadlineMs + HOUR_MS;
    const trade = ledger.find({ outTradeNo: '1' });
    assert.equal(trade?.tradeStatus, 'TRADE_CLOSED');
    assert.deepEqual(trade?.effects.at(-1), {
      kind: 'closed',
      amountFen: 0,
      atMs: deadlineMs,
      cause: { kind: 'deadline' },
    });
  });

  it('leaves a paid trade alone at its deadline', () => {
    const { clock, ledger } = atNoon();
    enter(ledger, '1', clock.nowMs + HOUR_MS);
    const trade = ledger.find({ outTradeNo: '1' });
    assert.ok(trade);
    ledger.move(payTrade(trade, { atMs: clock.nowMs, cause: { kind: 'buyer' } }));
    clock.nowMs += 2 * HOUR_MS;
    assert.equal(ledger.find({ outTradeNo: '1' })?.tradeStatus, 'TRADE_SUCCESS');
  });

  it('lets events happen by their instants, not by the order in which they were planned, and new ones among them', () => {
    const { clock, ledger } = atNoon();
    const startMs = clock.nowMs;
    const happened: string[] = [];
    const plan = (what: string, afterMs: number, then?: () => void): void =>
      ledger.later({
        outTradeNo: '1',
        what,
        atMs: startMs + afterMs,
        happen: (atMs) => {
          happened.push(`${what} at ${atMs - startMs}`);
          ledger.trades();
          then?.();
        },
      });
    plan('third', 300);
    plan('first', 100, () => plan('second', 200));
    plan('future', 5_000);
    clock.nowMs = startMs + 1_000;
    ledger.catchUp();
    assert.deepEqual(happened, ['first at 100', 'second at 200', 'third at 300']);
    assert.deepEqual(
      ledger.pending('1').map(({ what }) => what),
      ['future'],
    );
  });

  it('gives a trade and a trade number to one trade only', () => {
    const { clock, ledger } = atNoon();
    enter(ledger, '1', clock.nowMs + HOUR_MS);
    assert.throws(() => enter(ledger, '1', clock.nowMs + HOUR_MS), /1 is in the ledger already/);
    assert.throws(
      () => enter(ledger, '01', clock.nowMs + HOUR_MS),
      /trade_no 2026013122001400000000000001 is in the ledger/,
    );
  });
});
