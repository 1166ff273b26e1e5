/** How far apart two numbers may lie that count as the same, where nobody says it. */
export const NEAR = 1e-4;

/**
 * True where two numbers count as the same: they lie no further apart than `tolerance`, or than that part of the larger of
 * them. Golden answers and shadows are compared by this rule alone.
 */
export function near(a: number, b: number, tolerance: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
