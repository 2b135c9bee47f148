/** A trade that Alipay has never seen: its pay request may still be on its way until the pay deadline plus a margin. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { RefundQueryAnswer } from '../../contract/answers.ts';
import {
  answered,
  closed,
  HOUR_MS,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  START_MS,
  trade,
  uncertain,
  waiting,
} from './play.ts';

const DEADLINE_MS = 3 * HOUR_MS;
const MARGIN_MS = 5 * MINUTE_MS;
/** Between the two denials. */
const APART_MS = 3 * MINUTE_MS;
const watched = (): Play => uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).waited();
const PROVEN_MS = START_MS + DEADLINE_MS + MARGIN_MS;
const untilProven = (play: Play, beyondMs = 0): Play => play.at(PROVEN_MS + beyondMs);
/** Alipay denies the trade, and again so much later. */
const deniedTwice = (play: Play, apartMs = APART_MS): Play => {
  const firstMs = play.queried(notExist).nowMs;
  return play
    .waited()
    .at(firstMs + apartMs)
    .queried(notExist);
};
const denies: RefundQueryAnswer = { kind: 'tradeNotExist' };

describe('NOT_CREATED', () => {
  it('is concluded when Alipay says TRADE_NOT_EXIST twice, minutes apart, both asked after the pay deadline plus the margin, and the refund query says so too', () => {
    deniedTwice(untilProven(watched())).isIn('watching').wants('queryRefund').refundQueried(denies).ends('NOT_CREATED');
  });
  it('is not concluded a millisecond earlier', () => {
    deniedTwice(untilProven(watched(), -1)).isIn('watching').wants('wait');
    deniedTwice(untilProven(watched()), APART_MS - 1)
      .isIn('watching')
      .wants('wait');
  });
  it('is not concluded from an answer that was asked for before and arrived after', () => {
    const firstMs = untilProven(watched()).nowMs;
    const lateAnswer = untilProven(watched())
      .queried(notExist)
      .waited()
      .at(firstMs + APART_MS + MINUTE_MS);
    lateAnswer
      .queried(notExist, { ageMs: MINUTE_MS + 1 })
      .isIn('watching')
      .wants('wait');
    const lateFirst = untilProven(watched(), MINUTE_MS).queried(notExist, { ageMs: MINUTE_MS + 1 });
    lateFirst.waited().after(APART_MS).queried(notExist).isIn('watching').wants('wait');
  });
  it('is not concluded from one TRADE_NOT_EXIST alone, whatever was said before the deadline: Alipay has been seen to say it during its own errors', () => {
    const play = untilProven(watched(), HOUR_MS);
    play
      .queried(notExist, { askedSince: START_MS + HOUR_MS })
      .isIn('watching')
      .wants('wait');
  });
  it('uses the deadline that the service sent with pay', () => {
    const input = {
      outTradeNo: 'T1',
      payRequestedAt: '2026-11-24T10:00:00+08:00',
      payExpiresAt: '2026-11-24T10:02:00+08:00',
    };
    const play = uncertain(input).queried(notExist).cancelled(answered('N'));
    deniedTwice(play.at(START_MS + 7 * MINUTE_MS))
      .refundQueried(denies)
      .ends('NOT_CREATED');
  });
  it('takes the margin from the start on, even where the caller puts the deadline hours before it: its clock may be wrong', () => {
    const late = uncertain({ outTradeNo: 'T1', payRequestedAt: '2026-11-24T02:00:00+08:00' });
    const early = uncertain({ outTradeNo: 'T1', payRequestedAt: '2026-11-24T02:00:00+08:00' });
    deniedTwice(early.queried(notExist).cancelled(answered('N')).after(10_000))
      .isIn('watching')
      .wants('wait');
    late
      .queried(notExist)
      .cancelled(answered('N'))
      .at(START_MS + MARGIN_MS);
    deniedTwice(late).refundQueried(denies).ends('NOT_CREATED');
  });
  it('counts the minutes from when the first answer was read, not from when it was asked for', () => {
    const play = untilProven(watched(), HOUR_MS);
    const readMs = play.queried(notExist, { ageMs: HOUR_MS }).nowMs;
    play.waited().queried(notExist).isIn('watching').wants('wait').waited();
    play
      .at(readMs + APART_MS)
      .queried(notExist)
      .refundQueried(denies)
      .ends('NOT_CREATED');
  });
  it('is never concluded for a trade that was seen with another amount', () => {
    const play = new Play({ outTradeNo: 'T1', totalAmount: '88.88' }).queried(
      trade('TRADE_SUCCESS', { totalAmount: '1.00' }),
    );
    deniedTwice(untilProven(play.waited(), HOUR_MS)).isParkedFor('amountMismatch').wants('wait');
  });
  it('is never concluded where a tradeNo was named, which only Alipay can have issued: a person looks', () => {
    const play = uncertain({ outTradeNo: 'T1', tradeNo: '2019032622001494891000009752' })
      .queried(notExist)
      .cancelled(answered('N'));
    deniedTwice(untilProven(play, HOUR_MS)).isParkedFor('tradeNoMismatch');
    assert.match(play.resolution.summary, /tradeNo 2019032622001494891000009752, which it issued itself/);
    assert.equal(play.state.memory.strangerSeen, false, 'an absent trade is not another trade');
  });
  it('is concluded minutes after the first such answer, whatever was asked in between', () => {
    const play = untilProven(watched()).queried(notExist).waited().queried(notExist).isIn('watching').waited();
    play
      .queried(noAnswer)
      .waited()
      .at(PROVEN_MS + APART_MS);
    play.queried(notExist).refundQueried(denies).ends('NOT_CREATED');
  });
  it('is never concluded for a trade that was seen, however often Alipay denies it', () => {
    const play = uncertain().queried(waiting).cancelled(noAnswer);
    untilProven(play, HOUR_MS).waited();
    for (let times = 0; times < 3; times += 1) {
      play.queried(notExist).wants('cancel').cancelled(noAnswer).after(APART_MS).waited();
    }
    assert.equal(play.resolution.cancelCount, 4);
  });
  it('is never concluded for a trade that was seen', () => {
    const play = uncertain().queried(waiting).cancelled(noAnswer);
    untilProven(play, HOUR_MS).lookNow().queried(notExist).isIn('cancelling').wants('cancel');
  });
});

