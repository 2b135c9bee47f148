/** What follows a call at once, and what waits. Whole resolutions are driven against any answers in `driven/rates.test.ts`. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import {
  answered,
  failed,
  HOUR_MS,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  refused,
  trade,
  uncertain,
  waiting,
} from './play.ts';

const BY_TRADE_NO = { tradeNo: '2019032622001494891000009752' } as const;

describe('A flood of messages', () => {
  it('is answered by one query', () => {
    const play = new Play().queried(waiting);
    for (let times = 0; times < 1_000; times += 1) play.lookNow();
    play.queried(waiting).wants('wait');
  });
  it('leaves the calls of the resolution itself as many as before: of all queries one a message is not counted', () => {
    const asked = new Play().queried(waiting);
    const { pacedAtMs } = asked.state.memory;
    assert.equal(asked.lookNow().queried(waiting).state.memory.pacedAtMs, pacedAtMs);
    assert.equal(asked.waited().queried(waiting).state.memory.pacedAtMs, pacedAtMs + 16_000);
  });
});

describe('Of the calls of a resolution', () => {
  const callsIn = (play: Play, step: (play: Play) => Play): number => {
    const { pacedAtMs } = play.state.memory;
    return (step(play).state.memory.pacedAtMs - pacedAtMs) / 16_000;
  };
  const polling = (): Play => new Play().queried(waiting).afterCalls(5);
  it('those of a poll that a message ended are counted, all but the one that an earlier message wished for', () => {
    assert.equal(
      callsIn(polling().waited(), (play) => play.interrupted(3, play.nowMs)),
      3,
    );
    assert.equal(
      callsIn(polling().lookNow(), (play) => play.interrupted(3, play.nowMs)),
      2,
    );
    assert.equal(
      callsIn(polling().lookNow(), (play) => play.interrupted(0, play.nowMs)),
      0,
    );
    assert.equal(
      callsIn(polling().lookNow(), (play) => play.interrupted(1, play.nowMs).interrupted(1, play.nowMs)),
      0,
    );
  });
  it('a flood of messages uses up none: after it the next question comes as soon as without it', () => {
    const flooded = uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).waited();
    for (let message = 0; message < 300; message += 1) flooded.after(1_000).interrupted(1, flooded.nowMs).lookNow();
    const { command } = flooded.queried(noAnswer);
    assert.ok(command.kind === 'wait' && command.untilMs - flooded.nowMs <= 300_000, JSON.stringify(command));
  });
  it('the query that cancelNow, the word of the service or a decision brings is not counted', () => {
    assert.equal(
      callsIn(polling(), (play) => play.cancelNow().queried(noAnswer)),
      0,
    );
    assert.equal(
      callsIn(polling(), (play) => play.payAnswered('paid').queried(waiting)),
      0,
    );
    const parked = uncertain().queried(failed('configuration')).after(MINUTE_MS).afterCalls(5);
    assert.equal(
      callsIn(parked, (play) => play.decidedManually('PAID').queried(noAnswer)),
      0,
    );
  });
});

describe('Alipay saying 40005', () => {
  const limited = failed('limited');
  it('to the last question of the budget is no cancel at once: that would be one call more', () => {
    const play = uncertain().queried(limited).isIn('cancelling');
    assert.deepEqual(play.command, { kind: 'wait', untilMs: play.nowMs + MINUTE_MS });
    play.waited().queried(waiting).wants('cancel');
  });
});

describe('A cancel', () => {
  it('waits where there is no room for it, then goes out: its round waits until there is room for all of it', () => {
    const policy = { pollBudgetMs: HOUR_MS, pollFirstMs: 1_000, pollFactor: 1, pollCapMs: 1_000 };
    const play = new Play({ outTradeNo: 'T1', policy });
    const endMs = play.nowMs + HOUR_MS;
    for (let question = 0; play.resolution.phase === 'querying'; question += 1)
      play.queried(question % 2 === 0 ? waiting : notExist).waited();
    assert.ok(play.nowMs > endMs);
    play.queried(waiting).wants('cancel');
  });
  it('of a parked trade is not sent for every message: only as often as there is room', () => {
    const frozen = refused('ACQ.REASON_TRADE_BEEN_FREEZEN');
    const play = uncertain().queried(waiting).cancelled(frozen).queried(paid).isParkedFor('frozen');
    for (let message = 0; message < 100; message += 1) {
      play.lookNow().queried(paid);
      if (play.command.kind === 'cancel') play.cancelled(frozen);
      play.isParkedFor('frozen');
    }
    const { cancelCount } = play.resolution;
    assert.ok(cancelCount >= 10 && cancelCount <= 20, `${cancelCount} cancels`);
    play.waited().queried(paid).wants('cancel');
  });
  it('backs off over a park and the return from it: the waits do not start again', () => {
    const play = uncertain().queried(waiting);
    for (let round = 0; round < 6; round += 1) play.cancelled(answered('Y')).waited().queried(waiting);
    play.cancelled(answered('Y')).waited().queried(failed('configuration')).isParkedFor('configuration');
    play.askedAgain(waiting).cancelled(answered('Y'));
    assert.deepEqual(play.command, { kind: 'wait', untilMs: play.nowMs + 60_000 });
  });
  it('of a trade that was seen follows an old answer after one fresh question, not after endless ones', () => {
    const play = uncertain()
      .queried(notExist)
      .cancelled(answered('N'))
      .after(HOUR_MS)
      .queried(waiting, { ageMs: 300_001 });
    play.wants('query').queried(notExist).wants('cancel');
  });
  it('of a trade whose outTradeNo is outside our alphabet is no endless question after a park', () => {
    const odd = trade('WAIT_BUYER_PAY', { outTradeNo: 'shop 1/77' });
    const play = uncertain(BY_TRADE_NO).queried(odd).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(odd);
    play.isParkedFor('cancelRefused').askedAgain(odd).wants('wait').askedAgain(paid).wants('wait');
  });
});
