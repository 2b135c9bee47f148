/** An answer that has been verified: whether it is a success, and whether it is about the trade that was asked for. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { foreignNumber, isSuccess, namesTheTrade, readReply } from '../../alipay/reply.ts';
import type { Question, Reply } from '../../alipay/reply.ts';
import type { TradeInterfaceName } from '../../alipay/trade-interfaces.ts';

const TRADE_NO = '2026012822001494891000009752';
const asked = (name: TradeInterfaceName, content: Question['content']): Question => ({ name, content });
const query = asked('query', { out_trade_no: 'T1' });
const refundQuery = asked('queryRefund', { out_trade_no: 'T1', out_request_no: 'r1' });

function reply(node: Readonly<Record<string, unknown>>): Reply {
  const read = readReply(JSON.stringify(node));
  assert.ok(read);
  return read;
}

describe('The text of an answer', () => {
  it('is read where it is one JSON object, and nothing is guessed from any other', () => {
    assert.deepEqual(readReply('{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}'), {
      kind: 'reply',
      node: { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' },
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
    });
    for (const text of ['{"code":', '[]', 'null', '"10000"', '10000', ''])
      assert.equal(readReply(text), undefined, text);
  });
  it('has a code only where that is plainly one', () => {
    assert.deepEqual(reply({ msg: 'x' }), { kind: 'reply', node: { msg: 'x' } });
    const longest = 'A'.repeat(96);
    assert.deepEqual(
      [reply({ code: longest }).code, reply({ code: 'isp.unknow-error_1' }).code],
      [longest, 'isp.unknow-error_1'],
    );
    for (const code of [
      10000,
      ['10000'],
      true,
      ' 10000',
      '10000 ',
      '10000\n',
      '代码1',
      '1代码',
      `${longest}A`,
      null,
      '',
    ])
      assert.ok(!('code' in reply({ code })), JSON.stringify(code));
  });
});

describe('An answer is a success', () => {
  it('with 10000, and for a pay with 10003', () => {
    assert.equal(isSuccess(query, reply({ code: '10000' })), true);
    const pay = asked('pay', { out_trade_no: 'T1' });
    assert.equal(isSuccess(pay, reply({ code: '10000' })), true);
    assert.equal(isSuccess(pay, reply({ code: '10003' })), true);
    assert.equal(isSuccess(query, reply({ code: '10003' })), false);
    for (const node of [{ code: '20000' }, { code: '40004' }, {}]) assert.equal(isSuccess(pay, reply(node)), false);
  });
  it('never with a sub_code beside it, which contradicts it', () =>
    assert.equal(isSuccess(query, reply({ code: '10000', sub_code: 'ACQ.TRADE_NOT_EXIST' })), false));
});

describe('An answer is about another trade', () => {
  it('where any number in it is not the one asked for', () => {
    assert.equal(foreignNumber(query, reply({ out_trade_no: 'T2' })), 'out_trade_no');
    assert.equal(foreignNumber(asked('query', { trade_no: TRADE_NO }), reply({ trade_no: '2' })), 'trade_no');
    assert.equal(foreignNumber(refundQuery, reply({ out_trade_no: 'T1', out_request_no: 'r2' })), 'out_request_no');
    assert.equal(foreignNumber(refundQuery, reply({ out_trade_no: 'T1', out_request_no: 'r1' })), undefined);
  });
  it('not where it names a number that was not asked by, or none', () => {
    assert.equal(foreignNumber(query, reply({ out_trade_no: 'T1', trade_no: TRADE_NO })), undefined);
    assert.equal(foreignNumber(query, reply({})), undefined);
    assert.equal(foreignNumber(query, reply({ out_trade_no: 7 })), undefined);
  });
});

describe('An answer names the trade', () => {
  it('where it repeats a number that was asked by', () => {
    assert.equal(namesTheTrade(query, reply({ code: '10000', out_trade_no: 'T1' })), true);
    assert.equal(namesTheTrade(asked('query', { trade_no: TRADE_NO }), reply({ trade_no: TRADE_NO })), true);
    assert.equal(namesTheTrade(query, reply({ code: '10000', trade_no: TRADE_NO })), false);
    assert.equal(namesTheTrade(query, reply({ code: '10000' })), false);
  });
  it('or decides nothing: the buyer is asked for the password, or no refund was found', () => {
    assert.equal(namesTheTrade(asked('pay', { out_trade_no: 'T1' }), reply({ code: '10003' })), true);
    assert.equal(namesTheTrade(refundQuery, reply({ code: '10000' })), true);
    assert.equal(namesTheTrade(refundQuery, reply({ code: '10000', refund_status: 'REFUND_SUCCESS' })), false);
    assert.equal(namesTheTrade(refundQuery, reply({ code: '10000', refund_amount: '1.00' })), false);
    assert.equal(namesTheTrade(refundQuery, reply({ out_trade_no: 'T1', refund_amount: '1.00' })), true);
  });
});
