/**
 * The notification receiver as a program: it serves until SIGTERM or SIGINT, with one JSON line on stderr for its address and for
 * each request, and says at its end how many there were of each kind.
 */
import process from 'node:process';

import { type Connected, connect } from './connection.ts';
import { type NotificationReceiver, type Reception, startNotificationReceiver } from './notification-receiver.ts';
import { createNotificationHandler } from './notification.ts';
import { ResolutionClient } from './resolution-client.ts';
import type { Said } from './verb.ts';
import type { NotifiedMerchants } from './verified-notification.ts';

export interface Serving {
  readonly merchants: NotifiedMerchants;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** @throws Error that says what keeps it from serving, and what to do */
export async function serveNotifications(serving: Serving): Promise<Said> {
  const stopped = stopSignal();
  const connected = await connect();
  try {
    const received: Record<string, number> = {};
    const receiver = await listen(serving, connected, (reception) => {
      received[reception.kind] = (received[reception.kind] ?? 0) + 1;
      logReception(reception);
    });
    const names = [...serving.merchants.keys()].join(', ');
    const { address, namespace } = connected;
    log(
      'INFO',
      `Receiving notifications for ${names} at ${receiver.url}, for namespace ${namespace}, at Temporal ${address}`,
    );
    await stopped;
    log('INFO', 'Stopping: requests under way are answered, no new ones are taken');
    await receiver.stop();
    const counts = Object.entries(received).map(([kind, count]) => `${kind} ${count}`);
    return {
      json: { received },
      human: `stopped; ${counts.length === 0 ? 'nothing was received' : counts.join(', ')}`,
    };
  } finally {
    await connected.client.connection.close();
  }
}

async function listen(
  { merchants, host, port, path }: Serving,
  { client }: Connected,
  onReception: (reception: Reception) => void,
): Promise<NotificationReceiver> {
  const handler = createNotificationHandler({ merchants, resolution: new ResolutionClient(client) });
  try {
    return await startNotificationReceiver({ handler, host, port, path, onReception });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Notifications cannot be received: ${reason}. Give a free --port, or an address of this machine as --host.`,
      {
        cause: error,
      },
    );
  }
}

async function stopSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    // Not `once`: npm repeats a Ctrl-C that the terminal has given to all, and the second one must not cut the end short.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
}

type Level = 'INFO' | 'WARN';

/** A reception holds nothing that may not stand in a log. */
function logReception({ kind, status, body: _body, ...rest }: Reception): void {
  log(kind === 'refused' || kind === 'notRecorded' ? 'WARN' : 'INFO', MESSAGES[kind], { kind, status, ...rest });
}

const MESSAGES: { readonly [K in Reception['kind']]: string } = {
  woken: 'The resolution of the trade looks now',
  repeated: 'Delivered before: nothing to do',
  nothingToWake: 'The trade has no open resolution: nothing to do',
  refused: 'Refused: not a notification of ours',
  notRecorded: 'Temporal did not record it: Alipay is told to deliver again',
  notTaken: 'Refused: not a notification at all',
};

function log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}
