/**
 * Goal: the experiments see what a gateway does, say so only where they have seen it, and leave no trade paid or open. Method: the
 * simulator, in every setting of the switches for what Alipay's documents leave open, and under faults.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';

import { ASSUMPTIONS } from '../../assumptions/assumptions.ts';
import { exitCodeOf } from '../../assumptions/report.ts';
import { CannotRun } from '../../assumptions/scenes.ts';
import { type Credentials, createCredentials } from '../../simulator/credentials.ts';
import type { Behaviour } from '../../simulator/fault-plan.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { repositoryRoot } from '../repository-root.ts';
import { AUTH_CODE, idsOf, tryAll, whyNot } from './trial.ts';

const WITHOUT_BUYER = [
  'absent-query',
  'absent-cancel',
  'absent-cancel-leaves-nothing',
  'absent-close',
  'absent-trade-no',
  'precreated-query',
  'signed',
];
const SWITCHES = [
  'cancelRepeatsAction',
  'cancelBlocksLaterPay',
  'refundQueryShowsCancel',
  'querySaysSendPayDate',
] as const satisfies readonly (keyof Behaviour)[];
const SETTINGS = Array.from({ length: 2 ** SWITCHES.length }, (_, bits) =>
  Object.fromEntries(SWITCHES.map((name, at) => [name, ((bits >> at) & 1) === 1])),
) as unknown as readonly Behaviour[];

describe('The experiments on assumptions about Alipay', () => {
  let credentials: Credentials;
  let simulator: Simulator;
  before(async () => {
    credentials = await createCredentials();
    simulator = await startSimulator({ credentials });
  });
  after(() => simulator.stop());

  it('without a payment code try what needs no buyer, pay nothing, and find nothing that differs', async () => {
    const { report } = await tryAll(simulator);
    assert.deepEqual(idsOf(report, 'holds'), WITHOUT_BUYER);
    assert.equal(whyNot(report, 'late-pay'), 'needs a payment code: --auth-code');
    assert.equal(report.notTried, ASSUMPTIONS.length - WITHOUT_BUYER.length);
    assert.equal(exitCodeOf(report), 0);
    assert.ok(report.calls.every((call) => call.interface !== 'pay'));
  });

  it('with a code that pays and with one that asks for a password try every assumption there is', async () => {
    const { report: paid } = await tryAll(simulator, {}, AUTH_CODE);
    const { report: asked } = await tryAll(simulator, { cancelled: { buyerPaysAfterMs: 'never' } }, AUTH_CODE);
    const tried = new Set([...idsOf(paid, 'holds'), ...idsOf(asked, 'holds')]);
    assert.deepEqual(
      ASSUMPTIONS.map(({ id }) => id).filter((id) => !tried.has(id)),
      [],
    );
    assert.match(whyNot(paid, 'unpaid-cancel'), /^the pay answered 10000: for 10003 give a fresh code and an amount/);
    assert.match(whyNot(asked, 'paid-cancel'), /^the pay answered 10003: for 10000 give a fresh code/);
  });

  for (const behaviour of SETTINGS) {
    const flags = SWITCHES.filter((name) => behaviour[name]);
    it(`see what differs, and no more, at a gateway with ${flags.join(', ') || 'all switches off'}`, async () => {
      const one = await startSimulator({ credentials, behaviour });
      try {
        const { report: paid } = await tryAll(one, {}, AUTH_CODE);
        const never = { buyerPaysAfterMs: 'never' } as const;
        const { report: asked } = await tryAll(one, { cancelled: never, fresh: never }, AUTH_CODE);
        const blocks = behaviour.cancelBlocksLaterPay ? ['cancel-then-pay'] : [];
        assert.deepEqual(idsOf(paid, 'differs'), [
          ...blocks,
          ...(behaviour.querySaysSendPayDate ? [] : ['paid-query-date', 'refunded-query-date']),
          ...(behaviour.cancelRepeatsAction ? ['refunded-cancel-again'] : []),
          ...(behaviour.refundQueryShowsCancel ? [] : ['refunded-refund-query']),
        ]);
        assert.deepEqual(idsOf(asked, 'differs'), [
          ...blocks,
          ...(behaviour.cancelRepeatsAction ? ['unpaid-cancel-again'] : []),
        ]);
        const counted = [paid, asked].map(({ holds, differs, notTried }) => holds + differs + notTried);
        assert.deepEqual(counted, [ASSUMPTIONS.length, ASSUMPTIONS.length]);
        assert.ok(paid.notTried === 6 && exitCodeOf(paid) === (paid.differs > 0 ? 1 : 0));
        const truths = one.ledger().trades.map(({ truth, sellerHas }) => `${truth} ${sellerHas}`);
        assert.deepEqual(truths.toSorted(), ['CLOSED 0.00', 'REFUNDED 0.00']);
      } finally {
        await one.stop();
      }
    });
  }

  it('at a gateway that pays after the deadline say so, and give the money back', async () => {
    const minutesBehind = await startSimulator({ credentials, now: () => Date.now() - 20 * 60_000 });
    try {
      const { report, trade } = await tryAll(minutesBehind, {}, AUTH_CODE);
      assert.deepEqual(idsOf(report, 'differs'), ['late-pay']);
      assert.match(whyNot(report, 'paid-cancel'), /may have used the code up/);
      assert.equal(trade('late').truth, 'REFUNDED');
      assert.equal(trade('cancelled').truth, 'NOT_CREATED');
    } finally {
      await minutesBehind.stop();
    }
  });

  it('whose pay gets no answer claim nothing, and give back what it paid', async () => {
    const { report, trade } = await tryAll(simulator, { cancelled: { pay: [{ delivery: 'answerLost' }] } }, AUTH_CODE);
    assert.match(whyNot(report, 'cancel-then-pay'), /^the pay has no clear answer/);
    assert.equal(whyNot(report, 'paid-query'), whyNot(report, 'cancel-then-pay'));
    assert.equal(trade('cancelled').truth, 'REFUNDED');
    assert.deepEqual([report.leftOpen, exitCodeOf(report)], [[], 0]);
  });

  it('name a trade that they could not see closed', async () => {
    const stuck = { frozen: true, pay: [{ delivery: 'answerLost' }] } as const;
    const { report, trade } = await tryAll(simulator, { cancelled: stuck }, AUTH_CODE);
    assert.deepEqual(report.leftOpen, [trade('cancelled').outTradeNo]);
    assert.equal(trade('cancelled').truth, 'PAID');
    assert.equal(exitCodeOf(report), 2);
  });

  it('name a number whose pay may still be on its way', async () => {
    const { report, trade } = await tryAll(simulator, { cancelled: { pay: [{ delivery: 'requestLost' }] } }, AUTH_CODE);
    assert.deepEqual(report.leftOpen, [trade('cancelled').outTradeNo]);
  });

  it('take a refused payment code for what it is, and not for a blocked number', async () => {
    const used = { pay: [{ answer: 'refused', subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID' }] } as const;
    const { report, trade } = await tryAll(simulator, { late: used, cancelled: used }, AUTH_CODE);
    assert.match(whyNot(report, 'late-pay'), /^refused for another reason: 40004 ACQ.PAYMENT_AUTH_CODE_INVALID/);
    assert.match(whyNot(report, 'cancel-then-pay'), /^the payment code is wrong, used or expired/);
    assert.equal(trade('fresh').truth, 'NOT_CREATED');
    const risky = { pay: [{ answer: 'refused', subCode: 'ACQ.PAYMENT_REQUEST_HAS_RISK' }] } as const;
    const { report: refused } = await tryAll(simulator, { cancelled: risky, fresh: risky }, AUTH_CODE);
    assert.match(whyNot(refused, 'cancel-then-pay'), /^this payment code pays nothing/);
  });

  it('do not take a trade for unpaid whose buyer typed the password', async () => {
    const plan = { buyerPaysAfterMs: 'never', cancel: [{}, { buyerPays: 'beforeExecution' }] } as const;
    const { report, trade } = await tryAll(simulator, { cancelled: plan }, AUTH_CODE);
    assert.match(whyNot(report, 'unpaid-cancel'), /^the buyer paid before the cancel/);
    assert.deepEqual(idsOf(report, 'differs'), []);
    assert.equal(trade('cancelled').truth, 'REFUNDED');
  });

  it('find refusals that nobody signed, and draw nothing else from them', async () => {
    const { report } = await tryAll(simulator, { precreated: { query: [{ signature: 'missing' }] } });
    assert.deepEqual(idsOf(report, 'differs'), ['signed']);
    assert.match(whyNot(report, 'precreated-query'), /unsigned/);
  });

  it('do not leave a trade open on the word of somebody who says unsigned that it is not there', async () => {
    const denied = { answer: 'notExist', signature: 'missing', times: 'always' } as const;
    const plan = { pay: [{ delivery: 'reset' }], query: [{}, {}, denied] } as const;
    const { report, trade } = await tryAll(simulator, { cancelled: plan }, AUTH_CODE);
    assert.equal(trade('cancelled').truth, 'REFUNDED');
    assert.deepEqual(report.leftOpen, [trade('cancelled').outTradeNo]);
  });

  it('close again what a pay has made that was refused, but not surely', async () => {
    const sentTwice = {
      pay: [{ answer: 'refused', subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID', executed: true }],
    } as const;
    const { report, trade } = await tryAll(simulator, { cancelled: sentTwice }, AUTH_CODE);
    assert.match(whyNot(report, 'cancel-then-pay'), /^the payment code is wrong, used or expired/);
    assert.deepEqual([trade('cancelled').truth, report.leftOpen], ['REFUNDED', []]);
  });

  it('end before they change anything where "no such trade" is not signed', async () => {
    const calls = simulator.ledger().calls.length;
    await assert.rejects(tryAll(simulator, { cancelled: { query: [{ signature: 'missing' }] } }, AUTH_CODE), CannotRun);
    assert.equal(simulator.ledger().calls.length, calls + 1);
  });

  it('end before they change anything where the gateway does not answer a query', async () => {
    const deaf = { query: [{ answer: 'code20000' }] } as const;
    const calls = simulator.ledger().calls.length;
    await assert.rejects(tryAll(simulator, { cancelled: deaf }, AUTH_CODE), CannotRun);
    assert.equal(simulator.ledger().calls.length, calls + 1);
  });
});

describe('The table of assumptions', () => {
  it('gives each its own id, and a place that docs/correctness.md has', () => {
    const ids = ASSUMPTIONS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const page = readFileSync(path.join(repositoryRoot, 'docs', 'correctness.md'), 'utf8');
    for (const { id, section } of ASSUMPTIONS) {
      const [kind = '', number = ''] = section.startsWith('A') ? ['A', section.slice(1)] : section.split(/ (?=\d)/);
      const form = { A: `^\\| A${number} \\|`, promise: `^\\| ${number} \\|`, 'open question': `^${number}\\. ` }[kind];
      assert.match(page, new RegExp(form ?? 'no such kind', 'm'), `${id}: ${section}`);
    }
  });
});