describe('While watching', () => {
  it('a screen may already say: cancelled, still being watched', () => {
    const { resolution } = watched();
    assert.ok(resolution.phase === 'watching');
    assert.equal(resolution.provisional, 'NOT_CREATED');
  });
  it('the summary names the instant that the rule names, for a start that is hours late too', () => {
    const late = uncertain({ outTradeNo: 'T1', payRequestedAt: '2026-11-24T02:00:00+08:00' });
    late.queried(notExist).cancelled(answered('N')).isIn('watching');
    assert.match(late.resolution.summary, new RegExp(new Date(START_MS + MARGIN_MS).toISOString()));
  });
  it('a trade that appears unpaid is cancelled at once', () =>
    watched().after(MINUTE_MS).queried(waiting).wants('cancel'));
  it('a trade that appears paid is cancelled at once, and refunded', () => {
    watched()
      .after(MINUTE_MS)
      .queried(paid)
      .wants('cancel')
      .cancelled(answered('N', 'refund'))
      .queried(closed)
      .ends('REFUNDED');
  });
  it('no answer only means to ask again, however late; after minutes a person is told', () => {
    untilProven(watched(), MINUTE_MS).queried(noAnswer, { askedSince: PROVEN_MS }).isIn('watching').wants('wait');
    untilProven(watched(), HOUR_MS).queried(noAnswer, { askedSince: PROVEN_MS }).isParkedFor('noReadableAnswer');
  });
  it('the intervals grow from 5 s to 5 min and the last question falls on the proof', () => {
    const { command } = watched();
    assert.ok(command.kind === 'query' && command.poll !== undefined);
    const { firstMs, factor, capMs, untilMs } = command.poll;
    assert.deepEqual([firstMs, factor, capMs, untilMs], [5_000, 2, 300_000, START_MS + DEADLINE_MS + MARGIN_MS]);
  });
  it('after the proof is due the next answer is reported at once', () => {
    const play = untilProven(watched(), 1)
      .queried(noAnswer, { askedSince: PROVEN_MS - MINUTE_MS })
      .waited();
    assert.deepEqual(play.command, { kind: 'query' });
  });
});
