/** Which fields of an answer are read, under which name, and what becomes of the answer where one is missing or malformed. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as form from '../../alipay/answer-fields.ts';
import { memberOf, readFields } from '../../alipay/fields.ts';
import type { FieldsRead, FieldTable, WireNode } from '../../alipay/fields.ts';

const NUMBERS = { out_trade_no: 'T1', trade_no: '2026012822001494891000009752' };
const READ = { outTradeNo: 'T1', tradeNo: NUMBERS.trade_no };

interface Answer {
  readonly table: FieldTable<object>;
  readonly node: WireNode;
  readonly fields: object;
  /** Missing or malformed, they make the answer worthless. */
  readonly required: readonly string[];
  /** May be missing; malformed, they make the answer worthless. */
  readonly optional: readonly string[];
}

/** Every other field is read where it can be. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'a pay': {
    table: form.PAY_FIELDS,
    node: { ...NUMBERS, total_amount: '88.88', gmt_payment: '2014-11-27 15:45:57' },
    fields: { ...READ, totalAmount: '88.88', gmtPayment: '2014-11-27T15:45:57+08:00' },
    required: ['out_trade_no', 'trade_no', 'total_amount'],
    optional: ['gmt_payment'],
  },
  'a pay that waits for the password': {
    table: form.AWAITING_BUYER_FIELDS,
    node: { ...NUMBERS, total_amount: '88.88' },
    fields: { ...READ, totalAmount: '88.88' },
    required: [],
    optional: ['out_trade_no', 'trade_no', 'total_amount'],
  },
  'a query': {
    table: form.QUERY_TRADE_FIELDS,
    node: {
      ...NUMBERS,
      trade_status: 'TRADE_SUCCESS',
      total_amount: '88.88',
      send_pay_date: '2014-11-27 15:45:57',
    },
    fields: {
      ...READ,
      tradeStatus: 'TRADE_SUCCESS',
      totalAmount: '88.88',
      sendPayDate: '2014-11-27T15:45:57+08:00',
    },
    required: ['out_trade_no', 'trade_no', 'trade_status', 'total_amount'],
    optional: ['send_pay_date'],
  },
  'a cancel': {
    table: form.CANCEL_FIELDS,
    node: {
      ...NUMBERS,
      retry_flag: 'N',
      action: 'refund',
      gmt_refund_pay: '2014-11-27 15:45:57',
    },
    fields: {
      ...READ,
      retryFlag: 'N',
      action: 'refund',
      gmtRefundPay: '2014-11-27T15:45:57+08:00',
    },
    required: ['out_trade_no', 'retry_flag'],
    optional: ['trade_no', 'action', 'gmt_refund_pay'],
  },
  'a refused cancel': {
    table: form.FAILED_CANCEL_FIELDS,
    node: { retry_flag: 'Y', action: 'close', trade_no: NUMBERS.trade_no },
    fields: { retryFlag: 'Y', action: 'close', tradeNo: NUMBERS.trade_no },
    required: [],
    optional: [],
  },
  'a refund': {
    table: form.REFUND_FIELDS,
    node: {
      ...NUMBERS,
      fund_change: 'Y',
      refund_fee: '88.88',
      gmt_refund_pay: '2014-11-27 15:45:57',
    },
    fields: {
      ...READ,
      fundChange: 'Y',
      refundFee: '88.88',
      gmtRefundPay: '2014-11-27T15:45:57+08:00',
    },
    required: ['out_trade_no', 'trade_no', 'refund_fee'],
    optional: ['fund_change', 'gmt_refund_pay'],
  },
  'a refund query': {
    table: form.QUERY_REFUND_FIELDS,
    node: {
      ...NUMBERS,
      out_request_no: 'r1',
      refund_status: 'REFUND_SUCCESS',
      refund_amount: '12.33',
      total_amount: '88.88',
      gmt_refund_pay: '2014-11-27 15:45:57',
    },
    fields: {
      ...READ,
      outRequestNo: 'r1',
      refundStatus: 'REFUND_SUCCESS',
      refundAmount: '12.33',
      totalAmount: '88.88',
      gmtRefundPay: '2014-11-27T15:45:57+08:00',
    },
    required: [],
    optional: [
      'out_trade_no',
      'trade_no',
      'out_request_no',
      'refund_status',
      'refund_amount',
      'total_amount',
      'gmt_refund_pay',
    ],
  },
  'a close': {
    table: form.CLOSE_FIELDS,
    node: NUMBERS,
    fields: READ,
    required: ['out_trade_no', 'trade_no'],
    optional: [],
  },
  'a precreate': {
    table: form.PRECREATE_FIELDS,
    node: { out_trade_no: 'T1', qr_code: 'https://qr.alipay.com/x' },
    fields: { outTradeNo: 'T1', qrCode: 'https://qr.alipay.com/x' },
    required: ['out_trade_no', 'qr_code'],
    optional: [],
  },
};

const read = ({ table }: Answer, node: WireNode): FieldsRead<object> => readFields(node, table);
const MALFORMED = { not: 'a value of any field' };

describe('Of an answer of Alipay', () => {
  for (const [what, answer] of Object.entries(ANSWERS)) {
    const { node, fields, required, optional } = answer;
    const names = Object.keys(node);
    it(`to ${what} every field of the table is read, and neither buyer nor means of payment`, () => {
      const left = { buyer_user_id: '2088101117955611', receipt_amount: '1.01', fund_bill_list: [{ amount: '1.01' }] };
      assert.deepEqual(read(answer, { ...node, ...left }), { kind: 'fields', fields });
    });
    it(`to ${what} these must be there: ${required.join(', ') || 'none'}`, () => {
      for (const name of names) {
        const expected = required.includes(name) ? { kind: 'flawed', detail: `the answer lacks ${name}` } : undefined;
        for (const nothing of [undefined, null, '']) {
          const told = read(answer, { ...node, [name]: nothing });
          if (expected === undefined) assert.equal(told.kind, 'fields', name);
          else assert.deepEqual(told, expected);
        }
      }
    });
    it(`to ${what} these must be well formed: ${[...required, ...optional].join(', ') || 'none'}`, () => {
      for (const name of names) {
        const told = read(answer, { ...node, [name]: MALFORMED });
        if (required.includes(name) || optional.includes(name)) {
          assert.deepEqual(told, { kind: 'flawed', detail: `the answer holds a malformed ${name}` });
        } else {
          assert.ok(told.kind === 'fields', name);
          assert.equal(Object.keys(told.fields).length, Object.keys(fields).length - 1, name);
        }
      }
    });
  }
});

describe('A member', () => {
  it('that is null or empty is as absent', () => {
    const node = { none: null, empty: '', zero: 0, no: false };
    assert.deepEqual(
      ['none', 'empty', 'zero', 'no', 'else'].map((name) => memberOf(node, name)),
      [undefined, undefined, 0, false, undefined],
    );
  });
});

describe('A value', () => {
  const amount = (value: unknown): unknown => valueOf(form.REFUND_FIELDS, 'refund_fee', 'refundFee', value);
  const number = (value: unknown): unknown => valueOf(form.CLOSE_FIELDS, 'trade_no', 'tradeNo', value);
  const words = (value: unknown): unknown => valueOf(form.PRECREATE_FIELDS, 'qr_code', 'qrCode', value);
  const change = (value: unknown): unknown => valueOf(form.REFUND_FIELDS, 'fund_change', 'fundChange', value);
  const when = (value: unknown): unknown => valueOf(form.REFUND_FIELDS, 'gmt_refund_pay', 'gmtRefundPay', value);

  it('of money is yuan with at most two decimals, as text or number, and is told with two', () => {
    for (const [value, told] of [
      ['88.88', '88.88'],
      ['88.8', '88.80'],
      ['88', '88.00'],
      ['0', '0.00'],
      ['007.5', '7.50'],
      [10, '10.00'],
      [0.1, '0.10'],
      ['123456789.00', '123456789.00'],
    ]) {
      assert.equal(amount(value), told);
    }
    for (const value of ['1.001', 'x1.00', '1.00x', '-1', '1234567890', '1,00', ' 1', '.5', '1.', ['1.00'], true, {}])
      assert.equal(amount(value), undefined, JSON.stringify(value));
  });
  it('that is a number of a trade has 1 to 64 visible characters', () => {
    for (const value of ['T1', 'a-b_c.9', '9'.repeat(64)]) assert.equal(number(value), value);
    for (const value of ['9'.repeat(65), 'é1', '1é', 'a b', ' a', 'a\n', 5, ['5']])
      assert.equal(number(value), undefined, JSON.stringify(value));
  });
  it('that is a text has at most 512 characters', () => {
    assert.equal(words('x'.repeat(512)), 'x'.repeat(512));
    for (const value of ['x'.repeat(513), ['x'], 5]) assert.equal(words(value), undefined);
  });
  it('that says whether money moved is Y or N', () => {
    assert.deepEqual(['Y', 'N', 'y', 'X', true].map(change), ['Y', 'N', undefined, undefined, undefined]);
  });
  it('that is a time is text in Alipay’s form', () => {
    assert.equal(when('2014-11-27 15:45:57'), '2014-11-27T15:45:57+08:00');
    for (const value of [20141127154557, ['2014-11-27 15:45:57'], '2014-11-27T15:45:57Z'])
      assert.equal(when(value), undefined);
  });
});

/** What `value` is read as where `wireName` holds it beside a good answer; `undefined`: it is not read. */
function valueOf(table: FieldTable<object>, wireName: string, name: string, value: unknown): unknown {
  const { node } = Object.values(ANSWERS).find((answer) => answer.table === table) ?? {};
  assert.ok(node);
  const told = readFields<object>({ ...node, [wireName]: value }, table);
  return told.kind === 'fields' ? (told.fields as Readonly<Record<string, unknown>>)[name] : undefined;
}
