// @ts-check
/** The table at the end of a test run: where its time went. */

const ROWS = 10;

/** @param {Readonly<Record<string, number>>} msOfFile */
export function slowestFiles(msOfFile) {
  const slowest = Object.entries(msOfFile)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, ROWS);
  const rows = slowest.map(([file, ms]) => `${(ms / 1_000).toFixed(1).padStart(8)} s  ${file}`);
  return [`The ${rows.length} slowest files:`, ...rows].join('\n');
}
