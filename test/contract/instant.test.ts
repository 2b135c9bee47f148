/** Which texts are an instant, the same to every machine that reads them. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { epochMsFromRfc3339 } from '../../contract/instant.ts';

describe('An instant', () => {
  it('is RFC 3339 with an offset, to the nanosecond at most', () => {
    const noon = Date.UTC(2026, 1, 28, 12);
    for (const text of ['2026-02-28T12:00:00Z', '2026-02-28T20:00:00+08:00', '2026-02-28T12:00:00.000000000Z'])
      assert.equal(epochMsFromRfc3339(text), noon, text);
    assert.equal(epochMsFromRfc3339('2026-02-28T12:00:00.5Z'), noon + 500);
  });

  it('is nothing else: no time without an offset, no day that does not exist, no number', () => {
    for (const text of [
      '2026-02-28T12:00:00',
      '2026-02-28',
      '2026-02-28 12:00:00+08:00',
      '2026-02-30T12:00:00Z',
      '2025-02-29T12:00:00Z',
      '2026-13-01T12:00:00Z',
      '2026-02-28T25:00:00Z',
      '2026-02-28T12:00:00.0000000001Z',
      '2026-02-28T12:00:00+0800',
      'x2026-02-28T12:00:00Z',
      '2026-02-28T12:00:00Z ',
      '1772280000000',
      '',
    ])
      assert.equal(epochMsFromRfc3339(text), undefined, text);
  });
});
