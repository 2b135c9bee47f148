/** A step says what its command is and, where a query is one of several, what follows an answer that decides nothing. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import {
  answered,
  closed,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  refused,
  uncertain,
  waiting,
  type Play,
} from './play.ts';

const phaseOf = ({ state }: Play): unknown => state.phase;
const CANCELS_NEXT = { kind: 'cancelling', step: { kind: 'query', then: 'cancel' } };

describe('The step of', () => {
  it('a cancelled trade that somebody wants looked at asks, and cancels', () =>
    assert.deepEqual(phaseOf(uncertain().queried(waiting).cancelled(noAnswer).lookNow()), CANCELS_NEXT));
  it('a parked trade that somebody wants cancelled asks, and cancels', () => {
    const parked = uncertain().queried(waiting).cancelled(refused('ACQ.REASON_TRADE_BEEN_FREEZEN')).queried(waiting);
    assert.deepEqual(phaseOf(parked.isParkedFor('frozen').cancelNow()), CANCELS_NEXT);
  });
  it('a watched trade that appeared too long ago asks, and cancels', () => {
    const watched = uncertain().queried(notExist).cancelled(answered('N'));
    const sentMs = watched.nowMs;
    assert.deepEqual(phaseOf(watched.after(6 * MINUTE_MS).queriedAt(sentMs, waiting)), CANCELS_NEXT);
  });
  it('a watched trade that somebody wants looked at asks, and no more', () => {
    const watched = uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).lookNow();
    assert.deepEqual(phaseOf(watched), { kind: 'watching', step: { kind: 'query' }, asked: 1 });
  });
});

describe('A cancel under way', () => {
  it('is shown beside paid only while paid is what Alipay said last', () => {
    const play = uncertain().queried(waiting).cancelled(noAnswer).waited().queried(paid);
    assert.match(play.resolution.summary, /^Paid, but a cancel is under way/);
    assert.match(
      play.cancelled(answered('N', 'refund')).resolution.summary,
      /^Cancelling until Alipay says TRADE_CLOSED/,
    );
    play.queried(closed).ends('REFUNDED');
  });
});
