/** What a worker gathers while it works, from samples of what it held. */
import type { Soak } from './soak.ts';
import type { Sample } from './worker-probe.ts';

export interface Growth {
  /** MiB. */
  readonly rssPerMinute: number;
  /** MiB, of the main thread after a collection. */
  readonly heapPerMinute: number;
  /** KiB. */
  readonly heapPerTrade: number;
}

const MIB = 1_048_576;

/** The first third is warming up: code is compiled, pools and caches fill. */
export function growthOf({ samples, trades }: Pick<Soak, 'samples' | 'trades'>): Growth {
  const settled = samples.slice(Math.floor(samples.length / 3));
  const heapPerMinute = slopeOf(settled, ({ heap }) => heap) / MIB;
  const tradesPerMinute = trades / minutesOf(samples);
  return {
    rssPerMinute: rounded(slopeOf(settled, ({ rss }) => rss) / MIB),
    heapPerMinute: rounded(heapPerMinute),
    heapPerTrade: rounded((heapPerMinute * 1_024) / tradesPerMinute),
  };
}

function minutesOf(samples: readonly Sample[]): number {
  return ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 60_000;
}

/** Least squares, per minute. */
function slopeOf(samples: readonly Sample[], valueOf: (sample: Sample) => number): number {
  const count = samples.length;
  const [startMs] = samples.map(({ atMs }) => atMs);
  const points = samples.map((sample) => ({ x: (sample.atMs - (startMs ?? 0)) / 60_000, y: valueOf(sample) }));
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
