/** `0.412 µs`, `12.5 ms`, `1.27 s`. */
export function readableDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return written(milliseconds / 1000, "s");
  return milliseconds >= 0.1 ? written(milliseconds, "ms") : written(milliseconds * 1000, "µs");
}

function written(value: number, unit: string): string {
  return `${value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 1)} ${unit}`;
}
