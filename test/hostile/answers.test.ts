/**
 * Goal: of no hostile answer is anything believed, each is classified for what it is, and none costs more memory than another.
 * Method: the table in `answers.ts`, over real sockets, by the gateway client that the worker uses. After each row the same client
 * asks again and is answered honestly, so that nothing of a row can be left over for a later call.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';

import type { AlipayGateway, QueryResponse } from '../../alipay/gateway.ts';
import { clientOf } from '../gateway/loopback-gateway.ts';
import { HONEST, HOSTILE_ANSWERS, type HostileAnswer, TRADE } from './answers.ts';
import { HostileGateway } from './hostile-gateway.ts';
import { answer, FLOOD_BYTES } from './scripts.ts';

const MIB = 1_024 * 1_024;
/** Long enough for every row but those that only the deadline ends. */
const DEADLINE_MS = 5_000;
const SHORT_DEADLINE_MS = 300;

describe('A hostile answer is refused where', () => {
  let gateway: HostileGateway;
  let patient: AlipayGateway;
  let impatient: AlipayGateway;
  before(async () => {
    gateway = await HostileGateway.start();
    patient = clientOf(gateway.url, { deadlineMs: DEADLINE_MS });
    impatient = clientOf(gateway.url, { deadlineMs: SHORT_DEADLINE_MS });
  });
  after(async () => {
    await Promise.all([patient.end(), impatient.end()]);
    await gateway.stop();
  });

  async function shown({ script, waits }: HostileAnswer): Promise<QueryResponse> {
    gateway.script = script;
    return await (waits === true ? impatient : patient).query(TRADE);
  }

  /** A connection that was left in disorder may fail one call; a leftover answer may answer none. */
  async function askedHonestly(waits: boolean): Promise<void> {
    gateway.script = answer(HONEST);
    const asking = waits ? impatient : patient;
    const first = await asking.query(TRADE);
    const last = first.kind === 'failed' ? await asking.query(TRADE) : first;
    assert.equal(last.kind === 'answered' && last.tradeStatus, 'WAIT_BUYER_PAY', JSON.stringify(last));
  }

  for (const [where, rows] of Object.entries(HOSTILE_ANSWERS)) {
    describe(`${where}:`, () => {
      for (const row of rows) {
        it(row.what, async () => {
          const told = await shown(row);
          assert.ok(told.kind === 'failed', 'it was believed');
          assert.equal(told.failure, row.worth, told.detail);
          if (row.detail !== undefined) assert.match(told.detail, row.detail);
          await askedHonestly(row.waits === true);
        });
      }
    });
  }

  describe('it has no end: memory does not grow with its size', () => {
    for (const row of Object.values(HOSTILE_ANSWERS)
      .flat()
      .filter(({ endless }) => endless !== undefined)) {
      it(row.what, async () => {
        await shown(row);
        const residentBytes = process.memoryUsage.rss();
        const takenBytes = gateway.bytesTaken;
        for (let round = 0; round < 3; round += 1) await shown(row);
        const grownBytes = process.memoryUsage.rss() - residentBytes;
        assert.ok(grownBytes < 32 * MIB, `grew by ${Math.round(grownBytes / MIB)} MiB`);
        if (row.endless === 'read') return;
        // What the buffers of two sockets hold counts as taken.
        assert.ok(gateway.bytesTaken - takenBytes < FLOOD_BYTES / 4, `took ${gateway.bytesTaken - takenBytes} bytes`);
      });
    }
  });
});
