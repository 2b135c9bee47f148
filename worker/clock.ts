/** How far this machine's clock is from the gateway's, by the Date header of any answer. It is not signed: good for a warning. */
import type { HttpProxy } from '../alipay/http-proxy.ts';
import type { Merchant } from '../alipay/merchant.ts';
import { Transport } from '../alipay/transport.ts';

const DEADLINE_MS = 10_000;

/** `aheadMs` above 0: this machine is ahead. Undefined: no answer, or none with a date. The header counts whole seconds. */
export async function readClock(
  { gatewayUrl, ca }: Pick<Merchant, 'gatewayUrl' | 'ca'>,
  proxy?: HttpProxy,
): Promise<{ readonly aheadMs: number } | undefined> {
  const { origin, pathname } = new URL(gatewayUrl);
  const transport = new Transport({
    origin,
    deadlineMs: DEADLINE_MS,
    ...(ca === undefined ? {} : { ca }),
    ...(proxy === undefined ? {} : { proxy }),
  });
  try {
    const sentAtMs = Date.now();
    const gatewayMs = Date.parse((await transport.date(pathname)) ?? '');
    if (Number.isNaN(gatewayMs)) return undefined;
    // Half of the second that the header cuts off, and half of the round trip.
    return { aheadMs: (sentAtMs + Date.now()) / 2 - (gatewayMs + 500) };
  } finally {
    await transport.end();
  }
}
