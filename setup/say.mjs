// @ts-check
/** The set-up talks on stderr only: stdout belongs to the program that is run. */

const PROGRESS_EVERY_MS = 15_000;

/** @param {string} line */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/**
 * Does `work`, saying before it what is done, every 15 s that it still runs, and after it how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 */
export async function saying(what, work) {
  const startedAtMs = Date.now();
  const seconds = () => `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`;
  say(`${what} ...`);
  const progress = setInterval(() => say(`  ... ${seconds()}`), PROGRESS_EVERY_MS);
  try {
    const result = await work();
    say(`  done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(progress);
  }
}

/** A fault whose message is all the user needs: what is missing and what to do. Printed without a stack. */
export class SetupError extends Error {}
