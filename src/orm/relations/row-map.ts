/** A value as a Map's key: dates, decimals and tuples by their text. */
export function mapKey(value: unknown): unknown {
  return typeof value === "object" && value !== null ? String(value) : value;
}
