/**
 * Whose notifications are taken, put in order once: by app id, then by Alipay's key, then by seller. A third party (ISV) has thousands
 * of merchants under one app id and one key, so what a notification costs must not depend on how many they are:
 *
 * K1 A notification is verified with each different key of its app id at most once, with no more than `KEYS_TRIED_MAX`, and first
 *    with those of the seller that it names.
 * K2 Who may have the trade is looked up, not searched for: the merchants with the `sellerId` named; where none has it, those without
 *    a `sellerId`; where the notification names no seller, all that share the key.
 */
import type { KeyObject } from 'node:crypto';

export interface NotifiedMerchant {
  readonly appId: string;
  /** Given: only notifications that name this seller, or none, are this merchant's. */
  readonly sellerId?: string;
  /** 支付宝公钥; in certificate mode the public key of Alipay's certificate. */
  readonly alipayPublicKey: KeyObject;
}

/** By the merchant's name in the worker's configuration. Merchants of one third party (ISV) share its app id. */
export type NotifiedMerchants = ReadonlyMap<string, NotifiedMerchant>;

/** Names of merchants. */
export type Names = ReadonlySet<string>;

/** A key of Alipay's, and the merchants of one app id that have it. */
interface SharedKey {
  readonly alipayPublicKey: KeyObject;
  readonly all: Names;
  readonly bySeller: ReadonlyMap<string, Names>;
  readonly withoutSeller: Names;
}

export interface Application {
  /** The keys to verify with, the likeliest first. */
  keysFor(sellerId: string | undefined): readonly SharedKey[];
}

/** By app id. */
export type Applications = ReadonlyMap<string, Application>;

/** Chosen. Alipay signs for an application with one key, and with a second one while it is changed. */
export const KEYS_TRIED_MAX = 4;

/** Reads the merchants once: one that is added later is not seen. @throws Error when so many keys would have to be tried that a right one could be missed */
export function applicationsOf(merchants: NotifiedMerchants): Applications {
  const identify = keyIdentity();
  const byAppId = new Map<string, Map<string, DraftKey>>();
  for (const [name, { appId, sellerId, alipayPublicKey }] of merchants) {
    const keys = entryOf(byAppId, appId, () => new Map<string, DraftKey>());
    const shared = entryOf(keys, identify(alipayPublicKey), () => new DraftKey(alipayPublicKey));
    shared.add(name, sellerId);
  }
  return new Map([...byAppId].map(([appId, keys]) => [appId, applicationOf(appId, [...keys.values()])]));
}

/** Those who may have a trade of the notification that this key signed (K2). */
export function merchantsFor(
  { all, bySeller, withoutSeller }: SharedKey,
  sellerId: string | undefined,
): Names | undefined {
  const names = sellerId === undefined ? all : (bySeller.get(sellerId) ?? withoutSeller);
  return names.size === 0 ? undefined : names;
}

function applicationOf(appId: string, keys: readonly SharedKey[]): Application {
  const bySeller = new Map<string, SharedKey[]>();
  for (const key of keys) {
    for (const sellerId of key.bySeller.keys()) entryOf(bySeller, sellerId, () => []).push(key);
  }
  const withoutSeller = keys.filter((key) => key.withoutSeller.size > 0);
  refuseTooManyKeys(appId, 'without a sellerId', withoutSeller);
  for (const [sellerId, own] of bySeller) refuseTooManyKeys(appId, `with sellerId ${sellerId}`, own);
  return {
    keysFor(sellerId) {
      const likely = sellerId === undefined ? [] : (bySeller.get(sellerId) ?? withoutSeller);
      // The others are tried too: a notification for a seller that is not ours is another thing than a forged one.
      const others = keys.slice(0, KEYS_TRIED_MAX);
      return [...new Set([...likely, ...others])].slice(0, KEYS_TRIED_MAX);
    },
  };
}

function refuseTooManyKeys(appId: string, which: string, keys: readonly SharedKey[]): void {
  if (keys.length <= KEYS_TRIED_MAX) return;
  throw new Error(
    `The merchants of app id ${appId} ${which} have ${keys.length} different Alipay public keys (one of them: ` +
      `${keys.flatMap(({ all: [name = ''] }) => name)[KEYS_TRIED_MAX] ?? ''}); notifications are verified with at most ${KEYS_TRIED_MAX}. ` +
      'Alipay signs for an app id with one key: give all of its merchants the 支付宝公钥 that the console shows now.',
  );
}

class DraftKey implements SharedKey {
  readonly alipayPublicKey: KeyObject;
  readonly all = new Set<string>();
  readonly bySeller = new Map<string, Set<string>>();
  readonly withoutSeller = new Set<string>();

  constructor(alipayPublicKey: KeyObject) {
    this.alipayPublicKey = alipayPublicKey;
  }

  add(name: string, sellerId: string | undefined): void {
    this.all.add(name);
    const group = sellerId === undefined ? this.withoutSeller : entryOf(this.bySeller, sellerId, () => new Set());
    group.add(name);
  }
}

/** The same text for the same key, however often and in whatever form it was read. */
function keyIdentity(): (key: KeyObject) => string {
  const known = new Map<KeyObject, string>();
  return (key) => entryOf(known, key, () => key.export({ type: 'spki', format: 'der' }).toString('base64'));
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const created = create();
  map.set(key, created);
  return created;
}
