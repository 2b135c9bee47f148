/** Bad weather for as long as a run lasts: the gateway's link is struck again and again, a worker is killed now and then, Temporal too. */
import { setTimeout as pause } from 'node:timers/promises';
import { BLOWS, strike } from './blows.ts';
import type { Crew } from './crew.ts';
import type { Ground } from './ground.ts';
import type { Link } from './toxiproxy.ts';

export interface Weather {
  /** What has happened so far, by kind. */
  readonly happened: Readonly<Record<'blows' | 'workerKills' | 'temporalKills', number>>;
  /** Everything heals. */
  end(): Promise<void>;
}

export interface WeatherOptions {
  readonly link: Link;
  /** The worker that is killed. */
  readonly victim: Crew;
  readonly blowEveryMs: number;
  readonly blowMs: number;
  readonly workerKillEveryMs: number;
  readonly temporalKillEveryMs: number;
}

const GONE_MS = 3_000;

export function stormyWeather(ground: Ground, options: WeatherOptions): Weather {
  const { link, victim, blowEveryMs, blowMs, workerKillEveryMs, temporalKillEveryMs } = options;
  const over = new AbortController();
  const happened = { blows: 0, workerKills: 0, temporalKills: 0 };
  /** Until the weather is over; what has begun is brought to its end. */
  const again = async (everyMs: number, happen: () => Promise<void>): Promise<void> => {
    for (;;) {
      await pause(everyMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      await happen();
    }
  };
  const blow = async (): Promise<void> => {
    const next = BLOWS[happened.blows % BLOWS.length];
    if (next === undefined) return;
    happened.blows += 1;
    await strike(next, link, () => Promise.resolve());
    await pause(blowMs);
    await link.heal();
  };
  const killWorker = async (): Promise<void> => {
    happened.workerKills += 1;
    await victim.kill();
    await pause(GONE_MS);
    await victim.startAgain();
  };
  const killTemporal = async (): Promise<void> => {
    happened.temporalKills += 1;
    await ground.killTemporal();
    await ground.startTemporalAgain();
  };
  const storms = [
    again(blowEveryMs, blow),
    again(workerKillEveryMs, killWorker),
    again(temporalKillEveryMs, killTemporal),
  ];
  return {
    happened,
    async end() {
      over.abort();
      await Promise.all(storms);
    },
  };
}
