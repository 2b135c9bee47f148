/**
 * Goal: `receive-notifications` as an operator starts it: from the merchants file, in a process of its own, with a log that says
 * what came and holds nothing that may not stand there.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';

import { BUYER } from '../../simulator/method.ts';
import { SELLER_ID } from '../../simulator/notification.ts';
import { openShop, type Shop } from '../shop.ts';
import { type Program, runProgram, startProgram } from '../worker/program.ts';
import { writeMerchantsFile } from '../worker/simulated-merchant.ts';

const VERB = 'receive-notifications';

describe('The verb receive-notifications', () => {
  let shop: Shop;
  let folder: string;
  before(async () => {
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'receive-notifications-'));
  });
  after(async () => {
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const start = (merchantsFile: string, ...args: readonly string[]): Program =>
    startProgram('client/main.js', {
      args: [VERB, '--port', '0', '--merchants-file', merchantsFile, ...args],
      env: { TEMPORAL_ADDRESS: shop.server.address },
    });

  const MODES: readonly (readonly [mode: string, changes: Readonly<Record<string, string | undefined>>])[] = [
    ['key', { sellerId: SELLER_ID }],
    [
      'certificate',
      {
        alipayPublicKeyFile: undefined,
        appCertificateFile: 'app.crt',
        alipayCertificateFile: 'alipay.crt',
        alipayRootCertificateFile: 'root.crt',
      },
    ],
  ];
  for (const [mode, changes] of MODES) {
    it(`serves a merchant in ${mode} mode until SIGTERM, and logs no buyer, no signature and no body`, async () => {
      const file = writeMerchantsFile(path.join(folder, mode), shop.simulator, changes);
      const receiver = start(file, '--json');
      await receiver.says('Receiving notifications for default at http://127.0.0.1:');
      const [, url = ''] = /at (http:\S+),/.exec(receiver.output()) ?? [];
      const outTradeNo = `told_${mode}`;
      const { wait } = await shop.client.start(
        shop.uncertain(
          outTradeNo,
          { exists: 'WAIT_BUYER_PAY' },
          { policy: { pollFirstMs: 600_000, pollCapMs: 600_000 } },
        ),
      );
      await shop.simulator.callReceived({ method: 'alipay.trade.query', outTradeNo });
      shop.simulator.buyerPays(outTradeNo);
      assert.equal((await shop.simulator.notify(outTradeNo, { url, signature: 'wrong' })).acknowledged, false);
      assert.equal((await shop.simulator.notify(outTradeNo, { url })).acknowledged, true);
      assert.equal((await wait()).outcome, 'PAID');

      receiver.signal('SIGTERM');
      const { exitCode, stdout, stderr } = await receiver.ended();
      assert.equal(exitCode, 0, stderr);
      assert.deepEqual(JSON.parse(stdout), { received: { refused: 1, woken: 1 } });
      const lines = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      const told = lines.map(({ kind, reason, outTradeNo: number, status }) => ({ kind, reason, number, status }));
      assert.deepEqual(
        told.filter(({ kind }) => kind !== undefined),
        [
          { kind: 'refused', reason: 'notVerified', number: undefined, status: 403 },
          { kind: 'woken', reason: undefined, number: outTradeNo, status: 200 },
        ],
      );
      for (const secret of [...Object.values(BUYER), SELLER_ID, 'sign', 'notify_id', 'two cups', 'passback'])
        assert.ok(!stderr.includes(secret), `${secret} stands in the log`);
    });
  }

  it('names a few of many merchants, and says when their seller ids are wanted', async () => {
    const file = writeMerchantsFile(path.join(folder, 'many'), shop.simulator);
    const { merchants } = JSON.parse(readFileSync(file, 'utf8')) as { merchants: { default: object } };
    const branches = Array.from({ length: 7 }, (_, index) => [`branch-${index}`, merchants.default]);
    writeFileSync(file, JSON.stringify({ merchants: Object.fromEntries(branches) }));
    const receiver = start(file);
    await receiver.says(
      'Receiving notifications for branch-0, branch-1, branch-2, branch-3, branch-4 and 2 others at ',
    );
    await receiver.says(`7 merchants of app id ${shop.simulator.credentials.appId} have no sellerId`);
    receiver.signal('SIGTERM');
    assert.equal((await receiver.ended()).exitCode, 0);
  });

  it('says why it cannot serve: no merchants, no Temporal, no port', async () => {
    const file = writeMerchantsFile(path.join(folder, 'refused'), shop.simulator);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const empty = path.join(folder, 'empty.json');
    writeFileSync(empty, '{}');
    const CASES: readonly (readonly [args: readonly string[], temporal: string, message: RegExp])[] = [
      [
        ['--merchants-file', empty],
        shop.server.address,
        /^The merchants file .* cannot be used:\n- "merchants" must be/,
      ],
      [['--merchants-file', file], '127.0.0.1:1', /^No Temporal server can be used at 127\.0\.0\.1:1 /],
      [['--merchants-file', file, '--port', port], shop.server.address, /EADDRINUSE.*Give a free --port/],
    ];
    for (const [args, temporal, message] of CASES) {
      const { exitCode, stderr } = await runProgram('client/main.js', {
        args: [VERB, ...args],
        env: { TEMPORAL_ADDRESS: temporal },
      });
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, message);
      assert.ok(!stderr.includes('    at '), 'no stack');
    }
    taken.close();
  });

  it('typed wrongly, shows its help', async () => {
    for (const args of [
      ['--port', '70000'],
      ['--port', '80.5'],
      ['--path', 'no-slash'],
      ['--merchants-file', ''],
    ]) {
      const { exitCode, stderr } = await runProgram('client/main.js', { args: [VERB, ...args] });
      assert.equal(exitCode, 2, args.join(' '));
      assert.match(stderr, /Usage: alipay-resolution receive-notifications/);
    }
  });
});
