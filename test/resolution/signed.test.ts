/** Evidence is read in full: every signed answer of whichever interface says something of the trade, and is remembered. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import type { CancelAnswer, RefundQueryAnswer } from '../../contract/answers.ts';
import { whyNotDecideManually } from '../../resolution/index.ts';
import { answered, closed, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, Play, refused, START_MS } from './play.ts';
import { trade, uncertain, waiting } from './play.ts';

const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const TRADE_NO = '2019032622001494891000009752';
const nothing = { kind: 'refund', found: 'nothing' } as const;
const denies: RefundQueryAnswer = { kind: 'tradeNotExist' };

/** Nothing but cancels and their answers are known of the trade. */
const cancelled = (answer: CancelAnswer): Play => uncertain().queried(noAnswer).cancelled(answer);

describe('The trade is seen, and is never NOT_CREATED, once', () => {
  const sightings: readonly (readonly [string, CancelAnswer])[] = [
    ['a cancel answered action=refund', answered('N', 'refund')],
    ['a cancel answered action=close', answered('N', 'close')],
    ['a cancel to be repeated answered action=close', answered('Y', 'close')],
    ['a refused cancel named an action', { ...refused('ACQ.CANCEL_NOT_ALLOWED'), action: 'refund' }],
    ['a cancel answered with a trade_no', { kind: 'answered', retryFlag: 'N', tradeNo: TRADE_NO }],
    ['a cancel to be repeated answered with a trade_no', { kind: 'answered', retryFlag: 'Y', tradeNo: TRADE_NO }],
    ['a cancel was refused for want of balance', refused('ACQ.SELLER_BALANCE_NOT_ENOUGH')],
    ['a cancel was refused for a frozen trade', refused('ACQ.REASON_TRADE_BEEN_FREEZEN')],
    ['a cancel was refused for a finished trade', refused('ACQ.TRADE_HAS_FINISHED')],
    ['a cancel was refused for a refund made before', refused('ACQ.REASON_TRADE_REFUND_FEE_ERR')],
    ['a cancel was refused as too late', refused('ACQ.TRADE_CANCEL_TIME_OUT')],
    ['a cancel was refused as not allowed', refused('ACQ.CANCEL_NOT_ALLOWED')],
  ];
  for (const [what, answer] of sightings) {
    it(what, () => {
      const play = cancelled(answer);
      assert.equal(play.state.memory.seen, true);
      if (play.command.kind === 'wait') play.waited();
      play.queried(notExist);
      assert.ok(play.resolution.phase !== 'watching');
      for (const atMs of [PROVEN_MS, PROVEN_MS + 4 * MINUTE_MS, PROVEN_MS + 60 * MINUTE_MS]) {
        if (play.command.kind === 'cancel') play.cancelled(noAnswer);
        play.waited().at(atMs).queried(notExist);
        assert.ok(play.command.kind !== 'queryRefund' && play.resolution.phase !== 'done', play.resolution.summary);
      }
    });
  }
  it('a refund query has shown a refund, even one that is not done', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).at(PROVEN_MS).queried(notExist).waited();
    play
      .at(PROVEN_MS + 3 * MINUTE_MS)
      .queried(notExist)
      .refundQueried({ kind: 'refund', found: 'notSaid', refundAmount: '88.88' });
    play.isParkedFor('absenceUnproven');
    assert.match(play.resolution.summary, /the refund query shows a refund\.$/);
    assert.equal(play.state.memory.seen, true);
  });
  it('a refund query has named its trade_no, whatever it says of a refund', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).at(PROVEN_MS).queried(notExist).waited();
    play
      .at(PROVEN_MS + 3 * MINUTE_MS)
      .queried(notExist)
      .refundQueried({ ...nothing, tradeNo: TRADE_NO });
    play.isParkedFor('absenceUnproven');
    assert.equal(play.state.memory.seen, true);
    const decision = { kind: 'outcome', outcome: 'NOT_CREATED', who: 'Li Na', why: 'portal' } as const;
    assert.match(whyNotDecideManually(play.state, decision, play.nowMs) ?? '', /: the trade exists\.$/);
  });
  it('and not by an answer that says nothing of it', () => {
    const silent: readonly CancelAnswer[] = [
      answered('N'),
      answered('Y'),
      answered(),
      noAnswer,
      failed('limited'),
      failed('rejected'),
    ];
    for (const answer of silent) assert.equal(cancelled(answer).state.memory.seen, false, JSON.stringify(answer));
    assert.equal(cancelled(refused('ACQ.TRADE_NOT_EXIST')).state.memory.seen, false);
  });
});

describe('A cancel of an unknown number that is answered ACQ.INVALID_PARAMETER', () => {
  const invalid: CancelAnswer = { ...failed('rejected', 'ACQ.INVALID_PARAMETER'), retryFlag: 'N' };
  it('is a denial: the trade is watched', () =>
    uncertain().queried(notExist).cancelled(invalid).isIn('watching').wants('query'));
  it('of a trade that was seen is a refusal: it is looked at, then waits for a person', () =>
    uncertain().queried(waiting).cancelled(invalid).wants('query').queried(waiting).isParkedFor('cancelNotPermitted'));
  it('with retry_flag=Y is neither: it goes to a person after a look', () =>
    uncertain()
      .queried(notExist)
      .cancelled({ ...invalid, retryFlag: 'Y' })
      .isIn('cancelling')
      .wants('query'));
  it('for another reason than that is a refusal', () =>
    uncertain()
      .queried(notExist)
      .cancelled({ ...failed('rejected', 'isv.missing-method'), retryFlag: 'N' })
      .isIn('cancelling')
      .wants('query'));
  it('is a denial only where Alipay has signed it, as is ACQ.TRADE_NOT_EXIST', () => {
    for (const subCode of ['ACQ.INVALID_PARAMETER', 'ACQ.TRADE_NOT_EXIST'])
      uncertain().queried(notExist).cancelled(failed('unsigned', subCode)).isIn('cancelling').wants('wait');
  });
  it('beside another code that Alipay has signed is none: the trade may be there', () =>
    uncertain().queried(notExist).cancelled(refused('ACQ.SOMETHING_NEW')).isIn('cancelling').wants('query'));
});

