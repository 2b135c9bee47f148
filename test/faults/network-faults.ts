/**
 * The ways in which one call is struck on its way: every toxic that Toxiproxy has, and the connection that breaks, each on what the
 * caller sends and on what it is answered.
 *
 * | fault          | upstream: of the request               | downstream: of the answer             |
 * | ------------- | -------------------------------------- | ------------------------------------- |
 * | latency       | arrives after the caller has given up  | arrives after the caller has given up |
 * | bandwidth     | 1 KB/s                                 | 1 KB/s                                |
 * | slowClose     | nothing is lost, connections linger    | likewise                              |
 * | swallowed     | never arrives, nobody says so          | never arrives, nobody says so         |
 * | swallowedShut | never arrives, the connection closes   | never arrives, the connection closes  |
 * | reset         | TCP reset                              | TCP reset                             |
 * | slicer        | in crumbs, too slow for the deadline   | in crumbs, too slow for the deadline  |
 * | limit         | its first 100 bytes, then the end      | its first 100 bytes, then the end     |
 * | cut           | no connection                          | broken while the answer is on its way |
 */
import type { Direction, Link, Toxic } from './toxiproxy.ts';

/** Shorter than any deadline would be in earnest: the faults are what takes the time. */
export const CALL_DEADLINE_MS: number = 1_000;

type ToxicName = 'latency' | 'bandwidth' | 'slowClose' | 'swallowed' | 'swallowedShut' | 'reset' | 'slicer' | 'limit';

const TOXICS: Readonly<Record<ToxicName, Toxic>> = {
  latency: { type: 'latency', attributes: { latency: CALL_DEADLINE_MS + 400, jitter: 0 } },
  bandwidth: { type: 'bandwidth', attributes: { rate: 1 } },
  slowClose: { type: 'slow_close', attributes: { delay: 2 * CALL_DEADLINE_MS } },
  swallowed: { type: 'timeout', attributes: { timeout: 0 } },
  swallowedShut: { type: 'timeout', attributes: { timeout: CALL_DEADLINE_MS / 4 } },
  reset: { type: 'reset_peer', attributes: { timeout: 0 } },
  slicer: { type: 'slicer', attributes: { average_size: 20, size_variation: 10, delay: 100_000 } },
  limit: { type: 'limit_data', attributes: { bytes: 100 } },
};

export type NetworkFaultName = ToxicName | 'cut';

export interface NetworkFault {
  readonly name: NetworkFaultName;
  readonly direction: Direction;
}

export const NETWORK_FAULTS: readonly NetworkFault[] = [
  ...(Object.keys(TOXICS) as NetworkFaultName[]),
  'cut' as const,
].flatMap((name) => [
  { name, direction: 'upstream' },
  { name, direction: 'downstream' },
]);

/** Under these faults the call is lost on any machine, however slow: the others depend on who is faster. */
export const SURELY_LOST: readonly NetworkFaultName[] = [
  'swallowed',
  'swallowedShut',
  'reset',
  'slicer',
  'limit',
  'cut',
];

export function describeFault({ name, direction }: NetworkFault): string {
  return `${name} ${direction}`;
}

/**
 * Breaks the link. A broken connection under an answer needs the request to have arrived: `requestArrived` resolves then, and is
 * asked for at once.
 */
export async function strike(
  { name, direction }: NetworkFault,
  link: Link,
  requestArrived: () => Promise<unknown>,
): Promise<void> {
  if (name !== 'cut') {
    await link.poison(TOXICS[name], direction);
    return;
  }
  if (direction === 'upstream') {
    await link.cut();
    return;
  }
  await link.poison(TOXICS.latency, 'downstream');
  void requestArrived().then(() => link.cut());
}
