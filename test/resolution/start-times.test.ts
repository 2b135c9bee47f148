/** What a start may say of times, what of it is believed, and until when a trade can be created or paid. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import { begin, decide, explain, type Decision } from '../../resolution/index.ts';
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
  START_MS,
  uncertain,
  waiting,
} from './play.ts';

const DAY_MS = 24 * HOUR_MS;
const MARGIN_MS = 5 * MINUTE_MS;
const at = (ms: number): string => new Date(ms).toISOString();

function problemsOf(start: ResolutionInput): readonly string[] {
  const parsed = parseResolutionInput({ outTradeNo: 'T1', ...start }, START_MS);
  return parsed.kind === 'problems' ? parsed.problems.map(({ field, problem }) => `${field} ${problem}`) : [];
}

describe('A start is refused', () => {
  const rows: readonly (readonly [string, (ms: number) => ResolutionInput, number, string])[] = [
    [
      'payRequestedAt later than the start plus the margin',
      (ms) => ({ payRequestedAt: at(ms) }),
      START_MS + MARGIN_MS,
      'payRequestedAt must not lie after the start',
    ],
    [
      'payExpiresAt more than 15 days ahead, plus the margin',
      (ms) => ({ payExpiresAt: at(ms) }),
      START_MS + 15 * DAY_MS + MARGIN_MS,
      'payExpiresAt must lie within 15 days of the start: Alipay takes no later time_expire',
    ],
    [
      'guardUntil more than 24 h ahead, plus the margin',
      (ms) => ({ guardUntil: at(ms) }),
      START_MS + DAY_MS + MARGIN_MS,
      'guardUntil must lie within 24 h of the start',
    ],
  ];
  for (const [what, start, latestMs, problem] of rows) {
    it(`with ${what}; not a millisecond earlier`, () => {
      assert.deepEqual(problemsOf(start(latestMs)), []);
      assert.deepEqual(problemsOf(start(latestMs + 1)), [problem]);
    });
  }
  it('with the margin that it names itself', () => {
    const policy = { marginMs: 1_000 };
    assert.deepEqual(problemsOf({ payRequestedAt: at(START_MS + 1_000), policy }), []);
    assert.equal(problemsOf({ payRequestedAt: at(START_MS + 1_001), policy }).length, 1);
  });
  it('with a payAnswer or a cancelNow that is none', () => {
    assert.deepEqual(problemsOf({ payAnswer: 'maybe' as never, cancelNow: 'yes' as never }), [
      'payAnswer must be one of paid, uncertain, refused',
      'cancelNow must be true or false',
    ]);
  });
  it('for all that is wrong at once', () =>
    assert.equal(
      problemsOf({ payRequestedAt: at(START_MS + DAY_MS), guardUntil: at(START_MS + 3 * DAY_MS) }).length,
      2,
    ));
});

describe('The pay deadline is', () => {
  const rows: readonly (readonly [string, ResolutionInput, number])[] = [
    ['3 h after the start, where nothing is named', {}, START_MS + 3 * HOUR_MS],
    ['3 h after the pay request', { payRequestedAt: at(START_MS - HOUR_MS) }, START_MS + 2 * HOUR_MS],
    ['what was sent with pay', { payExpiresAt: at(START_MS + 10 * MINUTE_MS) }, START_MS + 10 * MINUTE_MS],
    [
      '3 h after the end of the guard: the pay request may leave as late as that',
      { payRequestedAt: at(START_MS), guardUntil: at(START_MS + HOUR_MS) },
      START_MS + 4 * HOUR_MS,
    ],
    [
      'never before the end of the guard',
      { payExpiresAt: at(START_MS + MINUTE_MS), guardUntil: at(START_MS + HOUR_MS) },
      START_MS + HOUR_MS,
    ],
    ['never before the start', { payExpiresAt: at(START_MS - 1) }, START_MS],
    [
      'never before the start, for a pay request of yesterday either',
      { payRequestedAt: at(START_MS - DAY_MS) },
      START_MS,
    ],
  ];
  for (const [what, start, deadlineMs] of rows) {
    it(what, () => assert.equal(new Play({ outTradeNo: 'T1', ...start }).resolution.payDeadline, at(deadlineMs)));
  }
  it('told with what was not believed of the start, and what counts instead', () => {
    const { resolution } = new Play({ outTradeNo: 'T1', payExpiresAt: at(START_MS - 1) });
    const note = `payExpiresAt ${at(START_MS - 1)} lies before the start, or before the end of the guard: ${at(START_MS)} counts instead.`;
    assert.deepEqual(resolution.notes, [note]);
    assert.ok(explain(resolution).includes(`\n- ${note}\n`));
    assert.equal(new Play({ outTradeNo: 'T1', payExpiresAt: at(START_MS) }).resolution.notes, undefined);
    assert.equal(new Play({ outTradeNo: 'T1', payRequestedAt: at(START_MS - DAY_MS) }).resolution.notes, undefined);
  });
});

describe('NOT_CREATED after a guard', () => {
  const guardMs = START_MS + 2 * HOUR_MS;
  const guarded = (): Play =>
    new Play({ outTradeNo: 'T1', payExpiresAt: at(START_MS + HOUR_MS), guardUntil: at(guardMs) }).waited();
  const watched = (): Play =>
    guarded()
      .queried(notExist)
      .waited()
      .at(guardMs + 30_000)
      .queried(notExist)
      .cancelled(answered('N'));
  it('counts from the end of the guard, where the deadline lies before it: the pay request may have left as late', () => {
    const denied = (firstMs: number): Play =>
      watched()
        .at(firstMs)
        .queried(notExist)
        .waited()
        .at(firstMs + 3 * MINUTE_MS)
        .queried(notExist);
    denied(guardMs + MARGIN_MS - 1)
      .isIn('watching')
      .wants('wait');
    denied(guardMs + MARGIN_MS).wants('queryRefund');
  });
});

describe('A start that says what the service knows', () => {
  it('carries the word "paid": no first cancel is sent against it', () =>
    uncertain({ outTradeNo: 'T1', payAnswer: 'paid' }).queried(noAnswer).isParkedFor('payAnswerMismatch'));
  it('with "uncertain" or "refused" changes nothing', () => {
    for (const payAnswer of ['uncertain', 'refused'] as const)
      uncertain({ outTradeNo: 'T1', payAnswer }).queried(noAnswer).wants('cancel');
  });
  it('carries the hurry: one query, and the cancel', () => {
    const hurried = (): Play => new Play({ outTradeNo: 'T1', cancelNow: true });
    assert.deepEqual(hurried().command, { kind: 'query' });
    hurried().queried(waiting).wants('cancel');
    hurried().queried(paid).ends('PAID');
  });
  it('carries when pay was called: the window of the cancel ends by that', () => {
    const late = uncertain({ outTradeNo: 'T1', payRequestedAt: at(START_MS - DAY_MS) });
    late.queried(waiting).isParkedFor('cancelWindowOver');
  });
});

describe('A run to which a start by tradeNo has handed over', () => {
  const start: ResolutionInput = { outTradeNo: 'T1', tradeNo: '2019032622001494891000009752' };
  function handedOver(by: Play): Decision {
    by.isIn('handed-over');
    const parsed = parseResolutionInput(start, START_MS);
    assert.ok(parsed.kind === 'input');
    return begin(parsed.input, START_MS, START_MS, by.state.memory);
  }
  const byTradeNo = (more: ResolutionInput = {}): Play =>
    new Play({ tradeNo: '2019032622001494891000009752', ...more });

  it('knows what that one was shown', () => {
    const { memory } = handedOver(byTradeNo().queried(noAnswer).askedAgain(paid)).state;
    assert.deepEqual(
      [memory.tradeStatus, memory.signed?.says, memory.everPaid, memory.polls],
      ['TRADE_SUCCESS', 'paid', true, 2],
    );
    const { resolution } = byTradeNo().queried(failed('forged')).askedAgain(waiting);
    assert.equal(resolution.phase, 'handed-over');
  });
  it('knows every fact of it, and nothing more', () => {
    const by = byTradeNo().queried(noAnswer).askedAgain(paid);
    const { memory } = handedOver(by).state;
    const { lastAnswer, tradeNo, tradeStatus, tradeStatusAtMs, seenFen, signed, maybePaid, seen } = by.state.memory;
    const facts = {
      lastAnswer,
      tradeNo,
      tradeStatus,
      tradeStatusAtMs,
      seenFen,
      signed,
      everPaid: true,
      maybePaid,
      seen,
    };
    const fresh = new Play(start).state.memory;
    assert.deepEqual(memory, { ...fresh, ...facts, polls: 2 });
    const parsed = parseResolutionInput(start, START_MS);
    assert.ok(parsed.kind === 'input');
    const { tradeNo: _named, ...unnamed } = fresh;
    assert.deepEqual(
      begin(parsed.input, START_MS, START_MS, unnamed).state.memory,
      fresh,
      'of a run that was shown nothing',
    );
    const { tradeNo: _given, ...numberless } = parsed.input;
    const named = begin(numberless, START_MS, START_MS, by.state.memory);
    assert.equal(named.state.memory.tradeNo, tradeNo, 'where its start does not name it');
  });
  it('knows the word and the hurry', () => {
    const told = handedOver(byTradeNo().payAnswered('paid').queried(waiting)).state.memory;
    assert.equal(told.callerSaysPaid, true);
    const hurried = handedOver(byTradeNo().cancelNow().queried(waiting));
    assert.deepEqual([hurried.state.memory.hurried, hurried.command], [true, { kind: 'query' }]);
  });
  it('sends no first cancel where that one was shown TRADE_SUCCESS, and Alipay does not say so now', () => {
    const { state } = handedOver(byTradeNo().queried(paid));
    const report = { answer: noAnswer, scheduledAtMs: START_MS, startedAtMs: START_MS, polls: 1, trail: [] };
    const { phase } = decide(state, { kind: 'queried', report }, START_MS + 30_000).state;
    assert.ok(phase.kind === 'needs-operator');
    assert.match(phase.detail, /Alipay has signed before that the trade is paid or closed, and does not say so now/);
    const closedBefore = handedOver(byTradeNo().queried(closed)).state;
    const after = decide(closedBefore, { kind: 'queried', report }, START_MS + 30_000).state.phase;
    assert.ok(after.kind === 'needs-operator' && after.reason === 'noReadableAnswer');
  });
});
