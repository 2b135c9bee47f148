/** Log lines are JSON, one a line, with named fields only. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';

import { logLine } from '../../worker/telemetry.ts';

const timestampNanos = BigInt(Date.UTC(2026, 10, 24)) * 1_000_000n;

describe('A log line', () => {
  it('holds the fields of the list and no others', () => {
    const meta = {
      workflowId: 'alipay:default:T1',
      attempt: 2,
      args: ['secret'],
      headers: { authorization: 'secret' },
    };
    const line = logLine({ level: 'INFO', message: 'Workflow started', timestampNanos, meta });
    assert.deepEqual(JSON.parse(line), {
      time: '2026-11-24T00:00:00.000Z',
      level: 'INFO',
      workflowId: 'alipay:default:T1',
      attempt: 2,
      message: 'Workflow started',
    });
  });

  it('says of an error its name, type, message and place, and nothing that it carries', () => {
    const error = ApplicationFailure.create({ message: 'asked again', type: 'NotFinalYet', details: ['secret'] });
    Object.assign(error, { request: 'secret' });
    const line = logLine({ level: 'WARN', message: 'Activity failed', timestampNanos, meta: { error } });
    const parsed = JSON.parse(line) as { readonly error: Record<string, unknown> };
    assert.deepEqual(Object.keys(parsed.error), ['name', 'type', 'message', 'stack']);
    assert.ok(!line.includes('secret'), line);
  });

  it('stays one line whatever the message holds', () => {
    const line = logLine({ level: 'INFO', message: 'a\n{"level":"ERROR"}\r\u2028', timestampNanos });
    assert.ok(!/[\n\r]/.test(line), line);
  });
});
