/** What a hostile gateway can do with a connection, in words for the table of answers. */
import type { Socket } from 'node:net';

import type { Script } from './hostile-gateway.ts';

type Bytes = string | Uint8Array;

/** The table writes answers to a query; asked something else, the same is sent under that interface's name. */
const WRITTEN_AS = 'alipay_trade_query_response';

function under(nodeName: string, bytes: Bytes): Buffer {
  const text =
    typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : Buffer.from(bytes).toString('latin1');
  return Buffer.from(text.replaceAll(WRITTEN_AS, nodeName), 'latin1');
}

/** An HTTP answer without a flaw of its own. */
export function answer(body: Bytes, headers: readonly string[] = [], status = '200 OK'): Script {
  return (wire, nodeName) => {
    const bytes = under(nodeName, body);
    wire.write(
      `${['HTTP/1.1', status].join(' ')}\r\n${[`Content-Length: ${bytes.length}`, ...headers].join('\r\n')}\r\n\r\n`,
    );
    wire.write(bytes);
  };
}

export function status(line: string, body: Bytes = '', headers: readonly string[] = []): Script {
  return answer(body, headers, line);
}

/** Bytes as they are, head and all; the connection is closed after them. */
export function bytesAndEnd(...parts: readonly Bytes[]): Script {
  return (wire, nodeName) => {
    for (const part of parts) wire.write(under(nodeName, part));
    wire.end();
  };
}

/** Bytes as they are, and then silence. */
export function bytesAndSilence(...parts: readonly Bytes[]): Script {
  return (wire, nodeName) => {
    for (const part of parts) wire.write(under(nodeName, part));
  };
}

/** After the head the same chunk again and again, as fast as it is taken, up to 100 MiB. */
export function flood(head: string, chunk: string): Script {
  const bytes = Buffer.from(chunk.repeat(Math.ceil(FLOOD_CHUNK_BYTES / chunk.length)));
  return (wire) => {
    wire.write(head);
    pour(wire, bytes, Math.ceil(FLOOD_BYTES / bytes.length));
  };
}

export const FLOOD_BYTES: number = 100 * 1_024 * 1_024;
const FLOOD_CHUNK_BYTES = 64 * 1_024;

function pour(wire: Socket, bytes: Buffer, times: number): void {
  for (let left = times; left > 0; left -= 1) {
    if (wire.destroyed) return;
    if (wire.write(bytes)) continue;
    wire.once('drain', () => pour(wire, bytes, left - 1));
    return;
  }
  wire.end();
}

/** One byte at a time, for longer than anybody waits. */
export function trickle(bytes: string): Script {
  return (wire) => {
    let sent = 0;
    const timer = setInterval(() => {
      wire.write(bytes.slice(sent, sent + 1));
      sent = (sent + 1) % bytes.length;
    }, 10);
    wire.on('close', () => clearInterval(timer));
  };
}
