/**
 * Goal: the example of a payment service never forgets a sale and never takes a doubt for an answer. Method: its real gateway
 * client against the simulated gateway; Temporal is out of reach, so a resolution that is asked for fails loudly.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { after, before, beforeEach, describe, it } from 'mocha';
import { AlipayGateway } from '../../alipay/gateway.ts';
import { createMerchant } from '../../alipay/merchant.ts';
import { ResolutionClient } from '../../client/resolution-client.ts';
import { Counter, type Sale } from '../../demo/counter.ts';
import { createFileJournal, type Journal } from '../../demo/journal.ts';
import { AUTH_CODE } from '../../demo/stories.ts';
import type { FaultStep } from '../../simulator/fault-plan.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { startResendingRelay } from './resending-relay.ts';

const sale: Sale = {
  outTradeNo: 'one_sale',
  totalAmount: '88.88',
  subject: 'Tea',
  payRequestedAt: new Date().toISOString(),
  payExpiresAt: new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 300_000).toISOString(),
};

describe('the counter of the demo', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: AlipayGateway;
  let journalFile: string;
  let journal: Journal<Sale>;
  let counter: Counter;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counter-'));
    simulator = await startSimulator();
    gateway = gatewayWaiting(20_000);
  });
  after(async () => {
    await gateway.end();
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    simulator.reset();
    journalFile = join(mkdtempSync(join(folder, 'journal-')), 'sales.jsonl');
    journal = createFileJournal(journalFile);
    counter = counterAt(gateway);
  });

  /** On a slow machine an answer that comes at once takes a second, too. */
  function gatewayWaiting(deadlineMs: number): AlipayGateway {
    const { appId, appPrivateKey: privateKey, alipayPublicKey } = simulator.credentials;
    return new AlipayGateway(
      createMerchant({ appId, gateway: simulator.gatewayUrl, privateKey, alipayPublicKey, deadlineMs }),
    );
  }

  function counterAt(pays: AlipayGateway): Counter {
    const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
    const resolutions = new ResolutionClient(new Client({ connection }));
    return new Counter({ merchant: 'm', gateway: pays, journal, resolutions });
  }

  it('concludes a sale that a signed 10000 says is paid', async () => {
    assert.deepEqual(await counter.sell(sale, AUTH_CODE), { kind: 'paid' });
    assert.deepEqual(await journal.unconcluded(), []);
  });

  it('concludes a sale that Alipay refuses over its signature, for a reason that stands in the request', async () => {
    simulator.plan(sale.outTradeNo, { pay: [{ answer: 'refused', subCode: 'ACQ.TOTAL_FEE_EXCEED' }] });
    const sold = await counter.sell(sale, AUTH_CODE);
    assert.ok(sold.kind === 'refused' && /ACQ\.TOTAL_FEE_EXCEED/.test(sold.why), JSON.stringify(sold));
    assert.deepEqual(await journal.unconcluded(), []);
  });

  it('concludes a sale whose pay call was never sent', async () => {
    const { appId, appPrivateKey: privateKey, alipayPublicKey } = simulator.credentials;
    const nowhere = new AlipayGateway(
      createMerchant({ appId, gateway: 'http://127.0.0.1:1/gateway.do', privateKey, alipayPublicKey }),
    );
    try {
      assert.equal((await counterAt(nowhere).sell(sale, AUTH_CODE)).kind, 'refused');
    } finally {
      await nowhere.end();
    }
  });

  it('does not call a paid sale refused when something between it and Alipay sends the call again', async () => {
    const relay = await startResendingRelay(simulator.gatewayUrl);
    const { appId, appPrivateKey: privateKey, alipayPublicKey } = simulator.credentials;
    const through = new AlipayGateway(createMerchant({ appId, gateway: relay.url, privateKey, alipayPublicKey }));
    try {
      await assert.rejects(counterAt(through).sell(sale, AUTH_CODE), 'it asked for no resolution');
      const pays = simulator.ledger().calls.filter(({ method }) => method === 'alipay.trade.pay');
      assert.deepEqual(
        pays.map(({ code, subCode }) => [code, subCode]),
        [
          ['10000', undefined],
          ['40004', 'ACQ.TRADE_HAS_SUCCESS'],
        ],
      );
      assert.equal(simulator.trade(sale.outTradeNo).truth, 'PAID');
      assert.deepEqual(await journal.unconcluded(), [sale]);
    } finally {
      await through.end();
      await relay.stop();
    }
  });

  // oxfmt-ignore
  const doubts: readonly (readonly [string, FaultStep])[] = [
    ['is answered 20000',                      { answer: 'code20000' }],
    ['is answered ACQ.SYSTEM_ERROR',           { answer: 'systemError' }],
    ['is refused because the trade is paid',   { answer: 'refused', subCode: 'ACQ.TRADE_HAS_SUCCESS' }],
    ['is refused because the number is taken', { answer: 'refused', subCode: 'ACQ.CONTEXT_INCONSISTENT' }],
    ['is refused because the code was used',   { answer: 'refused', subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID' }],
    ['is refused for the buyer’s balance',     { answer: 'refused', subCode: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' }],
    ['is refused by a code nobody knows',      { answer: 'refused', subCode: 'ACQ.NEVER_HEARD_OF' }],
    ['is answered 40005',                      { answer: 'limited' }],
    ['is refused without a signature',         { answer: 'refused', subCode: 'ACQ.TOTAL_FEE_EXCEED', signature: 'missing' }],
    ['is answered 10000 under a wrong signature', { signature: 'wrong' }],
    ['is answered by nobody',                  { delivery: 'answerLost' }],
  ];
  for (const [circumstance, step] of doubts) {
    it(`keeps a sale whose pay call ${circumstance}, for a resolution now or after a restart`, async () => {
      simulator.plan(sale.outTradeNo, { pay: [step] });
      await assert.rejects(counter.sell(sale, AUTH_CODE), 'it asked for no resolution');
      assert.deepEqual(await createFileJournal<Sale>(journalFile).unconcluded(), [sale]);
    });
  }

  it('keeps a sale whose pay call outlasts its deadline', async () => {
    const hasty = gatewayWaiting(500);
    simulator.plan(sale.outTradeNo, { pay: [{ delayMs: 30_000 }] });
    await assert.rejects(counterAt(hasty).sell(sale, AUTH_CODE), 'it asked for no resolution');
    assert.deepEqual(await createFileJournal<Sale>(journalFile).unconcluded(), [sale]);
    await hasty.end();
  });

  it('writes a sale down before Alipay hears of it, without the auth code', async () => {
    const received = simulator.callReceived({ method: 'alipay.trade.pay', outTradeNo: sale.outTradeNo });
    const selling = counter.sell(sale, AUTH_CODE);
    await received;
    const written = readFileSync(journalFile, 'utf8');
    assert.ok(written.includes(sale.outTradeNo));
    await selling;
    assert.ok(!readFileSync(journalFile, 'utf8').includes(AUTH_CODE));
  });
});
