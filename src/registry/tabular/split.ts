import { type BinnedColumn, missingBin } from "./bins.ts";
import { type Histogram, columnOffset, sumsPerBin } from "./histogram.ts";

/** The rows of a node, and the sums of their derivatives. */
export interface NodeSums {
  gradient: number;
  hessian: number;
  count: number;
}

/** A node and the sums of its rows by column and bin. */
export interface DividedNode {
  sums: NodeSums;
  histogram: Histogram;
}

/** A way to divide a node: bins up to `bin` go left, what is missing goes where `missingLeft` says. */
export interface Split {
  column: number;
  bin: number;
  missingLeft: boolean;
  gain: number;
  leftGradient: number;
  leftHessian: number;
}

export interface SplitLimits {
  minLeafRows: number;
  l2: number;
}

const minHessian = 1e-3;
const minGain = 1e-7;

/** The split with the greatest gain, or undefined where none gains; of equals the first column and lowest bin. */
export function findSplit(columns: readonly BinnedColumn[], node: DividedNode, limits: SplitLimits): Split | undefined {
  const search = new SplitSearch(node, limits);
  for (const [column, { edges, hasMissing }] of columns.entries()) search.tryColumn(column, edges.length + 1, hasMissing);
  return search.best;
}

class SplitSearch {
  best: Split | undefined;
  readonly #histogram: Histogram;
  readonly #node: NodeSums;
  readonly #l2: number;
  /** The hessian that stands for the fewest rows of a leaf: bins hold no counts, and are filled the faster for it. */
  readonly #leafHessian: number;
  readonly #before: number;

  constructor({ sums: node, histogram }: DividedNode, limits: SplitLimits) {
    this.#histogram = histogram;
    this.#node = node;
    this.#l2 = limits.l2;
    this.#leafHessian = Math.max(minHessian, ((limits.minLeafRows - 0.5) * node.hessian) / node.count);
    this.#before = (node.gradient * node.gradient) / (node.hessian + limits.l2);
  }

  tryColumn(column: number, bins: number, hasMissing: boolean): void {
    const missing = columnOffset(column) + missingBin * sumsPerBin;
    if (hasMissing) {
      this.#scan({ column, bins: bins - 1, missingLeft: true }, this.#histogram[missing]!, this.#histogram[missing + 1]!);
    }
    // With missing rows on the right, all others may go left.
    this.#scan({ column, bins: hasMissing ? bins : bins - 1, missingLeft: false }, 0, 0);
  }

  /** Moves bin after bin to the left side, which begins with the given sums. */
  #scan(from: { column: number; bins: number; missingLeft: boolean }, startGradient: number, startHessian: number): void {
    const histogram = this.#histogram;
    const { gradient: allGradient, hessian: allHessian } = this.#node;
    const l2 = this.#l2;
    const least = this.#leafHessian;
    const before = this.#before;
    let gradient = startGradient;
    let hessian = startHessian;
    let gain = this.best?.gain ?? minGain;
    let slot = columnOffset(from.column);
    for (let bin = 0; bin < from.bins; bin++, slot += sumsPerBin) {
      gradient += histogram[slot]!;
      hessian += histogram[slot + 1]!;
      if (hessian < least) continue;
      const rest = allHessian - hessian;
      if (rest < least) return;
      const other = allGradient - gradient;
      // The sum of both sides' gradient² / hessian, over one denominator: to divide is what takes longest here.
      const squares = gradient * gradient * (rest + l2) + other * other * (hessian + l2);
      const gained = squares / ((hessian + l2) * (rest + l2)) - before;
      if (gained <= gain) continue;
      gain = gained;
      this.best = { column: from.column, bin, missingLeft: from.missingLeft, gain, leftGradient: gradient, leftHessian: hessian };
    }
  }
}
