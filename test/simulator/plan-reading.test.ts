/** Goal: a plan that would not do what its writer thinks is refused, with every mistake and what is taken instead. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { parseTradePlan, PlanProblems } from '../../simulator/plan-reading.ts';

function problemsOf(plan: unknown): readonly string[] {
  try {
    parseTradePlan(plan);
  } catch (error) {
    assert.ok(error instanceof PlanProblems);
    return error.problems;
  }
  return [];
}

describe('reading a fault plan', () => {
  const VALID: readonly unknown[] = [
    {},
    {
      exists: 'WAIT_BUYER_PAY',
      totalAmount: '0.01',
      createdAt: '2026-01-31T09:30:00+08:00',
      timeExpire: '2026-01-31T01:35:00Z',
    },
    { buyerPaysAfterMs: 'never', tradeNo: '2019032622001494891000009752', frozen: true, sellerBalanceShort: false },
    { pay: [{ delivery: 'answerLost', executed: 'afterNextCancel' }] },
    { pay: [{ answer: 'code20000', executed: { afterMs: 3000 } }] },
    { query: [{ times: 'always', answer: 'refused', subCode: 'ACQ.ENTERPRISE_PAY_BIZ_ERROR', signature: 'missing' }] },
    {
      cancel: [{ executed: false }, { with: { retry_flag: 'Y' }, without: ['action'] }, { delayMs: 0, charset: 'gbk' }],
    },
    { refund: [{ delivery: 'redirect', location: 'http://127.0.0.1:1/' }], close: [{ buyerPays: 'beforeExecution' }] },
    { behaviour: { cancelRepeatsAction: true } },
  ];
  for (const plan of VALID) {
    it(`takes ${JSON.stringify(plan)}`, () => assert.deepEqual(problemsOf(plan), []));
  }

  const REFUSED: readonly (readonly [plan: unknown, problem: RegExp])[] = [
    [[], /^a plan is a JSON object/],
    [{ cancle: [] }, /^cancle is not known here; valid are exists, .*, pay, query, cancel, .*, behaviour$/],
    [{ exists: 'PAID' }, /^exists must be one of "WAIT_BUYER_PAY", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"$/],
    [{ exists: 'WAIT_BUYER_PAY', totalAmount: 88.88 }, /^totalAmount must be yuan in a text like "88\.88"$/],
    [{ exists: 'WAIT_BUYER_PAY', totalAmount: '0.00' }, /^totalAmount must be yuan/],
    [{ exists: 'WAIT_BUYER_PAY', createdAt: '2026-01-31 09:30:00' }, /^createdAt must be a time like/],
    [{ totalAmount: '1.00' }, /^totalAmount needs exists/],
    [{ timeExpire: '2026-01-31T01:35:00Z' }, /^timeExpire needs exists/],
    [{ buyerPaysAfterMs: -1 }, /^buyerPaysAfterMs must be whole milliseconds from 0 to 86400000, or "never"$/],
    [{ frozen: 'yes' }, /^frozen must be one of true, false$/],
    [{ tradeNo: 'abc' }, /^tradeNo must be a text of 16 to 64 digits$/],
    [
      { behaviour: { cancelRepeats: true } },
      /^behaviour\.cancelRepeats is not known here; valid are cancelRepeatsAction/,
    ],
    [{ query: { answer: 'code20000' } }, /^query must be a list of steps/],
    [{ query: ['code20000'] }, /^query\[0\] must be an object/],
    [{ query: [{ fault: 'lost' }] }, /^query\[0\]\.fault is not known here; valid are times, executed, answer, /],
    [{ query: [{}, { answer: '20000' }] }, /^query\[1\]\.answer must be one of "code20000", "systemError", /],
    [{ query: [{ times: 0 }] }, /^query\[0\]\.times must be 1, 2, \.\.\. or "always"$/],
    [
      { query: [{ executed: false, answer: 'notExist' }] },
      /^query\[0\]: executed means nothing for a method that only reads$/,
    ],
    [
      { cancel: [{ delivery: 'requestLost', executed: true }] },
      /^cancel\[0\]: requestLost is never executed: use answerLost$/,
    ],
    [{ cancel: [{ executed: { afterMs: 100 } }] }, /^cancel\[0\]: a request in a queue has no true answer yet/],
    [
      { cancel: [{ executed: { afterMs: 100, forMs: 1 }, delivery: 'reset' }] },
      /^cancel\[0\]\.executed must be true, false, /,
    ],
    [{ pay: [{ executed: false }] }, /^pay\[0\]: executed false needs an answer/],
    [{ cancel: [{ answer: 'refused' }] }, /^cancel\[0\]: answer "refused" needs a subCode$/],
    [{ cancel: [{ subCode: 'ACQ.TRADE_HAS_FINISHED' }] }, /^cancel\[0\]: subCode needs answer "refused"$/],
    [{ cancel: [{ delivery: 'redirect' }] }, /^cancel\[0\]: delivery "redirect" needs a location$/],
    [{ cancel: [{ location: 'http://x/' }] }, /^cancel\[0\]: location needs delivery "redirect"$/],
    [{ cancel: [{ with: { retry_flag: true } }] }, /^cancel\[0\]\.with must be an object of texts/],
    [{ cancel: [{ without: 'action' }] }, /^cancel\[0\]\.without must be a list/],
    [{ cancel: [{ delayMs: 86_400_001 }] }, /^cancel\[0\]\.delayMs must be whole milliseconds/],
    [{ constructor: 1 }, /^constructor is not known here/],
    [JSON.parse('{"__proto__":{"exists":"TRADE_SUCCESS"}}'), /^__proto__ is not known here/],
  ];
  for (const [plan, problem] of REFUSED) {
    it(`refuses ${JSON.stringify(plan)}`, () => {
      const problems = problemsOf(plan);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
    });
  }

  it('names every mistake at once', () => {
    assert.equal(problemsOf({ exists: 1, frozen: 2, pay: [{ times: 0, answer: 'no' }], cancle: [] }).length, 5);
  });
});
