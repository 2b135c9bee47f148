/** What each answer of a refund, and of the queries around it, leads to: another look, the refund query, or a person. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { RefundQueryAnswer, RefundAnswer } from '../../contract/answers.ts';
import { decide, type State } from '../../resolution/index.ts';
import { afterRefundAsked, afterCheck, whyNothingToRefund } from '../../resolution/refunding.ts';
import {
  closed,
  failed,
  MINUTE_MS,
  noAnswer,
  paid,
  type Play,
  refused,
  START_MS,
  trade,
  uncertain,
  waiting,
} from './play.ts';

const checking = (): Play =>
  uncertain()
    .queried(waiting)
    .cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'))
    .queried(paid)
    .after(MINUTE_MS)
    .orderedRefund()
    .queried(paid);
const sent = (): Play => checking().queried(paid).wants('refund');
const lost = (): Play => sent().refunded(noAnswer).waited().wants('queryRefund');

describe('A refund that was answered', () => {
  const rows: readonly (readonly [string, RefundAnswer, 'query' | 'queryRefund', boolean])[] = [
    // what, the answer, what follows the wait, and that it may have moved money
    ['as accepted', { kind: 'answered', fundChange: false }, 'queryRefund', true],
    ['by nothing, as it was never sent', failed('notSent'), 'query', false],
    ['by 40005, too many calls', failed('limited'), 'query', false],
    ['by nothing', failed('unknown'), 'queryRefund', true],
    ['without a signature', failed('unsigned'), 'queryRefund', true],
    ['with a wrong signature', failed('forged'), 'queryRefund', true],
    ['about another trade', failed('notOurs'), 'queryRefund', true],
  ];
  for (const [what, answer, then, mayHaveMoved] of rows) {
    it(`${what}: after a wait a ${then} follows`, () => {
      const play = sent().refunded(answer).isIn('refunding').wants('wait');
      assert.equal(play.state.memory.refundMayHaveReached, mayHaveMoved);
      play.waited().wants(then);
    });
  }
  for (const failure of ['rejected', 'configuration', 'business'] as const) {
    it(`as ${failure} goes to a person, with its code`, () => {
      const { resolution } = sent().refunded(failed(failure, 'ACQ.SOMETHING')).isParkedFor('refundRefused');
      assert.equal(resolution.summary, `Needs a person: ACQ.SOMETHING: ${failure} in a test.`);
    });
  }
  it('once as perhaps sent stays so, whatever a later one says', () => {
    const play = lost().refundQueried({ kind: 'refund', found: 'nothing' }).waited().queried(paid);
    assert.equal(play.refunded(failed('notSent')).state.memory.refundMayHaveReached, true);
  });
});

describe('The refund query after a refund', () => {
  const rows: readonly (readonly [string, RefundQueryAnswer, 'query' | 'queryRefund'])[] = [
    ['no such trade', { kind: 'tradeNotExist' }, 'queryRefund'],
    ['nothing that can be read', noAnswer, 'queryRefund'],
    ['a refund that is not said to be done', { kind: 'refund', found: 'notSaid' }, 'queryRefund'],
    ['no refund: the trade is looked at, and the refund sent again', { kind: 'refund', found: 'nothing' }, 'query'],
    ['a refund that is done, of no amount', { kind: 'refund', found: 'done' }, 'query'],
  ];
  for (const [what, answer, then] of rows)
    it(`that says ${what}`, () => lost().refundQueried(answer).isIn('refunding').wants('wait').waited().wants(then));
  it('proves nothing over a trade of which no amount was ever shown', () => {
    const { seenFen: _never, ...memory } = lost().state.memory;
    const phase = { kind: 'refunding', step: { kind: 'queryRefund' }, round: 2 } as const;
    const done: RefundQueryAnswer = { kind: 'refund', found: 'done', refundAmount: '88.88' };
    const after = afterRefundAsked(memory, phase, done, START_MS).phase;
    assert.ok(after.kind === 'needs-operator' && after.reason === 'refundUnproven');
    assert.equal(after.detail, 'under its number 88.88 yuan of an amount not known were refunded, by somebody else');
  });
});

describe('The query before a refund', () => {
  it('that says nothing of the trade is asked again, eleven times; then a person decides', () => {
    const play = checking();
    const unheard = { kind: 'tradeNotExist' } as const;
    for (let round = 1; round < 12; round += 1) play.queried(unheard).isIn('refunding').waited().wants('query');
    play.queried(unheard).isParkedFor('refundUnproven');
    assert.equal(play.resolution.summary, 'Needs a person: no query shows the trade paid.');
  });
  it('that denies the trade is asked again as one that says nothing', () => {
    const phase = { kind: 'refunding', step: { kind: 'query' }, round: 1 } as const;
    assert.equal(afterCheck(checking().state.memory, phase, { kind: 'notYet' }, START_MS).phase.kind, 'refunding');
  });
  it('that says WAIT_BUYER_PAY leaves it to a person', () => {
    const { resolution } = checking().queried(waiting).isParkedFor('refundUnproven');
    assert.equal(resolution.summary, 'Needs a person: Alipay says WAIT_BUYER_PAY: there is nothing to refund.');
  });
  it('that says paid is followed by no refund where no number or amount was ever named', () => {
    const { memory } = checking().state;
    const { seenFen: _amount, ...withoutAmount } = memory;
    const { outTradeNo: _number, ...withoutNumber } = memory;
    const phase = { kind: 'refunding', step: { kind: 'query' }, round: 1 } as const;
    for (const known of [withoutAmount, withoutNumber]) {
      const after = afterCheck(known, phase, { kind: 'paid' }, START_MS).phase;
      assert.ok(after.kind === 'needs-operator' && after.reason === 'refundUnproven');
      assert.equal(after.detail, whyNothingToRefund(known));
    }
    assert.match(whyNothingToRefund(withoutAmount) ?? '', /shown an amount/);
    assert.match(whyNothingToRefund(withoutNumber) ?? '', /named the outTradeNo/);
    assert.equal(whyNothingToRefund(memory), undefined);
  });
});

describe('A refund', () => {
  const order = (play: Play, ms: number): State['phase'] => play.after(ms).orderedRefund().queried(paid).state.phase;
  const parkedAfterCancel = (): Play =>
    uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(paid);
  it('begins as soon as no cancel can land any more, and not a millisecond earlier', () => {
    const atOnce = order(parkedAfterCancel(), MINUTE_MS);
    assert.deepEqual(atOnce, { kind: 'refunding', step: { kind: 'query' }, round: 1 });
    const play = parkedAfterCancel();
    const untilMs = play.nowMs + MINUTE_MS;
    const step = { kind: 'wait', untilMs, then: 'query' };
    assert.deepEqual(order(play, MINUTE_MS - 1), { kind: 'refunding', step, round: 1 });
  });
  it('that is about to be sent is not sent again for a message', () => {
    const { state, command } = sent();
    assert.deepEqual(decide(state, { kind: 'waited' }, START_MS), { state, command });
  });
  it('whose trade is closed before it is sent was given back by the cancel', () =>
    checking().queried(closed).ends('REFUNDED'));
  it('is of the amount that was shown last', () => {
    const bare = uncertain({ outTradeNo: 'T1' }).queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'));
    const play = bare
      .queried(trade('TRADE_SUCCESS', { totalAmount: '80.00' }))
      .after(MINUTE_MS)
      .orderedRefund();
    play
      .queried(trade('TRADE_SUCCESS', { totalAmount: '0.00' }))
      .queried(trade('TRADE_SUCCESS', { totalAmount: '70.00' }));
    assert.deepEqual(play.command, { kind: 'refund', outRequestNo: 'T1', refundFen: 7_000 });
  });
});
