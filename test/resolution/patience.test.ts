/** When a person is told although a machine could go on: silence, and cancels without effect. What is safe is repeated meanwhile. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { whyNotCancelNow, whyNotDecideManually } from '../../resolution/index.ts';
import { Driver, longestCancelling, longestSilence, type Answers } from './driver.ts';
import {
  answered,
  closed,
  failed,
  HOUR_MS,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  refused,
  START_MS,
} from './play.ts';
import { uncertain, waiting } from './play.ts';

const T1 = { outTradeNo: 'T1', totalAmount: '88.88' } as const;
const NOT_ALLOWED = refused('ACQ.CANCEL_NOT_ALLOWED');
const closedDecision = { kind: 'outcome', outcome: 'CLOSED', who: 'Li Na', why: 'merchant portal' } as const;
const only = (answers: Partial<Answers>): Answers => ({
  query: () => waiting,
  cancel: () => noAnswer,
  refund: () => noAnswer,
  queryRefund: () => noAnswer,
  ...answers,
});

/** The wait of a resolution, and what it looks at after it, until it is parked. */
function untilParked(play: Play, look: (play: Play) => unknown): Play {
  for (let round = 0; round < 100 && play.resolution.phase !== 'needs-operator'; round += 1) look(play.waited());
  return play.isIn('needs-operator');
}

