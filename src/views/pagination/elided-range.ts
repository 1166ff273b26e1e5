/** How many page numbers are shown where there are many. */
export interface ElidedRangeOptions {
  /** On each side of the current one: 3. */
  readonly onEachSide?: number;
  /** At the beginning and at the end: 2. */
  readonly onEnds?: number;
}

/** What stands for the numbers that are left out. */
export const ellipsis = "…";

/** The numbers of pages around one, and those at the ends: `1 2 … 5 6 7 8 9 … 19 20`. */
export function elidedRange(
  { number, pages }: { number: number; pages: number },
  { onEachSide = 3, onEnds = 2 }: ElidedRangeOptions = {},
): (number | typeof ellipsis)[] {
  if (pages <= (onEachSide + onEnds) * 2) return numbers(1, pages);
  const isFarFromStart = number > 1 + onEachSide + onEnds + 1;
  const isFarFromEnd = number < pages - onEachSide - onEnds - 1;
  const before = isFarFromStart ? [...numbers(1, onEnds), ellipsis, ...numbers(number - onEachSide, number)] : numbers(1, number);
  const after = isFarFromEnd
    ? [...numbers(number + 1, number + onEachSide), ellipsis, ...numbers(pages - onEnds + 1, pages)]
    : numbers(number + 1, pages);
  return [...before, ...after] as (number | typeof ellipsis)[];
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}
