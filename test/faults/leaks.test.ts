/**
 * Goal: nothing that the gateway is sent or answers in confidence stands in any recorded history; and the search that says so bites.
 * Method: real answers of the simulated gateway and real keys, planted where a careless program would leave them.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Simulator } from '../../simulator/simulator.ts';
import { recordedHistories } from '../replay/histories.ts';
import { call, KEYS_TIMEOUT_MS, type ReceivedAnswer, startForTest } from '../simulator/caller.ts';
import { leaksIn, type SecretsToFind } from './leaks.ts';
import { AUTH_CODE } from './sales.ts';

describe('The search for leaks', function () {
  this.timeout(KEYS_TIMEOUT_MS);
  let simulator: Simulator;
  let secrets: SecretsToFind;
  let answer: ReceivedAnswer;
  let signature: string;

  before(async () => {
    simulator = await startForTest();
    const { appPrivateKey, alipayPrivateKey } = simulator.credentials;
    secrets = { keys: [appPrivateKey, alipayPrivateKey], authCodes: [AUTH_CODE] };
    simulator.plan('LEAK1', { exists: 'TRADE_SUCCESS' });
    answer = await call(simulator, 'query', { out_trade_no: 'LEAK1' });
    [, signature = ''] = /"sign":"([^"]+)"/.exec(answer.text) ?? [];
    assert.equal(signature.length, 344);
  });
  after(() => simulator?.stop());

  const found = (value: unknown): readonly string[] => leaksIn('here', value, secrets).map(({ what }) => what);
  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

  it('finds everything in an answer as it came', () => {
    assert.deepEqual(found(answer.text).toSorted(), ['a buyer id', 'a raw body', 'a signature']);
    assert.deepEqual(found(answer.bytes).toSorted(), ['a buyer id', 'a raw body', 'a signature']);
    assert.deepEqual(found(JSON.stringify(JSON.stringify(answer.text))).toSorted(), [
      'a buyer id',
      'a raw body',
      'a signature',
    ]);
  });

  it('finds a signature by itself, in a text, in a URL and as a value', () => {
    for (const text of [signature, `verified ${signature}.`, encodeURIComponent(signature)]) {
      assert.deepEqual(found({ detail: text }), ['a signature']);
    }
    assert.deepEqual(found(`GET /gateway.do?app_id=1&sign=abc`), ['a signature']);
  });

  it('finds a part of a key, in PEM lines too', () => {
    const key = simulator.credentials.appPrivateKey;
    const pem = (key.match(/.{1,64}/g) ?? []).slice(3, 5).join('\n');
    for (const text of [key, key.slice(501, 549), pem, JSON.stringify(pem), '-----BEGIN RSA PRIVATE KEY-----']) {
      assert.ok(found(`key: ${text}`).includes('key material'), text);
    }
    assert.deepEqual(found(key.slice(500, 520)), []);
  });

  it('looks into payloads of histories, whether they are bytes or base64, and into names of fields', () => {
    const payload = {
      metadata: { encoding: base64('json/plain') },
      data: base64({ buyer: answer.node['buyer_user_id'] }),
    };
    assert.deepEqual(found({ events: [{ result: { payloads: [payload] } }] }), ['a buyer id']);
    const inBytes = { data: Buffer.from(JSON.stringify({ code: AUTH_CODE })) };
    assert.deepEqual(found(inBytes), ['an auth code']);
    assert.deepEqual(found({ buyer_logon_id: 1 }), ['a buyer id']);
    assert.deepEqual(found({ data: base64({ body: answer.text.repeat(3) }) }).toSorted(), [
      'a buyer id',
      'a raw body',
      'a signature',
    ]);
  });

  it('looks into errors, their causes and their details', () => {
    const cause = new Error(`the answer was ${answer.text}`);
    assert.ok(found(new Error('a call failed', { cause })).includes('a raw body'));
    assert.ok(found(ApplicationFailure.create({ message: 'x', details: [AUTH_CODE] })).includes('an auth code'));
  });

  it('takes nothing harmless for a leak', () => {
    assert.deepEqual(
      found({ evidence: 'TRADE_CLOSED without send_pay_date', tradeNo: '2019032622001494891000009752' }),
      [],
    );
    assert.deepEqual(found({ data: base64({ outTradeNo: 'A'.repeat(64), summary: 'never paid '.repeat(60) }) }), []);
    assert.deepEqual(found(inspect(simulator.ledger())), []);
  });

  it('finds nothing in any recorded history, and something when it is planted there', () => {
    const histories = recordedHistories();
    assert.ok(histories.length >= 10, `${histories.length} histories`);
    const [first] = histories;
    for (const { name, history, trace } of histories) {
      assert.deepEqual(leaksIn(name, [history, historyFromJSON(history), trace], secrets), []);
    }
    const planted = structuredClone(first?.history) as { events: { staticSummary?: unknown }[] };
    planted.events.push({ staticSummary: { data: base64(`seen: ${answer.text}`) } });
    assert.ok(leaksIn('planted', planted, secrets).length > 0);
  });
});
