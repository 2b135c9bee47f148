/** What becomes of the bytes of an answer on their way out. */
import type { ServerResponse } from 'node:http';

import { Delivery } from './fault-plan.ts';
import type { Charset } from './charset.ts';

const TRICKLE_MS = 100;
const OVERSIZED_BYTES = 8 * 1024 * 1024;

export interface Outgoing {
  readonly body: Buffer;
  readonly charset: Charset;
  readonly traceId: string;
  readonly delivery: Delivery | undefined;
  readonly location: string | undefined;
}

/**
 * Sends, or fails to send. `whenSent` runs when the whole answer goes to a connection still open, and before its last byte
 * leaves, so that whoever reads the answer finds it recorded.
 */
export function deliver(response: ServerResponse, outgoing: Outgoing, whenSent: () => void): void {
  const { body, delivery } = outgoing;
  const headers = {
    'Content-Type': `text/html;charset=${outgoing.charset === 'gbk' ? 'GBK' : 'utf-8'}`,
    trace_id: outgoing.traceId,
  };
  const whole = { ...headers, 'Content-Length': String(body.length) };
  if (response.destroyed || response.socket?.destroyed === true) return;
  switch (delivery) {
    case undefined:
      response.writeHead(200, whole);
      whenSent();
      response.end(body);
      return;
    case Delivery.requestLost:
    case Delivery.answerLost:
      response.socket?.destroy();
      return;
    case Delivery.reset:
      response.socket?.resetAndDestroy();
      return;
    case Delivery.truncated:
      response.writeHead(200, whole);
      response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
      return;
    case Delivery.trickle:
      response.writeHead(200, whole);
      trickle(response, body, whenSent);
      return;
    case Delivery.oversized:
      response.writeHead(200, headers);
      response.end(Buffer.concat([Buffer.alloc(OVERSIZED_BYTES, ' '), body]));
      return;
    case Delivery.http500:
      response.writeHead(500, headers);
      response.end('Internal Server Error');
      return;
    case Delivery.html:
      response.writeHead(200, headers);
      response.end('<!DOCTYPE html><html><head><title>系统维护</title></head><body><h1>系统维护中</h1></body></html>');
      return;
    case Delivery.redirect:
      response.writeHead(302, { ...headers, Location: outgoing.location ?? '/' });
      response.end();
      return;
    case Delivery.garbage:
      response.writeHead(200, headers);
      response.end(Buffer.from('7bfffe00c3282280ff7d0a', 'hex'));
      return;
  }
}

/** A byte every 100 ms until the body is out or the caller has gone. */
function trickle(response: ServerResponse, body: Buffer, whenSent: () => void): void {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    if (sent >= body.length) {
      clearInterval(timer);
      whenSent();
      response.end(body.subarray(sent - 1));
    } else {
      response.write(body.subarray(sent - 1, sent));
    }
  }, TRICKLE_MS);
  response.once('close', () => clearInterval(timer));
}
