/**
 * No loop without a wait, and no day of silence: whatever Alipay answers, a resolution makes at most 40 calls in any 5 minutes and 250 in any hour,
 * beyond one query per message, and a person is told in time. Alternating answers are played for hours of virtual time, then random ones.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { ResolutionInput } from '../../../contract/resolution-input.ts';
import { alternating, atRandom, CANCELS, inTurn, QUERIES } from './answers.ts';
import { busiest, Driver, longestCancelling, longestSilence, type MessageInTime } from '../driver.ts';
import { failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, START_MS, waiting } from '../play.ts';

const T1: ResolutionInput = { outTradeNo: 'T1', totalAmount: '88.88', payRequestedAt: '2026-11-24T10:00:00+08:00' };
const DAY_LATE: ResolutionInput = { outTradeNo: 'T1', payRequestedAt: '2026-11-23T09:00:00+08:00' };
const BY_TRADE_NO: ResolutionInput = { tradeNo: '2019032622001494891000009752' };
/** A call takes no longer than its deadline and a turn of its queue. */
const CALL_MS = 15_000;

function keepsItsPace({ calls }: Driver, what: string, messages: readonly MessageInTime[] = []): void {
  for (const [withinMs, most] of [
    [5 * MINUTE_MS, 40],
    [HOUR_MS, 250],
  ] as const) {
    const made = busiest(calls, withinMs);
    const wished = messages.length === 0 ? 0 : busiest(messages, withinMs);
    assert.ok(made <= most + wished, `${what}: ${made} calls in ${withinMs / MINUTE_MS} min, ${wished} messages`);
  }
}

/** The call that is under way when the time is over is waited for. */
function tellsAPerson(driver: Driver, what: string, callMs = 0): void {
  const silenceMs = longestSilence(driver);
  assert.ok(silenceMs <= 10 * MINUTE_MS + callMs, `${what}: ${silenceMs / 1_000} s without a readable answer`);
  const cancellingMs = longestCancelling(driver);
  assert.ok(cancellingMs <= 15 * MINUTE_MS + callMs, `${what}: ${cancellingMs / 1_000} s of cancelling`);
}

describe('At most 40 calls in any 5 minutes and 250 in any hour, and a person who is told in time, is what comes of', () => {
  const starts = [
    T1,
    DAY_LATE,
    BY_TRADE_NO,
    { ...T1, payAnswer: 'paid' },
    { ...T1, refundIfNotCancellable: true },
  ] as const;
  for (const [cancelled, cancel] of CANCELS) {
    it(`any two answers that alternate, while a cancel is answered with ${cancelled}`, () => {
      for (const [index, [first, one]] of QUERIES.entries()) {
        for (const [turn, [second, other]] of QUERIES.entries()) {
          for (const payableAtFirst of [true, false]) {
            const start = starts[(index + turn) % starts.length] ?? T1;
            const what = `${first}, ${second}, ${payableAtFirst ? 'payable at first, ' : ''}of ${JSON.stringify(start)}`;
            const driver = new Driver(start, alternating(one, other, cancel, { payableAtFirst }));
            driver.runUntil(START_MS + 3 * HOUR_MS);
            keepsItsPace(driver, what);
            tellsAPerson(driver, what);
          }
        }
      }
    });
  }

  it('a few answers at random, for a day', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const start = starts[seed % starts.length] ?? T1;
      const callMs = seed % 2 === 0 ? 0 : CALL_MS;
      const driver = new Driver(start, atRandom(seed), { callMs }).runUntil(START_MS + 26 * HOUR_MS);
      keepsItsPace(driver, `seed ${seed}`);
      tellsAPerson(driver, `seed ${seed}`, callMs);
    }
  });
  it('no patience at all, and the word "paid" said late', () => {
    for (const answer of [noAnswer, failed('limited'), notExist, waiting]) {
      const messages: readonly MessageInTime[] = [
        { atMs: START_MS + 1, message: { kind: 'payAnswered', answer: 'paid' } },
      ];
      const driver = new Driver({ ...T1, policy: { pollBudgetMs: 0 } }, alternating(answer, answer, noAnswer), {
        messages,
      });
      driver.runUntil(START_MS + 12 * HOUR_MS);
      keepsItsPace(driver, JSON.stringify(answer), messages);
      tellsAPerson(driver, JSON.stringify(answer));
    }
  });
  it('a message every two seconds for a quarter of an hour, each of which may bring one query more', () => {
    const kinds: readonly MessageInTime['message'][] = [
      { kind: 'lookNow' },
      { kind: 'cancelNow' },
      { kind: 'decidedManually', manualDecision: { kind: 'refund', who: 'Li Na', why: 'the sale is off' } },
      { kind: 'payAnswered', answer: 'uncertain' },
    ];
    const message = inTurn(kinds);
    const messages: readonly MessageInTime[] = Array.from({ length: 450 }, (_, index) => ({
      atMs: START_MS + 40_000 + index * 2_000,
      message: message(index),
    }));
    for (const start of [T1, DAY_LATE]) {
      for (const [index, [first, one]] of QUERIES.entries()) {
        for (const [turn, [second, other]] of QUERIES.entries()) {
          const [cancelled, cancel] = CANCELS[(index + turn) % CANCELS.length] ?? ['no answer', noAnswer];
          const driver = new Driver(start, alternating(one, other, cancel), { messages }).runUntil(START_MS + HOUR_MS);
          keepsItsPace(driver, `${first}, ${second}, ${cancelled}`, messages);
        }
      }
    }
  });
});

describe('Alipay saying 40005', () => {
  const limited = failed('limited');
  it('slows a resolution down: no call follows it within a minute, in whatever phase', () => {
    for (const [, cancel] of CANCELS) {
      for (const [what, answer] of QUERIES) {
        const { calls } = new Driver(T1, {
          ...alternating(limited, limited, cancel),
          query: inTurn([limited, answer, answer, limited]),
        }).runUntil(START_MS + 2 * HOUR_MS);
        calls.forEach((call, index) => {
          const next = calls[index + 1];
          if (next === undefined || call.answer.kind !== 'failed' || call.answer.failure !== 'limited') return;
          assert.ok(
            next.atMs - call.atMs >= MINUTE_MS,
            `${what}: ${next.kind} ${next.atMs - call.atMs} ms after ${call.kind}`,
          );
        });
      }
    }
  });
});

describe('A cancel', () => {
  it('goes out at last, however many questions were asked before it', () => {
    const policy = { pollBudgetMs: HOUR_MS, pollFirstMs: 1_000, pollFactor: 1, pollCapMs: 1_000 };
    const driver = new Driver({ ...T1, policy }, alternating(waiting, noAnswer, noAnswer)).runUntil(
      START_MS + HOUR_MS + 2 * MINUTE_MS,
    );
    assert.ok(driver.calls.some(({ kind }) => kind === 'cancel'));
  });
});
