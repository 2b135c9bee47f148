/**
 * Goal: a notification is verified once per key, its merchants are found without looking at each, and what a resolution cannot have
 * of it is left out instead of refused.
 * Method: many merchants in front of the real signature check, which is counted; nothing else is there to call.
 */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'mocha';

import {
  applicationsOf,
  KEYS_TRIED_MAX,
  type NotifiedMerchant,
  type NotifiedMerchants,
} from '../../client/notified-merchants.ts';
import { readVerified, type Verified } from '../../client/verified-notification.ts';
import { SELLER_ID } from '../../simulator/notification.ts';
import { countVerifications, type Verifications } from './counting.ts';
import { alipay, APP_ID, type Fields, posted, stranger } from './posted.ts';

const MANY = 10_000;
const key = alipay.publicKey;

function merchants(count: number, of: (index: number) => Partial<NotifiedMerchant>): NotifiedMerchants {
  return new Map(
    Array.from({ length: count }, (_, index) => [`m${index}`, { appId: APP_ID, alipayPublicKey: key, ...of(index) }]),
  );
}

function pairs(count: number): readonly (typeof alipay)[] {
  return Array.from({ length: count }, () => generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

describe('The merchants of a notification', () => {
  let verifications: Verifications;
  before(() => (verifications = countVerifications()));
  after(() => verifications.stop());

  /** What was read, and how many verifications that took. */
  const read = async (body: Uint8Array, of: NotifiedMerchants): Promise<{ read: Verified; count: number }> => {
    const applications = applicationsOf(of);
    let verified: Verified | undefined;
    const count = await verifications.during(async () => (verified = readVerified(body, applications)));
    assert.ok(verified !== undefined);
    return { read: verified, count };
  };
  const namesIn = (verified: Verified): readonly string[] => {
    assert.ok(verified.kind === 'verified', JSON.stringify(verified));
    return [...verified.names];
  };

  it(`of ${MANY} that share a key are found by one verification, by the seller named`, async () => {
    const sellers = merchants(MANY, (index) => ({ sellerId: `2088${index}` }));
    const found = await read(posted({ seller_id: `2088${MANY - 1}` }), sellers);
    assert.deepEqual([namesIn(found.read), found.count], [[`m${MANY - 1}`], 1]);
    const other = await read(posted({ seller_id: '2099' }), sellers);
    assert.deepEqual([other.read.kind, other.read.kind === 'notOurs' && other.read.reason], ['notOurs', 'otherSeller']);
    assert.equal(other.count, 1);
    const unnamed = await read(posted({ seller_id: '' }), sellers);
    assert.deepEqual([namesIn(unnamed.read).length, unnamed.count], [MANY, 1]);
  });

  it(`of ${MANY} that share a key refuse a forged notification after one verification`, async () => {
    for (const body of [posted({}, { signature: 'wrong' }), posted({}, { key: stranger.privateKey })]) {
      const forged = await read(
        body,
        merchants(MANY, () => ({})),
      );
      assert.deepEqual(
        [forged.read, forged.count],
        [{ kind: 'refused', status: 403, reason: 'notVerified' }, 1],
        'as for one merchant',
      );
    }
  });

  it('of another app id cost nothing', async () => {
    const others = merchants(MANY, (index) => ({ appId: `2021${index}` }));
    const { read: refused, count } = await read(posted(), others);
    assert.deepEqual([refused.kind, count], ['refused', 0]);
  });

  it('who name the seller go before those who name none, and those before nobody', async () => {
    const mixed = merchants(
      4,
      (index) => [{ sellerId: SELLER_ID }, { sellerId: '2088000000000003' }, {}, {}][index] ?? {},
    );
    const names = async (sellerId: string): Promise<readonly string[]> =>
      namesIn((await read(posted({ seller_id: sellerId }), mixed)).read);
    assert.deepEqual(await names(SELLER_ID), ['m0']);
    assert.deepEqual(await names('2088000000000003'), ['m1']);
    assert.deepEqual(await names('2088000000000004'), ['m2', 'm3']);
    assert.deepEqual(await names(''), ['m0', 'm1', 'm2', 'm3']);
  });

  it('with the same key are verified once, however often it was read', async () => {
    const pem = key.export({ type: 'spki', format: 'pem' });
    const copies = merchants(500, () => ({ alipayPublicKey: createPublicKey(pem) }));
    const found = await read(posted(), copies);
    assert.deepEqual([namesIn(found.read).length, found.count], [500, 1]);
  });

  it('of several keys: the one of the seller named is tried first, and a forged notification is refused after all of few', async () => {
    const own = pairs(KEYS_TRIED_MAX + 3);
    const each = merchants(own.length, (index) => ({
      sellerId: `2088${index}`,
      alipayPublicKey: own[index]?.publicKey ?? key,
    }));
    for (const [index, { privateKey }] of own.entries()) {
      const found = await read(posted({ seller_id: `2088${index}` }, { key: privateKey }), each);
      assert.deepEqual([namesIn(found.read), found.count], [[`m${index}`], 1]);
    }
    for (const seller_id of ['2088001', '2099', '']) {
      const forged = await read(posted({ seller_id }, { key: stranger.privateKey }), each);
      assert.deepEqual([forged.read.kind, forged.count], ['refused', KEYS_TRIED_MAX], seller_id);
    }
  });

  it('are those of the key that signed, not others of the same app id', async () => {
    const two = merchants(4, (index) => ({ alipayPublicKey: index % 2 === 0 ? key : stranger.publicKey }));
    assert.deepEqual(namesIn((await read(posted(), two)).read), ['m0', 'm2']);
    assert.deepEqual(namesIn((await read(posted({}, { key: stranger.privateKey }), two)).read), ['m1', 'm3']);
    const one = merchants(2, (index) =>
      index === 0 ? { sellerId: SELLER_ID } : { alipayPublicKey: stranger.publicKey },
    );
    assert.deepEqual(namesIn((await read(posted({}, { key: stranger.privateKey }), one)).read), ['m1']);
  });

  it('are refused whole when a right key could be missed, and say whose keys to mend', () => {
    const own = pairs(KEYS_TRIED_MAX + 1);
    const unlike = (sellerId: Partial<NotifiedMerchant>): NotifiedMerchants =>
      merchants(own.length, (index) => ({ alipayPublicKey: own[index]?.publicKey ?? key, ...sellerId }));
    assert.throws(() => applicationsOf(unlike({})), {
      message: new RegExp(
        `app id ${APP_ID} without a sellerId have 5 different .* \\(one of them: m4\\).* at most 4\\. .*支付宝公钥`,
      ),
    });
    assert.throws(
      () => applicationsOf(unlike({ sellerId: SELLER_ID })),
      /with sellerId 2088000000000002 have 5 different/,
    );
  });
});

describe('The trade of a notification', () => {
  const applications = applicationsOf(merchants(1, () => ({})));
  const TRADE_NO = '2026112422001494891000009752';
  const PAID_MS = Date.UTC(2026, 10, 24, 10);

  const CASES: readonly (readonly [what: string, fields: Fields, trade: object])[] = [
    ['whole', {}, { outTradeNo: 'sale_1', tradeNo: TRADE_NO, totalFen: 88_88, changedAtMs: PAID_MS }],
    [
      'of a number that no start was accepted with, is known by trade_no',
      { out_trade_no: '订单/1' },
      { tradeNo: TRADE_NO, totalFen: 88_88, changedAtMs: PAID_MS },
    ],
    [
      'with a trade_no that is none, is known by the other number',
      { trade_no: 'abc' },
      { outTradeNo: 'sale_1', totalFen: 88_88, changedAtMs: PAID_MS },
    ],
    ...['88.888', '-1', '1e3', '0', '0.00'].map(
      (total_amount) =>
        [
          `with the amount ${total_amount}, which no sale has, is not compared by it`,
          { total_amount },
          { outTradeNo: 'sale_1', tradeNo: TRADE_NO, changedAtMs: PAID_MS },
        ] as const,
    ),
    [
      'has changed when the latest of its times says so, and never when it was delivered',
      { gmt_refund: '2026-11-24 18:20:00.123', notify_time: '2026-11-25 18:00:00' },
      { outTradeNo: 'sale_1', tradeNo: TRADE_NO, totalFen: 88_88, changedAtMs: PAID_MS + 1_200_123 },
    ],
    [
      'without a time that can be read, says none',
      { gmt_create: '', gmt_payment: 'yesterday' },
      { outTradeNo: 'sale_1', tradeNo: TRADE_NO, totalFen: 88_88 },
    ],
  ];
  for (const [what, fields, trade] of CASES) {
    it(what, () => {
      const read = readVerified(posted(fields), applications);
      assert.deepEqual(read.kind === 'verified' && read.trade, trade);
    });
  }
});
