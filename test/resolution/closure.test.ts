/** TRADE_CLOSED does not say whether money moved: CLOSED and REFUNDED are told apart by evidence, or by a person. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { CancelAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { answered, closed, failed, noAnswer, paid, Play, refused, trade, uncertain, waiting } from './play.ts';

const lostAction = (): Play => uncertain().queried(waiting).cancelled(noAnswer).waited().queried(closed);
const notSaid = { kind: 'refund', found: 'notSaid', refundAmount: '88.88' } as const;
const noRefund = { kind: 'refund', found: 'nothing' } as const;
const refunded = { kind: 'refund', found: 'done', refundAmount: '88.88' } as const;

describe('A closed trade whose action was lost', () => {
  it('is asked about at the refund query, no earlier than 10 s after it was seen closed, whoever wants a look', () => {
    const play = lostAction().isIn('closing');
    assert.ok(play.command.kind === 'wait');
    assert.equal(play.command.untilMs - play.nowMs, 10_000);
    const untilMs = play.nowMs + 10_000;
    assert.deepEqual(play.state.phase, { kind: 'closing', step: { kind: 'wait', untilMs }, round: 1 });
    play.lookNow().wants('wait').waited().wants('queryRefund');
  });
  it('is REFUNDED when the refund query says so', () => lostAction().waited().refundQueried(refunded).ends('REFUNDED'));
  it('is told to a person when Alipay has given no readable answer for 8 minutes, and not a millisecond earlier', () => {
    const silentFor = (ms: number): Play => lostAction().after(ms).waited().refundQueried(noAnswer);
    silentFor(8 * 60_000 - 1)
      .isIn('closing')
      .wants('wait');
    silentFor(8 * 60_000).isParkedFor('closureKindUnknown');
  });
  it('is CLOSED when neither the refund query nor send_pay_date knows of money', () =>
    lostAction().waited().refundQueried(noRefund).ends('CLOSED'));
  it('is REFUNDED when its query names the day the money went to the seller', () => {
    uncertain()
      .queried(waiting)
      .cancelled(noAnswer)
      .waited()
      .queried(trade('TRADE_CLOSED', { sendPayDate: '2026-11-24T10:00:12+08:00' }))
      .ends('REFUNDED');
  });
  it('is REFUNDED when it had been seen paid', () =>
    uncertain()
      .queried(waiting)
      .cancelled(noAnswer)
      .waited()
      .queried(paid)
      .cancelled(noAnswer)
      .waited()
      .queried(closed)
      .ends('REFUNDED'));
  it('is asked about again when the refund query does not answer', () => {
    lostAction()
      .waited()
      .refundQueried(noAnswer)
      .isIn('closing')
      .wants('wait')
      .waited()
      .refundQueried(refunded)
      .ends('REFUNDED');
    const { phase } = lostAction().waited().refundQueried(noAnswer).state;
    assert.ok(phase.kind === 'closing');
    assert.deepEqual([phase.step.kind, phase.round], ['wait', 2]);
  });
  it('waits for a person when the refund query never answers, and still heals by itself', () => {
    const play = lostAction().waited();
    for (let round = 1; round < 6; round += 1) play.refundQueried(noAnswer).waited();
    play.refundQueried(noAnswer).isParkedFor('closureKindUnknown').waited().refundQueried(refunded).ends('REFUNDED');
  });
  it('waits for a person when the refund query does not know a trade that the query calls closed', () => {
    const play = lostAction().waited().refundQueried({ kind: 'tradeNotExist' }).isParkedFor('closureKindUnknown');
    assert.match(play.resolution.summary, /the refund query says TRADE_NOT_EXIST/);
  });
  it('backs off longer each time it is asked about', () => {
    const play = lostAction().waited();
    const delays = [1, 2, 3].map(() => {
      const { command, nowMs } = play.refundQueried(noAnswer);
      assert.ok(command.kind === 'wait');
      play.waited();
      return command.untilMs - nowMs;
    });
    assert.deepEqual(delays, [2_000, 4_000, 8_000]);
  });
  it('waits for a person when the refund query is refused', () => {
    lostAction()
      .waited()
      .refundQueried(failed(FailureClass.business, 'ACQ.INVALID_PARAMETER'))
      .isParkedFor('closureKindUnknown');
  });
});

describe('A refund that is shown but not as done', () => {
  it('is no "no refund": it is asked about again, and REFUNDED when it is done', () => {
    const play = lostAction().waited().refundQueried(notSaid).isIn('closing').wants('wait');
    play.waited().refundQueried(refunded).ends('REFUNDED');
  });
  it('is no "no refund" later either, when the refund query shows nothing any more', () =>
    lostAction().waited().refundQueried(notSaid).waited().refundQueried(noRefund).isParkedFor('closureKindUnknown'));
  it('and that never becomes one is left to a person, with the reason, and heals', () => {
    const play = lostAction().waited();
    for (let round = 1; round < 6; round += 1) play.refundQueried(notSaid).waited();
    play.refundQueried(notSaid).isParkedFor('closureKindUnknown');
    assert.match(play.resolution.summary, /shows a refund and does not say that it is done/);
    play.waited().refundQueried(refunded).ends('REFUNDED');
  });
});

describe('A repeated cancel that answers action=close', () => {
  const afterLost = (first: CancelAnswer): Play =>
    uncertain()
      .queried(waiting)
      .cancelled(first)
      .waited()
      .queried(waiting)
      .cancelled(answered('N', 'close'))
      .queried(closed);
  it('after one whose answer was lost proves nothing: the first may have given money back, so the refund query is asked', () => {
    for (const lost of [noAnswer, answered(), answered('Y'), failed('unsigned'), failed('limited')])
      afterLost(lost).isIn('closing').wants('wait').waited().wants('queryRefund');
    afterLost(noAnswer).waited().refundQueried(refunded).ends('REFUNDED');
    afterLost(noAnswer).waited().refundQueried(noRefund).ends('CLOSED');
  });
  it('after one that surely never left is the first', () => afterLost(failed('notSent')).ends('CLOSED'));
  it('as the first did is CLOSED, however often it is repeated', () => {
    const play = uncertain()
      .queried(waiting)
      .cancelled(answered('N', 'close'))
      .queried(waiting)
      .waited()
      .queried(waiting);
    play.cancelled(answered('N', 'close')).queried(closed).ends('CLOSED');
  });
  it('of the first cancel proves nothing once a later one is refused as only a paid trade is', () => {
    const play = uncertain()
      .queried(waiting)
      .cancelled(answered('N', 'close'))
      .queried(waiting)
      .waited()
      .queried(waiting);
    play.cancelled(refused('ACQ.SELLER_BALANCE_NOT_ENOUGH')).queried(closed).isIn('closing').waited();
    play.refundQueried(noRefund).isParkedFor('closureKindUnknown');
  });
  it('after a signed refusal that says paid proves nothing', () => {
    const balance = refused('ACQ.SELLER_BALANCE_NOT_ENOUGH');
    const play = uncertain().queried(waiting).cancelled(balance).queried(waiting).waited().queried(waiting);
    play.cancelled(answered('N', 'close')).queried(closed).isIn('closing');
  });
});

describe('A closed trade with contradicting evidence', () => {
  const contradiction = (): Play =>
    uncertain()
      .queried(waiting)
      .cancelled(answered('Y'))
      .waited()
      .queried(paid)
      .cancelled(answered('N', 'close'))
      .queried(closed);
  it('is asked about, not guessed', () => contradiction().isIn('closing'));
  it('is REFUNDED when the refund query proves it', () =>
    contradiction().waited().refundQueried(refunded).ends('REFUNDED'));
  it('waits for a person otherwise', () =>
    contradiction().waited().refundQueried(noRefund).isParkedFor('closureKindUnknown'));
});

describe('A trade found closed before any cancel', () => {
  it('is told apart in the same way', () =>
    new Play().queried(closed).wants('wait').waited().refundQueried(noRefund).ends('CLOSED'));
});
