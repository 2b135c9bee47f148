/** The text both sides sign, and Alipay's clock: both are pure, so both are held to worked examples. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import fc from 'fast-check';

import {
  beijingTime,
  beijingTimeFromRfc3339,
  epochMsFromBeijingTime,
  rfc3339FromBeijingTime,
} from '../../alipay/beijing-time.ts';
import { canonicalText } from '../../alipay/canonical-text.ts';
import { sign, verify } from '../../alipay/signature.ts';
import { ALIPAY, APP } from './test-keys.ts';

describe('the canonical text', () => {
  it('sorts by name and joins with &, values unescaped', () => {
    const text = canonicalText({ method: 'alipay.trade.query', app_id: '2021', biz_content: '{"a":"b&c=d 中"}' });
    assert.equal(text, 'app_id=2021&biz_content={"a":"b&c=d 中"}&method=alipay.trade.query');
  });

  it('leaves out sign and empty values, and keeps sign_type', () => {
    assert.equal(canonicalText({ sign: 'x', sign_type: 'RSA2', app_auth_token: '', notify_url: '' }), 'sign_type=RSA2');
  });

  it('sorts by code unit, not by a locale: upper case before underscore before lower case', () => {
    assert.equal(canonicalText({ a: '1', _: '2', B: '3', b: '4', A_b: '5', Ab: '6' }), 'A_b=5&Ab=6&B=3&_=2&a=1&b=4');
  });

  it('treats names of Object.prototype like any other', () => {
    const parameters = Object.fromEntries([
      ['constructor', '1'],
      ['__proto__', '2'],
      ['toString', '3'],
    ]);
    assert.equal(canonicalText(parameters), '__proto__=2&constructor=1&toString=3');
  });
});

describe('a signature', () => {
  it('holds over what was signed and over nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (content) => {
        const signature = sign(content, APP.privateKey);
        assert.ok(verify(content, signature, APP.publicKey));
        assert.ok(verify(Buffer.from(content), signature, APP.publicKey));
        assert.ok(!verify(`${content} `, signature, APP.publicKey));
        assert.ok(!verify(content, signature, ALIPAY.publicKey));
      }),
      { numRuns: 25 },
    );
  });

  it('that is no base64 is no signature, and no error', () => {
    for (const text of ['', ' ', 'null', '-_-_', 'AAAA', '{}']) assert.equal(verify('x', text, APP.publicKey), false);
  });
});

describe("Alipay's time", () => {
  const zones = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati', 'Europe/London'];

  it('is GMT+8 in every zone of the process, summer or winter', () => {
    const before = process.env['TZ'];
    try {
      for (const zone of zones) {
        process.env['TZ'] = zone;
        assert.equal(beijingTime(Date.parse('2026-01-31T16:00:00Z')), '2026-02-01 00:00:00', zone);
        assert.equal(beijingTime(Date.parse('2026-07-01T03:04:05.999Z')), '2026-07-01 11:04:05', zone);
        assert.equal(epochMsFromBeijingTime('2026-07-01 11:04:05'), Date.parse('2026-07-01T03:04:05Z'), zone);
        assert.equal(beijingTimeFromRfc3339('2026-03-29T01:30:00+01:00'), '2026-03-29 08:30:00', zone);
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('reads back what it wrote, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
        assert.equal(epochMsFromBeijingTime(beijingTime(seconds * 1000)), seconds * 1000);
      }),
    );
  });

  it('becomes RFC 3339 with +08:00, with or without milliseconds', () => {
    assert.equal(rfc3339FromBeijingTime('2019-03-26 10:00:00'), '2019-03-26T10:00:00+08:00');
    assert.equal(rfc3339FromBeijingTime('2015-04-28 15:45:57.320'), '2015-04-28T15:45:57.320+08:00');
  });

  it('is refused when it is no time', () => {
    const none = [
      '',
      '2026-02-30 00:00:00',
      '2026-01-01T00:00:00',
      '2026-13-01 00:00:00',
      '2026-01-01 24:00:00',
      '2026-01-01',
    ];
    for (const text of none) assert.equal(epochMsFromBeijingTime(text), undefined, text);
  });

  it('is not made of an RFC 3339 text without an offset', () => {
    for (const text of ['2026-01-01T00:00:00', '2026-01-01', 'now', '2026-01-01T99:00:00Z']) {
      assert.equal(beijingTimeFromRfc3339(text), undefined, text);
    }
  });
});
