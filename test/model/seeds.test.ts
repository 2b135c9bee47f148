/**
 * A million random runs through the same world, with the default policy, a real clock and many faults. Each run is told by
 * its seed; a failure prints the command that replays it. `MODEL_SEED` starts elsewhere, `MODEL_RUNS` runs more.
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, it } from 'mocha';
import { replayCommand, tellWalk } from './replay-walk.ts';
import type { SeedsRun, SeedsShare } from './seeds.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 1_000_000);
const THREADS_MAX = 4;

describe('the rules in random runs', function () {
  this.timeout(10 * 60_000);

  it(`breaks no invariant in ${RUNS} runs`, async () => {
    const firstSeed = Number(process.env['MODEL_SEED'] ?? Date.now() & 0x3fffffff);
    const threads = Math.min(THREADS_MAX, availableParallelism());
    const startedAtMs = performance.now();
    const shares = Array.from({ length: threads }, (_, at) => ({
      seed: firstSeed + at,
      runs: Math.ceil(RUNS / threads),
    }));
    const done = await Promise.all(shares.map(inThread));
    const seconds = (performance.now() - startedAtMs) / 1_000;
    console.log(`${summary(done)}, MODEL_SEED=${firstSeed}, ${seconds.toFixed(1)} s`);
    const failures = done.flatMap(({ failure }) => failure ?? []);
    const stories = failures.map((run) => `${tellWalk(run)}\n\nreplay: ${replayCommand(run)}`);
    if (stories.length > 0) assert.fail(`\n${stories.join('\n\n')}`);
    assert.ok(done.reduce((sum, { runs }) => sum + runs, 0) >= RUNS);
    for (const end of ['PAID', 'CLOSED', 'REFUNDED', 'NOT_CREATED', 'needs-operator']) {
      assert.ok(
        done.some(({ ends }) => (ends[end] ?? 0) > 0),
        `no run ended with ${end}`,
      );
    }
  });
});

async function inThread(workerData: SeedsShare): Promise<SeedsRun> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL('seeds-thread.js', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function summary(done: readonly SeedsRun[]): string {
  const sum = (of: (run: SeedsRun) => number): number => done.reduce((total, run) => total + of(run), 0);
  const ends = [...new Set(done.flatMap((run) => Object.keys(run.ends)))].toSorted();
  const counts = ends.map((end) => `${end} ${sum((run) => run.ends[end] ?? 0)}`).join(', ');
  const most = Math.max(...done.map(({ mostFaults }) => mostFaults));
  return `${sum(({ runs }) => runs)} runs, ${sum(({ steps }) => steps)} steps, ${sum(({ faults }) => faults)} faults, at most ${most} in one run; ended: ${counts}`;
}
