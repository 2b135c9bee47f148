/** A command as plain, stable JSON: payloads decoded, durations in ms, no sequence numbers of the SDK's own, no times of the day. */

const LEFT_OUT: ReadonlySet<string> = new Set([
  'seq',
  'activityId',
  'headers',
  'versioningIntent',
  'sdkFlags',
  'usedInternalFlags',
]);

/** Replay makes up another name for the workflow's own task queue each time. */
const REPLAY_QUEUE = /^fake_replay_queue-\d+$/;

export function plainCommand(command: object): unknown {
  return plain(command);
}

function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'bigint') return Number(value);
  if (ArrayBuffer.isView(value)) return textOf(value);
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value === 'string') return value.replace(REPLAY_QUEUE, 'its own task queue');
  if (typeof value !== 'object') return value;
  if (isPayload(value)) return JSON.parse(textOf(value.data)) as unknown;
  if (isLong(value)) return value.toNumber();
  if (isDuration(value)) return `${Number(plain(value.seconds ?? 0)) * 1_000 + (value.nanos ?? 0) / 1e6} ms`;
  const entries = Object.entries(value)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, inner]) => [name, plain(inner)] as const)
    .filter(([, inner]) => inner !== undefined && !isEmpty(inner))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** Bytes come out of the workflow's sandbox, where `Uint8Array` (and `Array`) is another class: `isView` sees through that. */
function isPayload(value: object): value is { data: ArrayBufferView } {
  return 'data' in value && 'metadata' in value && ArrayBuffer.isView(value.data);
}

function textOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

function isLong(value: object): value is { toNumber(): number } {
  return 'toNumber' in value && typeof value.toNumber === 'function';
}

function isDuration(value: object): value is { seconds?: unknown; nanos?: number } {
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => name === 'seconds' || name === 'nanos');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
