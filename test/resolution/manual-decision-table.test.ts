/**
 * What an operator may decide, stated a second time by hand: for every word that Alipay may have signed last, whether the trade can still be paid or
 * created, and what is still under way. A manual decision contradicts nothing that is signed, and nothing that can still happen.
 */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import type { ManualDecision } from '../../contract/resolution.ts';
import { OPERATOR_REASONS, whyNotDecideManually, type Memory, type State } from '../../resolution/index.ts';
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
import { trade, uncertain, waiting } from './play.ts';

const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const LETTERS = { P: 'PAID', C: 'CLOSED', R: 'REFUNDED', N: 'NOT_CREATED', F: 'refund' } as const;
type Order = (typeof LETTERS)[keyof typeof LETTERS];

function orderTo(order: Order): ManualDecision {
  const who = { who: 'Li Na', why: 'merchant portal' };
  return order === 'refund' ? { kind: 'refund', ...who } : { kind: 'outcome', outcome: order, ...who };
}

/** The orders that are allowed, as letters. */
function allowed(state: State, nowMs: number): string {
  return Object.entries(LETTERS)
    .filter(([, order]) => whyNotDecideManually(state, orderTo(order), nowMs) === undefined)
    .map(([letter]) => letter)
    .join('');
}

type Facts = Partial<Memory>;
const says = (word: NonNullable<Memory['signed']>['says']): Facts => ({ signed: { says: word, atMs: START_MS } });
const status = (tradeStatus: NonNullable<Memory['tradeStatus']>): Facts => ({ seen: true, tradeStatus, seenFen: 8888 });

/** What is remembered with each last signed word. */
const WORDS: { readonly [word: string]: Facts } = {
  nothing: {},
  'no such trade': says('absent'),
  'a refusal that only an existing trade brings': { ...says('exists'), seen: true },
  WAIT_BUYER_PAY: { ...says('waiting'), ...status('WAIT_BUYER_PAY') },
  TRADE_SUCCESS: { ...says('paid'), ...status('TRADE_SUCCESS'), everPaid: true },
  'TRADE_SUCCESS of another amount': { ...says('paid'), seen: true, strangerSeen: true },
  'a refusal that only a paid trade brings': { ...says('paid'), seen: true, maybePaid: true },
  TRADE_FINISHED: { ...says('finished'), ...status('TRADE_FINISHED'), everPaid: true },
  TRADE_CLOSED: { ...says('closed'), ...status('TRADE_CLOSED') },
  'TRADE_CLOSED of a trade once shown paid': { ...says('closed'), ...status('TRADE_CLOSED'), everPaid: true },
  'TRADE_CLOSED after a refusal that said paid': { ...says('closed'), ...status('TRADE_CLOSED'), maybePaid: true },
  'TRADE_SUCCESS, then action=refund': {
    ...status('TRADE_SUCCESS'),
    ...says('refunded'),
    everPaid: true,
    maybePaid: true,
  },
  'TRADE_SUCCESS, then a refusal that said closed': { ...status('TRADE_SUCCESS'), ...says('closed'), everPaid: true },
  'TRADE_CLOSED after action=close of the first cancel': {
    ...says('closed'),
    ...status('TRADE_CLOSED'),
    closedByFirstCancel: true,
  },
  'TRADE_CLOSED after that, and once shown paid': {
    ...says('closed'),
    ...status('TRADE_CLOSED'),
    closedByFirstCancel: true,
    everPaid: true,
  },
  'TRADE_CLOSED after that, and a refusal that said paid': {
    ...says('closed'),
    ...status('TRADE_CLOSED'),
    closedByFirstCancel: true,
    maybePaid: true,
  },
  'action=close of the first cancel': {
    ...says('closedUnpaid'),
    seen: true,
    actions: ['close'],
    closedByFirstCancel: true,
  },
  'action=close of a later cancel': { ...says('closedUnpaid'), seen: true, actions: ['close'] },
  'action=refund': { ...says('refunded'), seen: true, actions: ['refund'], maybePaid: true },
};

/** Only a trade that was shown paid is refunded. */
const UNDER_WAY: { readonly [what: string]: (nowMs: number) => Facts } = {
  nothing: () => ({}),
  'a cancel': (nowMs) => ({ cancelMayHaveReached: true, cancelMayLandUntilMs: nowMs + 1 }),
  'a refused refund': (nowMs) => ({ refundBegun: true, refundMayLandUntilMs: nowMs + 1, everPaid: true }),
  'a refund': () => ({ refundBegun: true, refundMayHaveReached: true, refundMayLandUntilMs: 0, everPaid: true }),
};

/**
 * What is allowed: P(AID), C(LOSED), R(EFUNDED), N(OT_CREATED), F: the refund in full. `-`: cannot be, as a refund follows TRADE_SUCCESS, and no cancel
 * follows a refund.
 */