describe('Silence', () => {
  it('while cancelling is told to a person within ten minutes, and the cancel is repeated all the same', () => {
    const driver = new Driver(T1, only({ query: () => noAnswer })).runUntil(START_MS + HOUR_MS);
    assert.ok(longestSilence(driver) <= 10 * MINUTE_MS, `${longestSilence(driver)} ms`);
    const { phase } = driver.state;
    assert.ok(phase.kind === 'needs-operator' && phase.reason === 'noReadableAnswer', phase.kind);
    const late = driver.calls.filter(({ kind, atMs }) => kind === 'cancel' && atMs > START_MS + 30 * MINUTE_MS);
    assert.ok(late.length >= 5, `${late.length} cancels in the second half hour`);
  });
  it('while watching is told, and nothing but questions is sent', () => {
    const answers = only({ query: (calls) => (calls < 10 ? notExist : noAnswer), cancel: () => answered('N') });
    const driver = new Driver(T1, answers).runUntil(START_MS + HOUR_MS);
    assert.ok(longestSilence(driver) <= 10 * MINUTE_MS, `${longestSilence(driver)} ms`);
    assert.equal(driver.state.phase.kind, 'needs-operator');
    assert.equal(driver.calls.filter(({ kind }) => kind === 'cancel').length, 1);
  });
  it('while refunding is told, no sentence speaks of a refusal, and no cancel is sent', () => {
    const play = uncertain().queried(waiting).cancelled(NOT_ALLOWED).queried(paid).after(MINUTE_MS).orderedRefund();
    play.queried(paid).queried(paid).refunded(noAnswer);
    const sentMs = play.nowMs;
    untilParked(play, (refunding) => refunding.refundQueried(noAnswer)).isParkedFor('noReadableAnswer');
    assert.ok(play.nowMs - sentMs >= 5 * MINUTE_MS, 'longer than the 60 s after which it was given up before');
    assert.ok(play.nowMs - sentMs <= 10 * MINUTE_MS);
    assert.doesNotMatch(play.resolution.summary, /refus/);
    assert.match(whyNotCancelNow(play.state) ?? '', /^The trade is being refunded: a cancel must not run beside that/);
    play.waited().queried(noAnswer).isParkedFor('noReadableAnswer').wants('wait');
    play.waited().queried(paid).isIn('refunding').wants('query').queried(paid).wants('refund');
  });
  it('of a day that is only refused as configuration is told as configuration', () => {
    const driver = new Driver(T1, only({ query: () => failed('configuration') })).runUntil(START_MS + HOUR_MS);
    const { phase } = driver.state;
    assert.ok(phase.kind === 'needs-operator' && phase.reason === 'configuration');
    assert.equal(driver.calls.filter(({ kind }) => kind === 'cancel').length, 0);
  });
  it('ends with the first readable answer: cancelling goes on, and TRADE_CLOSED ends it', () => {
    const silent = (): Play =>
      untilParked(uncertain().queried(waiting).cancelled(noAnswer), (play) =>
        play.queried(noAnswer).cancelled(noAnswer),
      );
    silent().isParkedFor('noReadableAnswer').waited().queried(waiting).wants('cancel');
    silent().waited().queried(closed).isIn('closing');
    silent().waited().queried(noAnswer).wants('cancel').cancelled(answered('N', 'close')).wants('query');
  });
  it('is over when a cancel is answered too, retry_flag=Y or a refusal: it is not told any more', () => {
    const silent = (): Play =>
      untilParked(uncertain().queried(waiting).cancelled(noAnswer), (play) =>
        play.queried(noAnswer).cancelled(noAnswer),
      );
    for (const answer of [answered('Y'), answered(), NOT_ALLOWED]) {
      const { summary } = silent().waited().queried(noAnswer).cancelled(answer).resolution;
      assert.doesNotMatch(summary, /no readable answer/, JSON.stringify(answer));
    }
  });
  it('begins when the buyer’s time is over, not when the resolution began', () => {
    const play = new Play({ ...T1, policy: { pollBudgetMs: HOUR_MS } }).queried(noAnswer).at(START_MS + HOUR_MS);
    play.waited().queried(noAnswer).cancelled(noAnswer).isIn('cancelling').wants('wait');
  });
  it('of a poll that was interrupted by a message is none: its questions were answered', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).waited();
    const pollMs = play.nowMs;
    play
      .after(2 * HOUR_MS)
      .interrupted(30, pollMs)
      .lookNow()
      .queried(noAnswer)
      .isIn('watching')
      .wants('wait');
  });
  it('is told in time where a message ends each poll just before its next question', () => {
    const watching = uncertain().queried(notExist).cancelled(answered('N')).queried(notExist);
    const rare = Array.from({ length: 8 }).reduce<Play>((play) => play.waited().queried(notExist), watching);
    const readMs = rare.waited().nowMs;
    const cut = rare
      .after(5 * MINUTE_MS - 1)
      .interrupted(1, readMs)
      .lookNow()
      .queried(noAnswer);
    untilParked(cut, (play) => play.queried(noAnswer)).isParkedFor('noReadableAnswer');
    assert.ok(cut.nowMs - readMs <= 10 * MINUTE_MS, `${cut.nowMs - readMs} ms`);
  });
  it('of a poll that was interrupted began a pause ago at most: the pause after all its questions', () => {
    const silentForMs = (play: Play): number => play.nowMs - play.state.memory.silentSinceMs;
    const watching = (): Play => uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).waited();
    const after = (ms: number, questions: number): number => {
      const play = watching();
      const pollMs = play.nowMs;
      return silentForMs(play.after(ms).interrupted(questions, pollMs));
    };
    assert.equal(after(HOUR_MS, 1), 16_000);
    assert.equal(after(HOUR_MS, 3), 40_000);
    assert.equal(after(30_000, 3), 30_000);
    const buyersTime = new Play().queried(waiting).waited();
    assert.equal(silentForMs(buyersTime.after(9_000).interrupted(3, START_MS + 2_000)), 0);
  });
  it('is told in time however long somebody lets the waits be', () => {
    const hours = { cancelFirstMs: HOUR_MS, cancelCapMs: HOUR_MS, watchFirstMs: HOUR_MS, watchCapMs: HOUR_MS };
    const cancelling = uncertain({ ...T1, policy: hours })
      .queried(waiting)
      .cancelled(noAnswer);
    const sinceMs = cancelling.nowMs;
    cancelling.waited().queried(noAnswer).cancelled(noAnswer).isParkedFor('noReadableAnswer');
    assert.ok(cancelling.nowMs - sinceMs <= 10 * MINUTE_MS, `${cancelling.nowMs - sinceMs} ms`);
    const watching = uncertain({ ...T1, policy: hours })
      .queried(notExist)
      .cancelled(answered('N'))
      .queried(noAnswer);
    watching.waited().queried(noAnswer).isParkedFor('noReadableAnswer');
    assert.ok(watching.nowMs - sinceMs <= 10 * MINUTE_MS, `${watching.nowMs - sinceMs} ms`);
  });
  it('of a watch that ends with the denial of the trade goes on watching, after a wait: that was its first question', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).queried(noAnswer);
    untilParked(play, (one) => one.queried(noAnswer))
      .waited()
      .queried(notExist)
      .isIn('watching')
      .wants('wait');
  });
  it('is no reason to refuse a decision or cancelNow', () => {
    const play = untilParked(uncertain().queried(notExist).cancelled(noAnswer), (one) =>
      one.queried(noAnswer).cancelled(noAnswer),
    );
    assert.equal(whyNotDecideManually(play.state, closedDecision, START_MS + 4 * HOUR_MS), undefined);
    assert.equal(whyNotCancelNow(play.state), undefined);
  });
});

