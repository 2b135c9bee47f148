/** No trade is left that nobody can decide: once nothing can land or be paid any more, a parked trade can be resolved manually in one way at least. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { QueryAnswer } from '../../../contract/answers.ts';
import type { ResolutionInput } from '../../../contract/resolution-input.ts';
import { Outcome, type ManualDecision } from '../../../contract/resolution.ts';
import { whyNotDecideManually } from '../../../resolution/index.ts';
import { Driver } from '../driver.ts';
import { closed, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, paid, START_MS, trade, waiting } from '../play.ts';
import { CANCELS, inTurn, REFUND_QUERIES, REFUNDS } from './answers.ts';

const T1: ResolutionInput = { outTradeNo: 'T1', totalAmount: '88.88', payRequestedAt: '2026-11-24T10:00:00+08:00' };
const STARTS: readonly ResolutionInput[] = [T1, { ...T1, refundIfNotCancellable: true }, { ...T1, payAnswer: 'paid' }];
const PAST_ALL_MS = START_MS + 4 * HOUR_MS;
const who = { who: 'Li Na', why: 'merchant portal' } as const;
const ORDERS: readonly ManualDecision[] = [
  ...Object.values(Outcome).map((outcome) => ({ kind: 'outcome' as const, outcome, ...who })),
  { kind: 'refund' as const, ...who },
];
/** A trade goes from one of these to the same or a later one; a failure may come at any time. */
const COURSE: readonly QueryAnswer[] = [
  noAnswer,
  failed('configuration'),
  notExist,
  waiting,
  paid,
  trade('TRADE_FINISHED'),
  closed,
];

function canBeDecided({ state, calls }: Driver, what: string): void {
  if (state.phase.kind !== 'needs-operator') return;
  const refusals = ORDERS.map((order) => whyNotDecideManually(state, order, PAST_ALL_MS + HOUR_MS));
  if (refusals.includes(undefined)) return;
  const story = calls.slice(-4).map(({ kind, answer }) => `${kind}: ${JSON.stringify(answer)}`);
  assert.fail(
    `${what}, parked as ${state.phase.reason}, after\n${story.join('\n')}\nall is refused:\n${refusals.join('\n')}`,
  );
}

describe('A parked trade can be decided, whatever course it took', () => {
  for (const [cancelled, cancel] of CANCELS) {
    it(`after a cancel that was answered with ${cancelled}`, () => {
      for (const [index, before] of COURSE.entries()) {
        for (const then of [noAnswer, failed('configuration'), ...COURSE.slice(index)]) {
          for (const start of STARTS) {
            const answers = {
              query: (_calls: number, atMs: number) => (atMs <= START_MS + 2 * MINUTE_MS ? before : then),
              cancel: () => cancel,
              refund: inTurn(REFUNDS),
              queryRefund: inTurn(REFUND_QUERIES),
            };
            const driver = new Driver(start, answers).runUntil(PAST_ALL_MS);
            canBeDecided(driver, `${JSON.stringify(before)}, then ${JSON.stringify(then)}`);
          }
        }
      }
    });
  }
});