const TABLE: readonly (readonly [keyof typeof WORDS, 'payable' | 'over', string, string, string, string])[] = [
  // last signed word                                            under way: nothing, a cancel, a refused refund, a refund
  ['nothing', 'payable', 'P', '', '-', '-'],
  ['nothing', 'over', 'PCN', 'CN', '-', '-'],
  ['no such trade', 'payable', '', '', '-', '-'],
  ['no such trade', 'over', 'CN', 'CN', '-', '-'],
  ['a refusal that only an existing trade brings', 'payable', 'P', '', '-', '-'],
  ['a refusal that only an existing trade brings', 'over', 'PC', 'C', '-', '-'],
  ['WAIT_BUYER_PAY', 'payable', '', '', '', ''],
  ['WAIT_BUYER_PAY', 'over', 'C', 'C', '', ''],
  ['TRADE_SUCCESS', 'payable', 'PF', 'F', 'F', 'F'],
  ['TRADE_SUCCESS', 'over', 'PF', 'F', 'F', 'F'],
  ['TRADE_SUCCESS of another amount', 'payable', 'P', '', '-', '-'],
  ['TRADE_SUCCESS of another amount', 'over', 'P', '', '-', '-'],
  ['a refusal that only a paid trade brings', 'payable', 'P', '', '', ''],
  ['a refusal that only a paid trade brings', 'over', 'P', '', '', ''],
  ['TRADE_FINISHED', 'payable', 'P', '', '', 'P'],
  ['TRADE_FINISHED', 'over', 'P', '', '', 'P'],
  ['TRADE_CLOSED', 'payable', 'CR', 'CR', 'R', 'R'],
  ['TRADE_CLOSED', 'over', 'CR', 'CR', 'R', 'R'],
  ['TRADE_CLOSED of a trade once shown paid', 'payable', 'R', 'R', 'R', 'R'],
  ['TRADE_CLOSED of a trade once shown paid', 'over', 'R', 'R', 'R', 'R'],
  ['TRADE_CLOSED after a refusal that said paid', 'payable', 'R', 'R', 'R', 'R'],
  ['TRADE_CLOSED after a refusal that said paid', 'over', 'R', 'R', 'R', 'R'],
  ['TRADE_SUCCESS, then action=refund', 'payable', 'R', 'R', '-', '-'],
  ['TRADE_SUCCESS, then action=refund', 'over', 'R', 'R', '-', '-'],
  ['TRADE_SUCCESS, then a refusal that said closed', 'payable', 'R', 'R', 'R', 'R'],
  ['TRADE_SUCCESS, then a refusal that said closed', 'over', 'R', 'R', 'R', 'R'],
  ['TRADE_CLOSED after action=close of the first cancel', 'payable', 'C', 'C', '-', '-'],
  ['TRADE_CLOSED after action=close of the first cancel', 'over', 'C', 'C', '-', '-'],
  ['TRADE_CLOSED after that, and once shown paid', 'payable', 'R', 'R', '-', '-'],
  ['TRADE_CLOSED after that, and once shown paid', 'over', 'R', 'R', '-', '-'],
  ['TRADE_CLOSED after that, and a refusal that said paid', 'payable', 'R', 'R', '-', '-'],
  ['TRADE_CLOSED after that, and a refusal that said paid', 'over', 'R', 'R', '-', '-'],
  ['action=close of the first cancel', 'payable', 'C', 'C', '-', '-'],
  ['action=close of the first cancel', 'over', 'C', 'C', '-', '-'],
  ['action=close of a later cancel', 'payable', 'C', 'C', '-', '-'],
  ['action=close of a later cancel', 'over', 'C', 'C', '-', '-'],
  ['action=refund', 'payable', 'R', 'R', '-', '-'],
  ['action=refund', 'over', 'R', 'R', '-', '-'],
];

describe('A manual decision, where Alipay has signed last', () => {
  it('any word, payable or over: the table has a row', () => {
    const rows = TABLE.map(([word, time]) => `${word}, ${time}`);
    const all = Object.keys(WORDS).flatMap((word) => [`${word}, payable`, `${word}, over`]);
    assert.deepEqual(rows, all);
  });
  const parkedState = (): State =>
    uncertain().queried(failed(FailureClass.configuration)).isParkedFor('configuration').state;
  for (const [word, time, ...columns] of TABLE) {
    for (const [index, what] of Object.keys(UNDER_WAY).entries()) {
      const expected = columns[index];
      if (expected === '-' || expected === undefined) continue;
      it(`${word}, ${time === 'over' ? 'and it can no longer be paid' : 'and it can still be paid'}, with ${what} under way: ${expected === '' ? 'nothing' : expected}`, () => {
        const nowMs = time === 'over' ? PROVEN_MS : PROVEN_MS - 1;
        const parked = parkedState();
        const memory = { ...parked.memory, ...UNDER_WAY[what]?.(nowMs), ...WORDS[word] };
        const facts = { ...memory, everPaid: memory.everPaid || index >= 2 };
        assert.equal(allowed({ ...parked, memory: facts }, nowMs), expected);
      });
    }
  }
});

