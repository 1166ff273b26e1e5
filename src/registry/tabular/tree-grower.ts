import { type BinnedColumn, missingBin } from "./bins.ts";
import { type BinGroup, type Histogram, allocateHistogram, fillHistogram, packBins, subtractHistogram } from "./histogram.ts";
import { type NodeSums, type Split, type SplitLimits, findSplit } from "./split.ts";
import { type Tree, allocateTree } from "./tree.ts";

export interface GrowLimits extends SplitLimits {
  maxLeaves: number;
  learningRate: number;
}

/** A node while its tree grows: a range of the row order, and how it would best be divided. */
interface GrowingNode {
  start: number;
  end: number;
  sums: NodeSums;
  histogram: Histogram | undefined;
  split: Split | undefined;
  children: [GrowingNode, GrowingNode] | undefined;
}

/**
 * Grows trees best-first: of all leaves the one whose split gains most is divided next, until there are enough.
 * One grower serves a whole training; its buffers are reused from tree to tree.
 */
export class TreeGrower {
  readonly #columns: readonly BinnedColumn[];
  readonly #groups: readonly BinGroup[];
  readonly #limits: GrowLimits;
  readonly #order: Uint32Array;
  readonly #spare: Uint32Array;
  readonly #histograms: Histogram[] = [];
  /** Those that no node of the present tree holds. */
  #free: Histogram[] = [];

  constructor(columns: readonly BinnedColumn[], rows: number, limits: GrowLimits) {
    this.#columns = columns;
    this.#groups = packBins(columns);
    this.#limits = limits;
    this.#order = new Uint32Array(rows);
    this.#spare = new Uint32Array(rows);
  }

  /** Grows one tree on the loss's derivatives (gradient and hessian row by row) and adds it to the rows' scores. */
  grow(derivatives: Float32Array, scores: Float64Array): Tree {
    for (let row = 0; row < this.#order.length; row++) this.#order[row] = row;
    this.#free = [...this.#histograms];
    const root = openNode(0, this.#order.length, sumOf(derivatives));
    const leaves = [root];
    this.#search(root, this.#measure(root, derivatives));
    while (leaves.length < this.#limits.maxLeaves) {
      const best = bestLeaf(leaves);
      if (best < 0) break;
      const parent = leaves[best]!;
      leaves.splice(best, 1, ...this.#divide(parent));
      // The last two leaves stay what they are.
      if (leaves.length < this.#limits.maxLeaves) this.#searchChildren(parent, derivatives);
    }
    this.#addLeaves(leaves, scores);
    return this.#toTree(root, leaves.length * 2 - 1);
  }

  #search(node: GrowingNode, histogram: Histogram): void {
    node.split = findSplit(this.#columns, { sums: node.sums, histogram }, this.#limits);
    if (node.split) node.histogram = histogram;
    else this.#free.push(histogram);
  }

  #measure(node: GrowingNode, derivatives: Float32Array): Histogram {
    const histogram = this.#free.pop() ?? this.#allocate();
    fillHistogram(histogram, this.#groups, { rows: this.#order.subarray(node.start, node.end), derivatives });
    return histogram;
  }

  #allocate(): Histogram {
    const histogram = allocateHistogram(this.#groups.length);
    this.#histograms.push(histogram);
    return histogram;
  }

  /** Only the smaller child is summed, the greater is the parent less the smaller. */
  #searchChildren(parent: GrowingNode, derivatives: Float32Array): void {
    const [small, great] = parent.children!.toSorted((a, b) => a.sums.count - b.sums.count) as [GrowingNode, GrowingNode];
    const histogram = parent.histogram!;
    if (!this.#canDivide(great)) {
      this.#free.push(histogram);
      return;
    }
    const smaller = this.#measure(small, derivatives);
    subtractHistogram(histogram, smaller);
    this.#search(great, histogram);
    if (this.#canDivide(small)) this.#search(small, smaller);
    else this.#free.push(smaller);
  }

  #divide(parent: GrowingNode): [GrowingNode, GrowingNode] {
    const split = parent.split!;
    const middle = this.#partition(parent.start, parent.end, split);
    const { gradient, hessian } = parent.sums;
    const left = { gradient: split.leftGradient, hessian: split.leftHessian, count: middle - parent.start };
    const right = { gradient: gradient - left.gradient, hessian: hessian - left.hessian, count: parent.end - middle };
    parent.children = [openNode(parent.start, middle, left), openNode(middle, parent.end, right)];
    return parent.children;
  }

  #canDivide(node: GrowingNode): boolean {
    return node.sums.count >= 2 * this.#limits.minLeafRows;
  }

  /** Moves the rows that go left to the front of the range, each side keeping its order; returns where the right begins. */
  #partition(start: number, end: number, split: Split): number {
    const order = this.#order;
    const spare = this.#spare;
    const { codes } = this.#columns[split.column]!;
    const goesLeft = new Uint8Array(missingBin + 1).fill(1, 0, split.bin + 1);
    goesLeft[missingBin] = Number(split.missingLeft);
    let left = start;
    let right = 0;
    // Each row is written to both sides and one of them moves on: no branch, so none is mispredicted.
    for (let at = start; at < end; at++) {
      const row = order[at]!;
      const isLeft = goesLeft[codes[row]!]!;
      order[left] = row;
      spare[right] = row;
      left += isLeft;
      right += 1 - isLeft;
    }
    order.set(spare.subarray(0, right), left);
    return left;
  }

  #leafValue(sums: NodeSums): number {
    const value = (-this.#limits.learningRate * sums.gradient) / (sums.hessian + this.#limits.l2);
    // Adding 0 makes -0 a plain 0: a file keeps no difference between them.
    return Number.isFinite(value) ? value + 0 : 0;
  }

  #addLeaves(leaves: readonly GrowingNode[], scores: Float64Array): void {
    for (const leaf of leaves) {
      const value = this.#leafValue(leaf.sums);
      for (let at = leaf.start; at < leaf.end; at++) scores[this.#order[at]!]! += value;
    }
  }

  #toTree(root: GrowingNode, nodes: number): Tree {
    const tree = allocateTree(nodes);
    let next = 0;
    const place = (node: GrowingNode): number => {
      const at = next++;
      if (!node.children) {
        tree.value[at] = this.#leafValue(node.sums);
        return at;
      }
      const split = node.split!;
      const [left, right] = node.children;
      const { edges, hasMissing } = this.#columns[split.column]!;
      tree.feature[at] = split.column;
      tree.threshold[at] = edges[split.bin] ?? Infinity;
      // Where training saw nothing missing, what is missing later follows the greater side.
      tree.missingLeft[at] = Number(hasMissing ? split.missingLeft : left.sums.count > right.sums.count);
      tree.left[at] = place(left);
      tree.right[at] = place(right);
      return at;
    };
    place(root);
    return tree;
  }
}

function openNode(start: number, end: number, sums: NodeSums): GrowingNode {
  return { start, end, sums, histogram: undefined, split: undefined, children: undefined };
}

function bestLeaf(leaves: readonly GrowingNode[]): number {
  let best = -1;
  let gain = 0;
  for (let at = 0; at < leaves.length; at++) {
    const split = leaves[at]!.split;
    if (split && split.gain > gain) [best, gain] = [at, split.gain];
  }
  return best;
}

function sumOf(derivatives: Float32Array): NodeSums {
  let gradient = 0;
  let hessian = 0;
  for (let at = 0; at < derivatives.length; at += 2) {
    gradient += derivatives[at]!;
    hessian += derivatives[at + 1]!;
  }
  return { gradient, hessian, count: derivatives.length / 2 };
}
