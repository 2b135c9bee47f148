/**
 * A poll keeps an answer to itself only where it was judged for the present park: what was read before, in another phase or too late to move
 * money, is told again by the first question, and by the first one that somebody wishes for.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { whyNothingToRefund } from '../../resolution/refunding.ts';
import { whyNotDecideManually } from '../../resolution/index.ts';
import {
  answered,
  closed,
  failed,
  MINUTE_MS,
  noAnswer,
  notExist,
  paid,
  Play,
  refused,
  uncertain,
  waiting,
} from './play.ts';

const misconfigured = failed('configuration');
/** Its answer took six minutes, as no worker was there to read it. */
const late = (play: Play, answer: Parameters<Play['seesLate']>[0]): Play => {
  const sentMs = play.nowMs;
  return play.after(6 * MINUTE_MS).queriedAt(sentMs, answer);
};

describe('A parked trade asks once and is told, whatever the answer is,', () => {
  it('after an answer that came too late to move money', () => {
    const play = late(
      uncertain().queried(waiting).cancelled(noAnswer).waited().queried(misconfigured).waited(),
      waiting,
    );
    assert.deepEqual(play.isParkedFor('configuration').command, { kind: 'query' });
    play.queried(waiting).wants('cancel');
  });
  it('after a reset, of what was read before it', () => {
    const play = new Play().queried(closed).reset().isParkedFor('runReset').waited();
    assert.deepEqual(play.command, { kind: 'query' });
    play.queried(closed).isIn('closing');
  });
  it('after a refund that was refused', () => {
    const parked = uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(paid);
    const order = parked.after(MINUTE_MS).orderedRefund().queried(paid).queried(paid);
    const play = order.refunded(failed('business', 'ACQ.SOMETHING')).isParkedFor('refundRefused').waited();
    assert.deepEqual(play.command, { kind: 'query' });
  });
  it('after every wish to look', () => {
    const play = uncertain().queried(misconfigured).waited().queried(misconfigured).waited();
    assert.ok(play.command.kind === 'query' && play.command.poll !== undefined);
    assert.deepEqual(play.interrupted(1, play.nowMs).lookNow().command, { kind: 'query' });
  });
  it('which is said of no other phase', () => {
    for (const play of [new Play().queried(waiting), late(uncertain(), waiting)])
      assert.ok(!('told' in play.isIn('querying').state.phase));
  });
  it('and is not told the same again', () => {
    const play = late(uncertain().queried(misconfigured).waited(), misconfigured).isParkedFor('configuration').waited();
    assert.ok(play.command.kind === 'query' && play.command.poll?.known.word === 'configuration');
  });
});

describe('A trade whose absence is unproven', () => {
  const unproven = (answer: Parameters<Play['refundQueried']>[0]): Play => {
    const watched = uncertain()
      .queried(notExist)
      .cancelled(answered('N'))
      .after(185 * MINUTE_MS)
      .queried(notExist);
    const play = watched
      .waited()
      .after(3 * MINUTE_MS)
      .queried(notExist)
      .refundQueried(answer);
    return play.isParkedFor('absenceUnproven');
  };
  it('hears that its service calls it paid: the next denial contradicts that', () =>
    unproven({ kind: 'refund', found: 'nothing' })
      .waited()
      .payAnswered('paid')
      .queried(notExist)
      .isParkedFor('payAnswerMismatch'));
  it('is not PAID by a person where a refund of all is signed', () => {
    const play = unproven({ kind: 'refund', found: 'done', refundAmount: '88.88' });
    const decision = { kind: 'outcome', outcome: 'PAID', who: 'Li Na', why: 'x' } as const;
    assert.match(
      whyNotDecideManually(play.state, decision, play.nowMs) ?? '',
      /money went back: the trade is not paid/,
    );
    assert.equal(whyNotDecideManually(play.state, { ...decision, outcome: 'REFUNDED' }, play.nowMs), undefined);
  });
  it('may be PAID where a part of it is', () => {
    const play = unproven({ kind: 'refund', found: 'done', refundAmount: '58.88' });
    assert.equal(
      whyNotDecideManually(play.state, { kind: 'outcome', outcome: 'PAID', who: 'Li Na', why: 'x' }, play.nowMs),
      undefined,
    );
    assert.ok(whyNothingToRefund(play.state.memory) !== undefined);
  });
});
