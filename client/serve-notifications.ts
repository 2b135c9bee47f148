/**
 * The notification receiver as a program: it serves until SIGTERM or SIGINT, with one JSON line on stderr for its address and for
 * each request, and says at its end how many there were of each kind.
 */
import process from 'node:process';

import { type Connected, connect } from './connection.ts';
import { MERCHANTS_WOKEN_MAX } from './merchant-search.ts';
import { type NotificationReceiver, type Reception, startNotificationReceiver } from './notification-receiver.ts';
import { createNotificationHandler } from './notification.ts';
import type { NotifiedMerchants } from './notified-merchants.ts';
import { ResolutionClient } from './resolution-client.ts';
import type { VerbOutput } from './verb.ts';
import { NotOurs } from './verified-notification.ts';

export interface Serving {
  readonly merchants: NotifiedMerchants;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** @throws Error that says what keeps it from serving, and what to do */
export async function serveNotifications(serving: Serving): Promise<VerbOutput> {
  const stopped = stopSignal();
  const connected = await connect();
  try {
    const received: Record<string, number> = {};
    const receiver = await listen(serving, connected, (reception) => {
      received[reception.kind] = (received[reception.kind] ?? 0) + 1;
      logReception(reception);
    });
    const { address, namespace } = connected;
    log(
      'INFO',
      `Receiving notifications for ${named(serving.merchants)} at ${receiver.url}, for namespace ${namespace}, at Temporal ${address}`,
    );
    for (const warning of warnings(serving.merchants)) log('WARN', warning);
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

const NAMES_SHOWN = 5;

function named(merchants: NotifiedMerchants): string {
  const names = [...merchants.keys()];
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} others` : shown;
}

/** Merchants so many and so alike that a trade's has to be searched for. */
function warnings(merchants: NotifiedMerchants): readonly string[] {
  const withoutSeller = new Map<string, number>();
  for (const { appId, sellerId } of merchants.values()) {
    if (sellerId === undefined) withoutSeller.set(appId, (withoutSeller.get(appId) ?? 0) + 1);
  }
  return [...withoutSeller].flatMap(([appId, count]) =>
    count > MERCHANTS_WOKEN_MAX
      ? `${count} merchants of app id ${appId} have no sellerId: whose a trade is, is asked of Temporal's visibility store, which takes seconds ` +
        'where no resolution is open. Give each its sellerId in the merchants file.'
      : [],
  );
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
function logReception(reception: Reception): void {
  const { status, body: _body, ...told } = reception;
  log(isWrong(reception) ? 'WARN' : 'INFO', messageOf(reception), { ...told, status });
}

/** Somebody should look: it is forged, or what we were told of a merchant or of a trade is not what Alipay says. */
function isWrong(reception: Reception): boolean {
  switch (reception.kind) {
    case 'refused':
    case 'notRecorded':
      return true;
    case 'notOurs':
      return reception.reason !== NotOurs.noSuchTrade;
    case 'woken':
    case 'repeated':
    case 'nothingToWake':
    case 'notTaken':
      return false;
  }
}

function messageOf(reception: Reception): string {
  return reception.kind === 'notOurs' ? NOT_OURS[reception.reason] : MESSAGES[reception.kind];
}

const MESSAGES: { readonly [K in Exclude<Reception['kind'], 'notOurs'>]: string } = {
  woken: 'The resolution of the trade looks now',
  repeated: 'Delivered before: nothing to do',
  nothingToWake: 'The trade has no open resolution: nothing to do',
  refused: 'Refused: not a notification of ours',
  notRecorded: 'Temporal did not record it: Alipay is told to deliver again',
  notTaken: 'Refused: not a notification at all',
};

const NOT_OURS: { readonly [R in NotOurs]: string } = {
  otherSeller:
    'Signed by Alipay, for a seller that no merchant of the app id has: nothing to do, unless a sellerId of the merchants file is wrong',
  noSuchTrade: 'Signed by Alipay, with no number that a resolution can have: nothing to do',
  otherTrade:
    'Signed by Alipay, with another amount or trade_no than the resolution was started with: not woken; see that its start was right',
};

function log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}
