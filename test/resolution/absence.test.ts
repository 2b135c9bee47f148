/** The second interface after two denials: what its answer makes of the trade, and how long it is asked in vain before a person hears of it. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { whyNotDecideManually } from '../../resolution/index.ts';
import { answered, failed, HOUR_MS, MINUTE_MS, noAnswer, notExist, type Play, START_MS, uncertain } from './play.ts';

const PROVEN_MS = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
const APART_MS = 3 * MINUTE_MS;
const TOLD_MS = PROVEN_MS + APART_MS + 8 * MINUTE_MS;
const deniedTwice = (): Play => {
  const play = uncertain().queried(notExist).cancelled(answered('N')).queried(notExist).waited();
  play.at(PROVEN_MS).queried(notExist).waited();
  return play.at(PROVEN_MS + APART_MS).queried(notExist);
};

describe('A refund query that does not answer whether it knows the trade', () => {
  it('is asked again for eight minutes from the second denial on; then a person is told, with what it said', () => {
    const asked = (atMs: number): Play => deniedTwice().at(atMs).refundQueried(failed('unknown', 'ACQ.SYSTEM_ERROR'));
    asked(TOLD_MS - 1)
      .isIn('watching')
      .wants('wait');
    const { resolution } = asked(TOLD_MS).isParkedFor('absenceUnproven');
    assert.equal(
      resolution.summary,
      'Needs a person: the query says TRADE_NOT_EXIST, the refund query does not answer: ACQ.SYSTEM_ERROR: unknown in a test.',
    );
  });
  it('keeps parked what is parked for that: it is no reason to watch anew', () => {
    const parked = deniedTwice().refundQueried({ kind: 'refund', found: 'nothing' }).isParkedFor('absenceUnproven');
    parked.askedAgain(notExist).refundQueried(noAnswer).isParkedFor('absenceUnproven').wants('wait');
  });
  it('grows the waits as the watch does, of which it is a part', () => {
    const play = deniedTwice();
    const { phase } = play.state;
    assert.deepEqual(phase, { kind: 'watching', step: { kind: 'queryRefund' }, asked: 2 });
    const { command, nowMs } = play.refundQueried(noAnswer);
    assert.deepEqual(command, { kind: 'wait', untilMs: nowMs + 20_000 });
  });
});

describe('A refund query that is refused', () => {
  it('for its configuration is told as that', () => {
    const { resolution } = deniedTwice()
      .refundQueried(failed('configuration', 'isv.invalid-app-id'))
      .isParkedFor('configuration');
    assert.equal(resolution.summary, 'Needs a person: refund query: isv.invalid-app-id: configuration in a test.');
  });
  for (const failure of ['business', 'rejected'] as const)
    it(`as ${failure} is told as a refused query`, () =>
      deniedTwice().refundQueried(failed(failure)).isParkedFor('queryRefused'));
});

describe('A trade that was parked before it was denied twice', () => {
  it('is looked up at the second interface all the same, as a watch that begins', () => {
    const denied = uncertain({ outTradeNo: 'T1' }).queried(notExist).reset().at(PROVEN_MS).askedAgain(notExist);
    denied
      .isParkedFor('runReset')
      .at(PROVEN_MS + APART_MS)
      .askedAgain(notExist)
      .wants('queryRefund');
    assert.deepEqual(denied.state.phase, { kind: 'watching', step: { kind: 'queryRefund' }, asked: 1 });
  });
});

describe('Two interfaces that disagree', () => {
  it('leave NOT_CREATED to a person who has looked, once nothing can create the trade any more', () => {
    const play = deniedTwice().refundQueried({ kind: 'refund', found: 'nothing' });
    const manualDecision = { kind: 'outcome', outcome: 'NOT_CREATED', who: 'Li Na', why: 'merchant portal' } as const;
    assert.equal(whyNotDecideManually(play.state, manualDecision, play.nowMs), undefined);
  });
});
