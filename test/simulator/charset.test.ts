/** Goal: GBK bytes are what a GBK reader expects. Method: known bytes, then a round trip through Node's own decoder. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import { charsetOf, decodeText, encodeText } from '../../simulator/charset.ts';

describe('the charset of the wire', () => {
  it('has the known GBK bytes of 系统繁忙', () => {
    assert.equal(encodeText('系统繁忙', 'gbk').toString('hex'), 'cfb5cdb3b7b1c3a6');
    assert.equal(decodeText(Buffer.from('cfb5cdb3b7b1c3a6', 'hex'), 'gbk'), '系统繁忙');
  });

  it('brings every Chinese character that GBK has through both charsets unharmed', () => {
    const han = fc.array(fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)));
    fc.assert(
      fc.property(han, fc.constantFrom('gbk', 'utf-8'), (characters, charset) => {
        const text = `"${characters.join('')}" = 1.00`;
        assert.equal(decodeText(encodeText(text, charset), charset), text);
      }),
    );
  });

  it('puts a question mark where GBK has no character', () => {
    assert.equal(encodeText('a😀b', 'gbk').toString('latin1'), 'a?b');
  });

  it('knows the names that Alipay takes, and no other', () => {
    assert.deepEqual(['utf-8', 'UTF-8', 'GBK', 'gb2312', undefined, 'latin1'].map(charsetOf), [
      'utf-8',
      'utf-8',
      'gbk',
      'gbk',
      'utf-8',
      undefined,
    ]);
  });
});
