// @ts-check
/** Jobs two at a time; one that computes on all cores runs alone. */

/**
 * Resolves when every job has ended. Jobs start in their order, but one that fits goes before one that has to wait for a free place.
 * @template {{ readonly threads: 1 | 2 }} J
 * @param {readonly J[]} jobs
 * @param {{ readonly places: number, readonly run: (job: J) => Promise<void>, readonly isStopped: () => boolean }} how
 */
export async function sideBySide(jobs, { places, run, isStopped }) {
  const waiting = [...jobs];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  let taken = 0;
  while (waiting.length > 0 && !isStopped()) {
    const at = waiting.findIndex(({ threads }) => Math.min(threads, places) + taken <= places);
    if (at < 0) {
      await Promise.race(running);
      continue;
    }
    const [job] = waiting.splice(at, 1);
    if (!job) continue;
    const threads = Math.min(job.threads, places);
    taken += threads;
    const ended = run(job).finally(() => {
      taken -= threads;
      running.delete(ended);
    });
    running.add(ended);
  }
  await Promise.all(running);
}
