export type JsonObject = Readonly<Record<string, unknown>>;

/** What JSON writes in braces: no array, not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
