/** Keeps both ends of a list that may grow for days: how it began and where it stands. */
export function firstAndLatest<T>(items: readonly T[], keptAtEachEnd: number): readonly T[] {
  if (items.length <= 2 * keptAtEachEnd) return items;
  return [...items.slice(0, keptAtEachEnd), ...items.slice(-keptAtEachEnd)];
}