describe('A cancel without effect', () => {
  it('answered retry_flag=Y for ever is told to a person within fifteen minutes, and repeated slowly', () => {
    const driver = new Driver(T1, only({ cancel: () => answered('Y') })).runUntil(START_MS + 2 * HOUR_MS);
    assert.ok(longestCancelling(driver) <= 15 * MINUTE_MS, `${longestCancelling(driver)} ms`);
    const { phase } = driver.state;
    assert.ok(phase.kind === 'needs-operator' && phase.reason === 'cancelWithoutEffect');
    const late = driver.calls.filter(({ kind, atMs }) => kind === 'cancel' && atMs > START_MS + HOUR_MS);
    assert.ok(late.length >= 11 && late.length <= 13, `${late.length} cancels in the second hour`);
  });
  const parked = (): Play =>
    untilParked(uncertain().queried(waiting).cancelled(answered('Y')), (play) =>
      play.queried(waiting).cancelled(answered('Y')),
    );
  it('can then be resolved manually, as the table of manualDecisions has it', () => {
    const play = parked().isParkedFor('cancelWithoutEffect');
    assert.match(whyNotDecideManually(play.state, closedDecision, play.nowMs) ?? '', /can still be paid until/);
    play
      .at(START_MS + 4 * HOUR_MS)
      .decidedManually('CLOSED')
      .queried(waiting)
      .ends('CLOSED', 'operator');
  });
  it('ends as soon as a query says TRADE_CLOSED', () =>
    parked().waited().queried(waiting).cancelled(answered('N', 'refund')).queried(closed).ends('REFUNDED'));
  it('is told again after a park for something else: nobody waits for the clock a second time', () => {
    const play = uncertain().queried(waiting).cancelled(answered('Y')).waited().queried(failed('configuration'));
    play
      .isParkedFor('configuration')
      .after(20 * MINUTE_MS)
      .askedAgain(waiting)
      .cancelled(answered('Y'));
    play.isParkedFor('cancelWithoutEffect');
  });
  it('is none where the trade was never there to be cancelled: a watch of hours asks nobody', () => {
    const driver = new Driver(T1, only({ query: () => notExist, cancel: () => answered('N') })).runUntil(
      START_MS + 3 * HOUR_MS,
    );
    assert.equal(driver.state.phase.kind, 'watching');
    assert.ok(driver.moments.every(({ phase }) => phase !== 'needs-operator'));
  });
});

