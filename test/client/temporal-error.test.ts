/** Where Temporal is away or refuses, the client says what was tried, why it did not come about, and what to do: never less. */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';

import { ResolutionClient } from '../../client/resolution-client.ts';
import { Outcome } from '../../contract/resolution.ts';
import { openShop, type Shop } from '../shop.ts';
import { createNamespace } from '../worker/namespace.ts';
import { refusal } from './refusal.ts';

describe('Where Temporal does not do it,', () => {
  let shop: Shop;

  before(async function () {
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] && !process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
  });
  after(async () => await shop?.close());

  const trade = { outTradeNo: `E${randomBytes(4).toString('hex')}` };
  const byHand = { outcome: Outcome.CLOSED, who: 'Li Na', why: 'nothing was paid' };
  const calls: readonly (readonly [name: string, (client: ResolutionClient) => Promise<unknown>])[] = [
    ['start', (one) => one.start(trade)],
    ['wait', (one) => one.wait(trade)],
    ['status', (one) => one.status(trade)],
    ['cancelNow', (one) => one.cancelNow(trade)],
    ['resolveManually', (one) => one.resolveManually(trade, byHand)],
    ['orderRefund', (one) => one.orderRefund(trade, { who: 'Li Na', why: 'the sale is off' })],
    ['retryNow', (one) => one.retryNow(trade)],
    ['startedWith', (one) => one.startedWith(trade)],
    ['list', (one) => one.list()],
  ];

  for (const [name, call] of calls) {
    it(`${name} says that it is away, and what to do`, async () => {
      // Without the SDK's own attempts, which would take twenty seconds each.
      const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
      try {
        const message = await refusal(call(new ResolutionClient(new Client({ connection }))), 'Unavailable');
        assert.match(
          message,
          /^The .* failed: 14 UNAVAILABLE: connect ECONNREFUSED 127\.0\.0\.1:1\. See that the Temporal/,
        );
      } finally {
        await connection.close();
      }
    });

    it(`${name} says that there is no such namespace, and what to do`, async () => {
      const nowhere = new Client({ connection: shop.temporal.connection, namespace: 'nowhere' });
      const message = await refusal(call(new ResolutionClient(nowhere)), 'Unavailable');
      assert.match(
        message,
        /^The .* failed: Temporal has no namespace nowhere\. .*TEMPORAL_NAMESPACE.*namespace create/,
      );
    });
  }

  it('start and list say that the search attributes are not registered, and how they are', async () => {
    const namespace = await createNamespace(shop.temporal.connection);
    const one = new ResolutionClient(new Client({ connection: shop.temporal.connection, namespace }));
    for (const call of [one.start(trade), one.list({ merchant: 'default' })]) {
      assert.match(await refusal(call, 'Unavailable'), /search attribute.*in namespace fresh-.*`npm run cli -- setup`/);
    }
  });

  it('list says what is wrong with a condition of the caller', async () => {
    const message = await refusal(shop.client.list({ query: 'no condition ===' }), 'Unavailable');
    assert.match(
      message,
      /^The search for resolutions failed: 3 INVALID_ARGUMENT: invalid query: .*\. Mend what Temporal/,
    );
  });
});
