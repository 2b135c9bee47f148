/** How far this machine's clock is from the gateway's, by the Date header of any answer. It is not signed: good for a warning. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import type { Merchant } from '../alipay/merchant.ts';

const DEADLINE_MS = 10_000;

/** `aheadMs` above 0: this machine is ahead. Undefined: no answer, or none with a date. The header counts whole seconds. */
export async function readClock({
  gatewayUrl,
  ca,
}: Pick<Merchant, 'gatewayUrl' | 'ca'>): Promise<{ readonly aheadMs: number } | undefined> {
  const sentAtMs = Date.now();
  const date = await dateHeader(gatewayUrl, ca);
  const gatewayMs = Date.parse(date ?? '');
  if (Number.isNaN(gatewayMs)) return undefined;
  // Half of the second that the header cuts off, and half of the round trip.
  return { aheadMs: (sentAtMs + Date.now()) / 2 - (gatewayMs + 500) };
}

async function dateHeader(url: string, ca: string | undefined): Promise<string | undefined> {
  const options = { method: 'HEAD', signal: AbortSignal.timeout(DEADLINE_MS), ...(ca === undefined ? {} : { ca }) };
  return await new Promise((resolve) => {
    const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
    request.on('error', () => resolve(undefined));
    request.on('response', (response) => {
      response.destroy();
      resolve(response.headers.date);
    });
    request.end();
  });
}
