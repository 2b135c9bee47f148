/**
 * Goal: what is not verified, or not ours, is refused before Temporal is called at all; and nobody is told `success` of a wake
 * that Temporal did not record.
 * Method: the real client, whose Temporal is a port that counts who connects, or one where nobody listens.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { after, afterEach, before, describe, it } from 'mocha';

import {
  createNotificationHandler,
  type NotificationHandler,
  type NotificationResult,
} from '../../client/notification.ts';
import { ResolutionClient } from '../../client/resolution-client.ts';
import { BUYER } from '../../simulator/method.ts';
import { SELLER_ID } from '../../simulator/notification.ts';
import { alipay, APP_ID, type Fields, paidFields, posted, postedFields, stranger } from './posted.ts';

const SHORT_MS = 300;

function handlerOf(address: string, sellerId?: string): { handle: NotificationHandler; connection: Connection } {
  const connection = Connection.lazy({ address, connectTimeout: SHORT_MS });
  const merchant = {
    appId: APP_ID,
    alipayPublicKey: alipay.publicKey,
    ...(sellerId === undefined ? {} : { sellerId }),
  };
  const handle = createNotificationHandler({
    merchants: new Map([['default', merchant]]),
    resolution: new ResolutionClient(new Client({ connection })),
    temporalDeadlineMs: SHORT_MS,
  });
  return { handle, connection };
}

describe('The notification handler', () => {
  describe('calls nothing for', () => {
    let temporal: Server;
    let connections = 0;
    let handle: NotificationHandler;
    let connection: Connection;

    before(async () => {
      temporal = createServer((socket) => {
        connections += 1;
        socket.destroy();
      });
      temporal.listen(0, '127.0.0.1');
      await once(temporal, 'listening');
      const { port } = temporal.address() as AddressInfo;
      ({ handle, connection } = handlerOf(`127.0.0.1:${port}`, SELLER_ID));
    });
    afterEach(() => assert.equal(connections, 0));
    after(async () => {
      await connection.close();
      temporal.close();
    });

    const refusal = (reason: string, status: number): NotificationResult =>
      ({ kind: 'refused', reason, status, body: 'failure' }) as NotificationResult;

    const NOT_VERIFIED: readonly (readonly [what: string, body: () => Uint8Array])[] = [
      ['an empty body', () => Buffer.alloc(0)],
      ['a body that is JSON', () => Buffer.from(JSON.stringify({ app_id: APP_ID, out_trade_no: 'sale_1', sign: 'x' }))],
      ['a body that is random bytes', () => Buffer.from('\u0000\u0001\u0002&&==;')],
      ['a notification without a signature', () => posted({}, { signature: 'missing' })],
      ['a notification whose signature is of another text', () => posted({}, { signature: 'wrong' })],
      ['a notification signed by somebody else', () => posted({}, { key: stranger.privateKey })],
      ['a notification of an application that is not ours', () => posted({ app_id: '2021000000000002' })],
      ['a notification that names no application', () => postedFields(without('app_id'))],
      ['a notification signed by the older algorithm', () => posted({ sign_type: 'RSA' })],
      [
        'one with a nested name in place of the application',
        () => postedFields({ ...without('app_id'), 'app_id[]': APP_ID }),
      ],
    ];
    for (const [what, body] of NOT_VERIFIED) {
      it(what, async () => assert.deepEqual(await handle(body()), refusal('notVerified', 403)));
    }

    const notOurs = (reason: string): NotificationResult =>
      ({ kind: 'notOurs', reason, status: 200, body: 'success' }) as NotificationResult;

    it('a notification for another seller, and says success: it would come again for 25 h', async () => {
      assert.deepEqual(await handle(posted({ seller_id: '2088000000000009' })), {
        ...notOurs('otherSeller'),
        outTradeNo: 'sale_1',
      });
    });

    const NOBODYS: readonly Fields[] = [
      { out_trade_no: '' },
      { out_trade_no: 'a/b' },
      { out_trade_no: '订单 1' },
      { out_trade_no: 'x'.repeat(65) },
      { out_trade_no: "'; DROP" },
      { out_trade_no: '订单 1', trade_no: 'abc' },
      { out_trade_no: '', total_amount: '1e3' },
    ];
    for (const fields of NOBODYS) {
      it(`a signed notification of a number that no resolution can have, ${JSON.stringify(fields)}, and says success`, async () => {
        assert.deepEqual(await handle(posted({ trade_no: '', ...fields })), notOurs('noSuchTrade'));
      });
    }

    it('a signed message of another product, and says success', async () => {
      const { app_id, charset, sign_type, notify_id, seller_id } = paidFields() as Record<string, string>;
      const fields = { app_id, charset, sign_type, notify_id, seller_id, msg_method: 'alipay.open.app.changed' };
      assert.deepEqual(await handle(postedFields(fields as Fields)), notOurs('noSuchTrade'));
    });

    it('a field twice, or a broken escape', async () => {
      const body = posted().toString('latin1');
      assert.deepEqual(await handle(Buffer.from(`${body}&trade_no=1`)), refusal('duplicateField', 400));
      assert.deepEqual(await handle(Buffer.from(`${body}%`)), refusal('badEscape', 400));
    });

    it('a notification whose charset was changed on its way', async () => {
      const gbk = posted({ charset: 'gbk' }).toString('latin1');
      for (const other of ['utf-8', 'big5'])
        assert.deepEqual(
          await handle(Buffer.from(gbk.replace('charset=gbk', `charset=${other}`))),
          refusal('notVerified', 403),
        );
    });
  });

  it('says failure and 503 while Temporal cannot be reached, so that Alipay delivers again', async () => {
    const { handle, connection } = handlerOf('127.0.0.1:1');
    const result = await handle(posted());
    assert.deepEqual(
      { ...result, problem: '' },
      { kind: 'notRecorded', status: 503, body: 'failure', merchant: 'default', outTradeNo: 'sale_1', problem: '' },
    );
    assert.notEqual((await handle(posted())).kind, 'repeated', 'what was not recorded is not remembered');
    await connection.close();
  });

  it('a Temporal that takes the connection and never answers is as one that cannot be reached', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { handle, connection } = handlerOf(`127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const result = await handle(posted());
    assert.deepEqual([result.kind, result.status, result.body], ['notRecorded', 503, 'failure']);
    await connection.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('holds in no result anything of the buyer, the signature or the rest of the body', async () => {
    const { handle, connection } = handlerOf('127.0.0.1:1');
    const secret = { buyer_id: '2088123412341234', subject: 'a-private-purchase', passback_params: 'in-confidence' };
    const bodies = [
      posted(secret),
      posted(secret, { signature: 'wrong' }),
      posted({ ...secret, out_trade_no: 'not/ours' }),
      Buffer.from(`${posted(secret).toString('latin1')}&sign=1`),
    ];
    for (const body of bodies) {
      const told = JSON.stringify(await handle(body));
      const [, signature = ''] = /sign=([^&]+)/.exec(body.toString('latin1')) ?? [];
      for (const text of [...Object.values(secret), BUYER.buyer_logon_id, signature, 'gmt_payment'])
        assert.ok(!told.includes(text), `${text} in ${told}`);
    }
    await connection.close();
  });
});

function without(name: string): Fields {
  return Object.fromEntries(Object.entries(paidFields()).filter(([other]) => other !== name));
}
