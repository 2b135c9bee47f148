/**
 * Goal: whatever a gateway answers, a trade is neither PAID nor CLOSED nor anything else by it: it stays open, and is asked about again.
 * Method: the whole program on real parts, with a hostile gateway of its own for each trade in Alipay's place: the query, the cancel
 * and the query after the cancel are all answered by the same row of the table, each under its own interface's name. Then the
 * gateway turns honest, and every trade comes to the end that Alipay has signed.
 */
import assert from 'node:assert/strict';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { after, before, describe, it } from 'mocha';

import type { AlipayGateway } from '../../alipay/gateway.ts';
import { ResolutionClient } from '../../client/resolution-client.ts';
import type { Resolution } from '../../contract/resolution.ts';
import { createResolverWorker } from '../../worker/worker.ts';
import { clientOf, signedAnswer } from '../gateway/loopback-gateway.ts';
import { IMPATIENT, openShop, type Shop, until } from '../shop.ts';
import { HOSTILE_ANSWERS, TRADE } from './answers.ts';
import { HostileGateway, type Script } from './hostile-gateway.ts';
import { answer } from './scripts.ts';

const TASK_QUEUE = 'hostile-gateways';
const { outTradeNo, tradeNo } = TRADE;

/** Every seventh row: of each part of the table some, and no more than a small machine resolves at once. */
const ROWS = Object.values(HOSTILE_ANSWERS)
  .flat()
  .filter((row, index) => index % 7 === 0 && row.waits !== true && row.worth !== 'notOurs');

const PAID = {
  code: '10000',
  out_trade_no: outTradeNo,
  trade_no: tradeNo,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '88.88',
};
const CLOSED = { code: '10000', out_trade_no: outTradeNo, trade_no: tradeNo, retry_flag: 'N', action: 'close' };

function signedUnder(byInterface: Readonly<Record<string, Readonly<Record<string, string>>>>): Script {
  return (wire, nodeName) => {
    const node = byInterface[nodeName] ?? { code: '20000' };
    const body = signedAnswer('x', node).replace('x_response', nodeName);
    wire.write(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
}
const QUERY = 'alipay_trade_query_response';
const CANCEL = 'alipay_trade_cancel_response';
const REFUND_QUERY = 'alipay_trade_fastpay_refund_query_response';

/** Alipay has signed each of these once, of this very trade or of one like it; none is an answer to what was asked now. */
const GENUINE: readonly (readonly [what: string, script: Script])[] = [
  ['another amount', signedUnder({ [QUERY]: { ...PAID, total_amount: '0.01' } })],
  [
    'another trade',
    signedUnder({ [QUERY]: { ...PAID, out_trade_no: 'T2' }, [CANCEL]: { ...CLOSED, out_trade_no: 'T2' } }),
  ],
  [
    'an old answer to a query, to every question',
    answer(signedAnswer('alipay.trade.query', { ...PAID, trade_status: 'WAIT_BUYER_PAY' })),
  ],
  ['an answer to a cancel, to every question', signedUnder({ [QUERY]: CLOSED, [CANCEL]: CLOSED })],
  [
    'an old "closed" to the cancel of a trade that is not',
    signedUnder({ [QUERY]: { ...PAID, trade_status: 'WAIT_BUYER_PAY' }, [CANCEL]: CLOSED }),
  ],
  ['"paid", once a cancel has been answered', paidAfterCancel()],
];

/** The cancel may still land: "paid" proves nothing then. */
function paidAfterCancel(): Script {
  let cancelled = false;
  return (wire, nodeName) => {
    cancelled ||= nodeName === CANCEL;
    const status = cancelled ? 'TRADE_SUCCESS' : 'WAIT_BUYER_PAY';
    signedUnder({ [QUERY]: { ...PAID, trade_status: status } })(wire, nodeName);
  };
}

interface Stage {
  readonly hostile: HostileGateway;
  readonly gateway: AlipayGateway;
}

describe('A hostile gateway', function () {
  this.timeout(90_000);
  let shop: Shop;
  let worker: Worker;
  let running: Promise<void>;
  let connection: NativeConnection;
  let client: ResolutionClient;
  const stages = new Map<string, Stage>();

  before(async () => {
    shop = await openShop();
    connection = await NativeConnection.connect({ address: shop.server.address });
    worker = await createResolverWorker({
      connection,
      taskQueue: TASK_QUEUE,
      gateways: (name) => stages.get(name)?.gateway,
    });
    running = worker.run();
    client = new ResolutionClient(shop.temporal, { taskQueue: TASK_QUEUE });
  });
  after(async () => {
    worker.shutdown();
    await running;
    for (const { gateway, hostile } of stages.values()) {
      await hostile.stop();
      await gateway.end();
    }
    await connection.close();
    await shop.close();
  });

  async function begin(merchant: string, script: Script): Promise<Stage> {
    const hostile = await HostileGateway.start(script);
    const stage = { hostile, gateway: clientOf(hostile.url, { deadlineMs: 2_000 }) };
    stages.set(merchant, stage);
    await client.start({ merchant, outTradeNo, totalAmount: '88.88', policy: IMPATIENT });
    return stage;
  }

  async function stateOf(merchant: string): Promise<Resolution> {
    return await until(async () => {
      const status = await client.status({ merchant, outTradeNo });
      if (status.kind === 'failed') throw status.error;
      return status.resolution;
    });
  }

  /** Four calls: the queries of the budget, the cancel, the query after it; or five queries of a trade that a person must see. */
  async function stillOpen(merchant: string, { hostile }: Stage): Promise<Resolution> {
    await until(async () => {
      const cancelled = hostile.asked.indexOf('alipay.trade.cancel');
      const isSeenThrough = cancelled >= 0 && hostile.asked.length > cancelled + 2;
      return isSeenThrough || hostile.asked.length >= 5 ? true : undefined;
    });
    const state = await stateOf(merchant);
    assert.notEqual(state.phase, 'done', JSON.stringify(state));
    return state;
  }

  async function becomesClosed(merchant: string, { hostile }: Stage): Promise<void> {
    hostile.script = signedUnder({
      [QUERY]: { ...PAID, trade_status: 'TRADE_CLOSED' },
      [CANCEL]: CLOSED,
      // No refund is known.
      [REFUND_QUERY]: { code: '10000' },
    });
    await client.retryNow({ merchant, outTradeNo });
    const done = await client.wait({ merchant, outTradeNo });
    assert.equal(done.outcome, 'CLOSED');
  }

  it(`that never says a true word leaves ${ROWS.length} trades open, and an honest one closes them all`, async () => {
    const trades = ROWS.map((row, index) => ({ row, merchant: `row_${index}` }));
    await Promise.all(
      trades.map(async ({ row, merchant }) => {
        const stage = await begin(merchant, row.script);
        const state = await stillOpen(merchant, stage);
        assert.equal(state.tradeStatus, undefined, row.what);
        assert.deepEqual(state.actions, [], row.what);
        assert.notEqual(
          state.phase === 'done' ? undefined : 'provisional' in state && state.provisional,
          'PAID',
          row.what,
        );
      }),
    );
    await Promise.all(trades.map(({ merchant }) => becomesClosed(merchant, stages.get(merchant) ?? assert.fail())));
  });

  for (const [index, [what, script]] of GENUINE.entries()) {
    it(`that repeats what Alipay did sign, ${what}, decides nothing`, async () => {
      const merchant = `genuine_${index}`;
      const state = await stillOpen(merchant, await begin(merchant, script));
      assert.notEqual(state.phase, 'done');
    });
  }
});
