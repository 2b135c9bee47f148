/** Faults for as long as a run lasts: the gateway's link is struck again and again, a worker is killed now and then, Temporal too. */
import { setTimeout as pause } from 'node:timers/promises';
import { NETWORK_FAULTS, strike } from './network-faults.ts';
import type { WorkerProcesses } from './worker-processes.ts';
import type { Environment } from './environment.ts';
import type { Link } from './toxiproxy.ts';

export interface FaultSchedule {
  /** What has happened so far, by kind. */
  readonly happened: Readonly<Record<'networkFaults' | 'workerKills' | 'temporalKills', number>>;
  /** Everything heals. */
  end(): Promise<void>;
}

export interface FaultScheduleOptions {
  readonly link: Link;
  /** The worker that is killed. */
  readonly victim: WorkerProcesses;
  readonly faultEveryMs: number;
  readonly faultMs: number;
  readonly workerKillEveryMs: number;
  readonly temporalKillEveryMs: number;
}

const GONE_MS = 3_000;

export function stormySchedule(environment: Environment, options: FaultScheduleOptions): FaultSchedule {
  const { link, victim, faultEveryMs, faultMs, workerKillEveryMs, temporalKillEveryMs } = options;
  const over = new AbortController();
  const happened = { networkFaults: 0, workerKills: 0, temporalKills: 0 };
  /** Until the schedule is over; what has begun is brought to its end. */
  const again = async (everyMs: number, happen: () => Promise<void>): Promise<void> => {
    for (;;) {
      await pause(everyMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      await happen();
    }
  };
  const fault = async (): Promise<void> => {
    const next = NETWORK_FAULTS[happened.networkFaults % NETWORK_FAULTS.length];
    if (next === undefined) return;
    happened.networkFaults += 1;
    await strike(next, link, () => Promise.resolve());
    await pause(faultMs);
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
    await environment.killTemporal();
    await environment.startTemporalAgain();
  };
  const storms = [
    again(faultEveryMs, fault),
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
