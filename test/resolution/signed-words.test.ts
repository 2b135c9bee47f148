/** Which word each signed answer is remembered as, and which word outlasts which: the last one, unless it cannot be true any more. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { CancelAnswer, QueryAnswer, RefundQueryAnswer, RefundAnswer } from '../../contract/answers.ts';
import type { SignedWord } from '../../resolution/state.ts';
import { answered, closed, failed, MINUTE_MS, noAnswer, notExist, paid, Play, refused, trade } from './play.ts';
import { uncertain, waiting } from './play.ts';

const TRADE_NO = '2019032622001494891000009752';
const MARGIN_MS = 5 * MINUTE_MS;
type Word = SignedWord | undefined;
const wordOf = ({ state }: Play): Word => state.memory.signed?.says;
const refunding = (): Play =>
  uncertain()
    .queried(waiting)
    .cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'))
    .queried(paid)
    .after(MINUTE_MS)
    .orderedRefund()
    .queried(paid)
    .queried(paid);

describe('A signed answer to a cancel says', () => {
  const rows: readonly (readonly [string, CancelAnswer, Word, 'hints at payment' | 'hints at nothing'])[] = [
    ['action=close', answered('N', 'close'), 'closedUnpaid', 'hints at nothing'],
    ['action=refund', answered('Y', 'refund'), 'refunded', 'hints at payment'],
    [
      'action=refund beside a refusal',
      { ...refused('ACQ.TRADE_NOT_EXIST'), action: 'refund' },
      'refunded',
      'hints at payment',
    ],
    ['a trade_no', { kind: 'answered', retryFlag: 'N', tradeNo: TRADE_NO }, 'exists', 'hints at nothing'],
    [
      'a trade_no beside a denial',
      { ...refused('ACQ.TRADE_NOT_EXIST'), tradeNo: TRADE_NO },
      'exists',
      'hints at nothing',
    ],
    [
      'a trade_no beside more',
      { ...refused('ACQ.TRADE_HAS_FINISHED'), tradeNo: TRADE_NO },
      'finished',
      'hints at payment',
    ],
    ['N, and nothing else', answered('N'), 'absent', 'hints at nothing'],
    ['Y, and nothing else', answered('Y'), undefined, 'hints at nothing'],
    ['nothing', answered(), undefined, 'hints at nothing'],
    ['balance not enough', refused('ACQ.SELLER_BALANCE_NOT_ENOUGH'), 'paid', 'hints at payment'],
    ['frozen', refused('ACQ.REASON_TRADE_BEEN_FREEZEN'), 'paid', 'hints at payment'],
    ['finished', refused('ACQ.TRADE_HAS_FINISHED'), 'finished', 'hints at payment'],
    ['a refund before', refused('ACQ.REASON_TRADE_REFUND_FEE_ERR'), 'exists', 'hints at payment'],
    ['too late', refused('ACQ.TRADE_CANCEL_TIME_OUT'), 'exists', 'hints at nothing'],
    ['not allowed', refused('ACQ.CANCEL_NOT_ALLOWED'), 'exists', 'hints at nothing'],
    ['another status', refused('ACQ.TRADE_STATUS_ERROR'), 'exists', 'hints at nothing'],
    ['closed', refused('ACQ.TRADE_HAS_CLOSE'), 'closed', 'hints at nothing'],
    ['no such trade', refused('ACQ.TRADE_NOT_EXIST'), 'absent', 'hints at nothing'],
    ['a code that nobody has described', refused('ACQ.SOMETHING_NEW'), undefined, 'hints at nothing'],
    ['a code of JavaScript', refused('toString'), undefined, 'hints at nothing'],
    ['no code', failed('business'), undefined, 'hints at nothing'],
    [
      'a code in an answer that is not signed',
      failed('unsigned', 'ACQ.TRADE_HAS_FINISHED'),
      undefined,
      'hints at nothing',
    ],
  ];
  for (const [what, answer, word, hint] of rows) {
    it(`${what}: ${word ?? 'nothing of the trade'}, and ${hint}`, () => {
      const play = uncertain().queried(noAnswer).cancelled(answer);
      assert.equal(wordOf(play), word);
      assert.equal(play.state.memory.maybePaid, hint === 'hints at payment');
      assert.equal(play.state.memory.everPaid, false, 'a hint is no status');
      assert.equal(play.state.memory.cancelDenied, word === 'absent');
    });
  }
});

describe('A signed answer to a refund says', () => {
  const rows: readonly (readonly [string, RefundAnswer, Word])[] = [
    ['that money moved', { kind: 'answered', fundChange: true }, 'refunded'],
    ['that it was accepted', { kind: 'answered', fundChange: false }, 'paid'],
    ['that the trade is closed', failed('business', 'ACQ.TRADE_HAS_CLOSE'), 'closed'],
    ['that it is finished', failed('business', 'ACQ.TRADE_HAS_FINISHED'), 'finished'],
    ['nothing that is signed', failed('unsigned', 'ACQ.TRADE_HAS_CLOSE'), 'paid'],
  ];
  for (const [what, answer, word] of rows)
    it(`${what}: ${word ?? ''}`, () => assert.equal(wordOf(refunding().refunded(answer)), word));
});

describe('A signed answer to a refund query says', () => {
  const asked = (answer: RefundQueryAnswer): Play => new Play().queried(closed).waited().refundQueried(answer);
  const rows: readonly (readonly [string, RefundQueryAnswer, boolean, boolean, SignedWord])[] = [
    // what, the answer, that the trade was paid, that it may have been, the word
    ['a refund that is done', { kind: 'refund', found: 'done' }, true, true, 'refunded'],
    ['a refund that is not said to be done', { kind: 'refund', found: 'notSaid' }, false, true, 'closed'],
    ['no refund', { kind: 'refund', found: 'nothing', tradeNo: TRADE_NO }, false, false, 'closed'],
    ['no such trade', { kind: 'tradeNotExist' }, false, false, 'closed'],
    ['nothing', noAnswer, false, false, 'closed'],
  ];
  for (const [what, answer, everPaid, maybePaid, says] of rows) {
    it(what, () => {
      const { memory } = asked(answer).state;
      assert.deepEqual([memory.everPaid, memory.maybePaid, memory.signed?.says], [everPaid, maybePaid, says]);
    });
  }
});

describe('A signed answer to a refund query about a trade that the query denies says', () => {
  const PROVEN_MS = 185 * MINUTE_MS;
  const asked = (answer: RefundQueryAnswer): Play => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).after(PROVEN_MS).queried(notExist).waited();
    return play
      .after(3 * MINUTE_MS)
      .queried(notExist)
      .after(1_000)
      .refundQueried(answer);
  };
  const rows: readonly (readonly [string, RefundQueryAnswer, SignedWord, boolean])[] = [
    // what, the answer, the word, and that it is the word of this answer
    ['a refund that is done', { kind: 'refund', found: 'done' }, 'refunded', true],
    ['a refund of all', { kind: 'refund', found: 'done', refundAmount: '88.88' }, 'refunded', true],
    ['a refund of a part', { kind: 'refund', found: 'done', refundAmount: '88.87' }, 'paid', true],
    ['a refund that is not said to be done', { kind: 'refund', found: 'notSaid' }, 'paid', true],
    ['no refund of a trade that it names', { kind: 'refund', found: 'nothing', tradeNo: TRADE_NO }, 'exists', true],
    ['no refund', { kind: 'refund', found: 'nothing' }, 'absent', false],
    ['no such trade', { kind: 'tradeNotExist' }, 'absent', true],
    ['nothing', noAnswer, 'absent', false],
  ];
  for (const [what, answer, says, isNew] of rows) {
    it(`${what}: ${says}`, () => {
      const { state, nowMs } = asked(answer);
      assert.deepEqual(state.memory.signed, { says, atMs: isNew ? nowMs : nowMs - 1_000 });
    });
  }
});

describe('A status', () => {
  const rows: readonly (readonly [string, QueryAnswer, boolean, boolean])[] = [
    // what, the answer, that this trade was paid, that a trade of its number may have been
    ['WAIT_BUYER_PAY', waiting, false, false],
    ['TRADE_SUCCESS', paid, true, true],
    ['TRADE_CLOSED', closed, false, false],
    ['TRADE_SUCCESS of another amount', trade('TRADE_SUCCESS', { totalAmount: '1.00' }), false, true],
    ['no such trade', notExist, false, false],
    ['nothing', noAnswer, false, false],
  ];
  for (const [what, answer, everPaid, maybePaid] of rows) {
    it(`${what} ${everPaid ? 'says paid' : maybePaid ? 'may say paid' : 'does not say paid'}`, () => {
      const { memory } = new Play().queried(answer).state;
      assert.deepEqual([memory.everPaid, memory.maybePaid], [everPaid, maybePaid]);
    });
  }
});

describe('What was signed before', () => {
  const after = (first: CancelAnswer, then: QueryAnswer, ms: number): Word => {
    const play = uncertain().queried(noAnswer).cancelled(first);
    if (play.command.kind === 'wait') play.waited();
    return wordOf(play.after(ms - (play.nowMs - uncertain().nowMs)).queried(then));
  };
  const close = answered('N', 'close');
  const refund = answered('N', 'refund');
  const rows: readonly (readonly [string, CancelAnswer, QueryAnswer, number, Word])[] = [
    ['action=close outlasts an open status within the margin', close, waiting, MARGIN_MS - 1, 'closedUnpaid'],
    ['action=refund does too', refund, paid, MARGIN_MS - 1, 'refunded'],
    ['action=close does not outlast one after the margin', close, waiting, MARGIN_MS, 'waiting'],
    ['action=refund does not either', refund, paid, MARGIN_MS, 'paid'],
    [
      'an action does not outlast TRADE_FINISHED, which no cancel can have touched',
      refund,
      trade('TRADE_FINISHED'),
      1_000,
      'finished',
    ],
    ['an action gives way to TRADE_CLOSED', refund, closed, 1_000, 'closed'],
    ['a refusal outlasts no status', refused('ACQ.SELLER_BALANCE_NOT_ENOUGH'), waiting, 1_000, 'waiting'],
    ['TRADE_CLOSED, said by a refusal, outlasts all', refused('ACQ.TRADE_HAS_CLOSE'), paid, 60 * MINUTE_MS, 'closed'],
    ['a denial gives way to the trade', answered('N'), waiting, 1_000, 'waiting'],
    ['a word outlasts no answer', refused('ACQ.TRADE_HAS_FINISHED'), noAnswer, 2_000, 'finished'],
    [
      'a word outlasts the denial of a trade that was seen',
      refused('ACQ.CANCEL_NOT_ALLOWED'),
      notExist,
      2_000,
      'exists',
    ],
  ];
  for (const [what, first, then, ms, word] of rows) it(what, () => assert.equal(after(first, then, ms), word));
  it('by a status is not lost to a refusal that only says that the trade is there', () =>
    assert.equal(wordOf(uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'))), 'waiting'));
  it('by a denial is lost to it', () =>
    assert.equal(wordOf(uncertain().queried(notExist).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'))), 'exists'));
  it('by a status is not lost to an answer without a word', () =>
    assert.equal(wordOf(uncertain().queried(waiting).cancelled(answered('Y'))), 'waiting'));
});

describe('A word', () => {
  it('is as old as the call that brought it', () => {
    const play = new Play().after(MINUTE_MS).queried(waiting, { ageMs: 1_000 });
    assert.deepEqual(play.state.memory.signed, { says: 'waiting', atMs: play.nowMs - 1_000 });
  });
});
