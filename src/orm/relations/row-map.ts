/** A value as a Map's key: dates, decimals and tuples by their text. */
export function mapKey(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? JSON.stringify(value.map(String)) : String(value);
}
