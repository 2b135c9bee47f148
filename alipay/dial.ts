/**
 * One TCP connection to a host, by whichever of its addresses answers first. The next address is tried when one fails or has kept
 * silent for a while, and the silent one is still waited for (RFC 8305, "Happy Eyeballs"). Node's own way gives an address up after
 * 250 ms: on a host without an IPv6 route a gateway that has addresses of both kinds is then out of reach whenever a connect takes longer.
 */
import { ADDRCONFIG } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';

export interface Place {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

/** host:port, an IPv6 address in brackets. */
export function authorityOf({ host, port }: Place): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name, the preferred one first. */
export type Lookup = (host: string) => Promise<readonly Address[]>;

/** RFC 8305, section 5: the recommended "Connection Attempt Delay". */
const NEXT_ADDRESS_AFTER_MS = 250;

/**
 * Resolves with a connected socket. Nothing has been sent on it.
 * @throws Error with a `code`: of the look-up, or of every address; or the reason of `signal`, which ends all attempts
 */
export async function dial({ host, port }: Place, signal: AbortSignal, lookup: Lookup = allOf): Promise<Socket> {
  const addresses = await orAborted(lookup(host), signal);
  return await firstConnected(kindsInTurn(addresses), port, signal);
}

/** As `net.connect` asks: where this machine has no address of a kind at all, that kind is not asked for. */
async function allOf(host: string): Promise<readonly Address[]> {
  return await systemLookup(host, { all: true, hints: ADDRCONFIG });
}

/** What is being waited for, or the reason of the signal: whichever comes first. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

/** IPv6 and IPv4 by turns, beginning with the kind of the first (RFC 8305, section 4): one kind may be out of order as a whole. */
function kindsInTurn(addresses: readonly Address[]): readonly Address[] {
  const first = addresses.filter(({ family }) => family === addresses[0]?.family);
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family);
  return first
    .flatMap((address, index) => [address, ...others.slice(index, index + 1)])
    .concat(others.slice(first.length));
}

async function firstConnected(addresses: readonly Address[], port: number, signal: AbortSignal): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const trying = new Set<Socket>();
    const codes = new Set<string>();
    let tried = 0;
    let timer: NodeJS.Timeout | undefined;

    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      for (const socket of trying) socket.destroy();
    };
    const abort = (): void => {
      settle();
      reject(signal.reason);
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = addresses[tried];
      if (address !== undefined) {
        tried += 1;
        timer = setTimeout(tryNext, NEXT_ADDRESS_AFTER_MS);
        attempt(address);
      } else if (trying.size === 0) {
        settle();
        reject(Object.assign(new Error('no address could be reached'), { code: [...codes].join(', ') || 'ENOTFOUND' }));
      }
    };
    const attempt = ({ address, family }: Address): void => {
      const socket = connect({
        host: address,
        family,
        port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 60_000,
      });
      trying.add(socket);
      // Stays for good: a socket that loses the race may fail later, and an error without a listener ends the process.
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (!trying.delete(socket)) return;
        codes.add(error.code ?? error.name);
        tryNext();
      });
      socket.once('connect', () => {
        trying.delete(socket);
        settle();
        resolve(socket);
      });
    };

    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else tryNext();
  });
}
