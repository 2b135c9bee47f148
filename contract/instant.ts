/** An instant as text: RFC 3339 with an offset. A time without one means another instant on another machine, and is refused. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; `undefined` for anything else, 30 February included. */
export function epochMsFromRfc3339(text: string): number | undefined {
  const ms = RFC_3339.test(text) && isRealDay(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** `Date.parse` reads 30 February as 2 March. */
function isRealDay(rfc3339: string): boolean {
  const day = rfc3339.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
