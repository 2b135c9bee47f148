/** A clock that is off is noticed by the date of any answer of the gateway. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { readClock } from '../../worker/clock.ts';

const HOUR_MS = 3_600_000;

async function aheadOfServer(date: string | undefined): Promise<number | undefined> {
  const server = createServer((_, response) => {
    response.sendDate = false;
    response.writeHead(405, date === undefined ? {} : { date }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    return (await readClock({ gatewayUrl: `http://127.0.0.1:${port}/gateway.do` }))?.aheadMs;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('The clock', () => {
  for (const [words, offMs] of [
    ['an hour ahead', HOUR_MS],
    ['an hour behind', -HOUR_MS],
    ['right', 0],
  ] as const) {
    it(`that is ${words} is read so, to the minute`, async () => {
      const aheadMs = await aheadOfServer(new Date(Date.now() - offMs).toUTCString());
      // `+ 0` makes the -0 of a clock that is a hair behind a 0.
      assert.equal(Math.round((aheadMs ?? Number.NaN) / 60_000) + 0, offMs / 60_000);
    });
  }

  it('is not judged where the gateway says no date, or does not answer', async () => {
    assert.equal(await aheadOfServer(undefined), undefined);
    assert.equal(await aheadOfServer('yesterday'), undefined);
    assert.equal(await readClock({ gatewayUrl: 'http://127.0.0.1:1/gateway.do' }), undefined);
  });
});
