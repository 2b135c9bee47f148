/** With the word "paid" of the service a machine never cancels first and never says NOT_CREATED, whatever Alipay answers. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { Driver, type MessageInTime } from '../driver.ts';
import { HOUR_MS, noAnswer, START_MS } from '../play.ts';
import { alternating, QUERIES } from './answers.ts';

describe('The word "paid" of the service', () => {
  it('keeps the first cancel from being sent for a day of whatever answers', () => {
    const messages: readonly MessageInTime[] = [
      { atMs: START_MS + 1, message: { kind: 'payAnswered', answer: 'paid' } },
    ];
    for (const [first, one] of QUERIES) {
      for (const [second, other] of QUERIES) {
        const driver = new Driver({ outTradeNo: 'T1' }, alternating(one, other, noAnswer), { messages });
        driver.runUntil(START_MS + 24 * HOUR_MS);
        const sent = driver.calls.filter(({ kind }) => kind === 'cancel');
        assert.equal(sent.length, 0, `${first}, ${second}`);
        const { phase } = driver.state;
        assert.ok(phase.kind !== 'done' || phase.outcome !== 'NOT_CREATED', `${first}, ${second}`);
      }
    }
  });
});