describe('What is refused is told with its reason', () => {
  const rows: readonly (readonly [string, Order, () => Play, RegExp])[] = [
    [
      'REFUNDED of a trade that is signed WAIT_BUYER_PAY, and payable for hours',
      'REFUNDED',
      () => uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(waiting),
      /^Alipay has signed WAIT_BUYER_PAY: a trade is REFUNDED when it was paid and Alipay says TRADE_CLOSED\.$/,
    ],
    [
      'REFUNDED of a trade never seen',
      'REFUNDED',
      () => uncertain().queried(failed('configuration')),
      /^Alipay has signed nothing about this trade yet: a trade is REFUNDED when/,
    ],
    [
      'PAID on WAIT_BUYER_PAY',
      'PAID',
      () => uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(waiting).after(HOUR_MS),
      /^Alipay has signed WAIT_BUYER_PAY: the trade is not paid\. If that has changed since, send retryNow first\.$/,
    ],
    [
      'PAID of a trade that Alipay denies',
      'PAID',
      () => uncertain({ tradeNo: '2019032622001494891000009752' }).queried(notExist),
      /^Alipay has signed TRADE_NOT_EXIST: the trade is not paid\. If that has changed since, send retryNow first\.$/,
    ],
    [
      'PAID after action=close',
      'PAID',
      () => uncertain().queried(waiting).cancelled(answered('N', 'close')).queried(failed('configuration')),
      /^Alipay has signed action=close: the trade is not paid\./,
    ],
    [
      'CLOSED after action=refund',
      'CLOSED',
      () => uncertain().queried(waiting).cancelled(answered('N', 'refund')).queried(failed('configuration')),
      /^Alipay has signed that money went back: it cannot be resolved as CLOSED\.$/,
    ],
    [
      'REFUNDED after action=close and TRADE_CLOSED, where the service called it paid',
      'REFUNDED',
      () => {
        const play = uncertain().queried(waiting).cancelled(answered('N', 'close')).payAnswered('paid').queried(closed);
        return play.waited().refundQueried({ kind: 'refund', found: 'nothing' });
      },
      /^A cancel answered action=close: no money had moved\. Resolve it as CLOSED\.$/,
    ],
    [
      'NOT_CREATED after another amount was shown under the number',
      'NOT_CREATED',
      () =>
        new Play()
          .queried(trade('WAIT_BUYER_PAY', { totalAmount: '1.00' }))
          .waited()
          .queried(notExist)
          .at(PROVEN_MS),
      /: the trade exists\.$/,
    ],
    [
      'CLOSED of a signed TRADE_SUCCESS of another amount',
      'CLOSED',
      () => new Play().queried(trade('TRADE_SUCCESS', { totalAmount: '1.00' })).at(PROVEN_MS),
      /^Alipay has signed that the trade is paid: it cannot be resolved as CLOSED\.$/,
    ],
    [
      'CLOSED of a trade that the buyer has paid since the first cancel',
      'CLOSED',
      () => {
        const play = uncertain().queried(waiting).cancelled(refused('ACQ.CANCEL_NOT_ALLOWED')).queried(waiting);
        return play.askedAgain(paid).isParkedFor('cancelRefused').at(PROVEN_MS);
      },
      /^Alipay has signed that the trade is paid: it cannot be resolved as CLOSED\.$/,
    ],
  ];
  for (const [what, order, play, expected] of rows) {
    it(what, () => {
      const { state, nowMs } = play().isIn('needs-operator');
      assert.match(whyNotDecideManually(state, orderTo(order), nowMs) ?? 'it was allowed', expected);
    });
  }
  for (const subCode of ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'ACQ.REASON_TRADE_BEEN_FREEZEN', 'ACQ.TRADE_HAS_FINISHED']) {
    it(`NOT_CREATED and CLOSED after ${subCode}, whatever the queries do not say: a signed refusal is evidence like a status`, () => {
      const play = uncertain().queried(noAnswer).cancelled(refused(subCode)).queried(noAnswer).at(PROVEN_MS);
      const { state, nowMs } = play.isIn('needs-operator');
      assert.match(whyNotDecideManually(state, orderTo('NOT_CREATED'), nowMs) ?? '', /: the trade exists\.$/);
      assert.match(
        whyNotDecideManually(state, orderTo('CLOSED'), nowMs) ?? '',
        /paid.*: it cannot be resolved as CLOSED\.$/,
      );
      assert.equal(whyNotDecideManually(state, orderTo('PAID'), nowMs), undefined);
    });
  }
  it('nowhere with a remedy that names cancelNow where that is refused', () => {
    for (const [reason, { remedy, cancelAllowed }] of Object.entries(OPERATOR_REASONS))
      assert.ok(cancelAllowed || !/cancelNow/.test(remedy), reason);
  });
});