describe('A person is told at the first report of which the minutes are over, and not a millisecond earlier:', () => {
  const SILENT_MS = 8 * MINUTE_MS;
  const EFFECT_MS = 13 * MINUTE_MS;
  const cancelling = (): Play => uncertain().queried(waiting);
  const watching = (): Play => uncertain().queried(notExist).cancelled(answered('N'));
  const refunding = (): Play =>
    cancelling().cancelled(NOT_ALLOWED).queried(paid).after(MINUTE_MS).orderedRefund().queried(paid).queried(paid);
  const rows: readonly (readonly [string, string, number, () => Play, (play: Play) => Play])[] = [
    ['silence of a cancel', 'noReadableAnswer', SILENT_MS, cancelling, (play) => play.cancelled(noAnswer)],
    ['silence of a watch', 'noReadableAnswer', SILENT_MS, watching, (play) => play.queried(noAnswer)],
    ['silence of a refund', 'noReadableAnswer', SILENT_MS, refunding, (play) => play.refunded(noAnswer)],
    ['cancels without effect', 'cancelWithoutEffect', EFFECT_MS, cancelling, (play) => play.cancelled(answered('Y'))],
  ];
  for (const [what, reason, afterMs, begun, report] of rows) {
    it(what, () => {
      const { phase } = begun().resolution;
      report(begun().after(afterMs - 1))
        .isIn(phase)
        .wants('wait');
      report(begun().after(afterMs)).isParkedFor(reason as 'noReadableAnswer');
    });
  }
  it('a wait of the cancelling ends when they are over, so that somebody looks at the clock', () => {
    const late = (before: Play, afterMs: number): Play['command'] =>
      before.after(afterMs - 1).cancelled(afterMs === SILENT_MS ? noAnswer : answered('Y')).command;
    for (const afterMs of [SILENT_MS, EFFECT_MS]) {
      const play = cancelling();
      assert.deepEqual(late(play, afterMs), { kind: 'wait', untilMs: play.nowMs + 1 });
    }
  });
  it('not by a message: only a report can say that nothing was heard', () => {
    const play = refunding().refunded(noAnswer).after(HOUR_MS);
    play.lookNow().isIn('refunding').payAnswered('uncertain').isIn('refunding').wants('wait');
  });
  it('not where the cancel, or the query after it, follows at once', () => {
    const play = cancelling().cancelled(answered('Y')).waited().after(EFFECT_MS);
    play.queried(waiting).wants('cancel').cancelled(answered('N', 'close')).isIn('cancelling').wants('query');
  });
  it('not where the query before a refund follows at once', () => {
    const play = uncertain({ ...T1, refundIfNotCancellable: true })
      .queried(waiting)
      .cancelled(noAnswer)
      .waited();
    play
      .queried(paid)
      .cancelled(noAnswer)
      .after(24 * HOUR_MS)
      .lookNow()
      .queried(noAnswer)
      .isIn('refunding')
      .wants('query');
  });
  it('with what was tried: cancels, or none as there was no room for one', () => {
    const tried = cancelling().after(EFFECT_MS).cancelled(answered('Y')).resolution.summary;
    assert.equal(tried, 'Needs a person: cancels have been tried for minutes, and no query says TRADE_CLOSED.');
    const none = uncertain().afterCalls(100).queried(waiting).waited().afterCalls(20).queried(waiting);
    assert.equal(
      none.isParkedFor('cancelWithoutEffect').resolution.summary,
      'Needs a person: for minutes no cancel could be sent: calls of Alipay had to wait, or no worker made them.',
    );
  });
});

describe('The clocks of silence and of the cancels', () => {
  it('begin where the buyer’s time ends; a park starts that of the silence anew, and not that of the cancels', () => {
    const play = uncertain().queried(noAnswer);
    const beganMs = play.nowMs;
    const clocks = (): readonly unknown[] => [play.state.memory.silentSinceMs, play.state.memory.cancellingSinceMs];
    assert.deepEqual(clocks(), [beganMs, beganMs]);
    play.cancelled(noAnswer).waited().queried(failed('configuration')).isParkedFor('configuration');
    assert.deepEqual(clocks(), [beganMs, beganMs]);
    play.after(HOUR_MS).cancelNow().isParkedFor('configuration').askedAgain(waiting).isIn('cancelling');
    assert.deepEqual(clocks(), [play.nowMs, beganMs]);
  });
  it('begin where a trade appears that was watched: that of the cancels with its first cancel', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).after(HOUR_MS).queried(waiting).wants('cancel');
    assert.equal(play.state.memory.cancellingSinceMs, play.nowMs);
  });
  it('of the silence begins anew where a person wants the cancel at once', () => {
    const play = untilParked(uncertain().queried(noAnswer).cancelled(noAnswer), (one) =>
      one.queried(noAnswer).cancelled(noAnswer),
    );
    play.after(HOUR_MS).cancelNow().isIn('cancelling').wants('query');
    assert.equal(play.state.memory.silentSinceMs, play.nowMs);
  });
  it('are none of a watch: the cancels before it had nothing to take effect on', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N'));
    assert.ok(!('cancellingSinceMs' in play.state.memory));
  });
  it('begin as late where a guard ends with the wish to cancel', () => {
    const play = new Play({ ...T1, guardUntil: '2026-11-24T10:00:40+08:00' }).after(MINUTE_MS / 3);
    play.cancelNow().after(MINUTE_MS).queried(noAnswer).isIn('cancelling');
    assert.equal(play.state.memory.silentSinceMs, play.nowMs);
  });
});
