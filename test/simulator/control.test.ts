/** Goal: whoever steers the simulator over HTTP sees what was done, or why not. Method: the control endpoint by fetch. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import type { Simulator } from '../../simulator/simulator.ts';
import { call, control, KEYS_TIMEOUT_MS, sale, startForTest } from './caller.ts';

describe('the control endpoint', () => {
  let simulator: Simulator;
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest();
  });
  after(() => simulator.stop());

  it('answers a plan with the trade as it now stands', async () => {
    const plan = { exists: 'WAIT_BUYER_PAY', totalAmount: '12.00' };
    const { status, json } = await control(simulator, 'PUT', '/trades/c1', plan);
    assert.equal(status, 200);
    assert.deepEqual([json['tradeStatus'], json['truth'], json['totalAmount']], ['WAIT_BUYER_PAY', 'OPEN', '12.00']);
    assert.deepEqual((await control(simulator, 'GET', '/trades/c1')).json, json);
  });

  it('replaces the plan of a trade that is there, and refuses to enter it twice', async () => {
    await control(simulator, 'PUT', '/trades/c2', { exists: 'TRADE_SUCCESS' });
    const { status, json } = await control(simulator, 'PUT', '/trades/c2', { exists: 'WAIT_BUYER_PAY' });
    assert.equal(status, 409);
    assert.match(String(json['error']), /c2 is in the ledger already as TRADE_SUCCESS: DELETE it first/);
    assert.equal((await control(simulator, 'PUT', '/trades/c2', { frozen: true })).json['frozen'], true);
  });

  it('refuses a plan with a mistake, and changes nothing then', async () => {
    const { status, json } = await control(simulator, 'PUT', '/trades/c3', { exists: 'WAIT_BUYER_PAY', cancle: [] });
    assert.equal(status, 400);
    assert.match(String(json['error']), /cancle is not known here; valid are/);
    assert.equal(simulator.trade('c3').truth, 'NOT_CREATED');
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${simulator.controlUrl}/trades/c4`, { method: 'PUT', body: '{' });
    assert.equal(response.status, 400);
  });

  it('lets the buyer pay, once', async () => {
    await control(simulator, 'PUT', '/trades/c5', { exists: 'WAIT_BUYER_PAY' });
    assert.equal((await control(simulator, 'POST', '/trades/c5/buyer-pays')).json['truth'], 'PAID');
    const again = await control(simulator, 'POST', '/trades/c5/buyer-pays');
    assert.deepEqual([again.status, again.json['error']], [409, 'c5 is TRADE_SUCCESS: nothing to pay']);
  });

  it('tops up and unfreezes', async () => {
    await control(simulator, 'PUT', '/trades/c6', { exists: 'TRADE_SUCCESS', frozen: true, sellerBalanceShort: true });
    assert.equal((await control(simulator, 'POST', '/trades/c6/top-up')).json['sellerBalanceShort'], false);
    assert.equal((await control(simulator, 'POST', '/trades/c6/unfreeze')).json['frozen'], false);
    assert.equal((await control(simulator, 'POST', '/trades/nothing/top-up')).status, 409);
  });

  it('takes an outTradeNo with any character in it', async () => {
    const path = `/trades/${encodeURIComponent('店 1/2?')}`;
    assert.equal((await control(simulator, 'PUT', path, { exists: 'WAIT_BUYER_PAY' })).json['outTradeNo'], '店 1/2?');
    assert.equal((await call(simulator, 'cancel', { out_trade_no: '店 1/2?' })).node['action'], 'close');
  });

  it('shows each call: its numbers, whether it was executed and answered, and the fault that it met', async () => {
    await control(simulator, 'PUT', '/trades/c7', { cancel: [{ answer: 'systemError', with: { retry_flag: 'Y' } }] });
    await call(simulator, 'cancel', { out_trade_no: 'c7' });
    const { json } = await control(simulator, 'GET', '/ledger');
    const { number, receivedAt, answeredAt, ...rest } = (json['calls'] as Record<string, unknown>[]).at(-1) ?? {};
    assert.ok(typeof number === 'number' && receivedAt && answeredAt);
    assert.deepEqual(rest, {
      method: 'alipay.trade.cancel',
      outTradeNo: 'c7',
      executed: false,
      answered: true,
      code: '40004',
      subCode: 'ACQ.SYSTEM_ERROR',
      fault: 'answer systemError, with {"retry_flag":"Y"}',
      appAuthToken: false,
    });
  });

  it('keeps auth codes and buyers out of the ledger', async () => {
    await call(simulator, 'pay', sale('c8'));
    const text = JSON.stringify((await control(simulator, 'GET', '/ledger')).json);
    assert.ok(text.includes('"c8"'));
    for (const secret of ['281234567890123456', 'sim***', '2088000000000001'])
      assert.ok(!text.includes(secret), secret);
  });

  it('forgets one trade, then everything', async () => {
    await control(simulator, 'PUT', '/trades/c9', {
      exists: 'TRADE_SUCCESS',
      query: [{ answer: 'code20000', times: 'always' }],
    });
    assert.equal((await control(simulator, 'DELETE', '/trades/c9')).json['truth'], 'NOT_CREATED');
    assert.equal((await call(simulator, 'query', { out_trade_no: 'c9' })).node['sub_code'], 'ACQ.TRADE_NOT_EXIST');
    const { json } = await control(simulator, 'DELETE', '/ledger');
    assert.deepEqual([json['trades'], json['calls']], [[], []]);
  });

  it('names its routes to whoever asks for another', async () => {
    const { status, json } = await control(simulator, 'GET', '/nothing');
    assert.equal(status, 404);
    assert.match(String(json['error']), /PUT \/trades\/\{outTradeNo\}, .*POST \/heal$/);
  });
});
