/** What each class of failed call leaves possible: whether the answer may still come, and whether its effect may. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { FailureClass } from '../../contract/failure-class.ts';
import type { State } from '../../resolution/index.ts';
import { failed, paid, Play, START_MS, trade, uncertain, waiting } from './play.ts';

const CLASSES = Object.values(FailureClass);
/** These may have been executed although nobody learned of it. An error after the connection was made is always one of them. */
const MAY_HAVE_BEEN_EXECUTED: readonly FailureClass[] = ['unknown', 'unsigned', 'forged', 'notOurs'];
const MARGIN_MS = 300_000;
const ECHO_MS = 60_000;

describe('After a call that failed as', () => {
  for (const failure of CLASSES) {
    const mayHaveBeenExecuted = MAY_HAVE_BEEN_EXECUTED.includes(failure);
    it(`${failure}, a cancel ${failure === 'notSent' ? 'cannot' : 'may'} still land${mayHaveBeenExecuted ? ' until the margin is over' : ''}`, () => {
      const play = uncertain().queried(waiting).cancelled(failed(failure));
      const { cancelMayHaveReached, cancelMayLandUntilMs } = play.state.memory;
      assert.equal(cancelMayHaveReached, failure !== 'notSent');
      const withinMs = failure === 'notSent' ? undefined : mayHaveBeenExecuted ? MARGIN_MS : ECHO_MS;
      assert.equal(cancelMayLandUntilMs, withinMs === undefined ? undefined : play.nowMs + withinMs);
    });
    it(`${failure}, a refund ${mayHaveBeenExecuted ? 'may have moved' : 'has moved no'} money`, () => {
      const { memory } = refunding().refunded(failed(failure)).state;
      assert.equal(memory.refundMayHaveReached, mayHaveBeenExecuted);
      assert.equal(memory.refundMayLandUntilMs, START_MS + 90_000 + ECHO_MS);
    });
  }
  const READABLE: readonly FailureClass[] = ['rejected', 'business'];
  const FOR_GOOD: readonly FailureClass[] = ['rejected', 'configuration', 'business'];
  for (const failure of CLASSES) {
    it(`${failure}, Alipay ${READABLE.includes(failure) ? 'can be read, though it refuses' : 'has not been read'}`, () => {
      const { memory } = new Play().queried(failed('forged')).waited().queried(failed(failure)).state;
      assert.equal(memory.unverified, !READABLE.includes(failure));
      const { silentSinceMs } = uncertain()
        .queried(waiting)
        .cancelled(failed('unknown'))
        .after(60_000)
        .waited()
        .queried(failed(failure)).state.memory;
      assert.equal(silentSinceMs > START_MS + 60_000, READABLE.includes(failure));
    });
    it(`${failure}, the refund query ${FOR_GOOD.includes(failure) ? 'is left to a person' : 'is asked again'}`, () => {
      const { phase } = new Play().queried(trade('TRADE_CLOSED')).waited().refundQueried(failed(failure)).resolution;
      assert.equal(phase, FOR_GOOD.includes(failure) ? 'needs-operator' : 'closing');
    });
  }
  for (const failure of CLASSES.filter((one) => one !== 'rejected' && one !== 'business')) {
    it(`${failure}, the buyer's time goes on: one wrong configuration costs no more than a question`, () => {
      new Play().queried(failed(failure)).isIn('querying').wants('wait').waited().queried(paid).ends('PAID');
    });
  }
  it('configuration, a person is told at the end of the buyer’s time, or at once where somebody gave it up', () => {
    const misconfigured = failed('configuration');
    new Play()
      .after(29_999)
      .queried(misconfigured)
      .isIn('querying')
      .waited()
      .queried(misconfigured)
      .isIn('needs-operator');
    new Play().cancelNow().queried(misconfigured).isParkedFor('configuration');
    uncertain()
      .queried({ kind: 'tradeNotExist' })
      .cancelled({ kind: 'answered', retryFlag: 'N' })
      .queried(misconfigured)
      .isParkedFor('configuration');
  });
  it('a refusal of the query, a person is told with the code and our sentence about it', () => {
    const refused = new Play().queried(failed('business', 'ACQ.SOMETHING_NEW')).isParkedFor('queryRefused');
    assert.equal(refused.resolution.summary, 'Needs a person: ACQ.SOMETHING_NEW: business in a test.');
    const rejected = new Play().queried(failed('rejected')).isParkedFor('queryRefused');
    assert.equal(rejected.resolution.summary, 'Needs a person: rejected in a test.');
  });
  it('a refusal of the query, the resolution goes on with the first signed answer', () => {
    new Play().queried(failed('rejected')).askedAgain(waiting).isIn('querying');
    new Play().queried(failed('business')).askedAgain(paid).ends('PAID');
  });
});

function refunding(): Play {
  const frozen = { ...failed('business', 'ACQ.CANCEL_NOT_ALLOWED'), retryFlag: 'N' } as const;
  const play = uncertain().queried(waiting).cancelled(frozen).queried(paid).after(60_000).orderedRefund();
  const { phase }: State = play.queried(paid).queried(paid).state;
  assert.ok(phase.kind === 'refunding' && phase.step.kind === 'refund');
  return play;
}
