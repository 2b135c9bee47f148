/**
 * Goal: the simulator posts what it is told to, to this machine only, and says what was answered; a mistake in the order is named.
 * Method: orders over the control endpoint against our own receiver, whose answers are known. That the SDKs take what is posted,
 * `test/interop/` shows.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import { readPublicKey } from '../../alipay/keys.ts';
import { type NotificationReceiver, startNotificationReceiver } from '../../client/notification-receiver.ts';
import { applicationsOf } from '../../client/notified-merchants.ts';
import { readVerified, type Verified } from '../../client/verified-notification.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { control, KEYS_TIMEOUT_MS, startForTest } from '../simulator/caller.ts';

describe('The simulator, told to notify', () => {
  let simulator: Simulator;
  let receiver: NotificationReceiver;
  let seen: Verified[] = [];
  before(async function () {
    this.timeout(KEYS_TIMEOUT_MS);
    simulator = await startForTest();
    const { appId, alipayPublicKey } = simulator.credentials;
    const applications = applicationsOf(
      new Map([['default', { appId, alipayPublicKey: readPublicKey(alipayPublicKey) }]]),
    );
    receiver = await startNotificationReceiver({
      handler: async (body) => {
        const read = readVerified(body, applications);
        seen.push(read);
        return read.kind === 'refused'
          ? { ...read, body: 'failure' }
          : { kind: 'nothingToWake', status: 200, body: 'success' };
      },
    });
  });
  after(async () => {
    await receiver?.stop();
    await simulator?.stop();
  });

  const order = async (outTradeNo: string, body: unknown): ReturnType<typeof control> => {
    seen = [];
    return await control(simulator, 'POST', `/trades/${outTradeNo}/notify`, body);
  };

  it('posts the trade as it stands, as often as it is told, and says what was answered', async () => {
    simulator.plan('n-1', { exists: 'TRADE_SUCCESS', tradeNo: '2026112422001494891000000001', totalAmount: '12.50' });
    const { status, json } = await order('n-1', { url: receiver.url, times: 3 });
    assert.equal(status, 200);
    const { notifyId, ...rest } = json;
    assert.match(String(notifyId), /^\d{34}$/);
    const answers = Array.from({ length: 3 }, () => ({ status: 200, body: 'success' }));
    assert.deepEqual(rest, { tradeStatus: 'TRADE_SUCCESS', answers, acknowledged: true });
    const trade = { outTradeNo: 'n-1', tradeNo: '2026112422001494891000000001', totalFen: 12_50 };
    const delivery = `${simulator.credentials.appId} n-1 ${String(notifyId)}`;
    assert.equal(seen.length, 3);
    for (const read of seen) {
      assert.ok(read.kind === 'verified', JSON.stringify(read));
      const { changedAtMs: _when, ...named } = read.trade;
      assert.deepEqual([[...read.names], named, read.delivery], [['default'], trade, delivery]);
    }
  });

  it('gives every order a notify_id of its own', async () => {
    const first = await order('n-1', { url: receiver.url });
    const second = await order('n-1', { url: receiver.url });
    assert.notEqual(first.json['notifyId'], second.json['notifyId']);
  });

  it('signs what it is told to change, in GBK where it is told that', async () => {
    await order('n-1', { url: receiver.url, with: { total_amount: '0.02', charset: 'gbk', subject: '大杯咖啡' } });
    const [read] = seen;
    assert.equal(read?.kind === 'verified' && read.trade.totalFen, 2);
  });

  it('signs wrongly or not at all when told so, and says that it was not believed', async () => {
    for (const signature of ['wrong', 'missing']) {
      const { json } = await order('n-1', { url: receiver.url, signature });
      assert.deepEqual([json['answers'], json['acknowledged']], [[{ status: 403, body: 'failure' }], false]);
    }
  });

  it('says status 0 where nobody listens', async () => {
    const { status, json } = await order('n-1', { url: 'http://127.0.0.1:1/' });
    assert.deepEqual([status, json['answers'], json['acknowledged']], [200, [{ status: 0, body: '' }], false]);
  });

  it('has nothing to say of a trade that is not there', async () => {
    const { status, json } = await order('n-nowhere', { url: receiver.url });
    assert.deepEqual([status, json], [409, { error: 'n-nowhere is not in the ledger: there is nothing to notify of' }]);
  });

  const STRANGERS = [
    'http://example.com/',
    'http://10.0.0.1/',
    'http://localhost/',
    'http://127.0.0.1.example.com/',
    'http://[::2]/',
    'http://169.254.169.254/',
  ];
  for (const url of STRANGERS) {
    it(`posts nothing to ${url}`, async () => {
      const { status, json } = await order('n-1', { url });
      assert.deepEqual(
        [status, json],
        [409, { error: 'url must be on this machine: http://127.0.0.1:… or http://[::1]:…' }],
      );
    });
  }

  const MISTAKES: readonly (readonly [order: unknown, message: RegExp])[] = [
    [[], /^a notification looks like/],
    [{}, /^url must be an address/],
    [{ url: 'file:///etc/passwd' }, /^url must be an address/],
    [{ url: 'https://127.0.0.1/' }, /^url must be an address/],
    [{ url: 'http://127.0.0.1/', times: 0 }, /^times must be a whole number from 1 to 100/],
    [{ url: 'http://127.0.0.1/', times: 101 }, /^times must be/],
    [{ url: 'http://127.0.0.1/', signature: 'odd' }, /^signature must be one of "wrong", "missing"/],
    [{ url: 'http://127.0.0.1/', with: { total_amount: 1 } }, /^with must be an object of texts/],
    [{ url: 'http://127.0.0.1/', tiems: 2 }, /^tiems is not known; valid are url, times, signature, with/],
  ];
  for (const [body, message] of MISTAKES) {
    it(`names the mistake in ${JSON.stringify(body)}`, async () => {
      const { status, json } = await order('n-1', body);
      assert.equal(status, 409);
      assert.match(String(json['error']), message);
    });
  }

  it('answers 400 to an order that is not JSON', async () => {
    const response = await fetch(`${simulator.controlUrl}/trades/n-1/notify`, { method: 'POST', body: '' });
    assert.equal(response.status, 400);
  });

  it('is listed among the routes', async () => {
    const { json } = await control(simulator, 'GET', '/nothing');
    assert.match(String(json['error']), /POST \/trades\/\{outTradeNo\}\/notify/);
  });
});