describe('NOT_CREATED needs a second interface that says the same:', () => {
  const denied = (): Play => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).at(PROVEN_MS).queried(notExist).waited();
    return play
      .at(PROVEN_MS + 3 * MINUTE_MS)
      .queried(notExist)
      .isIn('watching')
      .wants('queryRefund');
  };
  it('the refund query’s own "no such trade" does', () => denied().refundQueried(denies).ends('NOT_CREATED'));
  it('a refund query that does not say so leaves it to a person, with both named', () => {
    const play = denied().refundQueried(nothing).isParkedFor('absenceUnproven');
    assert.match(play.resolution.summary, /the query says TRADE_NOT_EXIST, the refund query does not\.$/);
    play.askedAgain(notExist).wants('queryRefund').refundQueried(nothing).isParkedFor('absenceUnproven').wants('wait');
    play.askedAgain(notExist).refundQueried(denies).ends('NOT_CREATED');
  });
  it('a trade that appears after that goes on', () =>
    denied().refundQueried(nothing).isParkedFor('absenceUnproven').askedAgain(waiting).wants('cancel'));
  it('a refund query without an answer is asked again after a wait, behind a fresh query', () => {
    const play = denied().refundQueried(noAnswer).isIn('watching').wants('wait').waited().queried(notExist);
    play.wants('queryRefund').refundQueried(denies).ends('NOT_CREATED');
  });
  it('a refund query that is refused is told with its code', () => {
    const play = denied().refundQueried(failed('business', 'ACQ.SOMETHING_NEW')).isIn('needs-operator');
    assert.match(play.resolution.summary, /ACQ\.SOMETHING_NEW/);
  });
  it('a trade that appears between is cancelled, not forgotten', () => {
    const play = uncertain().queried(notExist).cancelled(answered('N')).at(PROVEN_MS).queried(notExist).waited();
    play.queried(waiting).wants('cancel');
  });
});

describe('The two denials are apart', () => {
  it('by three minutes, or by the margin where somebody takes a smaller one, but never by less than ten seconds', () => {
    for (const [marginMs, apartMs] of [
      [1_000, 10_000],
      [60_000, 60_000],
      [180_000, 180_000],
      [3_600_000, 180_000],
    ] as const) {
      const start = { outTradeNo: 'T1', policy: { marginMs } };
      const first = (): Play => {
        const play = uncertain(start).queried(notExist).cancelled(answered('N'));
        return play
          .at(START_MS + 3 * HOUR_MS + marginMs)
          .queried(notExist)
          .waited();
      };
      const firstMs = START_MS + 3 * HOUR_MS + marginMs;
      first()
        .at(firstMs + apartMs)
        .queried(notExist)
        .wants('queryRefund');
      first()
        .at(firstMs + apartMs - 1)
        .queried(notExist)
        .wants('wait');
    }
  });
});

describe('An amount of 0.00', () => {
  const free = trade('TRADE_SUCCESS', { totalAmount: '0.00' });
  const start = { outTradeNo: 'T1', refundIfNotCancellable: true };
  it('cannot be refunded: it is left to a person, and nothing is thrown', () => {
    const play = uncertain(start)
      .queried(trade('WAIT_BUYER_PAY', { totalAmount: '0.00' }))
      .cancelled(refused('ACQ.CANCEL_NOT_ALLOWED'));
    play.queried(free).isParkedFor('cancelRefused').askedAgain(free).isParkedFor('cancelRefused').wants('wait');
  });
  it('refuses the order to refund, with the reason', () => {
    const play = uncertain({ outTradeNo: 'T1' }).queried(trade('WAIT_BUYER_PAY', { totalAmount: '0.00' }));
    play.cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(free).after(MINUTE_MS);
    const order = { kind: 'refund', who: 'Li Na', why: 'the sale is off' } as const;
    assert.match(
      whyNotDecideManually(play.state, order, play.nowMs) ?? '',
      /^There is nothing to refund: no signed answer has shown an amount/,
    );
  });
  it('is PAID all the same where no cancel was sent', () => new Play({ outTradeNo: 'T1' }).queried(free).ends('PAID'));
});

describe('What is signed last', () => {
  it('is not undone by a denial of a trade that was seen', () => {
    const play = uncertain().queried(waiting).cancelled(noAnswer).waited().queried(notExist);
    assert.equal(play.state.memory.signed?.says, 'waiting');
  });
  it('is not undone by an open status after TRADE_CLOSED, which is final', () => {
    const play = uncertain().queried(waiting).cancelled(noAnswer).waited().queried(closed).waited();
    play.refundQueried({ kind: 'refund', found: 'notSaid', refundAmount: '88.88' });
    assert.equal(play.state.memory.signed?.says, 'closed');
  });
  it('is not believed of an answer that Alipay has not signed', () => {
    for (const failure of ['unsigned', 'forged', 'notOurs', 'unknown'] as const) {
      const play = cancelled(failed(failure, 'ACQ.TRADE_HAS_FINISHED'));
      assert.equal(play.state.memory.signed, undefined, failure);
      assert.equal(play.state.memory.seen, false, failure);
    }
  });
});
