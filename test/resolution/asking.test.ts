/** How long one question goes on by itself: the plan of each poll, and what a parked trade is still asked for. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import { isKnown, type KnownAnswer, type PollPlan } from '../../contract/activities.ts';
import type { OperatorReason } from '../../contract/resolution.ts';
import { isReadableLast } from '../../resolution/asking.ts';
import { answered, closed, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, paid, Play, refused } from './play.ts';
import { START_MS, trade, uncertain, waiting } from './play.ts';

const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TRADE_NO = '2019032622001494891000009752';
const SHOWN = { tradeNo: TRADE_NO, totalAmount: '88.88', hasPayDate: false } as const;
const misconfigured = failed(FailureClass.configuration, 'isv.invalid-app-id');

function pollOf({ command }: Play): PollPlan {
  assert.ok(command.kind === 'query' && command.poll !== undefined, `no poll: ${JSON.stringify(command)}`);
  return command.poll;
}

describe('The first question', () => {
  it('is asked once: nothing is known yet that could be asked for again', () => {
    const { command, state } = new Play();
    assert.deepEqual(command, { kind: 'query' });
    assert.deepEqual(state.phase, { kind: 'querying', untilMs: START_MS + 30_000, step: { kind: 'query' }, asked: 0 });
    assert.equal(isReadableLast(state.memory), false);
    assert.deepEqual(new Play().queried(waiting).waited().state.phase, { ...state.phase, asked: 1 });
  });
});

describe('A poll goes on by itself only while Alipay says exactly the same. It reports', () => {
  const known = (): KnownAnswer => pollOf(new Play().queried(waiting).waited()).known;
  const rows = [
    ['another status', paid],
    ['"no such trade"', notExist],
    ['no answer', noAnswer],
    ['another amount', trade('WAIT_BUYER_PAY', { totalAmount: '88.80' })],
    ['another tradeNo', trade('WAIT_BUYER_PAY', { tradeNo: '2019032622001494891000000001' })],
    ['the day the money went to the seller', trade('WAIT_BUYER_PAY', { sendPayDate: '2026-11-24T10:00:12+08:00' })],
  ] as const;
  for (const [what, answer] of rows) it(what, () => assert.equal(isKnown(answer, known()), false));
  it('another code of the same failure', () => {
    const poll = pollOf(new Play().queried(failed('unknown', 'ACQ.SYSTEM_ERROR')).waited());
    assert.equal(isKnown(failed('unknown', 'ACQ.SYSTEM_ERROR'), poll.known), true);
    assert.equal(isKnown(noAnswer, poll.known), false);
  });
  it('not what it knows', () => assert.equal(isKnown(waiting, known()), true));
});

describe('The poll of a trade whose buyer is typing a password', () => {
  it('goes on from the wait before it, to the end of the budget', () => {
    const play = new Play().queried(waiting).waited();
    assert.equal(play.nowMs, START_MS + 2_000);
    assert.deepEqual(pollOf(play), {
      known: { word: 'WAIT_BUYER_PAY', ...SHOWN },
      asked: 1,
      firstMs: 2_000,
      factor: 1.5,
      capMs: 6_000,
      quickMax: 16,
      pacedMs: 16_000,
      limitedMs: 60_000,
      untilMs: START_MS + 30_000,
    });
  });
  it('keeps its rhythm over a change of the answer', () => {
    const play = new Play().queried(waiting).waited().queried(noAnswer).waited().queried(waiting);
    assert.deepEqual(play.command, { kind: 'wait', untilMs: play.nowMs + 4_500 });
    assert.equal(pollOf(play.waited()).asked, 3);
  });
  it('counts the questions of a poll that a message ended', () => {
    const play = new Play().queried(waiting).waited();
    assert.equal(pollOf(play.after(9_000).interrupted(3, START_MS + 2_000)).asked, 4);
    assert.equal(play.resolution.polls, 4);
  });
  it('asks its last question at the end of the budget, and no later', () => {
    const play = new Play().queried(waiting).at(START_MS + 29_000);
    play.lookNow().queried(noAnswer);
    assert.deepEqual(play.command, { kind: 'wait', untilMs: START_MS + 30_000 });
    assert.deepEqual(play.waited().command, { kind: 'query' });
  });
});

describe('The poll of a trade that Alipay has never seen', () => {
  const watched = (): Play => uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).waited();

  it('begins with one question that is told in any case', () =>
    assert.deepEqual(uncertain().queried(notExist).cancelled(answered('N')).command, { kind: 'query' }));

  it('asks again while Alipay says TRADE_NOT_EXIST, until the instant from which that proves something', () => {
    assert.deepEqual(pollOf(watched()), {
      known: { word: 'TRADE_NOT_EXIST' },
      asked: 1,
      firstMs: 5_000,
      factor: 2,
      capMs: 300_000,
      quickMax: 14,
      pacedMs: 16_000,
      limitedMs: 60_000,
      untilMs: PROVEN_MS,
    });
  });
  it('is awake at exactly that instant, and reports whatever is said from then on', () => {
    const silent = (atMs: number): Play =>
      watched()
        .at(atMs)
        .queried(noAnswer, { askedSince: PROVEN_MS - MINUTE_MS });
    const before = silent(PROVEN_MS - 1);
    assert.deepEqual(before.command, { kind: 'wait', untilMs: PROVEN_MS });
    assert.deepEqual(before.waited().command, { kind: 'query' });
    assert.deepEqual(silent(PROVEN_MS).waited().command, { kind: 'query' });
  });
  it('is asked again after its usual wait where that instant has come, or is over, and nothing could be read', () => {
    const secondDueMs = PROVEN_MS + 3 * MINUTE_MS;
    const waitAt = (atMs: number): number => {
      const play = watched().at(PROVEN_MS).queried(notExist).waited().at(atMs).queried(noAnswer);
      assert.ok(play.command.kind === 'wait');
      return play.command.untilMs - play.nowMs;
    };
    assert.deepEqual([secondDueMs - 1, secondDueMs, secondDueMs + 1].map(waitAt), [1, 20_000, 20_000]);
  });
  it('counts the questions of a poll that a message ended', () => {
    const play = watched();
    assert.equal(pollOf(play.interrupted(3, play.nowMs)).asked, 4);
  });
  it('asks for the second proof three minutes after the first was read', () => {
    const play = watched()
      .at(PROVEN_MS + HOUR_MS)
      .queried(notExist)
      .waited();
    const { known, untilMs } = pollOf(play);
    assert.equal(known.word, 'TRADE_NOT_EXIST');
    assert.equal(untilMs, PROVEN_MS + HOUR_MS + 180_000);
  });
});

describe('A parked trade is asked about slowly, for a day at a time, while it is answered with the same', () => {
  const dayAfter = (play: Play): number => play.nowMs + DAY_MS;
  const notAllowed = refused('ACQ.CANCEL_NOT_ALLOWED');
  const rows: readonly (readonly [string, OperatorReason, () => Play, KnownAnswer, (play: Play) => number])[] = [
    [
      'failure, of a trade never seen: until "no such trade" proves something',
      'configuration',
      () => uncertain().queried(misconfigured),
      { word: 'configuration', subCode: 'isv.invalid-app-id' },
      () => PROVEN_MS,
    ],
    [
      'failure, of a trade seen before',
      'configuration',
      () =>
        new Play()
          .queried(waiting)
          .at(START_MS + 30_000)
          .askedAgain(misconfigured),
      { word: 'configuration', subCode: 'isv.invalid-app-id' },
      dayAfter,
    ],
    [
      'failure, of a trade whose tradeNo was named: however late, "no such trade" does not prove NOT_CREATED',
      'configuration',
      () => uncertain({ outTradeNo: 'T1', tradeNo: TRADE_NO }).queried(misconfigured),
      { word: 'configuration', subCode: 'isv.invalid-app-id' },
      dayAfter,
    ],
    [
      'failure of the query',
      'queryRefused',
      () => new Play().queried(failed(FailureClass.rejected)),
      { word: 'rejected' },
      () => PROVEN_MS,
    ],
    [
      '"no such trade"',
      'tradeNoUnknown',
      () => new Play({ tradeNo: TRADE_NO }).queried(notExist),
      { word: 'TRADE_NOT_EXIST' },
      dayAfter,
    ],
    [
      'status, of one that cannot be cancelled',
      'cancelRefused',
      () => uncertain().queried(waiting).cancelled(notAllowed).queried(paid),
      { word: 'TRADE_SUCCESS', ...SHOWN },
      dayAfter,
    ],
    [
      'status, of one that is too old',
      'cancelWindowOver',
      () => uncertain().queried(waiting).cancelled(refused('ACQ.TRADE_CANCEL_TIME_OUT')).queried(waiting),
      { word: 'WAIT_BUYER_PAY', ...SHOWN },
      dayAfter,
    ],
    [
      'status under another amount',
      'amountMismatch',
      () => new Play().queried(trade('TRADE_SUCCESS', { totalAmount: '1.00' })),
      { word: 'TRADE_SUCCESS', ...SHOWN, totalAmount: '1.00' },
      dayAfter,
    ],
    [
      'status under another number',
      'tradeNoMismatch',
      () => new Play({ outTradeNo: 'T1', tradeNo: '2019032622001494891000000000' }).queried(paid),
      { word: 'TRADE_SUCCESS', ...SHOWN },
      dayAfter,
    ],
    [
      'status, of one whose refund is refused',
      'refundRefused',
      () => {
        const parked = uncertain().queried(waiting).cancelled(notAllowed).queried(paid).after(60_000);
        return parked
          .orderedRefund()
          .queried(paid)
          .queried(paid)
          .refunded(failed('business', 'ACQ.SOMETHING'))
          .waited()
          .queried(paid);
      },
      { word: 'TRADE_SUCCESS', ...SHOWN },
      dayAfter,
    ],
    [
      '"no such trade", which contradicts the word of the service: however late, it proves nothing',
      'payAnswerMismatch',
      () => uncertain({ outTradeNo: 'T1', payAnswer: 'paid' }).queried(notExist),
      { word: 'TRADE_NOT_EXIST' },
      dayAfter,
    ],
    [
      'status that contradicts the word of the service',
      'payAnswerMismatch',
      () => uncertain({ outTradeNo: 'T1', payAnswer: 'paid' }).queried(waiting),
      { word: 'WAIT_BUYER_PAY', ...SHOWN },
      dayAfter,
    ],
  ];
  for (const [what, reason, parked, known, untilMs] of rows) {
    it(`${what} (${reason})`, () => {
      const play = parked().isParkedFor(reason);
      assert.deepEqual(play.command, { kind: 'wait', untilMs: play.nowMs + 300_000 });
      const { quickMax: _quick, pacedMs: _paced, limitedMs: _limited, ...rhythm } = pollOf(play.waited());
      const slowly = { asked: 1, firstMs: 300_000, factor: 1, capMs: 300_000 };
      assert.deepEqual(rhythm, { known, ...slowly, untilMs: untilMs(play) });
    });
  }

  it('and where its cancel is repeated instead, it is asked once, and the cancel follows', () => {
    const play = uncertain().queried(waiting).cancelled(refused('ACQ.REASON_TRADE_BEEN_FREEZEN')).queried(paid);
    assert.deepEqual(play.isParkedFor('frozen').waited().command, { kind: 'query' });
    play.queried(paid).wants('cancel');
  });
  it('and where the refund query is repeated instead, that is', () => {
    const play = new Play().queried(closed).waited().refundQueried(failed('business', 'ACQ.INVALID_PARAMETER'));
    play.isParkedFor('closureKindUnknown').waited().wants('queryRefund');
  });
  it('and a message in between changes nothing of why it is parked', () => {
    const play = uncertain().queried(misconfigured).waited();
    const { phase } = play.state;
    assert.deepEqual(play.interrupted(2, play.nowMs).state.phase, phase);
  });
});
