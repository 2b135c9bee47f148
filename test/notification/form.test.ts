/**
 * Goal: a posted form means one thing only, and its signature is judged over the bytes that were sent.
 * Method: forms written by hand, byte by byte, for what a table can show; the SDKs judge random ones in `test/interop/`.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { readNotificationForm } from '../../alipay/notification-form.ts';
import { notificationText, verifyNotification } from '../../alipay/notification-signature.ts';
import { sign } from '../../alipay/signature.ts';
import { alipay, posted, stranger } from './posted.ts';

type FormReading = ReturnType<typeof readNotificationForm>;

function read(body: string | Uint8Array): FormReading {
  return readNotificationForm(typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
}

function fieldsOf(body: string | Uint8Array): Extract<FormReading, { kind: 'form' }>['fields'] {
  const form = read(body);
  assert.equal(form.kind, 'form', JSON.stringify(form));
  return form.kind === 'form' ? form.fields : new Map();
}

function values(body: string): Record<string, string> {
  return Object.fromEntries([...fieldsOf(body)].map(([name, { value }]) => [name, value]));
}

describe('The form of a notification', () => {
  it('is decoded once: a plus is a space, and an escape within an escape stays', () => {
    assert.deepEqual(values('a=1+2&b=%252B%2B&c=till%253D3'), { a: '1 2', b: '%2B+', c: 'till%3D3' });
  });

  it('has an empty value where there is no equals sign, and passes over empty pairs', () => {
    assert.deepEqual(values('&a&b=&&c==%3D&'), { a: '', b: '', c: '==' });
  });

  it('takes names as they come: brackets nest nothing, and __proto__ is a name like any other', () => {
    const fields = fieldsOf('a[b][]=1&__proto__=2&constructor=3');
    assert.deepEqual([...fields.keys()], ['a[b][]', '__proto__', 'constructor']);
  });

  it('is read in UTF-8 unless it names GBK, in whatever case', () => {
    assert.equal(values('subject=%E5%92%96%E5%95%A1')['subject'], '咖啡');
    for (const charset of ['gbk', 'GBK', 'GB2312', 'gb18030'])
      assert.equal(values(`charset=${charset}&subject=%BF%A7%B7%C8`)['subject'], '咖啡');
    assert.equal(values('charset=gbk&subject=%80')['subject'], '€', 'as Java writes it');
    assert.equal(values('subject=%E5%92%96&charset=UTF-8')['subject'], '咖');
  });

  it('keeps the bytes of what is no text in its charset, and reads the rest as ever', () => {
    const UNREADABLE: readonly (readonly [body: string, subject: string])[] = [
      ['subject=%BF%A7&out_trade_no=sale_1', '\u00bf\u00a7'],
      ['charset=utf-8&subject=%E5%92&out_trade_no=sale_1', '\u00e5\u0092'],
      ['charset=gbk&subject=%BF&out_trade_no=sale_1', '\u00bf'],
      ['charset=big5&subject=%A9%40&out_trade_no=sale_1', '\u00a9@'],
    ];
    for (const [body, subject] of UNREADABLE) {
      const read = values(body);
      assert.deepEqual([read['subject'], read['out_trade_no']], [subject, 'sale_1'], body);
    }
    assert.deepEqual(values('%FF=1'), { '\u00ff': '1' });
  });

  it('is decoded whatever byte an escape stands for, in either case', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
    const whole = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
    for (const escape of [(hex: string) => `%${hex}`, (hex: string) => `%${hex.toUpperCase()}`])
      assert.equal(fieldsOf(`a=${bytes.map(escape).join('')}`).get('a')?.valueBytes, whole);
  });

  it('in raw bytes, not escaped, is read as well', () => {
    assert.equal(fieldsOf(Buffer.from('subject=咖啡')).get('subject')?.value, '咖啡');
  });

  const FLAWED: readonly (readonly [why: string, body: string, flaw: string])[] = [
    ['a percent sign alone', 'a=100%', 'badEscape'],
    ['an escape without its second digit', 'a=%2', 'badEscape'],
    ['an escape whose second digit is none', 'a=%2g', 'badEscape'],
    ['an escape whose first digit is none', 'a=%@1', 'badEscape'],
    ['a broken escape in a name', '%=1', 'badEscape'],
    ['a name twice', 'app_id=1&app_id=1', 'duplicateField'],
    ['a name twice, once escaped', 'app_id=1&%61pp_id=2', 'duplicateField'],
    ['two charsets', 'charset=utf-8&charset=gbk', 'duplicateField'],
    ['a name twice that is no text', '%FF=1&%ff=2', 'duplicateField'],
    ['more separators than fields are taken', `${'&'.repeat(200)}a=1`, 'tooManyFields'],
    ['201 fields', Array.from({ length: 201 }, (_, index) => `f${index}=`).join('&'), 'tooManyFields'],
  ];
  for (const [why, body, flaw] of FLAWED) {
    it(`is refused with ${why}`, () => assert.deepEqual(read(body), { kind: 'flawed', flaw }));
  }
});

describe('The signature of a notification', () => {
  const holds = (body: string | Uint8Array, key = alipay.publicKey): boolean => verifyNotification(fieldsOf(body), key);

  it('is over the fields sorted by name, without sign, sign_type and what is blank', () => {
    const body = 'b=2&sign=x&a=1+%26&sign_type=RSA2&B=3&empty=&blank=%20%E3%80%80&no_break=%C2%A0&=nameless';
    assert.equal(Buffer.from(notificationText(fieldsOf(body))).toString(), 'B=3&a=1 &&b=2&no_break=\u00a0');
  });

  it('does not hold where sign_type was signed too, as in messages of a life account', () => {
    const signed = (text: string): string =>
      `a=1&sign_type=RSA2&sign=${encodeURIComponent(sign(text, alipay.privateKey))}`;
    assert.equal(holds(signed('a=1')), true);
    assert.equal(holds(signed('a=1&sign_type=RSA2')), false);
  });

  it('holds over the bytes of the charset that the form names', () => {
    assert.equal(holds(posted({ charset: 'utf-8' })), true);
    assert.equal(holds(posted({ charset: 'gbk' })), true);
    const asGbk = posted({ charset: 'gbk' }).toString('latin1');
    assert.match(asGbk, /subject=%BF%A7%B7%C8/);
  });

  it('holds over bytes that are no text in the charset named, as Alipay may send them', () => {
    const gbk = posted({ charset: 'gbk' }, { signature: 'missing' }).toString('latin1');
    for (const charset of ['', '&charset=utf-8', '&charset=big5']) {
      const body = gbk.replace('&charset=gbk', charset);
      assert.notEqual(body, gbk);
      assert.match(body, /subject=%BF%A7/);
      const proof = encodeURIComponent(sign(notificationText(fieldsOf(body)), alipay.privateKey));
      assert.equal(holds(`${body}&sign=${proof}`), true, charset);
      assert.equal(holds(`${body.replace('%BF%A7', '%BF%A6')}&sign=${proof}`), false, charset);
    }
  });

  it('does not hold when missing, wrong, of another key, of another kind, or when any field was touched', () => {
    assert.equal(holds(posted({}, { signature: 'missing' })), false);
    assert.equal(holds(posted({}, { signature: 'wrong' })), false);
    assert.equal(holds(posted({}, { key: stranger.privateKey })), false);
    assert.equal(holds(posted(), stranger.publicKey), false);
    for (const signType of ['RSA', 'rsa2', ''])
      assert.equal(holds(posted({ sign_type: signType })), false, `sign_type=${signType}`);
    const body = posted().toString('latin1');
    assert.equal(holds(body.replace('total_amount=88.88', 'total_amount=88.89')), false);
    assert.equal(holds(body.replace('sale_1', 'sale_2')), false);
    assert.equal(holds(`${body}&extra=1`), false);
    assert.equal(holds(body.replace(/&gmt_payment=[^&]*/, '')), false);
  });

  it('does not hold with anything but base64 in it', () => {
    const body = posted().toString('latin1');
    for (const junk of ['', 'AAAA', '%00', '%F0%9F%98%80', 'A'.repeat(20_000)])
      assert.equal(holds(body.replace(/sign=[^&]*/, `sign=${junk}`)), false, junk.slice(0, 20));
  });
});
