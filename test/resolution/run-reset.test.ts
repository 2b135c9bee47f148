/** A run that is Temporal's reset of another one: its history may lack a cancel and a refund, so no machine moves money, and "paid" proves nothing. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { whyNotCancelNow, explain, whyNotDecideManually } from '../../resolution/index.ts';
import {
  closed,
  HOUR_MS,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  refused,
  START_MS,
  uncertain,
  waiting,
} from './play.ts';

const MARGIN_MS = 5 * MINUTE_MS;
const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const decision = { kind: 'outcome', outcome: 'PAID', who: 'Li Na', why: 'merchant portal' } as const;
const reset = (): Play => new Play().queried(waiting).reset().isParkedFor('runReset');

describe('A run that was reset', () => {
  it('is parked, and says so', () => {
    const { resolution } = reset();
    assert.deepEqual(resolution.notes, [
      'This run was reset in Temporal: what was sent to Alipay before may be missing here.',
    ]);
    assert.match(explain(resolution), /^- This run was reset in Temporal/m);
    assert.match(resolution.summary, /^Needs a person: this run was reset in Temporal, and what was sent to Alipay/);
  });
  it('is not PAID by TRADE_SUCCESS: a cancel that its history lacks may still land', () =>
    reset().askedAgain(paid).isParkedFor('runReset').wants('wait').askedAgain(paid).isParkedFor('runReset'));
  it('is never cancelled by a machine, however long the buyer does not pay, and cancelNow is refused', () => {
    reset().askedAgain(waiting).isParkedFor('runReset').after(HOUR_MS).askedAgain(noAnswer).isParkedFor('runReset');
    assert.match(whyNotCancelNow(reset().state) ?? '', /\(runReset\) and must not be cancelled/);
  });
  it('is never refunded by a machine either', () => {
    const willing = new Play({ outTradeNo: 'T1', refundIfNotCancellable: true }).queried(waiting).reset();
    willing.askedAgain(paid).isParkedFor('runReset').wants('wait');
  });
  it('ends by TRADE_CLOSED: what became of the money is asked', () => {
    reset()
      .askedAgain(closed)
      .isIn('closing')
      .waited()
      .refundQueried({ kind: 'refund', found: 'nothing' })
      .ends('CLOSED');
    reset().askedAgain(paid).askedAgain(closed).ends('REFUNDED');
  });
  it('ends as NOT_CREATED as any other', () => {
    const play = new Play()
      .queried(notExist)
      .reset()
      .at(PROVEN_MS)
      .askedAgain(notExist)
      .at(PROVEN_MS + 3 * MINUTE_MS);
    play.askedAgain(notExist).refundQueried({ kind: 'tradeNotExist' }).ends('NOT_CREATED');
  });
  it('can be resolved manually as PAID only when nothing sent before can land any more', () => {
    const play = reset().askedAgain(paid);
    const resetMs = START_MS;
    assert.match(whyNotDecideManually(play.state, decision, resetMs + MARGIN_MS - 1) ?? '', /may still land until/);
    assert.equal(whyNotDecideManually(play.state, decision, resetMs + MARGIN_MS), undefined);
  });
  it('in the middle of a cancel, a watch or a guard is parked all the same', () => {
    uncertain().queried(waiting).cancelled(noAnswer).reset().isParkedFor('runReset');
    uncertain().queried(notExist).cancelled(refused('ACQ.TRADE_NOT_EXIST')).reset().isParkedFor('runReset');
    new Play({ outTradeNo: 'T1', guardUntil: '2026-11-24T10:00:40+08:00' }).reset().isParkedFor('runReset');
  });
  it('that is resolved, or has handed over, stays so', () => {
    new Play().queried(paid).reset().ends('PAID');
    new Play({ tradeNo: '2019032622001494891000009752' }).queried(paid).reset().isIn('handed-over');
  });
  it('before any answer is asked about once, when its wait is over: nothing is known that could be asked for again', () =>
    assert.deepEqual(new Play().reset().waited().command, { kind: 'query' }));
});
