import { sortNumbers } from "./sort-numbers.ts";

/** At most so many bins hold values; the bin after them holds what is missing. */
export const maxBins = 255;
export const missingBin = 255;

/** A column as small integers: value ≤ `edges[code]`, and greater than the edge before it. */
export interface BinnedColumn {
  codes: Uint8Array;
  /** Upper edges, ascending; values above the last are in the bin after it. */
  edges: Float64Array;
  hasMissing: boolean;
}

/** So many rows, evenly spread, tell where the edges should lie. */
const sampledRows = 50_000;

/** Sorts a column's values into bins of about equal population. NaN is missing. */
export function binColumn(values: Float64Array): BinnedColumn {
  const edges = binEdges(sortNumbers(sample(values)));
  const finder = new BinFinder(edges);
  const codes = new Uint8Array(values.length);
  let hasMissing = false;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value !== value) hasMissing = true;
    codes[row] = value === value ? finder.binOf(value) : missingBin;
  }
  return { codes, edges, hasMissing };
}

function sample(values: Float64Array): Float64Array {
  const step = Math.max(1, values.length / sampledRows);
  const sampled = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let at = 0; at < values.length; at += step) {
    const value = values[Math.floor(at)]!;
    if (value === value) sampled[count++] = value;
  }
  return sampled.subarray(0, count);
}

/** Edges lie between two neighbouring values that occur, so a threshold never touches a training value. */
function binEdges(sorted: Float64Array): Float64Array {
  const starts = distinctStarts(sorted);
  if (starts.length <= maxBins) return Float64Array.from(starts.slice(1), (start) => between(sorted[start - 1]!, sorted[start]!));
  const edges: number[] = [];
  for (let bin = 1; bin < maxBins; bin++) {
    const rank = Math.floor((bin * sorted.length) / maxBins);
    const start = firstIndexOf(sorted, sorted[rank]!);
    if (start === 0) continue;
    const edge = between(sorted[start - 1]!, sorted[start]!);
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  return Float64Array.from(edges);
}

/** Where each distinct value starts in a sorted array; stops looking once there are more than bins. */
function distinctStarts(sorted: Float64Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at < sorted.length && starts.length <= maxBins; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) starts.push(at);
  }
  return starts;
}

function firstIndexOf(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A number m with low ≤ m < high: halfway, or `low` where rounding or infinities leave no room. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle >= low && middle < high ? middle : low;
}

/** Finds a value's bin: a grid over the range says between which edges to look, which is mostly one or none. */
class BinFinder {
  static readonly #cells = 2048;
  readonly #edges: Float64Array;
  readonly #start: number;
  readonly #scale: number;
  /** How many edges lie in cells before each. */
  readonly #edgesBefore = new Uint16Array(BinFinder.#cells + 1);

  constructor(edges: Float64Array) {
    this.#edges = edges;
    this.#start = Math.max(edges[0] ?? 0, -Number.MAX_VALUE);
    const width = Math.min(edges.at(-1) ?? 0, Number.MAX_VALUE) - this.#start;
    this.#scale = width > 0 && width < Infinity ? BinFinder.#cells / width : 0;
    for (const edge of edges) this.#edgesBefore[this.#cellOf(edge) + 1]!++;
    for (let cell = 0; cell < BinFinder.#cells; cell++) this.#edgesBefore[cell + 1]! += this.#edgesBefore[cell]!;
  }

  /** Never decreases with the value; that is all the search relies on. */
  #cellOf(value: number): number {
    const cell = (value - this.#start) * this.#scale;
    if (cell >= BinFinder.#cells) return BinFinder.#cells - 1;
    return cell > 0 ? Math.floor(cell) : 0;
  }

  binOf(value: number): number {
    const cell = this.#cellOf(value);
    let low = this.#edgesBefore[cell]!;
    let high = this.#edgesBefore[cell + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= this.#edges[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
