/**
 * What is asked next waits until there is room for it and for what must follow it, of the 20 calls at once and one every 16 s. Each row is one kind of
 * wait: the same trade, with the calls before it all but used up.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { Phase } from '../../contract/resolution.ts';
import type { Command } from '../../resolution/index.ts';
import { answered, closed, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, paid, Play, refused } from './play.ts';
import { START_MS, uncertain, waiting } from './play.ts';

const CALL_MS = 16_000;
const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const refundWanted = (): Play =>
  uncertain()
    .queried(waiting)
    .cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'))
    .queried(paid)
    .after(MINUTE_MS)
    .orderedRefund();
const refundingAgain = (): Play => refundWanted().queried(paid).queried(failed('configuration')).waited();
const watching = (): Play => uncertain().queried(notExist).cancelled(answered('N'));
const deniedOnce = (): Play =>
  watching()
    .at(PROVEN_MS)
    .queried(notExist)
    .waited()
    .at(PROVEN_MS + 3 * MINUTE_MS);

describe('Where 20 calls lie just behind, there is a wait before', () => {
  const rows: readonly (readonly [string, Phase, number, (calls: number) => Play])[] = [
    ['the next question of the buyer’s time', 'querying', 1, (calls) => new Play().afterCalls(calls).queried(waiting)],
    [
      'the next question of a watch, and a cancel',
      'watching',
      2,
      (calls) => watching().afterCalls(calls).queried(notExist),
    ],
    ['a first cancel, with its queries', 'cancelling', 3, (calls) => uncertain().afterCalls(calls).queried(waiting)],
    [
      'the next round of a cancel',
      'cancelling',
      3,
      (calls) => uncertain().queried(waiting).afterCalls(calls).cancelled(noAnswer),
    ],
    ['the first refund query of a closed trade', 'closing', 1, (calls) => new Play().afterCalls(calls).queried(closed)],
    [
      'its next one',
      'closing',
      1,
      (calls) => new Play().queried(closed).waited().afterCalls(calls).refundQueried(noAnswer),
    ],
    ['a refund, with its queries', 'refunding', 3, (calls) => refundingAgain().afterCalls(calls).queried(paid)],
    [
      'the next round of a refund',
      'refunding',
      3,
      (calls) => refundWanted().queried(paid).queried(paid).afterCalls(calls).refunded(noAnswer),
    ],
  ];
  for (const [what, phase, calls, play] of rows) {
    it(`${what}: until there is room for ${calls === 1 ? 'one call' : `${calls} calls`}`, () => {
      const { command, nowMs } = play(20).isIn(phase);
      // What was read just now was the 21st.
      assert.deepEqual(command, { kind: 'wait', untilMs: nowMs + (1 + calls) * CALL_MS });
    });
  }
  it('the next look at a parked trade, and a cancel: that is far below its own pace', () => {
    const { command, nowMs } = uncertain().afterCalls(50).queried(failed('configuration')).isIn('needs-operator');
    assert.deepEqual(command, { kind: 'wait', untilMs: nowMs + (31 + 2) * CALL_MS });
  });
});

describe('What must follow a query follows it while there is room, and not with one call more behind:', () => {
  const absenceUnproven = (): Play =>
    deniedOnce().queried(notExist).refundQueried({ kind: 'refund', found: 'nothing' }).waited();
  const frozen = (): Play =>
    uncertain().queried(waiting).cancelled(refused('ACQ.REASON_TRADE_BEEN_FREEZEN')).queried(paid).waited();
  const rows: readonly (readonly [string, Command['kind'], Phase, number, (calls: number) => Play])[] = [
    ['the first cancel', 'cancel', 'cancelling', 17, (calls) => uncertain().afterCalls(calls).queried(waiting)],
    [
      'the cancel of a parked trade',
      'cancel',
      'needs-operator',
      18,
      (calls) => frozen().afterCalls(calls).queried(paid),
    ],
    [
      'the query before a refund',
      'query',
      'refunding',
      16,
      (calls) => refundingAgain().afterCalls(calls).queried(paid),
    ],
    [
      'the second interface after two denials',
      'queryRefund',
      'watching',
      18,
      (calls) => deniedOnce().afterCalls(calls).queried(notExist),
    ],
    [
      'the second interface once it has disagreed',
      'queryRefund',
      'needs-operator',
      18,
      (calls) => absenceUnproven().afterCalls(calls).queried(notExist),
    ],
  ];
  for (const [what, command, phase, calls, play] of rows) {
    it(what, () => {
      play(calls).isIn(phase).wants(command);
      play(calls + 1)
        .isIn(phase)
        .wants('wait');
    });
  }
});

describe('A poll', () => {
  const quickMax = (calls: number): number => {
    const { command } = new Play().queried(waiting).waited().afterCalls(calls).lookNow();
    assert.ok(command.kind === 'query' && command.poll !== undefined);
    return command.poll.quickMax;
  };
  it('may be quick for as many questions as there is room for, less a cancel and its queries', () =>
    assert.deepEqual([0, 1, 16, 17, 18, 30].map(quickMax), [17, 16, 1, 0, 0, 0]));
  it('has room again as time goes by', () => {
    const later = (ms: number): Play['command'] =>
      new Play().queried(waiting).afterCalls(10).after(ms).lookNow().command;
    for (const [ms, quick] of [
      [CALL_MS - 1, 7],
      [CALL_MS, 8],
    ] as const) {
      const command = later(ms);
      assert.ok(command.kind === 'query');
      assert.equal(command.poll?.quickMax, quick);
    }
  });
});
